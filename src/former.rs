//! Ids that rules had before. They keep working wherever a rule is named: in the configuration, in options, in directives, in
//! baselines and in `ekslint explain`. A rule's file lists its own in a constant `FORMER_IDS`.

use std::collections::BTreeSet;

use crate::collections::HashSet;
use crate::rule::FormerIds;

/// An id that a rule had before.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct FormerId {
    pub was: &'static str,
    /// The id of today.
    pub rule: &'static str,
}

impl FormerId {
    /// The rule that had an id before, if one had it.
    pub fn find(id: &str) -> Option<Self> {
        let all = TABLE.iter().flat_map(|(rule, former)| former.iter().map(|was| Self { was, rule }));
        all.into_iter().find(|it| it.was == id)
    }

    /// What to tell somebody who uses it.
    pub fn notice(self) -> String {
        format!("the rule `{}` is called `{}` now; the old name still works", self.was, self.rule)
    }
}

/// The ids that a rule had before.
pub fn ids(rule: &str) -> &'static [&'static str] {
    TABLE.iter().find(|it| it.0 == rule).map_or(&[], |it| it.1)
}

/// All ids that rules had before.
pub fn all() -> impl Iterator<Item = &'static str> {
    TABLE.iter().flat_map(|it| it.1.iter().copied())
}

/// What to say about former ids that are used: each once.
pub fn notices(used: impl IntoIterator<Item = FormerId>) -> Vec<String> {
    let used: BTreeSet<FormerId> = used.into_iter().collect();
    used.into_iter().map(FormerId::notice).collect()
}

/// What is wrong with a table, given the ids and areas of today: a former id means one rule that exists, and nothing else.
pub fn mistakes(table: &FormerIds, today: &[&str]) -> Vec<String> {
    let mut mistakes = Vec::new();
    let mut seen = HashSet::default();
    for (rule, former) in table {
        if !today.contains(rule) {
            mistakes.push(format!("`{rule}` is no rule"));
        }
        for was in *former {
            if today.contains(was) {
                mistakes.push(format!("`{was}` is a name of today"));
            }
            if !seen.insert(was) {
                mistakes.push(format!("`{was}` is there twice"));
            }
        }
    }
    mistakes
}

#[cfg(not(test))]
use crate::rules::FORMER_IDS as TABLE;
#[cfg(test)]
use tests::TABLE;

#[cfg(test)]
pub mod tests {
    use std::path::Path;

    use super::*;
    use crate::analysis::{self, Analysis};
    use crate::baseline::Baseline;
    use crate::config::{self, Configuration, Origin, Selection};
    use crate::date::Date;
    use crate::diagnostic::{Diagnostic, Level};
    use crate::fingerprint::{Fingerprint, fingerprints};
    use crate::report::{Run, sarif};
    use crate::source::Source;
    use crate::suppress::Settings;
    use crate::workspace::Workspace;

    /// The former ids in unit tests.
    pub const TABLE: &FormerIds = &[("aws-auth/role-path", &["aws-auth/path", "mapping/role-path"])];

    #[test]
    fn a_former_id_means_the_rule_of_today() {
        let path = FormerId { was: "mapping/role-path", rule: "aws-auth/role-path" };
        assert_eq!(FormerId::find("mapping/role-path"), Some(path));
        assert_eq!(FormerId::find("aws-auth/role-path"), None);
        assert_eq!(FormerId::find("aws-auth"), None);
        assert_eq!(ids("aws-auth/role-path"), ["aws-auth/path", "mapping/role-path"]);
        assert!(ids("aws-auth/shape").is_empty());
    }

    #[test]
    fn what_is_wrong_with_a_table_is_said() {
        let today = ["a", "a/b", "a/c"];
        let rows: [(&FormerIds, &[&str]); 4] = [
            (&[("a/b", &["a/old", "x/old"]), ("a/c", &["a/older"])], &[]),
            (&[("a/d", &["a/old"])], &["`a/d` is no rule"]),
            (&[("a/b", &["a/c", "a"])], &["`a/c` is a name of today", "`a` is a name of today"]),
            (&[("a/b", &["a/old"]), ("a/c", &["a/old"])], &["`a/old` is there twice"]),
        ];
        for (table, wrong) in rows {
            assert_eq!(mistakes(table, &today), wrong, "{table:?}");
        }
    }

    const PATH: &str = "aws-auth/role-path";

    /// An `aws-auth` with one finding of [`PATH`], and a comment at the end of its line.
    fn mapping(comment: &str) -> String {
        format!(
            "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: aws-auth\n  namespace: kube-system\ndata:\n  mapRoles: |\n    \
             - rolearn: arn:aws:iam::222233334444:role/team/dev {comment}\n      username: dev:{{{{SessionName}}}}\n      \
             groups: [dev]\n"
        )
    }

    fn workspace(comment: &str) -> Workspace {
        Analysis::of(vec![Source::new("aws-auth.yaml", mapping(comment))]).snapshot(&())
    }

    fn configuration(written: &str) -> Configuration {
        let mut configuration = Configuration::defaults();
        configuration.add(Origin::File, Source::new("ekslint.toml", written), Path::new("")).unwrap();
        configuration
    }

