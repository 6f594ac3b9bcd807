//! Trees into facts. Each dialect has a file; what they share is [`value`].
//!
//! What matters is said in one place: the recognisers below, and the marks that let a file be passed over unread.

mod aws_auth;
mod cloudformation;
pub mod directives;
mod eks_resources;
mod eksctl;
mod function;
mod iam_document;
mod iam_resources;
mod issuer;
mod kubernetes;
mod placeholders;
pub(crate) mod stream;
mod value;

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, packed};

use crate::facts::{BrokenDocument, Facts};
use crate::source::{Fault, FileId, Source, Span, Text};
use crate::stage::{Observer, Stage};
use crate::syntax::{self, Hint, Kind, Node, Parsed};

use directives::Gatherer;

/// A file that holds none of these cannot hold a fact.
///
/// Each recogniser asks for at least one of them: a template has a resource of IAM, EKS, or one that runs nodes, or a
/// manifest in a custom resource, or user data that joins a cluster; a manifest is a service account, names one, binds
/// roles, has an annotation of EKS, or is `aws-auth` in one of the spellings that people give it; a policy document has a
/// `Statement`. They are compared letter by letter, because that is what can be searched for sixteen bytes at a time.
const MARKS: &[&str] = &[
    "AWS::EKS::",
    "AWS::IAM::",
    "eksctl.io/",
    "KubeManifest",
    "Kubernetes::",
    "KubernetesResource",
    "aws-auth",
    "AWS-auth",
    "AWS-AUTH",
    "Aws-Auth",
    "aws_auth",
    "awsauth",
    "awsAuth",
    "mapRole",
    "maprole",
    "MapRole",
    "map_role",
    "map-role",
    "mapUser",
    "mapuser",
    "MapUser",
    "map_user",
    "map-user",
    "mapAccount",
    "mapaccount",
    "MapAccount",
    "map_account",
    "map-account",
    "eks.amazonaws.com/",
    "erviceAccount",
    "erviceaccount",
    "rbac.authorization.k8s.io",
    "Statement",
    "AWS_ROLE_ARN",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "kustomize.config.k8s.io",
    "/etc/eks/bootstrap.sh",
    "Start-EKSBootstrap",
    "node.eks.aws",
];

/// Whether a file can hold a fact: a search over its bytes, and nothing else.
pub fn matters(bytes: &[u8]) -> bool {
    // UTF-16 has a zero in every other byte: decode first, ask later.
    let is_utf16 = match bytes {
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => true,
        // Without a byte order mark it is not read, and that has to be said.
        [a, b, c, d, ..] => (*a == 0, *c == 0) == (true, true) && *b != 0 && *d != 0 || *b == 0 && *d == 0 && *a != 0,
        _ => false,
    };
    is_utf16 || has_mark(bytes) && !stream::parts(bytes, has_mark).is_empty()
}

fn has_mark(bytes: &[u8]) -> bool {
    static FAST: LazyLock<Option<packed::Searcher>> = LazyLock::new(|| packed::Searcher::new(MARKS));
    static ANYWHERE: LazyLock<AhoCorasick> =
        LazyLock::new(|| AhoCorasick::new(MARKS).expect("the marks are few and short"));
    match &*FAST {
        Some(searcher) => searcher.find(bytes).is_some(),
        // A processor without wide registers.
        None => ANYWHERE.is_match(bytes),
    }
}

/// Reads the facts of one file.
pub fn lower(source: &Source, file: FileId, observer: &impl Observer) -> Facts {
    let mut facts = Facts::default();
    let text = Text::of_file(file, source.text.clone());
    let hint = hint(source);
    let mut errors = Vec::new();
    // A document that holds no fact may hold a directive, which then has to be said to do nothing.
    let mut directives = directives::may_hold(&source.text).then(|| Gatherer::new(source));
    for (place, text) in stream::documents(&text, |part| directives.is_some() || matters_as_part(part)) {
        let parsed = observer.stage(Stage::Parse, || syntax::parse(&text, hint));
        if let Some(directives) = &mut directives {
            directives.part(&text, &parsed);
            if !matters_as_part(text.bytes().as_bytes()) {
                continue;
            }
        }
        errors.extend(parsed.errors);
        observer.stage(Stage::Lower, || {
            for tree in parsed.documents {
                lower_document(tree.root(), file, place + tree.index(), &mut facts);
            }
        });
    }
    if let Some(mut directives) = directives {
        facts.embedded.iter().for_each(|it| directives.embedded(it));
        facts.directives = directives.finish();
    }
    if let Some(Fault::NotUtf8 { offset, byte }) = source.fault {
        let at = offset as u32;
        facts.broken_documents.push(BrokenDocument {
            span: Span { file, start: at, end: at },
            message: format!("byte {offset} (0x{byte:02x}) is not UTF-8: the file is read up to there"),
            is_template: false,
            // It has a mark, and what else is in it nobody can read.
            is_about_identity: true,
        });
        return facts;
    }
    if errors.is_empty() {
        return facts;
    }
    let first = errors.iter().map(|it| it.span.start).min().unwrap_or_default();
    let is_template =
        placeholders::has_engine_mark(&source.text) || placeholders::is_filled_in_at(&source.text, first as usize);
    let is_about_identity = source.text.contains('\0') || is_about_identity(&source.text);
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

/// All documents of a file's stream, those among them that hold no fact.
pub fn parts(source: &Source, file: FileId) -> Vec<(Text, Parsed)> {
    let text = Text::of_file(file, source.text.clone());
    let documents = stream::documents(&text, |_| true).into_iter();
    documents.map(|(_, text)| (text.clone(), syntax::parse(&text, hint(source)))).collect()
}

/// The documents of a file that are parsed for their facts, each with its place in the stream.
pub fn documents(text: &Text) -> Vec<(u32, Text)> {
    stream::documents(text, matters_as_part)
}

/// Whether a document of a stream can hold a fact. What holds a NUL is broken, and that has to be said.
fn matters_as_part(part: &[u8]) -> bool {
    has_mark(part) || part.contains(&0)
}

/// What the name of a file says that it is.
pub fn hint(source: &Source) -> Hint {
    if source.path.ends_with(".json") { Hint::Json } else { Hint::Yaml }
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

/// Reads the facts of one document, which is the one at this place of its file.
pub fn lower_document(root: Node<'_>, file: FileId, document: u32, facts: &mut Facts) {
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
