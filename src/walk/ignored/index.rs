//! The paths that Git tracks, read from the index of a repository without Git. The file is hostile input: its size and the
//! bytes of its names are limited, and whatever is out of the ordinary makes it unreadable.

/// Bytes of an index. That of the Linux kernel has 9 MiB.
pub const LONGEST: u64 = 64 << 20;
/// Bytes of all names. Version 4 shares prefixes, so a small file may hold long names.
const MOST_NAMES: usize = 128 << 20;
/// Bytes of one name.
const LONGEST_NAME: usize = 4096;
/// The first four bits of the mode of a submodule.
const SUBMODULE: u32 = 0o16;

/// Tracked paths, in their order.
#[derive(Debug, Default)]
pub struct Tracked {
    names: Vec<u8>,
    ends: Vec<u32>,
    /// Which of them are submodules, as places in `ends`.
    submodules: Vec<u32>,
}

impl Tracked {
    /// Reads an index of version 2, 3 or 4. `None`: it is something else, or damaged.
    ///
    /// `shared`: reads the file beside the index that has most entries of a split one, by its name. Entries of it that the index
    /// says are gone count as tracked: what nobody tracks is read then, and nothing tracked is hidden.
    pub fn parse(bytes: &[u8], shared: impl Fn(&str) -> Option<Vec<u8>>) -> Option<Self> {
        // Nothing in the file says how long its hashes are.
        [20, 32].into_iter().find_map(|hash| {
            let (own, link) = Self::with_hash(bytes, hash)?;
            let Some(name) = link else { return Some(own) };
            match Self::with_hash(&shared(&name)?, hash)? {
                (others, None) => own.with(&others),
                // It is whole, or nobody knows what it says.
                (_, Some(_)) => None,
            }
        })
    }

    /// The paths of both.
    fn with(&self, other: &Self) -> Option<Self> {
        let mut all = Self::default();
        let (mut at, mut beside) = (0, 0);
        while at < self.ends.len() || beside < other.ends.len() {
            let is_own = beside == other.ends.len() || at < self.ends.len() && self.get(at) <= other.get(beside);
            let (tracked, place) = if is_own { (self, at) } else { (other, beside) };
            all.push(tracked.get(place), tracked.submodules.binary_search(&(place as u32)).is_ok())?;
            if is_own { at += 1 } else { beside += 1 }
        }
        Some(all)
    }

    /// The entries of one file, and the name of the one that has the others.
    fn with_hash(bytes: &[u8], hash: usize) -> Option<(Self, Option<String>)> {
        let (body, _) = bytes.split_at_checked(bytes.len().checked_sub(hash)?)?;
        if body.get(..4)? != b"DIRC" {
            return None;
        }
        let version = number(body, 4)?;
        if !(2..=4).contains(&version) {
            return None;
        }
        let count = number(body, 8)?;
        let mut tracked = Self::default();
        let mut at = 12;
        let mut name = Vec::new();
        let mut has_nameless = false;
        for _ in 0..count {
            let start = at;
            let mode = number(body, at + 24)? >> 12;
            let flags = u16::from_be_bytes(body.get(at + 40 + hash..at + 42 + hash)?.try_into().ok()?);
            let is_extended = flags & 0x4000 != 0;
            // A file, a link, a submodule, or a folder of a sparse index.
            if !matches!(mode, 0o10 | 0o12 | SUBMODULE | 0o04) || is_extended && version < 3 {
                return None;
            }
            at += 42 + hash + if is_extended { 2 } else { 0 };
            if version == 4 {
                let (cut, next) = varint(body, at)?;
                name.truncate(name.len().checked_sub(cut)?);
                at = next;
            } else {
                name.clear();
            }
            let length = memchr::memchr(0, body.get(at..)?)?;
            name.extend_from_slice(&body[at..at + length]);
            at += length + 1;
            if version < 4 {
                // Entries are padded with NULs to eight bytes.
                at = start + (at - start).next_multiple_of(8);
            }
            let said = usize::from(flags & 0xFFF);
            if name.len() > LONGEST_NAME || said != name.len().min(0xFFF) {
                return None;
            }
            // What a split index has anew of an entry of the other file is without a name.
            has_nameless |= name.is_empty();
            if !name.is_empty() {
                tracked.push(&name, mode == SUBMODULE)?;
            }
        }
        let mut link = None;
        // Lowercase extensions change what the entries mean: a split index keeps most of them in another file.
        while at < body.len() {
            let kind = body.get(at..at + 4)?;
            let start = at.checked_add(8)?;
            let end = start.checked_add(usize::try_from(number(body, at + 4)?).ok()?)?;
            match kind {
                b"link" => {
                    let other = body.get(start..end)?.get(..hash)?;
                    let hex = || other.iter().map(|it| format!("{it:02x}")).collect::<String>();
                    // Without a hash there is no other file.
                    link = other.iter().any(|it| *it != 0).then(|| format!("sharedindex.{}", hex()));
                }
                b"sdir" => {}
                _ if kind[0].is_ascii_lowercase() => return None,
                _ => {}
            }
            at = end;
        }
        (at == body.len() && (link.is_some() || !has_nameless)).then_some((tracked, link))
    }

    fn push(&mut self, name: &[u8], is_submodule: bool) -> Option<()> {
        if let Some(last) = self.ends.len().checked_sub(1) {
            match self.get(last).cmp(name) {
                std::cmp::Ordering::Less => {}
                // The stages of a merge.
                std::cmp::Ordering::Equal => return Some(()),
                std::cmp::Ordering::Greater => return None,
            }
        }
        if is_submodule {
            self.submodules.push(u32::try_from(self.ends.len()).ok()?);
        }
        self.names.extend_from_slice(name);
        self.ends.push(u32::try_from(self.names.len()).ok()?);
        (self.names.len() <= MOST_NAMES).then_some(())
    }

