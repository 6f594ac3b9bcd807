//! The roles of each name, to be found by their accounts and paths.
//!
//! A repository may have a role of one name in each of a thousand environments, and names them all, so no question goes through
//! all of them where the account or the path tells which one is meant.

use std::hash::BuildHasher;
use std::num::NonZeroU64;

use crate::collections::HashMap;
use crate::facts::Role;
use crate::iam::is_account_id;
use crate::reads::{count, counted};
use crate::source::{FileId, Text};

/// Of more roles of one name than this a reference by name means none, unless its account does.
pub(super) const MOST_OF_A_NAME: usize = 300;

/// Roles by their names.
#[derive(Default)]
pub(super) struct ByName(HashMap<String, Named>);

/// The roles of one name.
#[derive(Default)]
pub(super) struct Named {
    /// Sorted.
    roles: Vec<Entry>,
    /// The accounts in which the files mention a role of this name, each with the files that do. Sorted.
    mentioned: Vec<(Account, FileId)>,
}

/// The account of a role, if it is known, its [path](Path), and its place in the facts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    account: Option<Account>,
    path: Path,
    at: u32,
}

/// The twelve digits of an account as a number, and a bit that says whether they are doubted.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Account(NonZeroU64);

impl Account {
    fn of(id: &str) -> Option<Self> {
        let number: u64 = id.parse().ok().filter(|_| is_account_id(id))?;
        // A digit before the twelve: an account may be nothing but zeros.
        Some(Self(NonZeroU64::new(2 * (1_000_000_000_000 + number))?))
    }

    /// The same account for a role that the configuration puts there, and whose trust policy names another one.
    fn doubted(self) -> Self {
        Self(self.0 | 1)
    }
}

/// The path of a role: none, one that is not known, or the hash of one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Path(u32);

impl Path {
    const NONE: Self = Self(0);
    const UNKNOWN: Self = Self(1);
}

/// The path that a reference to a role writes.
#[derive(Clone, Copy)]
pub(super) enum Wanted {
    /// None: the role may have any, or none.
    Any,
    /// One that only a deploy can know.
    Unknown,
    /// The hash of one.
    Hashed(u32),
}

impl Wanted {
    fn may_be(self, path: Path) -> bool {
        match self {
            Self::Any => true,
            Self::Unknown => path != Path::NONE,
            Self::Hashed(hash) => path == Path::UNKNOWN || path == Path(hash),
        }
    }
}

impl ByName {
    /// Adds a role under one of its names. `account`: where it is, if that is known.
    pub(super) fn push(&mut self, name: &str, at: usize, role: &Role, account: Option<&str>) {
        let path = match role.path.only().and_then(Text::as_str) {
            _ if role.path.is_absent() => Path::NONE,
            Some(path) => Path(self.hash(path.trim_start_matches('/'))),
            None => Path::UNKNOWN,
        };
        let is_doubted = role.account().is_some_and(|it| Some(it) != account);
        let account = account.and_then(Account::of).map(|it| if is_doubted { it.doubted() } else { it });
        let entry = Entry { account, path, at: at as u32 };
        self.0.entry(name.to_owned()).or_default().roles.push(entry);
    }

    /// Notes that a file mentions a role of a name in an account. Nobody asks for names that no role has.
    pub(super) fn mention(&mut self, name: &str, account: &str, file: FileId) {
        if let (Some(named), Some(account)) = (self.0.get_mut(name), Account::of(account)) {
            named.mentioned.push((account, file));
        }
    }

