//! What a file keeps that is replaced by a new one: owner, mode, access control list and extended attributes.

use std::fs::{File, Metadata};
use std::io;

/// Gives a new file what the old one has. Gives what could not be kept, in words. `old` is open for writing.
#[cfg(unix)]
pub fn keep(new: &File, old: &File, meta: &Metadata) -> io::Result<Vec<&'static str>> {
    use std::fs::Permissions;
    use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};

    let mut lost = Vec::new();
    let made = new.metadata()?;
    let mut mode = meta.mode() & 0o7777;
    let mut is_group_kept = true;
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
        // Rights of whoever runs a program are not handed on to another owner.
        mode &= 0o777;
    }
    let attributes = attributes::keep(new, old);
    if attributes.is_acl_lost {
        lost.push("access control list");
    }
    if attributes.is_other_lost {
        lost.push("extended attributes");
    }
    // What the old group was allowed is not for another one, and with a list the bits of the group are more than its own.
    if !is_group_kept || attributes.is_acl_lost {
        mode = mode & !0o070 | (mode & 0o007) << 3;
    }
    new.set_permissions(Permissions::from_mode(mode))?;
    Ok(lost)
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

        const ACL: &[u8] = b"system.posix_acl_access";
        /// As many bytes as Linux allows for the names, and for each value.
        const MOST: usize = 1 << 16;

        let mut lost = Lost::default();
        let mut list = vec![0; MOST];
        let length = flistxattr(old, &mut list[..]).unwrap_or(0);
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
            if copied.is_err() {
                lost.is_acl_lost |= name == ACL;
                // Those of the system are its own affair.
                lost.is_other_lost |= name.starts_with(b"user.");
            }
        }
        lost
    }

    #[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
    pub fn keep(_: &File, _: &File) -> Lost {
        Lost::default()
    }
}
