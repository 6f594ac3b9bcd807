//! What type a scalar has, by the rules of the program that reads it.

/// The tags that say what type a scalar has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum CoreTag {
    Str,
    Int,
    Float,
    Bool,
    Null,
    Timestamp,
    Merge,
    /// `!Sub` and all others.
    Other,
}

/// Whose rules say what a scalar without quotes is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Schema {
    /// YAML 1.1 as go-yaml v2 has it, which `kubectl` and `aws-iam-authenticator` read with.
    Yaml11,
    /// The core schema of YAML 1.2.
    Core,
    Json,
}

/// The type of a scalar.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Resolved {
    Null,
    Bool(bool),
    Number,
    /// A date. It becomes a string when YAML is turned into JSON.
    Timestamp,
    String,
}

/// The type of a scalar without quotes and without a tag.
pub fn resolve_plain(value: &str, schema: Schema) -> Resolved {
    resolve(value, true, None, schema)
}

pub(super) fn resolve(value: &str, plain: bool, tag: Option<CoreTag>, schema: Schema) -> Resolved {
    let by_schema = || match schema {
        Schema::Yaml11 => yaml11(value),
        Schema::Core => core(value),
        Schema::Json => json(value),
    };
    // A tag asks for a type, also of a quoted scalar. What cannot be read as that stays a string.
    let wanted: fn(Resolved) -> bool = match tag {
        None if plain => return by_schema(),
        None | Some(CoreTag::Str | CoreTag::Other | CoreTag::Merge) => return Resolved::String,
        Some(CoreTag::Int | CoreTag::Float) => |it| it == Resolved::Number,
        Some(CoreTag::Bool) => |it| matches!(it, Resolved::Bool(_)),
        Some(CoreTag::Null) => |it| it == Resolved::Null,
        Some(CoreTag::Timestamp) => |it| it == Resolved::Timestamp,
    };
    let found = by_schema();
    if wanted(found) { found } else { Resolved::String }
}

fn yaml11(value: &str) -> Resolved {
    match value {
        "" | "~" | "null" | "Null" | "NULL" => return Resolved::Null,
        "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" | "true" | "True" | "TRUE" => {
            return Resolved::Bool(true);
        }
        "n" | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF" | "false" | "False" | "FALSE" => {
            return Resolved::Bool(false);
        }
        _ if is_special_float(value) => return Resolved::Number,
        _ => {}
    }
    match value.as_bytes()[0] {
        b'.' if is_decimal(value) && is_finite(value) => Resolved::Number,
        b'0'..=b'9' if is_timestamp(value) => Resolved::Timestamp,
        b'0'..=b'9' | b'+' | b'-' => {
            let digits = value.replace('_', "");
            let is_number = is_go_integer(&digits) || is_decimal(&digits) && is_finite(&digits);
            if is_number { Resolved::Number } else { Resolved::String }
        }
        _ => Resolved::String,
    }
}

fn core(value: &str) -> Resolved {
    let based = |prefix: &str, base| value.strip_prefix(prefix).is_some_and(|it| is_digits(it, base));
    match value {
        "" | "~" | "null" | "Null" | "NULL" => Resolved::Null,
        "true" | "True" | "TRUE" => Resolved::Bool(true),
        "false" | "False" | "FALSE" => Resolved::Bool(false),
        _ if is_special_float(value) || is_decimal(value) || based("0o", 8) || based("0x", 16) => Resolved::Number,
        _ => Resolved::String,
    }
}

fn json(value: &str) -> Resolved {
    match value {
        "null" => Resolved::Null,
        "true" => Resolved::Bool(true),
        "false" => Resolved::Bool(false),
        _ if is_number(value) => Resolved::Number,
        _ => Resolved::String,
    }
}

/// Infinity with or without a sign, or no number at all.
fn is_special_float(value: &str) -> bool {
    matches!(value, ".nan" | ".NaN" | ".NAN")
        || matches!(value.strip_prefix(['+', '-']).unwrap_or(value), ".inf" | ".Inf" | ".INF")
}

/// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`
fn is_decimal(value: &str) -> bool {
    let value = value.strip_prefix(['+', '-']).unwrap_or(value);
    let (number, exponent) = match value.find(['e', 'E']) {
        Some(at) => (&value[..at], Some(&value[at + 1..])),
        None => (value, None),
    };
    if exponent.is_some_and(|it| !is_digits(it.strip_prefix(['+', '-']).unwrap_or(it), 10)) {
        return false;
    }
    match number.split_once('.') {
        None => is_digits(number, 10),
        Some(("", fraction)) => is_digits(fraction, 10),
        Some((whole, fraction)) => is_digits(whole, 10) && (fraction.is_empty() || is_digits(fraction, 10)),
    }
}

