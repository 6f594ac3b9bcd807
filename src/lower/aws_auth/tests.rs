//! What the authenticator's decoder makes of odd input, row by row.
//!
//! The right column is what `sigs.k8s.io/yaml` v1.4.0 and `encoding/json` gave, called as `configmap.go` calls them.

use super::*;
use crate::source::FileId;

/// Reads the text of a section as it would stand in the ConfigMap.
fn read(kind: SectionKind, text: &str) -> Section {
    let place = Text::of_file(FileId::new(0), text.into());
    let mut section = Section {
        kind,
        key: place.clone(),
        content: Content::String(place.clone()),
        mappings: Vec::new(),
        accounts: Vec::new(),
        violations: Vec::new(),
        filled_in: false,
    };
    read_text(&templating::find(place, Tags::Plain), &mut section);
    section
}

/// A section in words: its entries, then a `!` and what the decoder complains about.
fn shown(section: &Section) -> String {
    let field = |field: &Field<Text>| field.only().map(Text::shown).unwrap_or_default();
    let mapping = |it: &Mapping| {
        let groups: Vec<_> = it.groups.iter().map(Text::shown).collect();
        format!("{} as {} in [{}]", field(&it.arn), field(&it.username), groups.join(","))
    };
    let mut words: Vec<_> = section.mappings.iter().map(mapping).collect();
    words.extend(section.accounts.iter().map(|it| it.text.shown()));
    words.extend(section.violations.iter().map(|it| match &it.kind {
        ViolationKind::Syntax(_) => "! syntax".to_owned(),
        ViolationKind::UnquotedTemplate => "! template".to_owned(),
        ViolationKind::NotAList(found) => format!("! list is {found}"),
        ViolationKind::NotAMapping(found) => format!("! entry is {found}"),
        ViolationKind::GroupsNotAList(found) => format!("! groups is {found}"),
        ViolationKind::GroupNotAString(found) => format!("! group is {found}"),
        ViolationKind::AccountNotAString(found) => format!("! account is {found}"),
        ViolationKind::Scalar { field, found } => format!("! {field} is {found}"),
        ViolationKind::SecondDocument => "! second document".to_owned(),
    }));
    words.join("; ")
}

#[test]
fn roles() {
    let cases = [
        (
            "- {rolearn: a, groups: system:masters}\n- {rolearn: b, username: u}",
            "a as  in []; b as u in []; ! groups is a single value",
            "the entry stays without groups, and so do those behind it",
        ),
        ("- {rolearn: a, username: 12345}", "a as  in []; ! username is a number", "the name is dropped"),
        ("- {rolearn: a, username: yes}", "a as  in []; ! username is a boolean", "YAML 1.1"),
        ("- {rolearn: a, username: y}", "a as  in []; ! username is a boolean", "YAML 1.1, as go-yaml v2 has it"),
        (
            "- {rolearn: a, groups: [1, true, null, g]}",
            "a as  in [g]; ! groups is a number; ! groups is a boolean; ! groups is empty",
            "three groups without a name, and `g`",
        ),
        ("- {rolearn: a, groups: {a: b}}", "a as  in []; ! groups is a mapping", "no groups"),
        ("rolearn: a", "! list is a mapping", "no entries"),
        ("words", "! list is a single value", "no entries"),
        ("-\n- foo\n- rolearn: b", "b as  in []; ! entry is empty; ! entry is a single value", "the others stay"),
        ("- rolearn: a\n---\n- rolearn: b", "a as  in []; ! second document", "only the first document counts"),
        ("- rolearn: a\n  username: {{SessionName}}", "! template", "a mapping as key: all is dropped"),
        ("- rolearn: a\n- {{SessionName}}", "a as  in []; ! template", "the same as an item"),
        ("- {rolearn: a, username: {{SessionName}}}", "! template", "the same in brackets"),
        ("- rolearn: a\n  username: {{AccountID}}-dev", "! template", "the same with more behind it"),
        ("- rolearn: a\n  username: dev\n    {{AccountID}}", "a as dev {{AccountID}} in []", "more of a plain string"),
        ("- rolearn: a\n  username: admin:{{SessionName}}", "a as admin:{{SessionName}} in []", "a plain string"),
        ("- rolearn: a\n\tusername: u", "! syntax", "a tab indents nothing"),
        ("-\trolearn: a", "! syntax", "nor behind a dash"),
        ("- rolearn: a\n  username: a: b", "! syntax", "a mapping inside a value"),
        ("- rolearn: a\n  username: *x", "! syntax", "an alias without its anchor"),
        ("- rolearn: a\n  username: @x", "! syntax", "a reserved character"),
        ("- rolearn: a\n  username: %x", "! syntax", "the character of directives"),
        ("- {rolearn: a, username: u, username: v}", "a as v in []", "the last key wins, without a word"),
        ("- {roleARN: b, rolearn: a}", "a as  in []", "keys in the order of their bytes: lower case comes last"),
        ("- {rolearn: a, roleARN: b}", "a as  in []", "whichever is written first"),
        ("- {ROLEARN: a, UserName: u, GROUPS: [g]}", "a as u in [g]", "keys are compared without case"),
        (
            "- rolearn: a\n  groups:\n    - system:bootstrappers\n     - system:nodes",
            "a as  in [system:bootstrappers - system:nodes]",
            "one group",
        ),
        ("- rolearn: \"a \"", "a  as  in []", "the space is part of the ARN"),
        ("# nobody yet", "", "no entries, no error"),
        ("[]", "", "no entries, no error"),
        ("\"\"", "", "what `kubectl edit` leaves behind"),
        ("``", "", "the same"),
        ("- &x {rolearn: a, groups: [g]}\n- {<<: *x, rolearn: b}", "a as  in [g]; b as  in [g]", "merge keys"),
        ("- rolearn: a\r\n  username: u\r\n", "a as u in []", "line ends of Windows"),
        ("\u{FEFF}- rolearn: a\n", "a as  in []", "a byte order mark"),
        ("[{\"rolearn\": \"a\", \"groups\": [\"g\"]}]", "a as  in [g]", "JSON is YAML"),
        ("- rolearn: a\n  groups:\n  - g", "a as  in [g]", "items as deep as their key"),
    ];
    for (text, wanted, why) in cases {
        assert_eq!(shown(&read(SectionKind::Roles, text)), wanted, "{text}: {why}");
    }
}

