//! The role that a name means: which one of those that have it, by account, path, partition and deployment.

use crate::facts::Role;
use crate::source::{FileId, Text, only};

use super::Workspace;
use super::context::account_of;
use super::named::{Named, Wanted};

/// A role that a text names.
pub(super) struct Sought<'w, 't> {
    pub(super) workspace: &'w Workspace,
    /// The roles of that name.
    pub(super) named: &'w Named,
    /// The file that names it.
    pub(super) file: FileId,
    pub(super) account: Option<&'t str>,
    pub(super) partition: Option<&'t str>,
    pub(super) path: Option<Text>,
    /// The path, to look it up.
    pub(super) wanted: Wanted,
}

impl<'w> Sought<'w, '_> {
    /// The role, if only one can be meant.
    ///
    /// Across environments an account says that it is the same role, and a name does not: so those of the account count wherever
    /// they are, and others where nothing says that they are of another environment. That there are two decides, so no more are
    /// looked for.
    pub(super) fn found(&self) -> Option<usize> {
        // Of very many there are several that may be meant, and each would be asked for every reference. The account may be that of
        // a few.
        if self.named.are_many() {
            return self.by_account();
        }
        // Beside the role of the account that is near only those speak against it that may be in that account.
        if self.there().find(|it| self.is_near(*it)).is_some_and(|it| self.fits(it)) {
            return self.by_account();
        }
        let others = self.named.of_others(self.account, self.wanted);
        let others = others.filter(|it| self.has_path(*it) && self.is_in_reach(*it));
        let near = self.of_account().filter(|it| self.is_near(*it));
        let mut all = near.chain(self.in_reach()).chain(others);
        match (all.next(), all.next()) {
            (Some(only), None) => {
                let is_meant = || self.is_of_account(only).is_some() || !self.is_ambiguous(only);
                (self.fits(only) && is_meant()).then_some(only)
            }
            // Several environments have a role of this name: only the account can tell them apart.
            (Some(_), Some(_)) => self.by_account(),
            (None, _) => {
                let mut far = self.of_account();
                let first = far.next()?;
                if far.next().is_some() { self.by_account() } else { self.fits(first).then_some(first) }
            }
        }
    }

    /// The role that only the account can tell, of those that are or may be there; of several the one that is near.
    fn by_account(&self) -> Option<usize> {
        if self.named.may_many_be_in(self.account?) {
            return None;
        }
        let near = self.there().filter(|it| self.is_near(*it) && self.fits(*it));
        let mut all = near.chain(self.in_reach().filter(|it| self.fits(*it)));
        match (all.next(), all.next()) {
            (Some(only), None) => (self.is_of_account(only) == Some(true)).then_some(only),
            (Some(_), Some(_)) => None,
            (None, _) => only(self.there().filter(|it| self.fits(*it))),
        }
    }

    fn role(&self, at: usize) -> &'w Role {
        &self.workspace.facts.roles[at]
    }

    /// Those of the account, of which nothing says otherwise.
    fn there(&self) -> impl Iterator<Item = usize> {
        let there = self.account.map(|it| self.named.of_account(it, self.wanted));
        there.into_iter().flatten().filter(|it| self.has_path(*it))
    }

    /// Those of the account, and of which the configuration alone says so.
    fn of_account(&self) -> impl Iterator<Item = usize> {
        let perhaps = self.account.map(|it| self.named.perhaps_of_account(it, self.wanted));
        self.there().chain(perhaps.into_iter().flatten().filter(|it| self.has_path(*it)))
    }

    /// Those of which it is not known in which account they are, or whether in the same one, and which may be meant all the same.
    fn in_reach(&self) -> impl Iterator<Item = usize> {
        let files = &self.workspace.files;
        let own = files.rank(self.file);
        let is_before = move |it| files.rank(self.role(it).origin.name.file) < own;
        let (unknown, all) = match self.account {
            Some(_) => (Some(self.named.of_unknown_account(self.wanted, is_before)), None),
            None => (None, Some(self.named.of_any_account(self.wanted, is_before))),
        };
        let all = unknown.into_iter().flatten().chain(all.into_iter().flatten());
        all.filter(|it| self.has_path(*it) && self.is_in_reach(*it))
    }

    /// Whether a role is not certainly of another environment.
    fn is_near(&self, at: usize) -> bool {
        !self.workspace.environments().are_apart(self.file, self.role(at).origin.name.file)
    }

    /// Whether nothing says that a role is of another environment.
    fn is_in_reach(&self, at: usize) -> bool {
        let of_role = self.role(at).origin.name.file;
        !self.workspace.environments().may_be_apart(self.file, of_role, false)
    }

    fn has_path(&self, at: usize) -> bool {
        self.path.as_ref().is_none_or(|path| self.role(at).may_have_path(path))
    }

    /// Whether a role is in the account. Nothing if one of the two is not written, so they may be the same.
    fn is_of_account(&self, at: usize) -> Option<bool> {
        Some(account_of(self.workspace.context.as_ref(), self.role(at))? == self.account?)
    }

    /// Whether a role may be in the account and the partition.
    fn fits(&self, at: usize) -> bool {
        let partition = || Some(self.workspace.roles().partition_of(self.role(at))? == self.partition?);
        self.is_of_account(at) != Some(false) && partition() != Some(false)
    }

    /// Whether the files that may speak of a role name roles of its name in several accounts: then it may be any of them.
    fn is_ambiguous(&self, at: usize) -> bool {
        let file = self.role(at).origin.name.file;
        let environments = self.workspace.environments();
        self.account.is_some() && self.named.are_in_several_accounts(|by| !environments.are_apart(by, file))
    }
}
