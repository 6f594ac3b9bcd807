//! Policy documents as the API of IAM has them: JSON in the encoding of URLs (RFC 3986). The AWS CLI decodes them, other programs
//! do not.

use smallvec::smallvec;

use crate::lower::value::{Shape, Value};
use crate::source::{Text, TextBuilder};

/// The value, decoded if it is JSON in the encoding of URLs.
pub(super) fn decoded<'t>(value: Value<'t>) -> Value<'t> {
    let decoded = match value.cases.as_slice() {
        [(Shape::Text(text, _), branch)] if text.bytes().starts_with('%') => {
            Some((Shape::Text(decode(text), None), branch.clone()))
        }
        _ => None,
    };
    match decoded {
        Some(case) => Value { cases: smallvec![case], ..value },
        None => value,
    }
}

/// Each escape becomes the letter that it stands for, at its place.
fn decode(text: &Text) -> Text {
    let bytes = text.bytes().as_bytes();
    let mut builder = TextBuilder::default();
    let (mut at, mut kept) = (0, 0);
    while at < bytes.len() {
        let Some(length) = escapes(&bytes[at..]) else {
            at += 1;
            continue;
        };
        builder.push(&text.part(kept..at));
        let letters: Vec<u8> = (0..length).filter_map(|it| byte(&bytes[at + 3 * it..])).collect();
        match str::from_utf8(&letters) {
            // Each letter of ASCII has a place of its own.
            Ok(known) if known.is_ascii() => {
                for (number, letter) in known.char_indices() {
                    let place = at + 3 * number..at + 3 * number + 3;
                    builder.push_written(letter.encode_utf8(&mut [0; 4]), text.slice(place));
                }
            }
            Ok(known) => builder.push_written(known, text.slice(at..at + 3 * length)),
            Err(_) => builder.push(&text.part(at..at + 3 * length)),
        }
        at += 3 * length;
        kept = at;
    }
    builder.push(&text.part(kept..bytes.len()));
    builder.finish(text.whole())
}

/// How many escapes follow one another.
fn escapes(bytes: &[u8]) -> Option<usize> {
    let count = bytes.chunks(3).take_while(|it| byte(it).is_some()).count();
    (count > 0).then_some(count)
}

fn byte(bytes: &[u8]) -> Option<u8> {
    let [b'%', high, low, ..] = bytes else { return None };
    let digit = |it: &u8| (*it as char).to_digit(16);
    u8::try_from(16 * digit(high)? + digit(low)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::FileId;

    #[test]
    fn escapes_become_letters_at_their_places() {
        let table = [
            ("%7B%22a%22%3A1%7D", "{\"a\":1}"),
            ("%7Bx+y%20z", "{x+y z"),
            ("%C3%A4b", "äb"),
            ("%7B%FF%", "%7B%FF%"),
            ("100%", "100%"),
            ("%zz%7B", "%zz{"),
        ];
        for (written, wanted) in table {
            let text = Text::of_file(FileId::new(0), written.into());
            assert_eq!(decode(&text).bytes(), wanted, "{written}");
        }
        let decoded = decode(&Text::of_file(FileId::new(0), "%7B%22Sid%22%3A%22x%22".into()));
        let place = decoded.find("Sid").unwrap();
        assert_eq!((place.start, place.end), (6, 9));
    }
}
