//! What the pod identity webhook makes of annotations: Go's `strconv` and `encoding/csv`, and the webhook's own limits.
//!
//! Source: amazon-eks-pod-identity-webhook `pkg/cache/cache.go`, `pkg/handler/handler.go`, `pkg/constants.go`, 2026-08-11.

use std::sync::LazyLock;

/// The annotation that gives a service account its role.
pub const ROLE_ARN: &str = "eks.amazonaws.com/role-arn";

pub const AUDIENCE: &str = "eks.amazonaws.com/audience";
pub const STS_REGIONAL_ENDPOINTS: &str = "eks.amazonaws.com/sts-regional-endpoints";
pub const TOKEN_EXPIRATION: &str = "eks.amazonaws.com/token-expiration";
pub const SKIP_CONTAINERS: &str = "eks.amazonaws.com/skip-containers";

const TABLE: &str = include_str!("../../data/annotations.tsv");

/// What the webhook reads from service accounts.
pub static ACCOUNT_ANNOTATIONS: LazyLock<Vec<&'static str>> = LazyLock::new(|| read_from("account"));

/// What it reads from pods.
pub static POD_ANNOTATIONS: LazyLock<Vec<&'static str>> = LazyLock::new(|| read_from("pod"));

fn read_from(place: &str) -> Vec<&'static str> {
    let rows = TABLE.lines().filter(|line| !line.starts_with('#')).filter_map(|row| row.split_once('\t'));
    rows.filter(|(_, places)| places.split(' ').any(|it| it == place)).map(|(key, _)| key).collect()
}

/// The audience of a token where nothing is said.
pub const DEFAULT_AUDIENCE: &str = "sts.amazonaws.com";

/// Seconds that a token lives at least, and where nothing is said.
pub const LEAST_SECONDS: i64 = 600;
pub const DEFAULT_SECONDS: i64 = 86400;

/// Where the webhook puts the token.
pub const TOKEN_FILE: &str = "/var/run/secrets/eks.amazonaws.com/serviceaccount/token";

/// `strconv.ParseBool`.
pub fn parse_bool(value: &str) -> Option<bool> {
    match value {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(false),
        _ => None,
    }
}

/// What a value that is no boolean for Go was surely meant to be.
pub fn meant_bool(value: &str) -> Option<bool> {
    match value.trim_matches(|c: char| c.is_whitespace() || c == '"' || c == '\'').to_ascii_lowercase().as_str() {
        "true" | "t" | "1" | "yes" | "y" | "on" | "enabled" | "enable" | "regional" => Some(true),
        "false" | "f" | "0" | "no" | "n" | "off" | "disabled" | "disable" | "legacy" | "global" => Some(false),
        _ => None,
    }
}

/// `strconv.ParseInt` with base 10 and 64 bits.
pub fn parse_seconds(value: &str) -> Option<i64> {
    let digits = value.strip_prefix(['+', '-']).unwrap_or(value);
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if plain { value.parse().ok() } else { None }
}

/// The seconds that a duration such as `1h`, `90m` or `3600s` was meant to be.
pub fn meant_seconds(value: &str) -> Option<i64> {
    let value = value.trim();
    let unit = value.trim_start_matches(|c: char| c.is_ascii_digit());
    let number: i64 = value[..value.len() - unit.len()].parse().ok()?;
    let factor = match unit.trim() {
        "" | "s" | "sec" | "seconds" | ".0" => 1,
        "m" | "min" => 60,
        "h" => 3600,
        "d" => 86400,
        _ => return None,
    };
    number.checked_mul(factor)
}

/// The first record of `encoding/csv`. `None` if Go finds violation with it; nothing is skipped then.
///
/// A field that begins with a quote has to end with one, and no other may hold one. Blanks belong to the names.
pub fn parse_csv(value: &str) -> Option<Vec<String>> {
    let mut fields = Vec::new();
    let mut rest = value.trim_start_matches(['\n', '\r']);
    loop {
        if let Some(quoted) = rest.strip_prefix('"') {
            let mut field = String::new();
            let mut left = quoted;
            loop {
                let (before, after) = left.split_once('"')?;
                field.push_str(before);
                match after.strip_prefix('"') {
                    Some(after) => {
                        field.push('"');
                        left = after;
                    }
                    None => {
                        left = after;
                        break;
                    }
                }
            }
            fields.push(field);
            rest = left;
            if !(rest.is_empty() || rest.starts_with([',', '\n', '\r'])) {
                return None;
            }
        } else {
            let end = rest.find([',', '\n', '\r']).unwrap_or(rest.len());
            if rest[..end].contains('"') {
                return None;
            }
            fields.push(rest[..end].to_owned());
            rest = &rest[end..];
        }
        match rest.strip_prefix(',') {
            Some(next) => rest = next,
            None => return Some(fields),
        }
    }
}

