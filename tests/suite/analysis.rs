//! Files that come, change and go: what is found is what a run over the same files finds that knows nothing of the past.

use std::collections::BTreeMap;
use std::path::Path;

use ekslint::analysis::{Analysis, Outcome};
use ekslint::config::{Configuration, Origin};
use ekslint::date::Date;
use ekslint::report::{Run, json};
use ekslint::source::Source;
use ekslint::suppress::Settings;

use crate::pages::pages;
use crate::random;

/// Where the same file may be put, so that files change and meet others.
const FOLDERS: [&str; 3] = ["", "base/", "overlays/dev/"];

const CONFIGURATIONS: [&str; 3] = [
    "",
    "default-namespace = 'shop'\n",
    "[[clusters]]\nname = 'shop'\naccount = '111122223333'\nauthentication-mode = 'API'\npaths = ['overlays/**']\n\
     [[environments]]\nname = 'base'\nregion = 'cn-north-1'\npaths = ['base/**']\n",
];

fn configuration(text: &str) -> Configuration {
    let mut configuration = Configuration::defaults();
    configuration.add(Origin::File, Source::new("ekslint.toml", text), Path::new("")).unwrap();
    configuration
}

fn sources(files: &BTreeMap<String, String>) -> Vec<Source> {
    files.iter().map(|(path, text)| Source::new(path.as_str(), text.as_str())).collect()
}

/// All that a run says, with places in the words of paths and lines.
fn said(analysis: &Analysis) -> String {
    let settings = Settings::on(Date::parse("2026-01-01").unwrap());
    let (workspace, outcome) = analysis.run(&settings, |_| Ok::<_, ()>(None), &()).unwrap();
    let Outcome { findings, suppressed, verdicts, counts, left_out: _ } = outcome;
    let run = Run { suppressed: &suppressed, show_suppressed: true, ..Run::of(&workspace, &findings) };
    format!("{}{:?}{counts:?}{}", json::render(&run), verdicts.of.len(), workspace.recognised)
}

#[test]
fn files_may_come_change_and_go() {
    let examples: Vec<Vec<(String, String)>> = pages()
        .flat_map(|(_, page)| page.fails.into_iter().chain(page.passes).map(|it| it.files).collect::<Vec<_>>())
        .collect();
    random::holds(300, |random| {
        let mut configuration = configuration(CONFIGURATIONS[random.choose_index(CONFIGURATIONS.len())?]);
        let mut analysis = Analysis::new(configuration.clone());
        let mut files: BTreeMap<String, String> = BTreeMap::new();
        for _ in 0..random.int_in_range(1..=8)? {
            let folder = FOLDERS[random.choose_index(FOLDERS.len())?];
            let example = &examples[random.choose_index(examples.len())?];
            match random.int_in_range(0..=5)? {
                // The configuration changes.
                4 => {
                    configuration = self::configuration(CONFIGURATIONS[random.choose_index(CONFIGURATIONS.len())?]);
                    analysis.configure(configuration.clone());
                }
                // All files are handed over once more, with one that is new.
                5 => {
                    let (path, text) = &example[0];
                    files.insert(format!("{folder}{path}"), text.clone());
                    analysis.update(sources(&files), &());
                }
                // Something goes.
                0 if !files.is_empty() => {
                    let path = files.keys().nth(random.choose_index(files.len())?).unwrap().clone();
                    analysis.remove(&path, Path::new(&path));
                    files.remove(&path);
                }
                // Something gets the text of something else.
                1 if !files.is_empty() => {
                    let path = files.keys().nth(random.choose_index(files.len())?).unwrap().clone();
                    let text = &example[random.choose_index(example.len())?].1;
                    analysis.set(Source::new(path.as_str(), text.as_str()));
                    files.insert(path, text.clone());
                }
                // Something comes, one file after the other and in no order.
                _ => {
                    for (path, text) in example.iter().rev() {
                        let path = format!("{folder}{path}");
                        analysis.set(Source::new(path.as_str(), text.as_str()));
                        files.insert(path, text.clone());
                    }
                }
            }
            // What a run finds changes nothing for the next one, whether or not there is a run each time.
            if random.ratio(2, 3)? {
                let mut fresh = Analysis::new(configuration.clone());
                fresh.read(sources(&files), &());
                assert_eq!(said(&analysis), said(&fresh), "{:?}", files.keys().collect::<Vec<_>>());
            }
        }
        let mut fresh = Analysis::new(configuration);
        fresh.read(sources(&files), &());
        assert_eq!(said(&analysis), said(&fresh), "{:?}", files.keys().collect::<Vec<_>>());
        Ok(())
    });
}
