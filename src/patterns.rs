//! Patterns of paths, matched as Git's `wildmatch` does: braces are literal, `**` spans folders, and nothing recurses.
//!
//! Ignore files and the configuration come with a pull request, so the work is counted. `globset` is not used: its work cannot be
//! counted, and a pattern of 25 bytes can make it take 100 times as long. Its parser recurses once per brace, too.

#[cfg(test)]
mod tests;

use std::ops::Range;

use memchr::memmem;

/// Patterns tried and bytes compared with wildcards, for all paths of a walk.
pub const MOST_STEPS: u64 = 1 << 28;

/// Bytes that are searched at the cost of one step.
const BYTES_SEARCHED: usize = 16;

/// What reading a pattern with wildcards counts, and each class in it.
pub const STEPS_OF_READING: u64 = 64;

/// The rules of one ignore file, or one list of patterns.
#[derive(Debug, Default)]
pub struct Patterns {
    text: Vec<u8>,
    rules: Vec<Rule>,
    /// Rules without wildcards that match a bare name, sorted by that name and then by line.
    names: Vec<u32>,
    /// All other rules, in the order of the file.
    others: Vec<u32>,
}

/// One line, as a range of the text without `!`, a leading slash and a trailing slash.
#[derive(Clone, Copy, Debug)]
struct Rule {
    start: u32,
    end: u32,
    line: u32,
    /// Bytes before the first wildcard.
    literal: u16,
    /// Where what follows the last wildcard begins.
    tail: u16,
    is_negated: bool,
    only_folders: bool,
    /// It contains a slash, so it is matched against the path and not the name.
    is_path: bool,
    /// `*` and no other wildcard: `*.json` is the most common kind.
    is_suffix: bool,
    /// The longest run without wildcards between the first and the last one, as a range of the pattern.
    middle: (u16, u16),
}

/// The line that decides about a path.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Hit {
    pub line: u32,
    /// `!pattern`: the path is not ignored.
    pub is_negated: bool,
}

impl Patterns {
    /// Reads a file. Lines longer than `longest` are skipped, and their count is returned.
    pub fn parse(text: Vec<u8>, longest: usize) -> (Self, usize) {
        let mut patterns = Self::default();
        let mut skipped = 0;
        let mut start = if text.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
        for line in 1.. {
            if start >= text.len() {
                break;
            }
            let end = memchr::memchr(b'\n', &text[start..]).map_or(text.len(), |it| start + it);
            let content = &text[start..end];
            let content = if end < text.len() { content.strip_suffix(b"\r").unwrap_or(content) } else { content };
            if content.len() > longest {
                skipped += 1;
            } else {
                patterns.add(&text, start, start + content.len(), line);
            }
            start = end + 1;
        }
        patterns.names.sort_by_key(|it| (patterns.rules[*it as usize].of(&text), *it));
        patterns.text = text;
        (patterns, skipped)
    }

