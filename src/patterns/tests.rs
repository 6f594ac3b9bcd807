//! What patterns mean, and what they cost.

use super::*;

fn decide(text: &str, path: &str, is_folder: bool) -> Option<bool> {
    let (patterns, _) = Patterns::parse(text.as_bytes().to_vec(), 4096);
    patterns.decide(path.as_bytes(), is_folder, &mut 0).map(|it| !it.is_negated)
}

#[test]
fn patterns_mean_what_they_mean_to_git() {
    // Each was compared with `git check-ignore` 2.47.
    let table: [(&str, &str, Option<bool>, &str); 51] = [
        ("a.yaml", "x/a.yaml", Some(true), "a name, anywhere"),
        ("/a.yaml", "x/a.yaml", None, "only beside the ignore file"),
        ("/a.yaml", "a.yaml", Some(true), "beside the ignore file"),
        ("x/a.yaml", "x/a.yaml", Some(true), "a path"),
        ("x/a.yaml", "y/x/a.yaml", None, "a path starts at the ignore file"),
        ("*.yaml", "x/a.yaml", Some(true), "a suffix"),
        ("a*.yaml", "x/ab.yaml", Some(true), "a star"),
        ("x/*.yaml", "x/y/a.yaml", None, "a star spans no slash"),
        ("x/**", "x/y/a.yaml", Some(true), "two stars do"),
        ("**/a.yaml", "a.yaml", Some(true), "or nothing"),
        ("**/a.yaml", "x/y/a.yaml", Some(true), "or folders"),
        ("**/a.yaml", "x/ba.yaml", None, "but whole ones"),
        ("**/x/a.yaml", "y/x/a.yaml", Some(true), "or folders before a path"),
        ("**/x/a.yaml", "x/a.yaml", Some(true), "or nothing before a path"),
        ("***/x/a.yaml", "x/a.yaml", Some(true), "more stars are two"),
        ("/**/a*.yaml", "x/ab.yaml", Some(true), "a slash before them changes nothing"),
        ("x/**/a.yaml", "x/a.yaml", Some(true), "no folder between"),
        ("x/**/a.yaml", "x/y/z/a.yaml", Some(true), "two folders between"),
        ("x/**/a.yaml", "x/ya.yaml", None, "half a name is no folder"),
        ("x**y/a.yaml", "x/y/a.yaml", None, "inside a name, two stars are one"),
        ("{a,b}.yaml", "a.yaml", None, "braces are literal"),
        ("{a,b}.yaml", "{a,b}.yaml", Some(true), "braces match themselves"),
        ("a?.yaml", "ab.yaml", Some(true), "a question mark"),
        ("x?a.yaml", "x/a.yaml", None, "a question mark is no slash"),
        ("/x?a.yaml", "x/a.yaml", None, "not in a path either"),
        ("[ab].yaml", "b.yaml", Some(true), "a class"),
        ("[!ab].yaml", "c.yaml", Some(true), "a negated class"),
        ("[^ab].yaml", "a.yaml", None, "a negated class, with a caret"),
        ("[a-c].yaml", "b.yaml", Some(true), "a range"),
        ("[]].yaml", "].yaml", Some(true), "a bracket comes first"),
        ("[[:digit:]].yaml", "7.yaml", Some(true), "a named class"),
        ("[[:nope:]].yaml", "7.yaml", None, "an unknown class"),
        ("[a.yaml", "[a.yaml", None, "an unclosed class matches nothing"),
        ("[a\\]].yaml", "].yaml", Some(true), "an escape in a class"),
        ("a.yaml  ", "a.yaml", Some(true), "trailing spaces do not count"),
        ("a.yaml\\ ", "a.yaml ", Some(true), "unless escaped"),
        ("a.yaml\t", "a.yaml", None, "a tab does"),
        ("\\#a", "#a", Some(true), "an escaped hash"),
        ("#a", "#a", None, "a comment"),
        ("\\!a", "!a", Some(true), "an escaped exclamation mark"),
        ("*\n!a.yaml", "a.yaml", Some(false), "the last line wins"),
        ("!a.yaml\n*", "a.yaml", Some(true), "whatever it is"),
        ("a.yaml\n!*.yaml", "a.yaml", Some(false), "a wildcard after a name"),
        ("*.yaml\r\n", "a.yaml", Some(true), "line breaks of Windows"),
        ("a.yaml\\", "a.yaml\\", None, "a backslash at the end matches nothing"),
        ("/", "a", None, "a slash alone"),
        ("\u{FEFF}a", "a", Some(true), "a byte order mark"),
        ("*a*a*b", "aaaaaaaab", Some(true), "several stars"),
        ("*[a]]", "xa]", Some(true), "a bracket after a class"),
        ("a?\\*", "ab*", Some(true), "an escape at the end"),
        ("x/*\\/a", "x/y/a", Some(true), "an escaped slash"),
    ];
    for (text, path, expected, why) in table {
        assert_eq!(decide(text, path, false), expected, "{text:?} {path:?}: {why}");
    }
    assert_eq!((decide("x/", "x", true), decide("x/", "x", false)), (Some(true), None), "folders only");
    assert_eq!(decide("x\n!x/", "x", false), Some(true), "a rule for folders says nothing of files");
}

