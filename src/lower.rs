//! Trees into facts. Each dialect has a file; what they share is [`value`].
//!
//! What matters is said in one place: the recognisers below, and the marks that let a file be passed over unread.

mod aws_auth;
mod cloudformation;
mod eks_resources;
mod eksctl;
mod iam_document;
mod iam_resources;
mod issuer;
mod kubernetes;
mod placeholders;
mod stream;
mod value;

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

use crate::facts::{BrokenDocument, Facts};
use crate::source::{Fault, FileId, Source, Span, Text};
use crate::syntax::{self, Hint, Kind, Node};

/// A file that holds none of these cannot hold a fact. Compared without case.
///
/// Each recogniser asks for at least one of them: a template has a resource of IAM, EKS, or one that runs nodes, or a
/// manifest in a custom resource, or user data that joins a cluster; a manifest is a service account, names one, binds
/// roles, or is `aws-auth`; a policy document has a `Statement`.
const MARKS: &[&str] = &[
    "aws::eks::",
    "aws::iam::",
    "eksctl.io/",
    "kubemanifest",
    "kubernetes::",
    "kubernetesresource",
    "aws-auth",
    "aws_auth",
    "awsauth",
    "maproles",
    "mapusers",
    "mapaccounts",
    "map_roles",
    "map_users",
    "map_accounts",
    "maprole",
    "mapuser",
    "mapaccount",
    "amazonaws.com/",
    "amazon.com/",
    "eks.aws.com/",
    "serviceaccount",
    "rbac.authorization.k8s.io",
    "kustomize.config.k8s.io",
    "statement:",
    "statement\"",
    "statement'",
    "aws_role_arn",
    "aws_web_identity_token_file",
    "/etc/eks/bootstrap.sh",
    "start-eksbootstrap",
    "node.eks.aws",
];

/// Whether a file can hold a fact: one pass over its bytes.
pub fn matters(bytes: &[u8]) -> bool {
    static SEARCHER: LazyLock<AhoCorasick> = LazyLock::new(|| {
        AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::LeftmostFirst)
            .build(MARKS)
            .expect("the marks are few and short")
    });
    // UTF-16 has a zero in every other byte: decode first, ask later.
    bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) || SEARCHER.is_match(bytes)
}

/// Reads the facts of one file.
pub fn lower(source: &Source, file: FileId) -> Facts {
    let mut facts = Facts::default();
    let text = Text::of_file(file, source.text.clone());
    let hint = if source.path.ends_with(".json") { Hint::Json } else { Hint::Yaml };
    let mut errors = Vec::new();
    for (place, text) in stream::documents(&text, matters) {
        let parsed = syntax::parse(&text, hint);
        for tree in &parsed.documents {
            lower_document(tree.root(), file, place + tree.index(), &mut facts);
        }
        errors.extend(parsed.errors);
    }
    if let Some(Fault::NotUtf8 { offset, byte }) = source.fault {
        let at = offset as u32;
        facts.broken_documents.push(BrokenDocument {
            span: Span { file, start: at, end: at },
            message: format!("byte {offset} (0x{byte:02x}) is not UTF-8: the file is read up to there"),
            is_template: false,
            is_about_identity: is_about_identity(&source.text),
        });
        return facts;
    }
    if errors.is_empty() {
        return facts;
    }
    let is_template = placeholders::has_engine_mark(&source.text);
    let is_about_identity = is_about_identity(&source.text);
    // Of a template one place is enough: all of its errors have the same cause.
    let errors = errors.into_iter().take(if is_template { 1 } else { usize::MAX });
    facts.broken_documents.extend(errors.map(|error| BrokenDocument {
        span: error.span,
        message: error.message,
        is_template,
        is_about_identity,
    }));
    facts
}

/// The facts of a file that could not be read for a fault of our own: that it is so.
pub fn failed(file: FileId) -> Facts {
    let mut facts = Facts::default();
    facts.broken_documents.push(BrokenDocument {
        span: Span { file, start: 0, end: 0 },
        message: "a fault of ekslint; please report it, with the file if you can".to_owned(),
        is_template: false,
        is_about_identity: true,
    });
    facts
}

/// Whether a file that cannot be read is about identity on EKS: what [`matters`] takes for possible has to be certain
/// here. A taint has an `effect:` too, an image comes from `amazonaws.com/`, and custom resources name service accounts.
fn is_about_identity(text: &str) -> bool {
    const WORDS: &[&str] = &[
        "aws::eks::",
        "aws::iam::",
        "eksctl.io/",
        "aws-auth",
        "maproles",
        "mapusers",
        "mapaccounts",
        "eks.amazonaws.com/",
        "kind: serviceaccount",
        "\"serviceaccount\"",
        "serviceaccountname",
        "rbac.authorization.k8s.io",
        "sts:assumerole",
        "aws_role_arn",
        "aws_web_identity_token_file",
    ];
    let text = text.to_ascii_lowercase();
    WORDS.iter().any(|word| text.contains(word))
}

fn lower_document(root: Node<'_>, file: FileId, document: u32, facts: &mut Facts) {
    match root.kind() {
        Kind::Scalar => {}
        Kind::Sequence => {
            // JSON arrays of manifests; each says for itself what it is.
            for item in root.items().filter(|item| item.kind() == Kind::Mapping && kubernetes::is_object(*item)) {
                kubernetes::lower(item, facts);
            }
        }
        Kind::Mapping if eksctl::is_config(root) => eksctl::lower(root, file, document, facts),
        Kind::Mapping if kubernetes::is_object(root) => kubernetes::lower(root, facts),
        Kind::Mapping if cloudformation::is_template(root) => cloudformation::lower(root, file, document, facts),
        Kind::Mapping if iam_document::is_document(root) => iam_document::lower(root, facts),
        Kind::Mapping => {}
    }
}
