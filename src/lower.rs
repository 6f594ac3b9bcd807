//! Trees into facts. Each dialect has a file; what they share is [`value`].
//!
//! What matters is said in one place, the recognisers below: keywords that are searched for before a file is parsed, and what the
//! outline of a JSON document has to have.

mod aws_auth;
mod aws_cli;
mod chart_values;
mod cloudformation;
pub mod composite;
mod controllers;
pub mod directives;
mod eks_api;
mod eks_resources;
mod eksctl;
mod iam_document;
mod iam_resources;
mod identity_map;
mod issuer;
mod kubernetes;
pub mod kustomize;
mod node_classes;
mod objects;
mod outline;
mod skim;
pub(crate) mod stream;
mod templating;
mod types;
mod value;

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, packed};

use crate::collections::HashSet;
use crate::facts::{BrokenDocument, Facts, Limit, Unit, UnitKind};
use crate::source::{DecodeError, FileId, Source, Span, Text, UnitId};
use crate::stage::{Observer, Stage};
use crate::syntax::{self, Hint, Kind, Node, Parsed};

use directives::Gatherer;
use outline::Outline;
use templating::Tags;

/// A kind of document: how it is recognised, and how its facts are read.
struct Recogniser {
    /// What a document of this kind is called.
    kind: UnitKind,
    /// A document of this kind without one of these cannot give a finding, and is skipped unread. They stand beside
    /// the code that asks for them. Letters count, because that is what can be searched for sixteen bytes at a time.
    keywords: &'static [&'static str],
    accepts: fn(Node<'_>) -> bool,
    /// False if no fact can be read of a JSON document with this outline as one of this kind.
    may_be: fn(&Outline<'_>) -> bool,
    lower: Lower,
}

type Lower = fn(Node<'_>, UnitId, &mut Facts);

/// Every kind of document, in the order in which they are asked. What is searched for in a file is made of this table
/// and nothing else, so no recogniser can look for what the search passes over.
const RECOGNISERS: [Recogniser; 6] = [
    Recogniser {
        kind: UnitKind::Eksctl,
        keywords: eksctl::KEYWORDS,
        accepts: eksctl::is_config,
        may_be: eksctl::may_be_config,
        lower: eksctl::lower,
    },
    Recogniser {
        kind: UnitKind::Kubernetes,
        keywords: kubernetes::KEYWORDS,
        accepts: kubernetes::is_object,
        may_be: kubernetes::may_be_object,
        lower: |root, _, facts| kubernetes::lower(root, facts),
    },
    Recogniser {
        kind: UnitKind::CloudFormation,
        keywords: cloudformation::KEYWORDS,
        accepts: cloudformation::is_template,
        may_be: cloudformation::may_be_template,
        lower: cloudformation::lower,
    },
    Recogniser {
        kind: UnitKind::AwsOutput,
        keywords: aws_cli::KEYWORDS,
        accepts: aws_cli::is_one,
        may_be: aws_cli::may_be_one,
        lower: aws_cli::lower,
    },
    Recogniser {
        kind: UnitKind::PolicyDocument,
        keywords: iam_document::KEYWORDS,
        accepts: iam_document::is_document,
        may_be: iam_document::may_be_document,
        lower: |root, _, facts| iam_document::lower(root, facts),
    },
    // Whatever is left may be the values of a chart.
    Recogniser {
        kind: UnitKind::ChartValues,
        keywords: chart_values::KEYWORDS,
        accepts: chart_values::may_be_values,
        may_be: chart_values::may_be_read_as_values,
        lower: |root, _, facts| chart_values::lower(root, Tags::Plain, facts),
    },
];

/// The keywords of every kind of document, each once.
pub fn keywords() -> impl Iterator<Item = &'static str> {
    let mut seen = HashSet::default();
    RECOGNISERS.iter().flat_map(|it| it.keywords.iter().copied()).filter(move |it| seen.insert(*it))
}

/// Whether a file can hold a fact: a search over its bytes, and nothing else.
pub fn matters(bytes: &[u8]) -> bool {
    // UTF-16 has a zero in every other byte: decode first, ask later.
    let is_utf16 = match bytes {
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => true,
        // Without a byte order mark it is not read, and that has to be said.
        [a, b, c, d, ..] => (*a == 0, *c == 0) == (true, true) && *b != 0 && *d != 0 || *b == 0 && *d == 0 && *a != 0,
        _ => false,
    };
    is_utf16 || may_hold_facts(bytes) && !stream::parts(bytes, may_matter).is_empty()
}

/// Whether a document can give a finding.
fn may_matter(document: &[u8]) -> bool {
    may_hold_facts(document) && !stream::is_definition(document) && !is_other_json(document)
}

/// True for JSON that is well-formed and of no kind, whatever keywords are in it.
fn is_other_json(document: &[u8]) -> bool {
    let is_json = || stream::is_json(document) && !directives::may_hold(document);
    let is_known =
        |it: &Outline<'_>| kustomize::may_be_bare_json(it) || RECOGNISERS.iter().any(|kind| (kind.may_be)(it));
    let is_item =
        |it: &Outline<'_>| kubernetes::may_be_object(it) || kustomize::may_be_operation(it) || aws_cli::may_be_one(it);
    is_json() && str::from_utf8(document).is_ok_and(|it| !skim::may_hold_facts(it, is_known, is_item))
}

fn may_hold_facts(bytes: &[u8]) -> bool {
    has_keyword(bytes) || kustomize::may_be_bare(bytes)
}

fn has_keyword(bytes: &[u8]) -> bool {
    static FAST: LazyLock<Option<packed::Searcher>> = LazyLock::new(|| packed::Searcher::new(keywords()));
    static ANYWHERE: LazyLock<AhoCorasick> =
        LazyLock::new(|| AhoCorasick::new(keywords()).expect("the keywords are few and short"));
    match &*FAST {
        Some(searcher) => searcher.find(bytes).is_some(),
        // A processor without wide registers.
        None => ANYWHERE.is_match(bytes),
    }
}

/// Reads the facts of one file.
pub fn lower(source: &Source, file: FileId, observer: &impl Observer) -> Facts {
    read(source, file, matters_as_part, observer)
}

/// [`lower`] without passing over anything: what the keywords are measured by.
pub fn lower_all(source: &Source, file: FileId) -> Facts {
    read(source, file, |_| true, &())
}

fn read(source: &Source, file: FileId, wanted: impl Fn(&[u8]) -> bool, observer: &impl Observer) -> Facts {
    let mut facts = Facts::default();
    let text = Text::of_file(file, source.text.clone());
    let hint = hint(source);
    let mut errors = Vec::new();
    // A document that holds no fact may hold a directive, which then has to be said to do nothing.
    let mut directives = directives::may_hold(source.text.as_bytes()).then(|| Gatherer::new(source));
    for (place, text) in stream::documents(&text, |part| directives.is_some() || wanted(part)) {
        let parsed = observer.stage(Stage::Parse, || syntax::parse(&text, hint));
        if let Some(directives) = &mut directives {
            directives.part(&text, &parsed);
            if !wanted(text.bytes().as_bytes()) {
                continue;
            }
        }
        errors.extend(parsed.errors);
        observer.stage(Stage::Lower, || {
            for tree in parsed.documents {
                let root = tree.root();
                let id = UnitId { file, document: place + tree.index() };
                if kustomize::is_named_so(&source.path) && kustomize::is_bare(root) && !kubernetes::is_object(root) {
                    facts.units.push(Unit::of_document(id, UnitKind::Kubernetes, root.span()));
                    kubernetes::lower_bare_kustomization(root, &mut facts);
                } else {
                    lower_document(root, id, &mut facts);
                }
            }
        });
    }
    if let Some(mut directives) = directives {
        facts.embedded.iter().for_each(|it| directives.embedded(it));
        let (found, limits) = directives.finish();
        facts.directives = found.into();
        facts.limits.extend(limits);
    }
    let beyond = errors.extract_if(.., |it| it.is_limit).map(|it| Limit::part(it.span, it.message));
    facts.limits.extend(beyond);
    first_of_each(facts.limits.vec());
    if let Some(DecodeError::NotUtf8 { offset, byte, whole }) = source.error.as_deref() {
        let at = *offset as u32;
        facts.broken_documents.push(BrokenDocument {
            span: Span { file, start: at, end: at },
            message: format!("byte {offset} (0x{byte:02x}) is not UTF-8: the file is read up to there"),
            is_template: false,
            is_about_identity: is_about_identity(whole),
        });
        return facts;
    }
    if errors.is_empty() {
        return facts;
    }
    if errors.len() > 1 && source.path.rsplit('.').next() != Some("json") && is_prose(&source.text) {
        let span = errors.iter().map(|it| it.span).min_by_key(|it| it.bounds()).expect("there are several");
        facts.broken_documents.push(BrokenDocument {
            span,
            message: "this file holds notes or commands, not YAML".to_owned(),
            is_template: false,
            is_about_identity: false,
        });
        return facts;
    }
    let first = errors.iter().map(|it| it.span.start).min().unwrap_or_default();
    let is_template =
        templating::has_template_tag(&source.text) || templating::is_filled_in_at(&source.text, first as usize);
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

/// What the documents of a file were taken for.
#[derive(Clone, Default, Debug)]
pub struct Contents {
    /// The kinds of document, in a fixed order.
    pub kinds: Vec<&'static str>,
    /// What is wrong with the first document that cannot be read.
    pub broken: Option<BrokenDocument>,
}

/// All documents of a file's stream, those among them that hold no fact.
pub fn parts(source: &Source, file: FileId) -> Vec<(Text, Parsed)> {
    let text = Text::of_file(file, source.text.clone());
    let documents = stream::documents(&text, |_| true).into_iter();
    documents.map(|(_, text)| (text.clone(), syntax::parse(&text, hint(source)))).collect()
}

/// How many documents a file has, those that hold no fact among them, and without empty ones. `None` if one is broken.
pub fn count_documents(source: &Source, file: FileId) -> Option<usize> {
    let parts = parts(source, file);
    let is_broken = source.error.is_some() || parts.iter().any(|(_, it)| !it.errors.is_empty());
    let roots = parts.iter().flat_map(|(_, it)| &it.documents).map(|it| it.root());
    (!is_broken).then(|| roots.filter(|it| !it.is_null()).count())
}

/// The documents of a file that are parsed for their facts, each with its place in the stream.
pub fn documents(text: &Text) -> Vec<(u32, Text)> {
    stream::documents(text, matters_as_part)
}

/// Whether a document of a stream can hold a fact. What holds a NUL is broken, and that has to be said.
fn matters_as_part(part: &[u8]) -> bool {
    may_matter(part) || part.contains(&0)
}

/// What the name of a file says that it is.
pub fn hint(source: &Source) -> Hint {
    if source.path.ends_with(".json") { Hint::Json } else { Hint::Yaml }
}

/// What is known of a file on which ekslint itself failed: that it is so.
pub fn failed(file: FileId) -> Facts {
    Facts { failed: vec![file].into(), ..Facts::default() }
}

/// The first place of each limit is enough: who mends it sees the next.
fn first_of_each(limits: &mut Vec<Limit>) {
    limits.sort_by_key(|it| it.span.bounds());
    let mut named = HashSet::default();
    limits.retain(|it| named.insert(it.message.clone()));
}

/// Whether a file holds notes or commands under the name of a YAML file: it begins with a line of them, and has many.
///
/// One or two such lines are left over from a shell, and are an error of the file.
fn is_prose(text: &str) -> bool {
    const LEAST: usize = 10;
    let is_yaml = |line: &str| {
        let starts = |c: char| c.is_whitespace() || "-#{}[]\"'<>%?&!|*@".contains(c);
        line.starts_with(starts) || line.contains(": ") || line.trim_end().ends_with(':') || !line.contains(' ')
    };
    let says_something = |line: &&str| !line.trim().is_empty() && !line.starts_with('#');
    let mut lines = text.trim_start_matches('\u{FEFF}').lines().filter(says_something).map(|it| !is_yaml(it));
    lines.next() == Some(true) && lines.filter(|it| *it).take(LEAST).count() == LEAST
}

/// Whether a file that cannot be read is about identity on EKS: what [`matters`] takes for possible has to be certain
/// here. A taint has an `effect:` too, an image comes from `amazonaws.com/`, and custom resources name service accounts. Every
/// stack has roles: those of a file that says `EKS` nowhere are of something else.
fn is_about_identity(text: &str) -> bool {
    /// What the annotations of EKS begin with.
    const DOMAIN: &str = "eks.amazonaws.com/";
    const WORDS: &[&str] = &[
        "aws::eks::",
        "awsqs::eks::",
        "eksctl.io/",
        "aws-auth",
        "maproles",
        "mapusers",
        "mapaccounts",
        DOMAIN,
        "kind: serviceaccount",
        "\"serviceaccount\"",
        "serviceaccountname",
        "rbac.authorization.k8s.io",
        "sts:assumerolewithwebidentity",
        "aws_role_arn",
        "aws_web_identity_token_file",
    ];
    /// About identity, perhaps on EKS.
    const IAM_WORDS: [&str; 2] = ["aws::iam::", "sts:assumerole"];
    // `anywhere.eks.amazonaws.com/` is the API group of EKS Anywhere.
    let is_part = |before: &str| before.ends_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'));
    let is_word = |text: &str, word: &str| match *word == *DOMAIN {
        true => text.match_indices(word).any(|(at, _)| !is_part(&text[..at])),
        false => text.contains(word),
    };
    let is_alone = |at: usize| !text[..at].ends_with(|c: char| c.is_ascii_alphabetic());
    let speaks_of_eks =
        || ["EKS", "Eks"].iter().any(|it| text.contains(it)) || text.match_indices("eks").any(|(at, _)| is_alone(at));
    let small = text.to_ascii_lowercase();
    WORDS.iter().any(|word| is_word(&small, word)) || IAM_WORDS.iter().any(|it| small.contains(it)) && speaks_of_eks()
}

/// Reads the facts of one document.
pub fn lower_document(root: Node<'_>, id: UnitId, facts: &mut Facts) {
    if let Some((kind, lower)) = recognise(root) {
        let kind = match kind {
            UnitKind::Kubernetes if kubernetes::is_described(root) => UnitKind::Objects,
            UnitKind::Kubernetes => controllers::unit_kind(root).unwrap_or(kind),
            UnitKind::AwsOutput => aws_cli::unit_kind(root),
            _ => kind,
        };
        facts.units.push(Unit::of_document(id, kind, root.span()));
        lower(root, id, facts);
    }
}

/// What a document is, and how its facts are read.
fn recognise(root: Node<'_>) -> Option<(UnitKind, Lower)> {
    match root.kind() {
        Kind::Scalar => None,
        Kind::Sequence if kustomize::is_json_patch(root) => {
            Some((UnitKind::Kubernetes, |root, _, facts| kustomize::lower_json_patch(root, facts)))
        }
        Kind::Sequence if aws_cli::is_list(root) => Some((UnitKind::AwsOutput, aws_cli::lower_list)),
        // JSON arrays of manifests; each says for itself what it is.
        Kind::Sequence => root.items().any(is_manifest).then_some((UnitKind::Kubernetes, |root, _, facts| {
            root.items().filter(|it| is_manifest(*it)).for_each(|it| kubernetes::lower(it, facts));
        })),
        Kind::Mapping => RECOGNISERS.iter().find(|it| (it.accepts)(root)).map(|it| (it.kind, it.lower)),
    }
}

fn is_manifest(node: Node<'_>) -> bool {
    node.kind() == Kind::Mapping && kubernetes::is_object(node)
}
