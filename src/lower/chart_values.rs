//! Service accounts that something else makes: a chart from its values, an operator from a template, kustomize by a patch.
//! What they are called cannot be known here, and their annotations can be read all the same.
//!
//! `serviceAccount.annotations` is what `helm create` writes; operators have `serviceAccountTemplate.metadata.annotations`.
//! Other charts have `serviceAccount.COMPONENT.annotations`, `serviceAccountAnnotations` or `annotations.serviceAccount`.
//! What stands there may be meant as an example, to be replaced, so what is empty or a placeholder is taken as unknown.

mod account;
mod parameters;
mod release;

use crate::collections::HashSet;
use crate::facts::{Facts, Limit, Released};
use crate::source::{Span, Text};
use crate::syntax::{self, Hint, Kind, Node};

use super::outline::Outline;
use super::templating::Tags;
use super::value::{Shape, plain};
use account::{annotation, names_account, names_annotations, push};
use release::Release;

/// What a schema has instead of components.
const SCHEMA: &str = "properties";

/// The variable that SDKs read the file of the web identity token from.
const TOKEN_FILE_VARIABLE: &str = "AWS_WEB_IDENTITY_TOKEN_FILE";

/// What the values of a chart hold that are read.
pub const KEYWORDS: &[&str] = &["erviceAccount", "erviceaccount", TOKEN_FILE_VARIABLE];

/// True for what may be the values of a chart: it has such an account or sets the variable of the token file, and is no
/// object, and no tests of a chart, which set what they like.
pub fn may_be_values(root: Node<'_>) -> bool {
    let has_account = || root.below().flat_map(Node::written).any(|(key, value)| holds_accounts(key, value));
    let sets_token_file = || root.below().any(|it| token_file(it).is_some());
    ["apiVersion", "suite", "tests"].iter().all(|key| root.get(key).is_none()) && (has_account() || sets_token_file())
}

/// [`may_be_values`], asked of an outline, of what facts are read of.
pub fn may_be_read_as_values(outline: &Outline<'_>) -> bool {
    let is_other = ["apiVersion", "suite", "tests"].iter().any(|key| outline.has(key));
    !is_other && (outline.has_chart_values || outline.may_say("kind", &["ControllerConfig"]))
}

/// Where in JSON text a mapping stands, as far as service accounts are concerned.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Inside {
    Account,
    /// What may be a component of a chart, and have an account of its own.
    Component,
    Metadata,
    /// Annotations of an account. Each of them may be a fact.
    Annotations,
    /// Annotations that may have those of an account among them.
    OtherAnnotations,
    Other,
}

impl Inside {
    /// What a mapping in this one is, by its key.
    pub fn mapping(self, key: Option<&str>) -> Self {
        match (self, key) {
            (Self::Account | Self::Component | Self::Metadata, Some("annotations")) => Self::Annotations,
            (Self::Account | Self::Component, Some("metadata")) => Self::Metadata,
            (Self::OtherAnnotations, Some(key)) if names_account(key) => Self::Annotations,
            (_, Some(key)) if names_annotations(key) => Self::Annotations,
            (_, Some(key)) if names_account(key) => Self::Account,
            (Self::Account, Some(key)) if key != SCHEMA => Self::Component,
            (_, Some("annotations")) => Self::OtherAnnotations,
            _ => Self::Other,
        }
    }
}

/// Whether a scalar of a JSON document may be a fact, or hold facts: the variable of the token file, or values in a text.
pub fn may_be_read(key: Option<&str>, written: &str) -> bool {
    // Every scalar is asked: the length first, and one byte before two.
    let is_plain = written.len() == TOKEN_FILE_VARIABLE.len() + 2 && written.trim_matches('"') == TOKEN_FILE_VARIABLE;
    let is_escaped = written.contains('\\');
    let decoded = || serde_json::from_str::<String>(written).is_ok_and(|it| it == TOKEN_FILE_VARIABLE);
    let is_variable = is_plain || is_escaped && written.contains("\\u") && decoded();
    key == Some(TOKEN_FILE_VARIABLE) || key == Some("values") && is_escaped || is_variable
}