    /// The findings of [`PATH`].
    fn found(workspace: &Workspace, configuration: &Configuration) -> Vec<Diagnostic> {
        let found = crate::lint_with(workspace, &Selection::new(configuration));
        found.into_iter().filter(|it| it.rule == PATH).collect()
    }

    #[test]
    fn former_ids_work_in_the_configuration() {
        let workspace = workspace("");
        let rows: [(&str, &[Level], &[&str]); 6] = [
            ("", &[Level::Error], &[]),
            ("ignore = [\"aws-auth/path\"]", &[], &["aws-auth/path"]),
            ("select = [\"aws-auth/path\"]", &[Level::Error], &["aws-auth/path"]),
            ("ignore = [\"aws-auth\"]\nselect = [\"mapping/role-path\"]", &[Level::Error], &["mapping/role-path"]),
            ("[levels]\n\"aws-auth/path\" = \"note\"", &[Level::Note], &["aws-auth/path"]),
            (
                "[[overrides]]\npaths = [\"*.yaml\"]\nignore = [\"mapping/role-path\"]\n[overrides.levels]\n\
                 \"aws-auth/path\" = \"note\"",
                &[],
                &["mapping/role-path", "aws-auth/path"],
            ),
        ];
        for (written, levels, former) in rows {
            let configuration = configuration(written);
            let found: Vec<Level> = found(&workspace, &configuration).iter().map(|it| it.level).collect();
            assert_eq!(found, levels, "{written}");
            let named: Vec<&str> = configuration.former_ids().iter().map(|it| it.was).collect();
            assert_eq!(named, former, "{written}");
        }
        let names = &config::schema()["definitions"]["rules"]["enum"];
        assert!(names.as_array().unwrap().contains(&"aws-auth/path".into()), "{names}");
    }

    #[test]
    fn former_ids_work_in_directives() {
        let (selection, settings) = (Selection::default(), Settings::on(Date::parse("2026-01-01").unwrap()));
        for name in ["aws-auth/path", "mapping/role-path", PATH] {
            let workspace = workspace(&format!("# ekslint: ignore[{name}] agreed"));
            let outcome = analysis::check(&workspace, &selection, &settings, &());
            let left = |it: &Diagnostic| it.rule == PATH || it.rule.starts_with("suppression/");
            assert!(!outcome.findings.iter().any(left), "{name}: {:?}", outcome.findings);
            assert!(outcome.suppressed.iter().any(|it| it.finding.rule == PATH), "{name}");
        }
        // One that is in the way of nothing is called what its author called it.
        let text =
            mapping("").replace("team/", "").replace("groups: [dev]", "groups: [dev] # ekslint: ignore[aws-auth/path]");
        let workspace = Analysis::of(vec![Source::new("aws-auth.yaml", text)]).snapshot(&());
        let findings = analysis::check(&workspace, &selection, &settings, &()).findings;
        let unused = findings.iter().find(|it| it.rule.starts_with("suppression/")).unwrap();
        assert_eq!(unused.message, "`aws-auth/path` suppresses nothing here");
    }

    #[test]
    fn each_former_id_is_named_once() {
        let workspace = workspace("# ekslint: ignore[aws-auth/path]");
        let written =
            "ignore = [\"aws-auth/path\", \"mapping/role-path\"]\n[levels]\n\"mapping/role-path\" = \"note\"\n";
        let notices = analysis::former_ids(&configuration(written), &workspace);
        let notice = |was: &str| format!("the rule `{was}` is called `{PATH}` now; the old name still works");
        assert_eq!(notices, [notice("aws-auth/path"), notice("mapping/role-path")]);
    }

    #[test]
    fn former_ids_work_in_baselines() {
        let workspace = workspace("");
        let findings = found(&workspace, &Configuration::default());
        let today = fingerprints(&workspace, "", &findings);
        // What a version wrote in which the rule had another id.
        let before: Vec<Fingerprint> = today
            .iter()
            .map(|it| Fingerprint { hash: it.former[1].clone(), former: Vec::new(), ..it.clone() })
            .collect();
        let called: Vec<Diagnostic> =
            findings.iter().map(|it| Diagnostic { rule: "mapping/role-path", ..it.clone() }).collect();
        let old = Baseline::of(&called, &before);
        assert!(today.iter().all(|it| old.holds(it)), "{today:?}");
        assert!(!old.holds(&Fingerprint { former: Vec::new(), ..today[0].clone() }), "it is not held by today's id");
        let new = Baseline::of(&findings, &today);
        assert_eq!(old.renamed(&findings, &today), new);
        assert_eq!(new.renamed(&findings, &today), new);
        assert_eq!(old.renamed(&[], &[]), old, "what is not found keeps its id");
    }

    #[test]
    fn sarif_lists_former_ids() {
        let workspace = workspace("");
        let findings = found(&workspace, &Configuration::default());
        let log: serde_json::Value = serde_json::from_str(&sarif::render(&Run::of(&workspace, &findings))).unwrap();
        let rules = log["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap();
        let of = |id: &str| rules.iter().find(|it| it["id"] == id).unwrap()["deprecatedIds"].clone();
        assert_eq!(of(PATH), serde_json::json!(["aws-auth/path", "mapping/role-path"]));
        assert!(of("aws-auth/shape").is_null());
    }
}