/// Go does not read a float that is too large for 64 bits.
fn is_finite(value: &str) -> bool {
    value.parse::<f64>().is_ok_and(f64::is_finite)
}

/// What Go's `ParseInt(_, 0, 64)` or `ParseUint` takes: a prefix says the base, and a bare `0` is octal.
fn is_go_integer(value: &str) -> bool {
    let unsigned = value.strip_prefix(['+', '-']).unwrap_or(value);
    let (digits, base) = match unsigned.as_bytes() {
        [b'0', b'b' | b'B', ..] => (&unsigned[2..], 2),
        [b'0', b'o' | b'O', ..] => (&unsigned[2..], 8),
        [b'0', b'x' | b'X', ..] => (&unsigned[2..], 16),
        [b'0', _, ..] => (&unsigned[1..], 8),
        _ => (unsigned, 10),
    };
    if !is_digits(digits, base) {
        return false;
    }
    // ParseUint, which has the upper half of 64 bits, takes no sign.
    u64::from_str_radix(digits, base).is_ok_and(|number| match value.as_bytes()[0] {
        b'-' => number <= i64::MIN.unsigned_abs(),
        b'+' => number <= i64::MAX.unsigned_abs(),
        _ => true,
    })
}

fn is_digits(value: &str, base: u32) -> bool {
    !value.is_empty() && value.chars().all(|it| it.is_digit(base))
}

/// `2006-1-2`, alone or with a time: `2006-1-2T15:4:5.9Z`, `2006-1-2 15:4:5`.
fn is_timestamp(value: &str) -> bool {
    let (date, time) = match value.find(['T', 't', ' ']) {
        Some(at) => (&value[..at], Some(&value[at..])),
        None => (value, None),
    };
    let mut parts = date.split('-');
    let (Some(year), Some(month), Some(day), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    let (Some(month), Some(day)) = (small(month), small(day)) else { return false };
    if year.len() != 4 || !is_digits(year, 10) {
        return false;
    }
    let year: u32 = year.parse().unwrap_or(0);
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    (1..=days).contains(&day) && time.is_none_or(is_time)
}

/// The time of a timestamp, with the character before it. Behind a `T` it has a zone, behind a space none.
fn is_time(time: &str) -> bool {
    let (clock, zone) = if let Some(clock) = time.strip_prefix(' ') {
        (clock, None)
    } else {
        let time = &time[1..];
        let Some(at) = time.find(['Z', '+', '-']) else { return false };
        (&time[..at], Some(&time[at..]))
    };
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let parts: Vec<Option<u32>> = clock.split(':').map(small).collect();
    let in_range = matches!(parts[..], [Some(0..=23), Some(0..=59), Some(0..=59)]);
    in_range && is_digits(fraction, 10) && zone.is_none_or(is_zone)
}

fn is_zone(zone: &str) -> bool {
    let two = |it: &str| it.len() == 2 && is_digits(it, 10);
    zone == "Z" || zone[1..].split_once(':').is_some_and(|(hours, minutes)| two(hours) && two(minutes))
}

/// A number of one or two digits.
fn small(digits: &str) -> Option<u32> {
    if digits.len() > 2 || !is_digits(digits, 10) { None } else { digits.parse().ok() }
}

/// True for a number as JSON writes it: `-0.5e+3`.
pub(super) fn is_number(word: &str) -> bool {
    let digits = |it: &str| it.len() - it.trim_start_matches(|it: char| it.is_ascii_digit()).len();
    let mut rest = word.strip_prefix('-').unwrap_or(word);
    let whole = digits(rest);
    if whole == 0 || whole > 1 && rest.starts_with('0') {
        return false;
    }
    rest = &rest[whole..];
    if let Some(fraction) = rest.strip_prefix('.') {
        let count = digits(fraction);
        if count == 0 {
            return false;
        }
        rest = &fraction[count..];
    }
    if let Some(exponent) = rest.strip_prefix(['e', 'E']) {
        let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        return !exponent.is_empty() && digits(exponent) == exponent.len();
    }
    rest.is_empty()
}
