//! Policy documents: who they let in, and what they grant.

use std::str;

use ekslint::Analysis;
use ekslint::field::{Item, List};
use ekslint::iam::{Condition, PolicyDocument, SubjectAnswer};
use ekslint::source::{FileId, Source, Text};

use super::places;

/// Reads the input as a policy in a file of its own, and as the string that a template has for a trust policy.
pub fn check(data: &[u8]) {
    let Ok(source) = str::from_utf8(data) else { return };
    wildcards(source);
    let alone = Analysis::of(vec![Source::new("policy.json", source)]).snapshot(&());
    let template = serde_json::json!({"Resources": {"Role": {
        "Type": "AWS::IAM::Role",
        "Properties": {"AssumeRolePolicyDocument": source},
    }}});
    let template = Analysis::of(vec![Source::new("template.json", template.to_string())]).snapshot(&());
    let embedded = template.facts.roles.first().and_then(|it| it.trust.only());
    for found in &alone.facts.policy_documents {
        spans(source, &found.document);
    }
    if let Some(found) = embedded {
        spans(&template.source(FileId::new(0)).text, found);
    }
    // A mark of another tool is looked for in the whole string of a template, and in each value of a file.
    let has_marks =
        source.contains(['$', '<', '@', '#', '(', '%', '_']) || ["{{", "[["].iter().any(|it| source.contains(it));
    let ([found], Some(embedded), false) =
        (&alone.facts.policy_documents.iter().collect::<Vec<_>>()[..], embedded, has_marks)
    else {
        return;
    };
    assert_eq!(answers(&found.document), answers(embedded));
}

/// Answers to some questions about a policy.
fn answers(policy: &PolicyDocument) -> Vec<String> {
    let services = ["eks.amazonaws.com", "ec2.amazonaws.com", "pods.eks.amazonaws.com"];
    let actions = ["sts:AssumeRole", "sts:TagSession", "sts:AssumeRoleWithWebIdentity"];
    let trusted = services.iter().flat_map(|service| {
        actions.iter().map(move |action| format!("{:?}", policy.trusts_service(&[service], action)))
    });
    let granted = actions.iter().map(|action| format!("{:?}", policy.grants(action)));
    let subject = match policy.trusts_subject("shop", "app", Some("sts.amazonaws.com")) {
        SubjectAnswer::No { nearest, by_audience, any_web_identity } => {
            let nearest: Vec<_> = nearest.iter().map(Text::shown).collect();
            format!("no: {nearest:?} {by_audience} {any_web_identity}")
        }
        other => format!("{other:?}"),
    };
    let only = format!("{:?}", policy.only_service().map(Text::shown));
    trusted.chain(granted).chain([only, subject, policy.says()]).collect()
}

/// Everything that a policy knows stands in its file.
fn spans(source: &str, policy: &PolicyDocument) {
    let place = |span| {
        places::at(source, span);
    };
    let field = |it: &ekslint::field::Field<Text>| it.known().for_each(|it| place(it.span()));
    place(policy.span);
    place(policy.blame());
    place(policy.blame_of(&["eks.amazonaws.com"]));
    field(&policy.version);
    for statement in policy.statements.iter() {
        place(statement.span);
        field(&statement.sid);
        field(&statement.effect);
        let keys = [statement.principal_key, statement.not_principal, statement.not_action, statement.not_resource];
        keys.into_iter().chain([statement.resource_entry]).flatten().for_each(place);
        for principal in statement.principals.iter() {
            place(principal.kind.span());
            place(principal.value.span());
        }
        statement.actions.iter().chain(statement.resources.iter()).for_each(|it| place(it.span()));
        for condition in statement.conditions.iter() {
            place(condition.operator.span());
            place(condition.key.span());
            condition.values.iter().for_each(|it| place(it.span()));
            condition.values.iter().for_each(|it| drop(condition.subject_violation(it)));
        }
    }
}

/// Wildcards mean what a plain table of all beginnings says. The first two lines are pattern and string.
fn wildcards(source: &str) {
    let mut lines = source.lines();
    let (Some(pattern), Some(value)) = (lines.next(), lines.next()) else { return };
    if pattern.len() > 200 || value.len() > 200 {
        return;
    }
    let text = |it: &str| Text::of_file(FileId::new(0), it.into());
    let values = List {
        items: vec![Item { value: text(pattern), branch: ekslint::field::Branch::always() }],
        complete: true,
        key: None,
    };
    let like = |operator: &str| {
        Condition { operator: text(operator), key: text("x:sub"), values: values.clone() }.holds(value)
    };
    let wanted = covers(pattern.as_bytes(), value.as_bytes());
    assert_eq!(like("StringLike"), Some(wanted), "{pattern:?} ~ {value:?}");
    assert_eq!(like("StringNotLike"), Some(!wanted), "{pattern:?} ~ {value:?}");
    assert_eq!(like("StringEquals"), Some(pattern == value), "{pattern:?} ~ {value:?}");
}

/// Whether a pattern covers a string: each byte of the pattern moves a set of places in the string.
fn covers(pattern: &[u8], value: &[u8]) -> bool {
    let mut places = vec![false; value.len() + 1];
    places[0] = true;
    for byte in pattern {
        let mut next = vec![false; places.len()];
        for at in 0..places.len() {
            next[at] = match byte {
                b'*' => places[at] || at > 0 && next[at - 1],
                b'?' => at > 0 && places[at - 1],
                byte => at > 0 && places[at - 1] && value[at - 1] == *byte,
            };
        }
        places = next;
    }
    places[value.len()]
}
