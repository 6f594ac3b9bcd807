//! A certainty caps the level of a finding, whatever the configuration says.

use std::collections::BTreeMap;
use std::path::Path;

use ekslint::config::{Configuration, Origin, Selection};
use ekslint::date::Date;
use ekslint::diagnostic::{Certainty, Diagnostic, Level};
use ekslint::source::Source;
use ekslint::suppress::Settings;

use crate::pages::{pages, workspace};

/// The findings of all examples of all pages under a configuration, those about suppressions too.
fn found(written: &str) -> Vec<Diagnostic> {
    let mut configuration = Configuration::defaults();
    configuration.add(Origin::File, Source::new("ekslint.toml", written), Path::new("")).unwrap();
    let selection = Selection::new(&configuration);
    let today = Date::parse("2026-01-01").unwrap();
    let examples = pages().flat_map(|(_, page)| page.fails.into_iter().chain(page.passes));
    let found = examples.flat_map(|example| {
        let workspace = workspace(&example);
        ekslint::analysis::check(&workspace, &selection, &Settings::on(today), &()).findings
    });
    found.collect()
}

/// How many findings there are of each certainty and level.
fn counts(found: &[Diagnostic]) -> BTreeMap<(Certainty, Level), usize> {
    let mut counts = BTreeMap::new();
    found.iter().for_each(|it| *counts.entry((it.certainty, it.level)).or_default() += 1);
    counts
}

#[test]
fn no_configuration_raises_a_finding_above_its_certainty() {
    let usual = found("");
    for it in &usual {
        assert_eq!(it.level, it.certainty.cap(it.level), "{}: {}", it.rule, it.message);
    }
    for certainty in Certainty::ALL {
        assert!(usual.iter().any(|it| it.certainty == certainty), "no example is {}", certainty.name());
    }
    let raised = [
        ("for all files", "[levels]\nall = \"error\"\n"),
        ("for some paths", "[[overrides]]\npaths = [\"**\"]\n[overrides.levels]\nall = \"error\"\n"),
    ];
    for (how, written) in raised {
        let raised = found(written);
        assert_eq!(raised.len(), usual.len(), "{how}");
        let counts = counts(&raised);
        for certainty in Certainty::ALL {
            let of_it = usual.iter().filter(|it| it.certainty == certainty).count();
            assert_eq!(counts.get(&(certainty, certainty.cap(Level::Error))), Some(&of_it), "{how}: {counts:?}");
        }
        assert_eq!(counts.len(), Certainty::ALL.len(), "{how}: {counts:?}");
    }
}

#[test]
fn a_configuration_lowers_any_finding() {
    let lowered = found("[levels]\nall = \"note\"\n");
    assert!(lowered.iter().all(|it| it.level == Level::Note));
    assert!(lowered.iter().any(|it| it.certainty == Certainty::Certain));
}

/// A value that a parameter may have is not yet the value of a deployment.
#[test]
fn what_a_parameter_may_be_is_likely() {
    let template = "\
Parameters:
  Mode:
    Type: String
    AllowedValues: [API, API_AND_CONFIGMAP]
Resources:
  Cluster:
    Type: AWS::EKS::Cluster
    Properties:
      RoleArn: arn:aws:iam::222233334444:role/shop-cluster
      AccessConfig:
        AuthenticationMode: !Ref Mode
";
    let of = |template: &str| {
        let workspace = ekslint::Analysis::of(vec![Source::new("a.yaml", template)]).snapshot(&());
        let found = ekslint::lint(&workspace).into_iter().filter(|it| it.rule == "auth-mode/value");
        found.map(|it| (it.level, it.certainty)).collect::<Vec<_>>()
    };
    assert_eq!(of(template), [(Level::Warning, Certainty::Likely)]);
    let fixed = template.replace("!Ref Mode", "API_AND_CONFIGMAP");
    assert!(of(&fixed).contains(&(Level::Error, Certainty::Certain)), "{:?}", of(&fixed));
}
