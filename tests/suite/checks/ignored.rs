//! Ignore files and the index of a repository: whatever is in them, an answer comes after few steps, and it is the right one
//! where it is known without them.

#[allow(dead_code, reason = "the check asks only some of the questions")]
#[path = "../../../src/walk/ignored/index.rs"]
mod index;

use ekslint::patterns::{Patterns, STEPS_OF_READING};
use index::Tracked;

/// Bytes of a line that are read.
const LONGEST: usize = 4096;

/// An index, or the lines of an ignore file, an empty line, and paths.
pub fn check(data: &[u8]) {
    if data.starts_with(b"DIRC") {
        return tracked(data);
    }
    let lines: Vec<&[u8]> = data.split(|it| *it == b'\n').collect();
    let end = lines.iter().position(|it| it.is_empty()).unwrap_or(lines.len());
    let text = lines[..end].join(&b'\n');
    let (patterns, skipped) = Patterns::parse(text.clone(), LONGEST);
    assert!(skipped <= end);
    for path in lines[end..].iter().filter(|it| !it.is_empty() && !it.starts_with(b"/")) {
        for is_folder in [false, true] {
            let mut steps = 0;
            let hit = patterns.decide(path, is_folder, &mut steps);
            // Reading a pattern or a class counts more than its bytes, however short the path is.
            let most = (text.len() as u64 + 1) * (path.len() as u64 + STEPS_OF_READING);
            assert!(steps <= most, "{steps} steps, and {most} are enough to read each pattern and to match it once");
            if let Some(hit) = hit {
                let line = lines.get(hit.line as usize - 1).expect("the line is one of the file");
                let starts_so = line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line).starts_with(b"!");
                assert_eq!(hit.is_negated, starts_so, "only `!` negates");
                patterns.line(hit.line);
            }
        }
        itself(path);
    }
}

/// A pattern in which every byte is escaped is for one path, and the last line decides.
fn itself(path: &[u8]) {
    let escaped: Vec<u8> = path.iter().flat_map(|it| if *it == b'/' { vec![b'/'] } else { vec![b'\\', *it] }).collect();
    if path.ends_with(b"/")
        || path.windows(2).any(|it| it == b"//")
        || escaped.len() + 2 > LONGEST
        || path.contains(&b'\r')
    {
        return;
    }
    let decide = |lines: &[&[u8]]| {
        let (patterns, _) = Patterns::parse(lines.join(&b'\n'), LONGEST);
        patterns.decide(path, false, &mut 0).map(|it| it.is_negated)
    };
    let here: Vec<u8> = [b"/", escaped.as_slice()].concat();
    let not: Vec<u8> = [b"!/", escaped.as_slice()].concat();
    assert_eq!(decide(&[&here]), Some(false), "a path is for itself");
    assert_eq!(decide(&[b"*", &not]), Some(true), "the last line decides");
    assert_eq!(decide(&[&not, b"*"]), Some(false), "the last line decides");
}

/// What an index names is tracked.
fn tracked(data: &[u8]) {
    let Some(tracked) = Tracked::parse(data, |_| None) else { return };
    let mut last: Option<&[u8]> = None;
    for name in tracked.below(b"") {
        assert!(tracked.holds(name), "a name of the index is tracked");
        assert!(last.is_none_or(|it| it <= name), "names are in their order");
        last = Some(name);
    }
}
