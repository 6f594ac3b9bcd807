//! Which versions of ekslint a configuration is for: `>=0.2, <0.4`.

use std::cmp::Ordering;

/// Checks that a text is a requirement.
pub fn requirement(text: &str) -> Result<String, String> {
    for part in text.split(',') {
        let (operator, version) = split(part);
        if operator.is_empty() {
            return Err(match numbers(version) {
                Some(_) => format!("`{version}` says no more than a number: write `>={version}`, or `={version}`"),
                None => format!("`{version}` is not a requirement, such as `>=0.2, <0.4`"),
            });
        }
        if numbers(version).is_none() {
            return Err(format!("`{version}` is not a version: up to three numbers with dots between them"));
        }
    }
    Ok(text.to_owned())
}

/// Whether a version meets a requirement.
pub fn meets(version: &str, requirement: &str) -> bool {
    // What follows a `-` is a version before the one that it names, and counts as that one here.
    let Some(own) = numbers(version.split('-').next().unwrap_or(version)) else { return true };
    requirement.split(',').all(|part| {
        let (operator, wanted) = split(part);
        let Some(wanted) = numbers(wanted) else { return true };
        let order = own.cmp(&wanted);
        match operator {
            ">=" => order != Ordering::Less,
            ">" => order == Ordering::Greater,
            "<=" => order != Ordering::Greater,
            "<" => order == Ordering::Less,
            _ => order == Ordering::Equal,
        }
    })
}

fn split(part: &str) -> (&str, &str) {
    let part = part.trim();
    let end = part.find(|c| !matches!(c, '<' | '>' | '=')).unwrap_or(part.len());
    let (operator, version) = part.split_at(end);
    let known = [">=", ">", "<=", "<", "=", "=="];
    if known.contains(&operator) { (operator, version.trim()) } else { ("", part) }
}

/// A version as three numbers; those that are not written are zero.
fn numbers(version: &str) -> Option<[u32; 3]> {
    let mut numbers = [0; 3];
    for (at, part) in version.split('.').enumerate() {
        *numbers.get_mut(at)? = part.parse().ok().filter(|_| part.bytes().all(|byte| byte.is_ascii_digit()))?;
    }
    Some(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_and_requirements() {
        let table = [
            ("0.3.1", ">=0.3", true, "the least one"),
            ("0.3.1", ">=0.3.2", false, "too old"),
            ("0.10.0", ">=0.9, <1", true, "numbers, not letters"),
            ("1.0.0", ">=0.9, <1", false, "the upper bound is outside"),
            ("0.3.1", "=0.3.1", true, "this one only"),
            ("0.3.1", "=0.3", false, "`0.3` is `0.3.0`"),
            ("0.3.0", ">0.3", false, "not itself"),
            ("0.3.0", "<= 0.3", true, "a space behind the operator"),
        ];
        for (version, wanted, expected, reason) in table {
            assert_eq!(requirement(wanted).as_deref(), Ok(wanted), "{reason}");
            assert_eq!(meets(version, wanted), expected, "{version} {wanted}: {reason}");
        }
    }

    #[test]
    fn what_is_no_requirement() {
        for (text, reason) in [
            ("0.3", "ruff takes it for this version only, cargo for this one and those that follow"),
            ("~0.3", "an operator of others"),
            (">=0.3.x", "a letter"),
            (">=0.3,", "nothing behind the comma"),
            ("=>0.3", "the wrong way round"),
            (">=1.2.3.4", "too many numbers"),
            (">=+1", "a sign"),
        ] {
            assert!(requirement(text).is_err(), "{text}: {reason}");
        }
    }
}
