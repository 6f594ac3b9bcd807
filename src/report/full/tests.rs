//! What `full` draws, byte for byte.

use super::super::snippet::fold;
use super::*;
use crate::analysis::Analysis;
use crate::diagnostic::{Certainty, Edit};
use crate::source::{FileId, Source, Span};
use crate::workspace::Workspace;

/// The place of the first `needle` in a file.
fn find(workspace: &Workspace, file: u32, needle: &str) -> Span {
    let start = workspace.source(FileId::new(file)).text.find(needle).unwrap() as u32;
    Span::new(FileId::new(file), start..start + needle.len() as u32)
}

fn diagnostic(span: Span, message: &str) -> Diagnostic {
    Diagnostic {
        rule: "aws-auth/role-path",
        level: Level::Error,
        certainty: Certainty::Certain,
        span,
        message: message.to_owned(),
        labels: Vec::new(),
        help: None,
        fixes: Vec::new(),
        build: None,
    }
}

fn workspace() -> Workspace {
    Analysis::of(vec![
        Source::new(
            "k8s/aws-auth.yaml",
            "data:\n  mapRoles: |\n    - rolearn: arn:aws:iam::111122223333:role/team/dev\n      username: dev\n",
        ),
        Source::new("stacks/roles.yaml", "Resources:\n  Dev:\n    Properties:\n      Path: /team/\n"),
    ])
    .snapshot(&())
}

#[test]
fn two_files_and_a_fix() {
    let workspace = workspace();
    let path = find(&workspace, 0, "team/");
    let mut it = diagnostic(path, "role ARN in `aws-auth` has a path");
    it.label(path, "EKS looks for this ARN without its path")
        .label(find(&workspace, 1, "/team/"), "the role has this path")
        .help("access entries take the ARN as it is");
    it.fixes.push(Fix::new("remove the path", Safety::Activating, [Edit::new(path, "")]));
    assert_eq!(
        plain(&workspace, &[it]),
        "\
error[aws-auth/role-path]: role ARN in `aws-auth` has a path
   ╭─[k8s/aws-auth.yaml:3:47]
 2 │   mapRoles: |
 3 │     - rolearn: arn:aws:iam::111122223333:role/team/dev
   ·                                               ──┬──
   ·                                                 ╰── EKS looks for this ARN without its path
 4 │       username: dev
   ╰────
   ╭─[stacks/roles.yaml:4:13]
 3 │     Properties:
 4 │       Path: /team/
   ·             ───┬──
   ·                ╰── the role has this path
   ╰────
  help: access entries take the ARN as it is
  fix: remove the path (makes a grant work that does not work now)
      -     - rolearn: arn:aws:iam::111122223333:role/team/dev
      +     - rolearn: arn:aws:iam::111122223333:role/dev
"
    );
}