/// The audience that a slip of the default was meant to be. Other audiences are legal if provider and trust policy
/// know them; a regional one such as `sts.eu-west-1.amazonaws.com` is in use.
pub fn meant_audience(value: &str) -> Option<&'static str> {
    let plain = value.trim().trim_end_matches('/');
    let plain = plain.strip_prefix("https://").or_else(|| plain.strip_prefix("http://")).unwrap_or(plain);
    let near = plain == DEFAULT_AUDIENCE
        || plain == "sts.amazon.com"
        || plain == "sts.aws.amazon.com"
        || crate::names::nearest(plain, [DEFAULT_AUDIENCE]).is_some();
    (near && value != DEFAULT_AUDIENCE).then_some(DEFAULT_AUDIENCE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::iam::RoleArn;
    use crate::source::{FileId, Text};

    #[test]
    fn the_table_holds_the_keys_that_rules_name() {
        for key in [ROLE_ARN, AUDIENCE, STS_REGIONAL_ENDPOINTS, TOKEN_EXPIRATION] {
            assert!(ACCOUNT_ANNOTATIONS.contains(&key), "{key}");
        }
        assert_eq!(*POD_ANNOTATIONS, [TOKEN_EXPIRATION, SKIP_CONTAINERS]);
    }

    #[test]
    fn booleans() {
        for value in ["true", "True", "TRUE", "1", "t", "T"] {
            assert_eq!(parse_bool(value), Some(true), "{value}");
        }
        for value in ["false", "False", "FALSE", "0", "f", "F"] {
            assert_eq!(parse_bool(value), Some(false), "{value}");
        }
        let refused = [("tRUE", Some(true)), ("yes", Some(true)), ("on", Some(true)), ("enabled", Some(true))];
        let quoted = [(" true", Some(true)), ("\"true\"", Some(true)), ("legacy", Some(false)), ("maybe", None)];
        for (value, meant) in refused.into_iter().chain(quoted) {
            assert_eq!(parse_bool(value), None, "{value}");
            assert_eq!(meant_bool(value), meant, "{value}");
        }
    }

    #[test]
    fn seconds() {
        let cases = [
            ("86400", Some(86400), Some(86400), "the default"),
            ("+600", Some(600), None, "Go takes a sign"),
            ("-5", Some(-5), None, "and raises it to the least"),
            ("3600s", None, Some(3600), "a unit"),
            ("1h", None, Some(3600), "a duration"),
            ("1e3", None, None, "an exponent"),
            (" 600", None, Some(600), "a space"),
            ("600.0", None, Some(600), "a fraction"),
            ("", None, None, "nothing"),
        ];
        for (value, parsed, meant, why) in cases {
            assert_eq!(parse_seconds(value), parsed, "{value}: {why}");
            if parsed.is_none() {
                assert_eq!(meant_seconds(value), meant, "{value}: {why}");
            }
        }
    }

    #[test]
    fn lists_of_containers() {
        let cases: [(&str, Option<&[&str]>, &str); 7] = [
            ("a,b", Some(&["a", "b"]), "two names"),
            ("a, b", Some(&["a", " b"]), "a space belongs to the name"),
            ("a,\"b", None, "a quote that is not closed"),
            ("a\nb", Some(&["a"]), "only the first line"),
            ("\"a,b\",c", Some(&["a,b", "c"]), "a comma in quotes"),
            ("\"a\"b", None, "text behind a quote"),
            ("a", Some(&["a"]), "one name"),
        ];
        for (value, wanted, why) in cases {
            let found = parse_csv(value);
            assert_eq!(
                found.as_deref().map(|it| it.iter().map(String::as_str).collect()),
                wanted.map(<[_]>::to_vec),
                "{value}: {why}"
            );
        }
    }

    /// The webhook warns where its own pattern fails, and hands the value to pods all the same.
    #[test]
    fn role_arns_as_the_webhook_judges_them() {
        let cases = [
            ("arn:aws:iam::222233334444:role/app", true, "the usual form"),
            ("arn:aws:iam::222233334444:role/team/app", true, "a path"),
            ("arn:aws:iam::222233334444:role//app", true, "two slashes"),
            ("arn:aws-cn:iam::222233334444:role/app", true, "another partition"),
            ("arn:aws:iam::222233334444:role/app ", false, "a space at the end"),
            ("arn:aws:iam::222233334444:role/app\n", false, "a line break at the end"),
            ("arn:aws:iam::22223333444:role/app", false, "eleven digits"),
            ("arn:aws:iam:eu-west-1:222233334444:role/app", false, "a region"),
            ("arn:aws:iam::222233334444:instance-profile/app", false, "an instance profile"),
            ("arn:aws:sts::222233334444:assumed-role/app/me", false, "a session"),
            ("app", false, "a name"),
        ];
        for (value, accepted, why) in cases {
            let answer = RoleArn::check(&Text::of_file(FileId::new(0), value.into()));
            assert_eq!(matches!(answer, RoleArn::Yes(_)), accepted, "{value:?}: {why}");
        }
    }

    #[test]
    fn audiences() {
        let cases = [
            ("sts.amazonaws.com", None, "right"),
            ("sts.amazon.com", Some(DEFAULT_AUDIENCE), "another domain"),
            ("https://sts.amazonaws.com", Some(DEFAULT_AUDIENCE), "a URL"),
            ("sts.amazonaws.com ", Some(DEFAULT_AUDIENCE), "a space"),
            ("sts.amazonaw.com", Some(DEFAULT_AUDIENCE), "a letter lost"),
            ("sts.eu-west-1.amazonaws.com", None, "regional audiences are in use"),
            ("beta-sts.amazonaws.com", None, "somebody's own"),
            ("vault", None, "for another service"),
        ];
        for (value, wanted, why) in cases {
            assert_eq!(meant_audience(value), wanted, "{value}: {why}");
        }
    }
}