/// The value of the variable of the token file, as an entry of a mapping or as an item of `env` with its `name`.
fn token_file(node: Node<'_>) -> Option<Node<'_>> {
    let as_item = || (node.get("name")?.str() == Some(TOKEN_FILE_VARIABLE)).then(|| node.get("value"))?;
    node.get(TOKEN_FILE_VARIABLE).or_else(as_item).filter(|it| it.kind() == Kind::Scalar)
}

/// Reads the accounts in the values of a chart, or in an object that holds such values.
pub fn lower(root: Node<'_>, tags: Tags, facts: &mut Facts) {
    let release = Release::of(root, tags);
    read(root, tags, &release, facts, true);
    if release.is_of_argo() {
        parameters::lower(root, tags, facts);
    }
}

fn read(root: Node<'_>, tags: Tags, release: &Release, facts: &mut Facts, may_hold_text: bool) {
    // Crossplane gives the annotations of this one to the account of its provider.
    if root.get("kind").and_then(Node::str) == Some("ControllerConfig")
        && let Some((key, metadata)) = root.entry("metadata")
    {
        account(key, metadata, tags, release, facts);
    }
    for value in root.below().filter_map(token_file) {
        if let Shape::Text(text, _) = plain(value, tags) {
            facts.chart_token_files.push(text);
        }
    }
    let of_helm = |it: Node<'_>| Some(it.get("helm")?.get("values")?.span());
    let mut helm_values: HashSet<Span> = match may_hold_text && release.is_of_argo() {
        true => root.below().filter_map(of_helm).collect(),
        false => HashSet::default(),
    };
    for (key, value) in root.below().flat_map(Node::written) {
        accounts(key, value, tags, release, facts);
        // An Application of Argo CD has its values as a text.
        let is_text = may_hold_text && key.str() == Some("values") && value.str().is_some_and(|it| it.contains('\n'));
        if let Some(text) = value.text().filter(|_| is_text) {
            facts.embedded.push(text.clone());
            let parsed = syntax::parse(&text, Hint::Yaml);
            let beyond = parsed.errors.iter().filter(|it| it.is_limit);
            facts.limits.extend(beyond.map(|it| Limit::part(it.span, it.message.clone())));
            if helm_values.remove(&value.span()) {
                release::lower_broken_values(&text, &parsed, facts);
            }
            for root in parsed.documents.iter().map(|it| it.root()) {
                read(root, tags, &release.clone().with(root), facts, false);
            }
        }
    }
}

/// Reads the service accounts that the patches of a kustomization change.
pub fn lower_patch(patch: &Text, facts: &mut Facts) {
    facts.embedded.push(patch.clone());
    for tree in &syntax::parse(patch, Hint::Yaml).documents {
        let root = tree.root();
        if root.get("kind").and_then(Node::str) == Some("ServiceAccount")
            && let Some((key, metadata)) = root.entry("metadata")
        {
            account(key, metadata, Tags::Plain, &Release::default(), facts);
        }
    }
}

fn is_account(key: Node<'_>, value: Node<'_>) -> bool {
    value.kind() == Kind::Mapping && key.str().is_some_and(names_account)
}

/// Whether a key of values has accounts below it.
fn holds_accounts(key: Node<'_>, value: Node<'_>) -> bool {
    is_account(key, value) || value.kind() == Kind::Mapping && key.str().is_some_and(names_annotations)
}

/// Reads the accounts that an entry of the values is about.
fn accounts(key: Node<'_>, value: Node<'_>, tags: Tags, release: &Release, facts: &mut Facts) {
    if value.kind() != Kind::Mapping {
        return;
    }
    let Some(name) = key.str() else { return };
    // A schema has `type` and the like there.
    let are_annotations = |it: Node<'_>| it.written().any(|(key, _)| key.str().is_some_and(|it| it.contains('/')));
    if names_annotations(name) && are_annotations(value) {
        annotations(key, value, value, tags, None, facts);
    }
    if name == "annotations" {
        let of_accounts = value.written().filter(|(key, value)| is_account(*key, *value) && are_annotations(*value));
        of_accounts.for_each(|(key, value)| annotations(key, value, value, tags, None, facts));
    }
    if !names_account(name) {
        return;
    }
    account(key, value, tags, release, facts);
    // Charts of several components have an account for each.
    let is_component = |key: &str| !["annotations", "metadata", "labels", SCHEMA].contains(&key) && !names_account(key);
    let components =
        value.written().filter(|(key, it)| it.kind() == Kind::Mapping && key.str().is_some_and(is_component));
    components.for_each(|(_, it)| account(key, it, tags, release, facts));
}

fn account(key: Node<'_>, value: Node<'_>, tags: Tags, release: &Release, facts: &mut Facts) {
    let holder = value.get("annotations").or_else(|| value.get("metadata")?.get("annotations"));
    let Some(holder) = holder.filter(|it| it.kind() == Kind::Mapping) else { return };
    annotations(key, value, holder, tags, release.account(value, tags), facts);
}

/// An account with the annotations in `holder`. `key` and `whole`: what stands for it in the values.
fn annotations(
    key: Node<'_>,
    whole: Node<'_>,
    holder: Node<'_>,
    tags: Tags,
    released: Option<Released>,
    facts: &mut Facts,
) {
    let annotations: Box<[_]> = holder.entries().filter_map(|(key, value)| annotation(key, value, tags)).collect();
    let Some(kind) = key.text().filter(|_| !annotations.is_empty()) else { return };
    push(kind, whole.span(), annotations, released, facts);
}

#[cfg(test)]
mod tests {
    use crate::source::{FileId, Source};

    #[test]
    fn what_makes_accounts() {
        const ACCOUNT: &str = "serviceAccount: {annotations: {eks.amazonaws.com/role-arn: app}}\n";
        let cases = [
            (ACCOUNT.to_owned(), 1, "values of a chart"),
            (format!("worker: {{{}}}\n", ACCOUNT.trim()), 1, "deeper in them"),
            (
                format!("serviceAccount:\n  worker: {{{}}}\n", &ACCOUNT.trim()[17..ACCOUNT.trim().len() - 1]),
                1,
                "of a component",
            ),
            (
                "rbac: {serviceAccountAnnotations: {eks.amazonaws.com/role-arn: app}}\n".to_owned(),
                1,
                "a key of its own",
            ),
            ("annotations: {serviceAccount: {eks.amazonaws.com/role-arn: app}}\n".to_owned(), 1, "among others"),
            (ACCOUNT.replace("annotations", "podAnnotations"), 0, "annotations of something else"),
            (
                "serviceAccount: {properties: {annotations: {eks.amazonaws.com/role-arn: app}}}\n".to_owned(),
                0,
                "a schema",
            ),
            (
                format!(
                    "apiVersion: pkg.crossplane.io/v1alpha1\nkind: ControllerConfig\n{}",
                    ACCOUNT.replace("serviceAccount", "metadata")
                ),
                1,
                "what Crossplane makes an account of",
            ),
            (format!("suite: x\n{ACCOUNT}"), 0, "tests of a chart"),
            (format!("apiVersion: v1\n{ACCOUNT}"), 0, "half an object"),
            (
                format!("apiVersion: x.example/v1\nkind: Release\nspec: {{{}}}\n", ACCOUNT.trim()),
                1,
                "a custom resource",
            ),
            (format!("x: &x {{{}}}\ny: *x\nz: *x\n", ACCOUNT.trim()), 1, "what aliases repeat is there once"),
        ];
        for (text, count, why) in cases {
            let facts = crate::lower::lower(&Source::new("a.yaml", text.as_str()), FileId::new(0), &());
            assert_eq!(facts.service_accounts.len(), count, "{why}: {text}");
        }
    }
}
