//! What a file keeps that is replaced by a new one: owner, mode and extended attributes. On Linux, also the access control
//! list, which is an attribute there. On other systems it is lost, and nothing says so.

use std::fs::{File, Metadata};
use std::io;

/// Gives a new file what the old one has. Gives what could not be kept, in words. `old` is open for writing.
#[cfg(unix)]
pub fn keep(new: &File, old: &File, meta: &Metadata) -> io::Result<Vec<&'static str>> {
    use std::fs::Permissions;
    use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};

    let mut lost = Vec::new();
    let made = new.metadata()?;
    let (mut is_given_away, mut is_group_kept) = (false, true);
    if (made.uid(), made.gid()) != (meta.uid(), meta.gid()) && fchown(new, Some(meta.uid()), Some(meta.gid())).is_err()
    {
        // Only root may give a file away; a group may be kept by its members.
        if made.uid() != meta.uid() {
            lost.push("owner");
        }
        if made.gid() != meta.gid() && fchown(new, None, Some(meta.gid())).is_err() {
            lost.push("group");
            is_group_kept = false;
        }
        is_given_away = true;
    }
    let attributes = attributes::keep(new, old);
    if attributes.is_acl_lost {
        lost.push("access control list");
    }
    if attributes.is_other_lost {
        lost.push("extended attributes");
    }
    let mode = mode(meta.mode(), is_given_away, is_group_kept && !attributes.is_acl_lost);
    new.set_permissions(Permissions::from_mode(mode))?;
    Ok(lost)
}

/// The mode of a new file. `is_given_away`: it has another owner or group than the old one. `is_group_meant`: the bits of the
/// group mean what they meant for the old one.
#[cfg(unix)]
fn mode(old: u32, is_given_away: bool, is_group_meant: bool) -> u32 {
    // The right to run a program as its owner or group is not for another owner or group.
    let mode = old & if is_given_away { 0o777 } else { 0o7777 };
    // What the old group was allowed is not for another one, and with a list the bits of the group are more than its own.
    if is_group_meant { mode } else { mode & !0o070 | (mode & 0o007) << 3 }
}

#[cfg(not(unix))]
pub fn keep(new: &File, _: &File, meta: &Metadata) -> io::Result<Vec<&'static str>> {
    new.set_permissions(meta.permissions()).map(|()| Vec::new())
}

/// How many names a file has.
pub fn names(meta: &Metadata) -> u64 {
    #[cfg(unix)]
    return std::os::unix::fs::MetadataExt::nlink(meta);
    #[cfg(not(unix))]
    return u64::from(meta.is_file());
}

#[cfg(unix)]
mod attributes {
    use std::fs::File;

    /// What could not be kept.
    #[derive(Default)]
    pub struct Lost {
        pub is_acl_lost: bool,
        pub is_other_lost: bool,
    }

    #[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
    pub fn keep(new: &File, old: &File) -> Lost {
        use rustix::fs::{XattrFlags, fgetxattr, flistxattr, fremovexattr, fsetxattr};
        use rustix::io::Errno;

        const ACL: &[u8] = b"system.posix_acl_access";
        /// As many bytes as Linux allows for the names, and for each value.
        const MOST: usize = 1 << 16;

        let mut lost = Lost::default();
        let mut list = vec![0; MOST];
        let length = flistxattr(old, &mut list[..]).unwrap_or_else(|error| {
            lost.is_other_lost = error != Errno::NOTSUP;
            0
        });
        let names = || list[..length].split(|it| *it == 0).filter(|it| !it.is_empty());
        // The folder may give new files a list that the old file does not have.
        if !names().any(|it| it == ACL) {
            let _ = fremovexattr(new, ACL);
        }
        let mut value = vec![0; MOST];
        for name in names() {
            // Capabilities and signatures are those of the old text.
            let is_of_text = [&b"security.capability"[..], b"security.ima", b"security.evm"].contains(&name);
            if is_of_text {
                continue;
            }
            let copied = fgetxattr(old, name, &mut value[..])
                .and_then(|length| fsetxattr(new, name, &value[..length], XattrFlags::empty()));
            if let Err(error) = copied {
                lost.is_acl_lost |= name == ACL;
                // On Linux, those with other names are the affair of the system. Elsewhere names have no such beginning.
                let is_users = cfg!(target_vendor = "apple") || name.starts_with(b"user.");
                lost.is_other_lost |= is_users && error != Errno::NOTSUP;
            }
        }
        lost
    }

    #[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
    pub fn keep(_: &File, _: &File) -> Lost {
        Lost::default()
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn without_its_group_or_list_a_file_allows_a_group_what_it_allows_all() {
        let table = [
            (0o100_640, false, true, 0o640, "all is kept"),
            (0o106_755, false, true, 0o6755, "with the rights of the owner and the group"),
            (0o106_755, true, true, 0o755, "which are for nobody else"),
            (0o100_640, true, false, 0o600, "another group may do what all others may"),
            (0o100_664, true, false, 0o644, "which may be something"),
            (0o100_606, true, false, 0o666, "also more than the old group: its members were among all others"),
            (0o100_770, false, false, 0o700, "the list is lost: its mask is not what the group may do"),
            (0o102_775, false, false, 0o2755, "the rights of the group are kept with the group"),
        ];
        for (old, is_given_away, is_group_meant, expected, why) in table {
            let found = mode(old, is_given_away, is_group_meant);
            assert_eq!(found, expected, "{old:o}: {why}: {found:o}");
        }
    }
}