    /// Reads patterns that have no comments among them. The place of each in the list is its [`Hit::line`], counted from 1.
    pub fn of<'p>(list: impl Iterator<Item = &'p str>) -> Self {
        let mut patterns = Self::default();
        let mut text = Vec::new();
        let mut ranges = Vec::new();
        for pattern in list {
            ranges.push(text.len()..text.len() + pattern.len());
            text.extend_from_slice(pattern.as_bytes());
        }
        for (line, Range { start, end }) in (1..).zip(ranges) {
            patterns.rule(&text, start, end, line);
        }
        patterns.names.sort_by_key(|it| (patterns.rules[*it as usize].of(&text), *it));
        patterns.text = text;
        patterns
    }

    fn add(&mut self, text: &[u8], start: usize, end: usize, line: u32) {
        if !text[start..end].starts_with(b"#") {
            self.rule(text, start, end, line);
        }
    }

    fn rule(&mut self, text: &[u8], mut start: usize, mut end: usize, line: u32) {
        end = start + without_trailing_spaces(&text[start..end]).len();
        let is_negated = text[start..end].starts_with(b"!");
        start += usize::from(is_negated);
        let only_folders = text[start..end].ends_with(b"/");
        end -= usize::from(only_folders);
        let mut is_path = text[start..end].contains(&b'/');
        start += usize::from(text[start..end].starts_with(b"/"));
        // `**/x` is `x`, which is compared with names and so much faster.
        if text[start..end].starts_with(b"**/") && !text[start + 3..end].contains(&b'/') {
            start += 3;
            is_path = false;
        }
        let pattern = &text[start..end];
        if pattern.is_empty() {
            return;
        }
        let literal = pattern.iter().position(is_special).unwrap_or(pattern.len());
        let at = self.rules.len() as u32;
        if literal == pattern.len() && !is_path {
            self.names.push(at);
        } else {
            self.others.push(at);
        }
        let is_suffix = !is_path && literal == 0 && pattern[0] == b'*' && !pattern[1..].iter().any(is_special);
        let tail = pattern.iter().rposition(|it| is_special(it) || *it == b']').map_or(0, |it| it + 1);
        // `**/` may stand for nothing, its slash included.
        let stars = pattern[..tail].iter().rev().take_while(|it| **it == b'*').count();
        let before = tail - stars;
        let is_folders = stars > 1 && (before == 0 || pattern[before - 1] == b'/') && pattern.get(tail) == Some(&b'/');
        let tail = tail + usize::from(is_folders);
        let middle = longest_run(pattern, literal, tail);
        let (start, end, literal, tail) = (start as u32, end as u32, literal as u16, tail as u16);
        self.rules.push(Rule { start, end, line, literal, tail, is_negated, only_folders, is_path, is_suffix, middle });
    }

    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// The last rule that matches a path, which is relative to the folder of the ignore file. Adds the work to `steps`. With
    /// more than [`MOST_STEPS`] the answer means nothing.
    pub fn decide(&self, path: &[u8], is_folder: bool, steps: &mut u64) -> Option<Hit> {
        let name = memchr::memrchr(b'/', path).map_or(path, |it| &path[it + 1..]);
        let fits = |at: &&u32| is_folder || !self.rules[**at as usize].only_folders;
        let written = |at: u32| self.rules[at as usize].of(&self.text);
        let start = self.names.partition_point(|it| written(*it) < name);
        let length = self.names[start..].partition_point(|it| written(*it) == name);
        let literal = self.names[start..start + length].iter().rev().find(fits).copied();
        let mut found = literal;
        for at in self.others.iter().rev() {
            if literal.is_some_and(|it| it > *at) || *steps > MOST_STEPS {
                break;
            }
            let rule = &self.rules[*at as usize];
            *steps += 1;
            if (is_folder || !rule.only_folders)
                && rule.matches(rule.of(&self.text), if rule.is_path { path } else { name }, steps)
            {
                found = Some(*at);
                break;
            }
        }
        let rule = self.rules[found? as usize];
        Some(Hit { line: rule.line, is_negated: rule.is_negated })
    }

    /// A line as it is written.
    pub fn line(&self, line: u32) -> String {
        let text = self.text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&self.text);
        let line = text.split(|it| *it == b'\n').nth(line as usize - 1).unwrap_or_default();
        String::from_utf8_lossy(line).trim().to_owned()
    }
}

impl Rule {
    fn of<'t>(&self, text: &'t [u8]) -> &'t [u8] {
        &text[self.start as usize..self.end as usize]
    }

    fn matches(&self, pattern: &[u8], text: &[u8], steps: &mut u64) -> bool {
        let literal = usize::from(self.literal);
        if literal == pattern.len() {
            return pattern == text;
        }
        if !text.starts_with(&pattern[..literal]) {
            return false;
        }
        if self.is_suffix {
            return text.ends_with(&pattern[1..]);
        }
        // Most patterns differ at the end, and need not be read.
        if !text.ends_with(&pattern[usize::from(self.tail)..]) {
            return false;
        }
        let middle = &pattern[usize::from(self.middle.0)..usize::from(self.middle.1)];
        if !middle.is_empty() {
            *steps += (text.len() / BYTES_SEARCHED) as u64;
            if memmem::find(text, middle).is_none() {
                return false;
            }
        }
        wildmatch(pattern, text, self.is_path, steps)
    }
}