#[test]
fn nothing_hidden_is_printed_and_underlines_stay_right() {
    let workspace =
        Analysis::of(vec![Source::new("a\x1B[31m.yaml", "a: \x1B[31mred\u{202E}\tbad # 本\n")]).snapshot(&());
    let mut it = diagnostic(find(&workspace, 0, "bad"), "a\x1B]8;;x\x07b");
    it.label(find(&workspace, 0, "bad"), "l\u{9B}1").help("h\x1B");
    let drawn = plain(&workspace, &[it]);
    assert_eq!(
        drawn,
        "\
error[aws-auth/role-path]: a␛]8;;x␇b
   ╭─[a␛[31m.yaml:1:14]
 1 │ a: ␛[31mred<U+202E> bad # 本
   ·                     ─┬─
   ·                      ╰── l<U+009B>1
   ╰────
  help: h␛
"
    );
}

#[test]
fn long_lines_are_cut_around_the_span() {
    let text = format!("{}: {}needle{}\n", "k".repeat(9), "é".repeat(1000), "z".repeat(1000));
    let workspace = Analysis::of(vec![Source::new("a.json", text)]).snapshot(&());
    let mut it = diagnostic(find(&workspace, 0, "needle"), "long");
    it.label(find(&workspace, 0, "needle"), "here");
    let drawn = plain(&workspace, &[it]);
    assert!(drawn.contains("[a.json:1:1012]"), "{drawn}");
    let (line, under) = (drawn.lines().nth(2).unwrap(), drawn.lines().nth(3).unwrap());
    assert!(line.chars().count() < 220, "{drawn}");
    let column = |line: &str, c: char| line.chars().position(|it| it == c).unwrap();
    assert_eq!(column(line, 'n'), column(under, '─'), "{drawn}");
}

#[test]
fn awkward_spans_are_drawn_all_the_same() {
    let text = "a: b\nlist:\n  - x\n  - y\n  - z\n  - u\n  - v\n  - w\n";
    let workspace = Analysis::of(vec![Source::new("a.yaml", text), Source::new("empty.yaml", "")]).snapshot(&());
    let end = text.len() as u32;
    let spans = [
        Span::new(FileId::new(0), 0..0),
        Span::new(FileId::new(0), 4..4),
        Span::new(FileId::new(0), end..end),
        Span::new(FileId::new(0), 900..1000),
        Span::new(FileId::new(0), 0..end),
        Span::new(FileId::new(0), 3..12),
        Span { file: FileId::new(0), start: 9, end: 3 },
        Span::new(FileId::new(1), 0..0),
        Span::new(FileId::new(1), 5..9),
    ];
    for &first in &spans {
        for &second in &spans {
            let mut it = diagnostic(first, "odd");
            it.label(second, "second").label(first, "first");
            let drawn = plain(&workspace, &[it]);
            assert!(drawn.contains("first") && drawn.contains("second"), "{first:?} {second:?}\n{drawn}");
        }
    }
}

#[test]
fn any_span_can_be_drawn() {
    crate::random::holds(200, |u| {
        let mut text = String::new();
        for _ in 0..u.int_in_range(0..=40)? {
            text.push_str(u.choose(&[
                "a: b", "\n", "\r\n", "\t", " ", "é", "本", "😀", "\x1B[1m", "\u{FEFF}", "e\u{301}", "::e::x",
            ])?);
        }
        let workspace =
            Analysis::of(vec![Source::new("a", text.as_str()), Source::new("b", text.repeat(2))]).snapshot(&());
        let mut it = diagnostic(Span::new(FileId::new(0), u.int_in_range(0..=90)?..u.int_in_range(0..=90)?), "m");
        for _ in 0..u.int_in_range(0..=4)? {
            let limit = text.len() as u32 * 2 + 2;
            let start = u.int_in_range(0..=limit)?;
            let end = start + u.int_in_range(0..=12)?;
            it.label(Span { file: FileId::new(u.int_in_range(0..=1)?), start, end }, u.arbitrary::<String>()?);
        }
        it.fixes.push(Fix::new(
            u.arbitrary::<String>()?,
            Safety::Safe,
            [Edit::new(
                Span::new(FileId::new(0), u.int_in_range(0..=40)?..u.int_in_range(40..=90)?),
                u.arbitrary::<String>()?,
            )],
        ));
        let style = Style { color: false, ascii: u.arbitrary()?, width: u.int_in_range(1..=160)? };
        let drawn = findings(&workspace, &[it], style);
        assert!(!drawn.chars().any(|c| c != '\n' && super::super::visible::hidden(c)), "{drawn:?}");
        assert!(!drawn.contains("Failed to read"), "{drawn}");
        let is_order = |it: &str| it.trim_start().starts_with("::") || it.trim_start().starts_with("##");
        assert!(!drawn.lines().any(is_order), "{drawn}");
        Ok(())
    });
}

#[test]
fn a_span_inside_another_gets_a_window_of_its_own() {
    let workspace = workspace();
    let mut it = diagnostic(find(&workspace, 0, "arn:aws:iam::111122223333:role/team/dev"), "m");
    it.label(find(&workspace, 0, "team/"), "inner");
    assert_eq!(
        plain(&workspace, &[it]),
        "\
error[aws-auth/role-path]: m
   ╭─[k8s/aws-auth.yaml:3:16]
 2 │   mapRoles: |
 3 │     - rolearn: arn:aws:iam::111122223333:role/team/dev
   ·                ───────────────────────────────────────
 4 │       username: dev
   ╰────
   ╭─[k8s/aws-auth.yaml:3:47]
 3 │     - rolearn: arn:aws:iam::111122223333:role/team/dev
   ·                                               ──┬──
   ·                                                 ╰── inner
   ╰────
"
    );
}

#[test]
fn the_summary_says_what_was_held_back() {
    let workspace = Analysis::of(vec![Source::new("a.yaml", "a: b\n")]).snapshot(&());
    let shown = [diagnostic(Span::new(FileId::new(0), 0..1), "m")];
    let found = Counts { errors: 1, warnings: 0, notes: 3 };
    let run = Run { found, files_read: 1204, recognised: 37, ..Run::of(&workspace, &shown) };
    assert_eq!(
        summary(&run, Duration::from_millis(24), Style { width: 140, ..Style::PLAIN }),
        "1 error (3 notes held back, show with --level note) · 1,204 files read, 37 of them about EKS · 24 ms\n\
         more on a finding: ekslint explain aws-auth/role-path\n"
    );
    let quiet = Run { shown: &[], found: Counts::default(), files_read: 2, recognised: 0, ..run };
    assert_eq!(
        summary(&quiet, Duration::from_millis(3), Style::PLAIN),
        "no findings · 2 files read, none of them about EKS · 3 ms\n"
    );
}

#[test]
fn text_is_wrapped_at_spaces() {
    assert_eq!(wrap("aa bb cc dddddd", 5, 0), ["aa bb", "cc", "dddddd"]);
    assert_eq!(wrap("aa  bb", 9, 0), ["aa  bb"], "spaces are the user's own");
    assert_eq!(wrap("aa bb", 5, 3), ["aa", "bb"]);
    assert_eq!(wrap("", 5, 0), [""]);
}

#[test]
fn no_line_that_wraps_gives_orders() {
    let texts = ["aaaaaaaaaa  ::e::x", "aaaaaaaaaa \u{A0}::e::x", "aaaaaaaaaa\u{3000}::e::x", "aaaa ::e::x ::e::x"];
    for (text, width) in texts.into_iter().flat_map(|text| (1..20).map(move |width| (text, width))) {
        for lines in [wrap(text, width, 0), wrap(text, width, 3), fold(text, width)] {
            let order = lines.iter().skip(1).find(|it| it.trim_start().starts_with("::"));
            assert_eq!(order, None, "{text:?} in {width} columns: {lines:?}");
        }
    }
}