#[test]
fn accounts() {
    let cases = [
        ("- 555555555555", "555555555555", "the text counts, not the number"),
        ("- 012345678901", "012345678901", "also with a zero before it"),
        ("- 012345670123", "012345670123", "also where it could be octal"),
        ("- \"012345678901\"", "012345678901", "in quotes"),
        ("- account: \"1\"\n- \"2\"", "2; ! account is a mapping", "that item is dropped, the others stay"),
        ("555555555555", "! list is a single value", "none"),
        ("- {a\n- b", "! syntax", "none"),
    ];
    for (text, wanted, why) in cases {
        assert_eq!(shown(&read(SectionKind::Accounts, text)), wanted, "{text}: {why}");
    }
}

#[test]
fn entries_before_the_break_are_read() {
    let cases = [
        ("- rolearn: a\n- rolearn: b\n  groups: [x\n- rolearn: c", "a as  in []; ! syntax", "an open bracket"),
        ("- rolearn: a\n- rolearn: \"b\n- rolearn: c", "a as  in []; ! syntax", "an open quote"),
        ("  - rolearn: a\n  - rolearn: b\n    username: {{AccountID}}", "a as  in []; ! template", "no quotes"),
        ("- rolearn: b\n  groups: [x\n- rolearn: c", "! syntax", "the first entry"),
        ("- rolearn: a\n- - b\n- rolearn: {", "! syntax", "a damaged entry before it"),
    ];
    for (text, wanted, why) in cases {
        assert_eq!(shown(&read(SectionKind::Roles, text)), wanted, "{text}: {why}");
    }
}

#[test]
fn what_another_tool_fills_in_is_no_violation() {
    let cases = [
        ("{{ toYaml .Values.roles | indent 4 }}", "all of it"),
        ("{{ range .Values.roles }}\n- rolearn: {{ .arn }}\n{{ end }}", "a loop"),
        ("{% for role in roles %}\n- rolearn: {{ role }}\n{% endfor %}", "a loop of Jinja"),
        ("- rolearn: a\n${MORE_ROLES}", "lines that a script puts in"),
        ("- rolearn: {{ node_role }}\n  username: {{SessionName}}", "quotes may come from outside too"),
    ];
    for (text, why) in cases {
        assert!(read(SectionKind::Roles, text).violations.is_empty(), "{text}: {why}");
    }
}
