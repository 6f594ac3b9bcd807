//! Places of bytes, through parts, escapes and holes.

use super::*;

fn file(text: &str) -> Text {
    Text::of_file(FileId::new(0), text.into())
}

fn range(span: Span) -> (u32, u32) {
    (span.start, span.end)
}

#[test]
fn parts_of_a_file_stand_where_they_are() {
    let text = file("role: arn:aws:iam::1:role/x");
    let arn = text.part(6..27);
    assert_eq!(arn.as_str(), Some("arn:aws:iam::1:role/x"));
    assert_eq!(range(arn.span()), (6, 27));
    let fields = arn.split(':');
    assert_eq!(fields.len(), 6);
    assert_eq!(range(fields[5].span()), (21, 27));
    assert!(fields[3].is_empty());
    assert_eq!(range(fields[3].span()), (18, 18));
}

#[test]
fn escapes_and_holes_keep_their_places() {
    // "a\tb${X}c"
    let text = file(r#""a\tb${X}c""#);
    let mut builder = TextBuilder::default();
    builder.push(&text.part(1..2));
    builder.push_written("\t", text.slice(2..4));
    builder.push(&text.part(4..5));
    builder.push_hole(Hole { kind: HoleKind::Unknown, written: "${X}".into() }, text.slice(5..9));
    builder.push(&text.part(9..10));
    let value = builder.finish(text.span());

    assert_eq!(value.as_str(), None);
    assert_eq!(value.shown(), "a\tb${X}c");
    let known: Vec<_> = value.pieces().collect();
    assert_eq!(known.len(), 3);
    assert_eq!(known[0], Piece::Known("a\tb"));
    assert_eq!(range(value.slice(1..2)), (2, 4));
    assert_eq!(range(value.slice(0..3)), (1, 5));
    assert_eq!(range(value.slice(2..6)), (4, 9));
    assert_eq!(range(value.span()), (1, 10));
    assert_eq!(value.part(0..3).as_str(), Some("a\tb"));
    assert!(value.part(3..6).only_hole().is_some());
}

#[test]
fn an_empty_text_stands_at_its_quotes() {
    let text = file("a: ''");
    let empty = text.part(4..4).within(text.slice(3..5));
    assert_eq!(range(empty.span()), (3, 5));
}

#[test]
fn a_text_alone_has_places_of_its_own() {
    let whole = Text::of_file(FileId::new(7), "kind: Pod\nname: app\n".into());
    let part = whole.part(10..19);
    let alone = part.alone();
    assert_eq!((alone.bytes(), alone.whole()), ("name: app", Span { file: FileId::new(0), start: 0, end: 9 }));
    assert_eq!(alone.slice(6..9), Span { file: FileId::new(0), start: 6, end: 9 });
    assert_eq!(alone.part(6..9).span(), alone.slice(6..9));
    let mut builder = TextBuilder::default();
    builder.push(&part);
    builder.push_hole(Hole { kind: HoleKind::Unknown, written: "${x}".into() }, part.span());
    let alone = builder.finish(part.span()).part(5..12).alone();
    assert!(!alone.has_holes(), "a document that is read again is bytes");
    assert_eq!(alone.slice(1..4), Span { file: FileId::new(0), start: 1, end: 4 });
}

/// Where the whole of a text stands in another file than its bytes, the bytes keep their places.
#[test]
fn bytes_of_one_file_within_another() {
    let text = Text::of_file(FileId::new(1), "a: role/x".into()).part(3..9);
    let call = Span { file: FileId::new(2), start: 40, end: 50 };
    let own = |start, end| Span { file: FileId::new(1), start, end };
    let within = text.within(call);
    assert_eq!((within.whole(), within.span()), (call, own(3, 9)));
    assert_eq!((within.slice(1..3), within.locate(own(4, 6))), (own(4, 6), Some(1..3)));
    assert_eq!(within.locate(call), None);
    let part = within.part(5..6);
    assert_eq!((part.bytes(), part.span(), part.whole()), ("x", own(8, 9), own(8, 9)));
    let mut builder = TextBuilder::default();
    builder.push(&within);
    assert_eq!(builder.finish(call).span(), own(3, 9));
}