    pub(super) fn finish(&mut self) {
        for named in self.0.values_mut() {
            named.roles.sort_unstable();
            named.roles.shrink_to_fit();
            named.mentioned.sort_by_key(|(account, file)| (*account, file.number()));
            named.mentioned.dedup();
            named.mentioned.shrink_to_fit();
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn get(&self, name: &str) -> Option<&Named> {
        self.0.get(name)
    }

    /// What a path that a reference writes is looked up by.
    pub(super) fn wanted(&self, path: Option<&Text>) -> Wanted {
        match path.map(Text::as_str) {
            None => Wanted::Any,
            Some(None) => Wanted::Unknown,
            Some(Some(path)) => Wanted::Hashed(self.hash(path)),
        }
    }

    /// The hash of a path, which is none of the two that stand for others.
    fn hash(&self, path: &str) -> u32 {
        (self.0.hasher().hash_one(path) as u32).max(Path::UNKNOWN.0 + 1)
    }

    /// Of the roles beyond the limit the first one.
    pub(super) fn beyond(&self) -> Option<usize> {
        let beyond = self.0.values().filter(|it| it.are_many()).map(|it| {
            let mut places: Vec<u32> = it.roles.iter().map(|it| it.at).collect();
            *places.select_nth_unstable(MOST_OF_A_NAME).1 as usize
        });
        beyond.min()
    }
}

impl Named {
    pub(super) fn are_many(&self) -> bool {
        self.roles.len() > MOST_OF_A_NAME
    }

    fn in_account(&self, account: Option<Account>) -> &[Entry] {
        let start = self.roles.partition_point(|it| it.account < account);
        let end = self.roles.partition_point(|it| it.account <= account);
        &self.roles[start..end]
    }

    /// Whether many roles are, or may be, in an account.
    pub(super) fn may_many_be_in(&self, account: &str) -> bool {
        let there = Account::of(account).map_or(0, |it| self.in_account(Some(it)).len());
        there + self.in_account(None).len() > MOST_OF_A_NAME
    }

    /// The roles that are in an account and may have a path, and rarely others.
    pub(super) fn of_account(&self, account: &str, path: Wanted) -> impl Iterator<Item = usize> {
        self.with_account(Account::of(account), path)
    }

    /// The roles that the configuration puts into an account, while their trust policies name another one.
    pub(super) fn perhaps_of_account(&self, account: &str, path: Wanted) -> impl Iterator<Item = usize> {
        self.with_account(Account::of(account).map(Account::doubted), path)
    }

    fn with_account(&self, account: Option<Account>, path: Wanted) -> impl Iterator<Item = usize> {
        let there = account.map_or(&[][..], |it| self.in_account(Some(it)));
        with_path(there, path).into_iter().flat_map(|it| counted(it.iter())).map(|it| it.at as usize)
    }

    /// The roles that may have a path, and whose account is not known. `is_before`: whether a role stands before the place that
    /// asks, where those that it can mean are likely to be.
    pub(super) fn of_unknown_account<'n>(
        &'n self,
        path: Wanted,
        is_before: impl Fn(usize) -> bool + 'n,
    ) -> impl Iterator<Item = usize> {
        let few = with_path(self.in_account(None), path);
        let each = few.into_iter().flat_map(move |it| outwards(it, &|entry| is_before(entry.at as usize)));
        counted(each).map(|it| it.at as usize)
    }

    /// The roles of all accounts that may have a path. `is_before`: see [`Named::of_unknown_account`].
    pub(super) fn of_any_account<'n>(
        &'n self,
        path: Wanted,
        is_before: impl Fn(usize) -> bool + 'n,
    ) -> impl Iterator<Item = usize> {
        let each = outwards(&self.roles, &|entry| is_before(entry.at as usize));
        counted(each).filter(move |it| path.may_be(it.path)).map(|it| it.at as usize)
    }

    /// The roles that may have a path and are known to be in other accounts.
    pub(super) fn of_others(&self, account: Option<&str>, path: Wanted) -> impl Iterator<Item = usize> {
        let account = account.and_then(Account::of);
        // Those of no known account come first.
        let known = self.in_account(None).len();
        let all = if account.is_some() { &self.roles[known..] } else { &[] };
        let doubted = account.map(Account::doubted);
        let is_other = move |it: &&Entry| it.account != account && it.account != doubted;
        let others = counted(all.iter()).filter(is_other).filter(move |it| path.may_be(it.path));
        others.map(|it| it.at as usize)
    }

    /// Whether files of which something holds mention roles of this name in several accounts.
    pub(super) fn are_in_several_accounts(&self, is_so: impl Fn(FileId) -> bool) -> bool {
        let mut rest = &self.mentioned[..];
        let mut found = 0;
        while let Some((account, _)) = rest.first() {
            let (of_account, others) = rest.split_at(rest.partition_point(|it| it.0 <= *account));
            found += usize::from(counted(of_account.iter()).any(|it| is_so(it.1)));
            if found > 1 {
                return true;
            }
            rest = others;
        }
        false
    }
}