    fn get(&self, at: usize) -> &[u8] {
        let start = at.checked_sub(1).map_or(0, |it| self.ends[it] as usize);
        &self.names[start..self.ends[at] as usize]
    }

    /// The place of the first path that is not before `path`.
    fn first(&self, path: &[u8]) -> usize {
        let (mut low, mut high) = (0, self.ends.len());
        while low < high {
            let middle = (low + high) / 2;
            if self.get(middle) < path { low = middle + 1 } else { high = middle }
        }
        low
    }

    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    pub fn holds(&self, path: &[u8]) -> bool {
        let at = self.first(path);
        at < self.ends.len() && self.get(at) == path
    }

    /// The submodules in a folder, and in those below it, and the folder itself if it is one.
    pub fn submodules(&self, folder: &[u8]) -> impl Iterator<Item = &[u8]> {
        let prefix = [folder, b"/"].concat();
        let place = |name: &[u8]| self.submodules.partition_point(|it| self.get(*it as usize) < name);
        let itself = self.submodules.get(place(folder)).map(|it| self.get(*it as usize)).filter(|it| *it == folder);
        let below = self.submodules[place(&prefix)..].iter().map(|it| self.get(*it as usize));
        itself.into_iter().chain(below.take_while(move |it| it.starts_with(&prefix)))
    }

    /// The tracked paths in a folder, and in those below it.
    pub fn below(&self, folder: &[u8]) -> impl Iterator<Item = &[u8]> {
        let prefix = [folder, b"/"].concat();
        let start = self.first(&prefix);
        (start..self.ends.len()).map(|it| self.get(it)).take_while(move |it| it.starts_with(&prefix))
    }
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

/// A number as packs have it: seven bits a byte, and each further byte adds one.
fn varint(bytes: &[u8], mut at: usize) -> Option<(usize, usize)> {
    let mut byte = *bytes.get(at)?;
    let mut value = usize::from(byte & 0x7F);
    while byte & 0x80 != 0 {
        at += 1;
        byte = *bytes.get(at)?;
        value = value.checked_add(1)?.checked_mul(128)? + usize::from(byte & 0x7F);
        if value > LONGEST_NAME {
            return None;
        }
    }
    Some((value, at + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(bytes: &[u8]) -> Option<Tracked> {
        Tracked::parse(bytes, |_| None)
    }

    /// An index of version 2.
    fn index(names: &[&str]) -> Vec<u8> {
        let mut out = b"DIRC\0\0\0\x02".to_vec();
        out.extend((names.len() as u32).to_be_bytes());
        for name in names {
            let start = out.len();
            out.extend([0; 24]);
            out.extend(0o100_644_u32.to_be_bytes());
            out.extend([0; 32]);
            out.extend((name.len() as u16).to_be_bytes());
            out.extend(name.as_bytes());
            out.push(0);
            while !(out.len() - start).is_multiple_of(8) {
                out.push(0);
            }
        }
        out.extend([0; 20]);
        out
    }

    #[test]
    fn tracked_paths_are_read() {
        let tracked = parse(&index(&["a.yaml", "b/c.yaml", "b/d/e.yaml", "bc.yaml"])).unwrap();
        assert!(tracked.holds(b"a.yaml") && tracked.holds(b"bc.yaml"));
        assert!(!tracked.holds(b"b") && !tracked.holds(b"z"));
        let below: Vec<_> = tracked.below(b"b").collect();
        assert_eq!(below, [&b"b/c.yaml"[..], b"b/d/e.yaml"]);
        assert_eq!(parse(&index(&[])).map(|it| it.ends.len()), Some(0));
    }

    #[test]
    fn a_split_index_is_read_with_the_other_file() {
        let link = |hash: [u8; 20]| {
            let mut own = index(&["b.yaml"]);
            own.truncate(own.len() - 20);
            [&own, b"link\0\0\0\x14".as_slice(), &hash, &[0; 20]].concat()
        };
        let shared =
            |name: &str| (name == format!("sharedindex.{}", "01".repeat(20))).then(|| index(&["a.yaml", "b.yaml"]));
        let tracked = Tracked::parse(&link([1; 20]), shared).unwrap();
        assert!(tracked.holds(b"a.yaml") && tracked.holds(b"b.yaml") && tracked.ends.len() == 2);
        assert!(Tracked::parse(&link([2; 20]), shared).is_none(), "a file that is not there");
        assert!(parse(&link([0; 20])).is_some_and(|it| it.ends.len() == 1), "no other file");
        assert!(Tracked::parse(&link([1; 20]), |_| Some(link([1; 20]))).is_none(), "split again");
    }

    /// Reading ends, and no cut or changed byte makes it panic.
    #[test]
    fn a_damaged_index_is_refused_or_read() {
        let whole = index(&["a.yaml", "b/c.yaml"]);
        for end in 0..whole.len() {
            assert!(parse(&whole[..end]).is_none(), "cut at {end}");
            for byte in [0, 1, 0x7F, 0x80, 0xFF] {
                let mut changed = whole.clone();
                changed[end] = byte;
                let _ = parse(&changed);
                changed[7] = 4;
                let _ = parse(&changed);
            }
        }
        assert!(parse(&index(&["b", "a"])).is_none(), "out of order");
    }
}