#[test]
fn hostile_patterns_cost_little() {
    let (deep, _) = Patterns::parse([vec![b'{'; 50_000], vec![b'}'; 50_000]].concat(), 1 << 20);
    assert_eq!(deep.decide(b"a", false, &mut 0), None, "no recursion");
    let mut steps = 0;
    let text = "*a".repeat(2000) + "b";
    let (stars, skipped) = Patterns::parse(text.into_bytes(), 4096);
    assert_eq!((stars.decide(&[b'a'; 255], false, &mut steps), skipped), (None, 0));
    assert!(steps < 5_000, "longer than the text: {steps}");
    let (stars, _) = Patterns::parse(b"*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b".to_vec(), 4096);
    assert_eq!(stars.decide(&[b'a'; 255], false, &mut steps), None);
    assert!(steps < 20_000, "pattern × text: {steps}");
    steps = 0;
    let (dead, _) = Patterns::parse([&b"[a]/"[..], &b"?".repeat(4000)].concat(), 4096);
    assert_eq!(dead.decide(&[b'a'; 4096], false, &mut steps), None);
    assert!(steps < 20_000, "nothing can match any more: {steps}");
    steps = MOST_STEPS - (1 << 20);
    let text = "**/*a".to_owned() + &"*a".repeat(2040) + "[b]*\n";
    let (many, skipped) = Patterns::parse(text.repeat(256).into_bytes(), 4096);
    many.decide(&[b'a'; 4096], false, &mut steps);
    assert_eq!(skipped, 0);
    assert!((MOST_STEPS..MOST_STEPS + 10_000).contains(&steps), "one path cannot take more: {steps}");
    // Reading a pattern takes memory, so it counts, unless the end of the path shows that the pattern cannot match.
    for (pattern, path, least, most) in
        [("[a]x1", "ax2", 1, 3), ("[a]*[b]*", "cx2", 192, 220), ("?x*", "ab", 1, 3), ("?x*", "xa", 64, 80)]
    {
        steps = 0;
        let (one, _) = Patterns::parse(pattern.into(), 4096);
        assert_eq!(one.decide(path.as_bytes(), false, &mut steps), None);
        assert!((least..=most).contains(&steps), "{pattern} {path}: {steps}");
    }
    let (long, skipped) = Patterns::parse([vec![b'a'; 4097], b"\nb\n".to_vec()].concat(), 4096);
    assert_eq!((long.decide(b"b", false, &mut 0).map(|it| it.line), skipped), (Some(2), 1));
}

/// What is looked at before a pattern is read decides nothing that reading it would not.
#[test]
fn shortcuts_change_nothing() {
    let words = |alphabet: &[u8], longest: u32| -> Vec<String> {
        let count = alphabet.len() as u32;
        let word = |mut number: u32, length: u32| {
            let letters = (0..length).map(|_| {
                let letter = alphabet[(number % count) as usize];
                number /= count;
                char::from(letter)
            });
            letters.collect()
        };
        (1..=longest)
            .flat_map(|length| (0..count.pow(length)).map(move |it| (it, length)))
            .map(|(it, n)| word(it, n))
            .collect()
    };
    let texts = words(b"a/", 5);
    for pattern in words(b"a*/?", 6) {
        let patterns = Patterns::of([pattern.as_str()].into_iter());
        let Some(rule) = patterns.rules.first() else { continue };
        let written = rule.of(&patterns.text);
        for text in &texts {
            let text = text.as_bytes();
            let name = memchr::memrchr(b'/', text).map_or(text, |it| &text[it + 1..]);
            let text = if rule.is_path { text } else { name };
            let is_so = wildmatch(written, text, rule.is_path, &mut 0);
            let shown = String::from_utf8_lossy(text);
            assert_eq!(rule.matches(written, text, &mut 0), is_so, "{pattern} and {shown}");
        }
    }
}
