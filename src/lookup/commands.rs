//! The commands of a file that replace something: `s/ACCOUNT_ID/…/`, `replace("ACCOUNT_ID", …)`, `regexp: ACCOUNT_ID`.

/// How far back on a line a command that replaces something is looked for.
pub(super) const REACH: usize = 256;

/// How many of the last places are remembered. Matches come in the order of their ends, so the start of one may be before
/// that of the last by the length of a token, and a command before it by [`REACH`].
const WINDOW: usize = 2 * REACH;

/// Words of commands and settings, in any case, before what they replace.
const WORDS: [&[u8]; 9] =
    [b"replace", b"sub(", b"sub!(", b"subst", b"regex", b"search:", b"pattern:", b"token:", b"sed "];

/// Whether a byte may be a part of a name.
pub(super) fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Finds the commands before the matches of a file. Reads every byte twice at most, if no token is longer than
/// [`LONGEST_TOKEN`](super::LONGEST_TOKEN).
pub struct Commands<'b> {
    bytes: &'b [u8],
    /// Where reading began.
    from: usize,
    /// How many bytes are read, those before `from` with them.
    read: usize,
    /// For each delimiter, the place after the last `s/` of sed on this line. 0 if there is none, or if the delimiter was
    /// there again: `s/x/` has had its pattern.
    marks: [usize; 128],
    /// The greatest of `marks`.
    last_mark: usize,
    /// The place after the first letter of the last of [`WORDS`] on this line, 0 if there is none.
    last_word: usize,
    /// For each place of the window, one more than where the last command before it begins, 0 if there is none on its line.
    nearest: [usize; WINDOW],
    #[cfg(test)]
    steps: usize,
}

impl<'b> Commands<'b> {
    pub fn new(bytes: &'b [u8]) -> Self {
        Self {
            bytes,
            from: 0,
            read: 0,
            marks: [0; 128],
            last_mark: 0,
            last_word: 0,
            nearest: [0; WINDOW],
            #[cfg(test)]
            steps: 0,
        }
    }

    /// Whether what starts at a place looks like the pattern of a command that replaces it.
    pub fn replace(&mut self, start: usize) -> bool {
        let reach = start.saturating_sub(WINDOW);
        if start < self.from || self.read < reach || self.read >= start + WINDOW {
            // What is on another line does not count. The next match may start on the line before, but then all is read that
            // any match may ask for, so this happens once.
            let line = memchr::memrchr(b'\n', &self.bytes[reach..start]).filter(|_| start >= self.from);
            let needed = line.map_or(reach, |it| reach + it + 1);
            self.forget_line();
            self.from = needed;
            self.read = needed;
            self.nearest[needed % WINDOW] = 0;
        }
        while self.read < start {
            self.step();
        }
        let nearest = self.nearest[start % WINDOW];
        nearest > start.saturating_sub(REACH)
    }

    fn forget_line(&mut self) {
        self.marks = [0; 128];
        self.last_mark = 0;
        self.last_word = 0;
    }

    /// Reads a byte.
    fn step(&mut self) {
        let at = self.read;
        let byte = self.bytes[at];
        self.read += 1;
        if byte == b'\n' {
            self.forget_line();
        } else if byte.is_ascii() {
            let mark = &mut self.marks[usize::from(byte)];
            let before = std::mem::take(mark);
            if is_mark_of_sed(self.bytes, at) {
                *mark = self.read;
                self.last_mark = self.read;
            } else if before != 0 && before == self.last_mark {
                self.last_mark = self.marks.iter().copied().max().unwrap_or_default();
            }
            let word =
                WORDS.iter().filter(|it| ends_with(&self.bytes[..self.read], it)).map(|it| self.read - it.len() + 1);
            self.last_word = word.max().map_or(self.last_word, |it| it.max(self.last_word));
        }
        self.nearest[self.read % WINDOW] = self.last_mark.max(self.last_word);
        #[cfg(test)]
        {
            self.steps += 1;
        }
    }
}

/// Whether bytes end with a word, in any case.
fn ends_with(bytes: &[u8], word: &[u8]) -> bool {
    // Most bytes are not the last one of a word.
    bytes.last().zip(word.last()).is_some_and(|(a, b)| a.eq_ignore_ascii_case(b))
        && bytes.len().checked_sub(word.len()).is_some_and(|at| bytes[at..].eq_ignore_ascii_case(word))
}

/// Whether the byte at a place is the sign after the `s` of `s/…/…/`.
fn is_mark_of_sed(bytes: &[u8], at: usize) -> bool {
    let byte = bytes[at];
    let may_delimit = byte.is_ascii_punctuation() && !matches!(byte, b'\'' | b'"' | b'-' | b'.' | b'_');
    let before = &bytes[..at];
    may_delimit && before.ends_with(b"s") && !before.iter().rev().nth(1).is_some_and(|it| is_letter(*it))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is looked for, without any memory.
    fn is_replaced(bytes: &[u8], start: usize) -> bool {
        let line = bytes[..start].iter().rposition(|it| *it == b'\n').map_or(0, |it| it + 1);
        (line.max(start.saturating_sub(REACH))..start).any(|at| {
            let rest = &bytes[at..start];
            let is_word =
                WORDS.iter().any(|it| rest.get(..it.len()).is_some_and(|found| found.eq_ignore_ascii_case(it)));
            is_word || is_mark_of_sed(bytes, at) && !rest[1..].contains(&rest[0])
        })
    }

    /// Matches that overlap come in the order of their ends: the next one may start before the last one.
    #[test]
    fn no_byte_is_read_more_than_twice() {
        const PARTS: [&str; 16] =
            ["s/", "s|", "/", "|", "x", "x", " ", " ", "\n", "sed ", "Replace(", "regexp: ", "token:", "é", "ss/", "s"];
        let mut state = 7_u64;
        let mut random = |below: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % below
        };
        let mut replaced = 0;
        for sparse in [1, 1, 1, 40, 40, 400, 400] {
            let mut text = String::new();
            for _ in 0..600 {
                text.push_str(PARTS[random(PARTS.len())]);
                text.push_str(&" x".repeat(random(sparse)));
            }
            let bytes = text.as_bytes();
            let mut commands = Commands::new(bytes);
            let mut end = 0;
            while end < bytes.len() {
                let start = end - random(end.min(256) + 1);
                assert_eq!(commands.replace(start), is_replaced(bytes, start), "{start} in {text}");
                replaced += usize::from(is_replaced(bytes, start));
                end += random(3 * sparse);
            }
            assert!(commands.steps <= 2 * bytes.len(), "{} steps for {} bytes", commands.steps, bytes.len());
        }
        assert!(replaced > 500, "{replaced}");
    }
}