/// Those of one account that may have a path.
fn with_path(roles: &[Entry], path: Wanted) -> [&[Entry]; 2] {
    let from = |path: Path| roles.partition_point(|it| it.path < path);
    let until = |path: Path| roles.partition_point(|it| it.path <= path);
    match path {
        Wanted::Any => [roles, &[]],
        Wanted::Unknown => [&roles[from(Path::UNKNOWN)..], &[]],
        Wanted::Hashed(hash) => {
            let path = Path(hash);
            [&roles[from(Path::UNKNOWN)..until(Path::UNKNOWN)], &roles[from(path)..until(path)]]
        }
    }
}

/// Each of a list, beginning where `is_before` ends, and from there to both sides.
fn outwards<'a>(all: &'a [Entry], is_before: &dyn Fn(&Entry) -> bool) -> impl Iterator<Item = &'a Entry> + use<'a> {
    let middle = all.partition_point(|it| {
        count();
        is_before(it)
    });
    let (before, after) = all.split_at(middle);
    let (mut before, mut after) = (before.iter().rev(), after.iter());
    let mut is_after = false;
    std::iter::from_fn(move || {
        is_after = !is_after;
        match is_after {
            true => after.next().or_else(|| before.next()),
            false => before.next().or_else(|| after.next()),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: &str = "000000000000";
    const THERE: &str = "111122223333";

    /// Roles of one name, with their accounts and paths.
    fn named(roles: &[(Option<&str>, Path)]) -> Named {
        let entry = |(at, (account, path)): (u32, &(Option<&str>, Path))| Entry {
            account: account.and_then(Account::of),
            path: *path,
            at,
        };
        let mut roles: Vec<Entry> = (0..).zip(roles).map(entry).collect();
        roles.sort_unstable();
        Named { roles, mentioned: Vec::new() }
    }

    fn sorted(found: impl Iterator<Item = usize>) -> Vec<usize> {
        let mut found: Vec<usize> = found.collect();
        found.sort_unstable();
        found
    }

    #[test]
    fn by_account_and_path() {
        let named = named(&[
            (Some(HERE), Path::NONE),
            (None, Path(7)),
            (Some(THERE), Path(7)),
            (Some(HERE), Path::UNKNOWN),
            (None, Path::NONE),
            (Some(HERE), Path(7)),
            (Some(HERE), Path(8)),
            (None, Path::UNKNOWN),
        ]);
        assert_eq!(named.perhaps_of_account(HERE, Wanted::Any).count(), 0);
        type Places = &'static [usize];
        let table: [(Wanted, Places, Places, Places); 3] = [
            (Wanted::Any, &[0, 3, 5, 6], &[1, 4, 7], &[2]),
            (Wanted::Unknown, &[3, 5, 6], &[1, 7], &[2]),
            (Wanted::Hashed(7), &[3, 5], &[1, 7], &[2]),
        ];
        for (wanted, here, unknown, others) in table {
            for middle in 0..9 {
                assert_eq!(sorted(named.of_unknown_account(wanted, |it| it < middle)), unknown);
            }
            assert_eq!(sorted(named.of_account(HERE, wanted)), here);
            assert_eq!(sorted(named.of_others(Some(HERE), wanted)), others);
            let all: Vec<usize> = [here, unknown, others].concat();
            assert_eq!(sorted(named.of_any_account(wanted, |_| false)), sorted(all.into_iter()));
            assert_eq!(named.of_others(None, wanted).count(), 0);
        }
        assert_eq!(named.of_others(Some(HERE), Wanted::Hashed(8)).count(), 0);
        assert_eq!(named.of_account("222233334444", Wanted::Any).count(), 0);
    }

    #[test]
    fn those_beside_come_first() {
        let named = named(&[(None, Path::NONE); 6]);
        let from = |middle| named.of_any_account(Wanted::Any, move |it| it < middle).collect::<Vec<_>>();
        assert_eq!(from(2), [2, 1, 3, 0, 4, 5]);
        assert_eq!(from(0), [0, 1, 2, 3, 4, 5]);
        assert_eq!(from(6), [5, 4, 3, 2, 1, 0]);
    }

    #[test]
    fn several_accounts() {
        let account = |it| Account::of(it).unwrap();
        let mentioned =
            vec![(account(HERE), FileId::new(1)), (account(HERE), FileId::new(2)), (account(THERE), FileId::new(3))];
        let named = Named { roles: Vec::new(), mentioned };
        assert!(named.are_in_several_accounts(|_| true));
        assert!(!named.are_in_several_accounts(|it| it.number() < 3));
        assert!(!named.are_in_several_accounts(|it| it.number() == 3));
    }
}