/// The longest run without wildcards in a part of a pattern. There is none where a class or an escape would have to be told apart,
/// and around a slash, which `**/` may stand for.
fn longest_run(pattern: &[u8], from: usize, to: usize) -> (u16, u16) {
    let part = pattern.get(from..to).unwrap_or_default();
    if part.iter().any(|it| matches!(it, b'[' | b']' | b'\\')) {
        return (0, 0);
    }
    let mut best = 0..0;
    let mut start = 0;
    for run in part.split(|it| matches!(it, b'*' | b'?' | b'/')) {
        if run.len() > best.len() {
            best = start..start + run.len();
        }
        start += run.len() + 1;
    }
    ((from + best.start) as u16, (from + best.end) as u16)
}

/// Whether a pattern can be read to its end: each class is closed, and something follows each `\`.
pub fn is_complete(pattern: &str) -> bool {
    tokens(pattern.as_bytes(), true).is_some()
}

fn is_special(byte: &u8) -> bool {
    matches!(byte, b'*' | b'?' | b'[' | b'\\')
}

/// Git removes trailing spaces, but not tabs and not a space behind a backslash.
fn without_trailing_spaces(line: &[u8]) -> &[u8] {
    let mut end = 0;
    let mut at = 0;
    while at < line.len() {
        match line[at] {
            b' ' => at += 1,
            b'\\' => {
                at = (at + 2).min(line.len());
                end = at;
            }
            _ => {
                at += 1;
                end = at;
            }
        }
    }
    &line[..end]
}

/// A part of a pattern.
#[derive(Debug)]
enum Token {
    Byte(u8),
    /// `?`
    Any,
    /// `[…]`, as the set of bytes in it.
    Class(Box<[bool; 256]>),
    /// `*`: anything but a slash.
    Star,
    /// `**` as a whole part of a path: anything.
    Deep,
    /// `**/`: nothing, or anything that ends with a slash.
    Folders,
}

/// Whether a pattern matches a whole text. Takes at most pattern × text steps.
fn wildmatch(pattern: &[u8], text: &[u8], is_path: bool, steps: &mut u64) -> bool {
    // Reading a pattern takes memory, which costs more than comparing bytes.
    *steps += STEPS_OF_READING;
    let Some(tokens) = tokens(pattern, is_path) else { return false };
    *steps += STEPS_OF_READING * tokens.iter().filter(|it| matches!(it, Token::Class(_))).count() as u64;
    let needed = tokens.iter().filter(|it| matches!(it, Token::Byte(_) | Token::Any | Token::Class(_))).count();
    *steps += pattern.len() as u64;
    if needed > text.len() {
        return false;
    }
    // 1 for the tokens that may come next. The place after the last token means that the pattern is used up.
    let mut now = vec![0; tokens.len() + 1];
    let mut next = now.clone();
    enter(&tokens, &mut now, 0);
    for byte in text {
        if *steps > MOST_STEPS || !now.contains(&1) {
            return false;
        }
        *steps += tokens.len() as u64;
        next.fill(0);
        let is_inside = *byte != b'/' || !is_path;
        for at in memchr::memchr_iter(1, &now[..tokens.len()]) {
            match &tokens[at] {
                Token::Byte(it) if it == byte => enter(&tokens, &mut next, at + 1),
                Token::Any if is_inside => enter(&tokens, &mut next, at + 1),
                Token::Class(set) if set[usize::from(*byte)] && is_inside => enter(&tokens, &mut next, at + 1),
                Token::Star if is_inside => enter(&tokens, &mut next, at),
                Token::Deep => enter(&tokens, &mut next, at),
                Token::Folders => {
                    // Inside a folder's name: only its slash leads on.
                    next[at] = 1;
                    if *byte == b'/' {
                        enter(&tokens, &mut next, at + 1);
                    }
                }
                _ => {}
            }
        }
        std::mem::swap(&mut now, &mut next);
    }
    now[tokens.len()] == 1
}

