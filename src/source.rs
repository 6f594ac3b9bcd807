//! Files, places in them, and strings that remember where they were written.
//!
//! Everything that a finding underlines comes from here. A [`Text`] is a string that knows, for each of its bytes,
//! the bytes of the file it was written with: through escapes, through the indentation of a block scalar, through a
//! document inside a string. The parts that only a deploy can know are its [`Hole`]s.

use std::fmt;
use std::num::NonZeroU32;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

mod files;
mod matching;
pub(crate) mod places;
mod text;

pub use files::{Files, Position, View, are_apart};
pub use text::{Piece, Text, TextBuilder};

/// A file of a run. The number is handed out once and stays; it says nothing of the order of files, which is that of
/// [`Files`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct FileId(NonZeroU32);

impl FileId {
    /// The file with a number. There are fewer than `u32::MAX` files.
    pub const fn new(number: u32) -> Self {
        Self(NonZeroU32::MIN.saturating_add(number))
    }

    /// The number that it was handed out with.
    pub const fn number(self) -> u32 {
        self.0.get() - 1
    }
}

/// A range of bytes in one file. The end is exclusive.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Span {
    pub file: FileId,
    pub start: u32,
    pub end: u32,
}

impl Span {
    pub fn new(file: FileId, range: Range<u32>) -> Self {
        Self { file, start: range.start, end: range.end }
    }

    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    pub fn is_empty(self) -> bool {
        self.start >= self.end
    }

    /// What places of one file are sorted by. Those of several files are sorted by [`Files::position`].
    pub fn bounds(self) -> (u32, u32) {
        (self.start, self.end)
    }

    /// True if `other` lies inside this span, in the same file.
    pub fn contains(self, other: Self) -> bool {
        self.file == other.file && self.start <= other.start && other.end <= self.end
    }

    /// The smallest span that holds both; this one if they are in different files.
    pub fn to(self, other: Self) -> Self {
        if self.file != other.file {
            return self;
        }
        Self { file: self.file, start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// One file that was read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Source {
    /// The path as it is shown and sorted: relative to where the user stands, with `/` between its parts.
    pub path: Arc<str>,
    /// Where the file truly is: what the configuration says of paths is asked with this. As it is shown where nobody
    /// knows better.
    pub place: Arc<Path>,
    /// The root of the Git repository that the file is in, as a path without links, where somebody knows of one.
    pub repository: Option<Arc<Path>>,
    /// True if a unit of several files may need it whatever is in it, because one of its files refers to it.
    pub is_referred: bool,
    /// The whole text. Offsets of a [`Span`] are offsets in it.
    pub text: Arc<str>,
    /// What kept the file from being read to its end, if anything did.
    pub error: Option<Box<DecodeError>>,
}

/// Why a file's text ends before the file does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DecodeError {
    /// A byte that is not UTF-8; the text holds what comes before it.
    /// `whole`: all of the file, with `U+FFFD` for what is not UTF-8.
    NotUtf8 { offset: usize, byte: u8, whole: Arc<str> },
}

impl Source {
    pub fn new(path: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> Self {
        let path = path.into();
        Self {
            place: Path::new(&*path).into(),
            path,
            repository: None,
            is_referred: false,
            text: text.into(),
            error: None,
        }
    }

    /// Whether the same was read of both: the files may have other names, and other files may refer to them.
    pub fn holds_what(&self, other: &Self) -> bool {
        self.text == other.text && self.error == other.error
    }

    /// Decodes the bytes of a file: UTF-8 with or without a byte order mark, or UTF-16 with one.
    ///
    /// What cannot be decoded ends the text there, and [`Source::error`] says so.
    pub fn decode(path: impl Into<Arc<str>>, bytes: &[u8]) -> Self {
        let utf16 = match bytes {
            [0xFF, 0xFE, 0, 0, ..] => None,
            [0xFF, 0xFE, rest @ ..] => Some(utf16(rest, u16::from_le_bytes)),
            [0xFE, 0xFF, rest @ ..] => Some(utf16(rest, u16::from_be_bytes)),
            _ => None,
        };
        if let Some(text) = utf16 {
            return Self::new(path, text);
        }
        match std::str::from_utf8(bytes) {
            Ok(text) => Self::new(path, text),
            Err(error) => {
                let offset = error.valid_up_to();
                let text = std::str::from_utf8(&bytes[..offset]).expect("what comes before the first error is UTF-8");
                let whole = String::from_utf8_lossy(bytes).into();
                let error = DecodeError::NotUtf8 { offset, byte: bytes[offset], whole };
                Self { error: Some(Box::new(error)), ..Self::new(path, text) }
            }
        }
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    char::decode_utf16(units).map(|it| it.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

/// A part of a string that only a deploy can know.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hole {
    pub kind: HoleKind,
    /// The hole in the user's words: `${AWS::Region}`, `!GetAtt NodeRole.Arn`.
    pub written: Arc<str>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum HoleKind {
    /// `AWS::Partition`: `aws`, `aws-cn`, `aws-us-gov`, …
    Partition,
    /// `AWS::Region`.
    Region,
    /// `AWS::AccountId`: twelve digits.
    AccountId,
    /// `AWS::URLSuffix`: `amazonaws.com`, `amazonaws.com.cn`, …
    UrlSuffix,
    /// What another resource of the same template returns.
    Resource(Reference),
    /// A parameter of the template, without a value that the file could know.
    Parameter(ResourceId),
    /// What another stack exports by this name.
    Import(Arc<str>),
    /// Anything else: a macro, a placeholder of another tool.
    Unknown,
}

/// What `Ref` or `Fn::GetAtt` point at.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Reference {
    pub resource: ResourceId,
    pub attribute: Attribute,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Attribute {
    /// `Ref`: the name of most resources, the ARN of a few.
    Ref,
    /// `Fn::GetAtt X.Arn`.
    Arn,
    /// Any other attribute, by its name.
    Other(Arc<str>),
}

/// The attribute of a cluster that holds the URL of its OIDC issuer, with `https://`.
pub const ISSUER_URL: &str = "OpenIdConnectIssuerUrl";

/// The same URL without `https://`, as templates cut it out with `Fn::Split`. No attribute of AWS has this name.
pub const ISSUER: &str = "OpenIdConnectIssuerUrl without https://";

/// What is deployed together, such as a template or a configuration of eksctl, by where it begins.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct UnitId {
    pub file: FileId,
    /// The place of the document in its file, from zero.
    pub document: u32,
}

/// A resource or parameter: the unit that declares it, and its name there.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct ResourceId {
    pub unit: UnitId,
    pub name: Arc<str>,
    /// Namespace and kind of a Kubernetes object: `prod/Role`. Objects of two kinds may have one name.
    pub object: Option<Arc<str>>,
}

impl ResourceId {
    /// A resource of a template, where a name is enough.
    pub fn new(unit: UnitId, name: impl Into<Arc<str>>) -> Self {
        Self { unit, name: name.into(), object: None }
    }

    /// A Kubernetes object. The namespace is empty where none is written.
    pub fn of_object(unit: UnitId, namespace: &str, kind: &str, name: &str) -> Self {
        Self { unit, name: name.into(), object: Some(format!("{namespace}/{kind}").into()) }
    }
}

/// A condition, which may have a namesake in another unit.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct ConditionId {
    pub unit: UnitId,
    pub name: Arc<str>,
}

impl fmt::Display for ResourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

/// The only one of several. Nothing if there is none, or more than one.
pub fn only<T>(found: impl IntoIterator<Item = T>) -> Option<T> {
    let mut found = found.into_iter();
    found.next().filter(|_| found.next().is_none())
}
