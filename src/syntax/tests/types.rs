//! What type a plain scalar has, with the reason for each case.

use super::*;
use Resolved::{Bool, Null, Number, String, Timestamp};

#[test]
fn yaml_11_is_what_go_yaml_2_makes_of_it() {
    for (value, expected, reason) in [
        ("y", Bool(true), "in the table of go-yaml v2"),
        ("Y", Bool(true), "in the table"),
        ("yes", Bool(true), "in the table"),
        ("YES", Bool(true), "in the table"),
        ("yEs", String, "only three ways of capitals"),
        ("on", Bool(true), "GitHub's `on` and many others"),
        ("On", Bool(true), "in the table"),
        ("true", Bool(true), "in the table"),
        ("tRUE", String, "only three ways of capitals"),
        ("n", Bool(false), "in the table of go-yaml v2"),
        ("NO", Bool(false), "the country"),
        ("off", Bool(false), "in the table"),
        ("FALSE", Bool(false), "in the table"),
        ("t", String, "not in the table"),
        ("", Null, "nothing is null"),
        ("~", Null, "in the table"),
        ("Null", Null, "in the table"),
        ("nULL", String, "only three ways of capitals"),
        ("none", String, "that is Python"),
        ("0", Number, "decimal"),
        ("123456789012", Number, "an account id becomes a number"),
        ("012345678901", Number, "not octal because of 8 and 9, so a float"),
        ("08", Number, "not octal, so a float"),
        ("012", Number, "octal, which is 10"),
        ("0o17", Number, "octal as Go writes it"),
        ("0O17", Number, "Go takes capitals too"),
        ("0o8", String, "no octal digit, and no float"),
        ("0x1F", Number, "hexadecimal"),
        ("0xfg", String, "no hexadecimal digit"),
        ("0x", String, "no digits"),
        ("0b101", Number, "binary"),
        ("0b2", String, "no binary digit"),
        ("-0b1", Number, "binary with a sign"),
        ("1_000", Number, "underscores are taken out"),
        ("_1", String, "must not start with one"),
        ("1__0_", Number, "all of them are taken out"),
        ("+1", Number, "a sign"),
        ("-", String, "a sign alone"),
        ("1-2", String, "a sign inside"),
        ("1e3", Number, "float"),
        ("1E+3", Number, "float"),
        ("1e", String, "no exponent"),
        ("1.", Number, "float without a fraction"),
        (".5", Number, "float without a whole part"),
        ("+.5", Number, "with a sign"),
        (".", String, "no digits"),
        ("1.2.3", String, "a version"),
        ("1e400", String, "too large for a float, so left alone"),
        ("18446744073709551615", Number, "the largest unsigned number"),
        ("0xFFFFFFFFFFFFFFFFFF", String, "too large for an integer, and no float"),
        (".inf", Number, "infinity"),
        ("-.INF", Number, "with a sign"),
        (".nan", Number, "not a number is a number"),
        ("+.nan", String, "but has no sign"),
        ("inf", String, "needs its dot"),
        ("190:20:30", String, "base 60 is not supported by go-yaml"),
        ("1:20", String, "base 60 is not supported by go-yaml"),
        ("2012-10-17", Timestamp, "the version of a policy"),
        ("2012-1-7", Timestamp, "short parts"),
        ("2012-02-30", String, "no such day"),
        ("2012-13-01", String, "no such month"),
        ("12-10-17", String, "four digits of a year"),
        ("2001-12-14t21:59:43.10-05:00", Timestamp, "with a zone"),
        ("2001-12-14T21:59:43Z", Timestamp, "with a zone"),
        ("2001-12-14 21:59:43.1", Timestamp, "a space, and no zone"),
        ("2001-12-14T21:59:43", String, "a zone is missing"),
        ("2001-12-14T25:59:43Z", String, "no such hour"),
        ("arn:aws:iam::1:role/x", String, "a string"),
        ("<<", String, "a merge key is no value"),
        ("１", String, "not ASCII"),
    ] {
        let found = resolve::resolve(value, true, None, Schema::Yaml11);
        assert_eq!(found, expected, "{value}: {reason}");
    }
}

#[test]
fn yaml_12_has_fewer_types() {
    for (value, expected) in [
        ("y", String),
        ("yes", String),
        ("on", String),
        ("NO", String),
        ("True", Bool(true)),
        ("FALSE", Bool(false)),
        ("~", Null),
        ("", Null),
        ("012", Number),
        ("08", Number),
        ("0o17", Number),
        ("0x1f", Number),
        ("0b1", String),
        ("-0x1f", String),
        ("1_000", String),
        ("1e3", Number),
        (".5", Number),
        ("1e400", Number),
        (".inf", Number),
        (".NaN", Number),
        ("2012-10-17", String),
    ] {
        assert_eq!(resolve::resolve(value, true, None, Schema::Core), expected, "{value}");
    }
}

#[test]
fn json_has_the_fewest() {
    for (value, expected) in [("null", Null), ("Null", String), ("true", Bool(true)), ("1e3", Number), ("01", String)] {
        assert_eq!(resolve::resolve(value, true, None, Schema::Json), expected, "{value}");
    }
}

#[test]
fn quotes_and_tags_decide() {
    for (source, expected) in [
        ("'1'", String),
        ("\"true\"", String),
        ("|\n  1\n", String),
        ("!!str 1", String),
        ("! 1", String),
        ("!Ref yes", String),
        ("!!int '1'", Number),
        ("!!int x", String),
        ("!!float 1", Number),
        ("!!bool 'yes'", Bool(true)),
        ("!!null ''", Null),
        ("!<tag:yaml.org,2002:bool> no", Bool(false)),
        ("!!timestamp '2012-10-17'", Timestamp),
        ("!!binary aGk=", String),
        ("yes", Bool(true)),
    ] {
        assert_eq!(one(source).root().resolve(Schema::Yaml11), Some(expected), "{source}");
    }
    assert_eq!(one("[]").root().resolve(Schema::Yaml11), None);
}

#[test]
fn what_is_null() {
    let tree = one("[~, null, NULL, 'null', '', !Ref , {}, nil]");
    let all: Vec<_> = tree.root().items().map(Node::is_null).collect();
    assert_eq!(all, [true, true, true, false, false, false, false, false]);
    assert!(json("[null]").documents[0].root().items().all(Node::is_null));
}