/// Adds a token to those that may come next, and what follows it where it may match nothing.
fn enter(tokens: &[Token], states: &mut [u8], mut at: usize) {
    states[at] = 1;
    while at < tokens.len() && matches!(tokens[at], Token::Star | Token::Deep | Token::Folders) {
        at += 1;
        states[at] = 1;
    }
}

/// Reads a pattern. `None`: it matches nothing, such as one with an unclosed class.
fn tokens(pattern: &[u8], is_path: bool) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < pattern.len() {
        match pattern[at] {
            b'\\' => {
                tokens.push(Token::Byte(*pattern.get(at + 1)?));
                at += 2;
            }
            b'?' => {
                tokens.push(Token::Any);
                at += 1;
            }
            b'*' => {
                let begins = at == 0 || pattern[at - 1] == b'/';
                let end = pattern[at..].iter().position(|it| *it != b'*').map_or(pattern.len(), |it| at + it);
                let rest = &pattern[end..];
                let is_deep = is_path
                    && begins
                    && end - at > 1
                    && (rest.is_empty() || rest.starts_with(b"/") || rest.starts_with(b"\\/"));
                at = end;
                if is_deep && rest.starts_with(b"/") {
                    tokens.push(Token::Folders);
                    at += 1;
                } else {
                    tokens.push(if is_deep { Token::Deep } else { Token::Star });
                }
            }
            b'[' => {
                let (set, end) = class(pattern, at + 1)?;
                tokens.push(Token::Class(set));
                at = end;
            }
            byte => {
                tokens.push(Token::Byte(byte));
                at += 1;
            }
        }
    }
    Some(tokens)
}

/// Reads a class from behind its `[`: the set of its bytes, and the place behind its `]`.
fn class(pattern: &[u8], mut at: usize) -> Option<(Box<[bool; 256]>, usize)> {
    let mut set = Box::new([false; 256]);
    let is_negated = matches!(pattern.get(at)?, b'!' | b'^');
    at += usize::from(is_negated);
    let mut last = 0;
    loop {
        let mut byte = *pattern.get(at)?;
        let next = pattern.get(at + 1).copied();
        if byte == b'\\' {
            at += 1;
            byte = *pattern.get(at)?;
            set[usize::from(byte)] = true;
        } else if byte == b'-' && last != 0 && next.is_some_and(|it| it != b']') {
            at += 1;
            byte = *pattern.get(at)?;
            if byte == b'\\' {
                at += 1;
                byte = *pattern.get(at)?;
            }
            (last..=byte).for_each(|it| set[usize::from(it)] = true);
            byte = 0;
        } else if byte == b'[' && next == Some(b':') {
            let end = at + 2 + pattern[at + 2..].iter().position(|it| *it == b']')?;
            match pattern[at + 2..end].strip_suffix(b":") {
                Some(name) => {
                    let holds = named(name)?;
                    (0..=u8::MAX).filter(holds).for_each(|it| set[usize::from(it)] = true);
                    at = end;
                    byte = 0;
                }
                None => set[usize::from(b'[')] = true,
            }
        } else {
            set[usize::from(byte)] = true;
        }
        last = byte;
        at += 1;
        if *pattern.get(at)? == b']' {
            break;
        }
    }
    if is_negated {
        set.iter_mut().for_each(|it| *it = !*it);
    }
    Some((set, at + 1))
}

/// The bytes of a named class. `None`: Git knows no such class, and the pattern matches nothing.
fn named(name: &[u8]) -> Option<fn(&u8) -> bool> {
    Some(match name {
        b"alnum" => u8::is_ascii_alphanumeric,
        b"alpha" => u8::is_ascii_alphabetic,
        b"blank" => |it| matches!(it, b' ' | b'\t'),
        b"cntrl" => u8::is_ascii_control,
        b"digit" => u8::is_ascii_digit,
        b"graph" => u8::is_ascii_graphic,
        b"lower" => u8::is_ascii_lowercase,
        b"print" => |it| it.is_ascii_graphic() || *it == b' ',
        b"punct" => u8::is_ascii_punctuation,
        b"space" => |it| matches!(it, b' ' | 9..=13),
        b"upper" => u8::is_ascii_uppercase,
        b"xdigit" => u8::is_ascii_hexdigit,
        _ => return None,
    })
}
