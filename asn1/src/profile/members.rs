//! Reading and writing the members of a profile element, each with its position.

use std::ops::RangeInclusive;

use crate::SecretOctets;
use crate::tlv::{self, Tag, Tlv, TlvError};

/// Levels of constructed TLVs in members that this crate does not interpret. Nothing in the format nests half as deep.
const MAX_DEPTH: usize = 16;

/// What is wrong in a profile element, and where. The fault of whoever made the profile package.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{fault} (byte {offset} of the profile element)")]
pub struct ElementError {
    /// Bytes from the start of the profile element's TLV, as PEStatus counts them.
    pub offset: usize,
    /// What is wrong there.
    pub fault: ElementFault,
}

/// The kinds of mistakes inside a profile element.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ElementFault {
    /// Not a TLV in DER.
    #[error("{0}")]
    Der(#[from] TlvError),
    /// The format has no profile element with this tag.
    #[error("no known profile element has the tag {0}")]
    UnknownElement(Tag),
    /// A mandatory member is not there.
    #[error("{0} is missing")]
    Missing(&'static str),
    /// A member where none of this tag may stand.
    #[error("the member {0} is repeated or not at its place")]
    Misplaced(Tag),
    /// The value of a member is outside of what its type allows.
    #[error("{0}")]
    Value(&'static str),
    /// Nested deeper than any profile element is.
    #[error("nested too deep")]
    TooDeep,
}

/// The members of a constructed value that have not been read yet.
#[derive(Debug, Clone)]
pub(super) struct Members<'a> {
    rest: &'a [u8],
    offset: usize,
}

impl<'a> Members<'a> {
    /// Over `value`, whose first byte stands `offset` bytes into the profile element.
    pub(super) fn new(value: &'a [u8], offset: usize) -> Self {
        Self { rest: value, offset }
    }

    fn peek(&self) -> Result<Option<Tlv<'a>>, ElementError> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        match tlv::read(self.rest) {
            Ok((tlv, _)) => Ok(Some(tlv)),
            Err(error) => Err(self.error(ElementFault::Der(error))),
        }
    }

    pub(super) fn error(&self, fault: ElementFault) -> ElementError {
        ElementError { offset: self.offset, fault }
    }

    /// The next member, whatever its tag.
    pub(super) fn next(&mut self) -> Result<Option<Member<'a>>, ElementError> {
        let Some(tlv) = self.peek()? else { return Ok(None) };
        let member = Member { tlv, offset: self.offset };
        self.rest = self.rest.get(tlv.raw.len()..).unwrap_or_default();
        self.offset += tlv.raw.len();
        Ok(Some(member))
    }

    /// The next member if it has this tag.
    pub(super) fn optional(&mut self, tag: u32) -> Result<Option<Member<'a>>, ElementError> {
        match self.peek()? {
            Some(tlv) if tlv.tag == Tag(tag) => self.next(),
            _ => Ok(None),
        }
    }

    /// The next member, which must have this tag.
    pub(super) fn required(&mut self, tag: u32, name: &'static str) -> Result<Member<'a>, ElementError> {
        let missing = self.error(ElementFault::Missing(name));
        self.optional(tag)?.ok_or(missing)
    }

    /// The next member's value as the type wants it, if the member is there.
    pub(super) fn optional_as<T>(
        &mut self,
        tag: u32,
        read: impl FnOnce(&Member<'a>) -> Result<T, ElementError>,
    ) -> Result<Option<T>, ElementError> {
        self.optional(tag)?.as_ref().map(read).transpose()
    }

    /// The members up to the first that cannot be read.
    pub(super) fn row(mut self) -> impl Iterator<Item = Member<'a>> {
        std::iter::from_fn(move || self.next().ok().flatten())
    }

    /// What is left: members of a later version of the format (EXTENSIBILITY IMPLIED), kept verbatim.
    ///
    /// A tag of `known` among them is a member that is repeated or out of order.
    pub(super) fn unknown(self, known: &[u32]) -> Result<Vec<u8>, ElementError> {
        let kept = self.rest.to_vec();
        let mut members = self;
        while let Some(member) = members.next()? {
            if known.contains(&member.tlv.tag.0) {
                return Err(member.error(ElementFault::Misplaced(member.tlv.tag)));
            }
            member.check_nested(MAX_DEPTH)?;
        }
        Ok(kept)
    }
}

/// One member and its position.
#[derive(Debug, Clone, Copy)]
pub(super) struct Member<'a> {
    pub(super) tlv: Tlv<'a>,
    /// Of the member's tag.
    pub(super) offset: usize,
}

impl<'a> Member<'a> {
    pub(super) fn error(&self, fault: ElementFault) -> ElementError {
        ElementError { offset: self.offset, fault }
    }

    pub(super) fn value_error<T>(&self, reason: &'static str) -> Result<T, ElementError> {
        Err(self.error(ElementFault::Value(reason)))
    }

    pub(super) fn members(&self) -> Members<'a> {
        Members::new(self.tlv.value, self.offset + self.tlv.raw.len() - self.tlv.value.len())
    }

    /// All members, each read with the same function.
    pub(super) fn each<T>(
        &self,
        mut read: impl FnMut(&Member<'a>) -> Result<T, ElementError>,
    ) -> Result<Vec<T>, ElementError> {
        let mut members = self.members();
        let mut values = Vec::new();
        while let Some(member) = members.next()? {
            values.push(read(&member)?);
        }
        Ok(values)
    }

    /// An OCTET STRING.
    pub(super) fn octets(&self) -> Vec<u8> {
        self.tlv.value.to_vec()
    }

    /// An OCTET STRING with a size constraint.
    pub(super) fn octets_of(&self, size: RangeInclusive<usize>) -> Result<Vec<u8>, ElementError> {
        if size.contains(&self.tlv.value.len()) {
            Ok(self.octets())
        } else {
            self.value_error("an octet string has the wrong size")
        }
    }

    /// An OCTET STRING with a size constraint that holds a secret.
    pub(super) fn secret(&self, size: RangeInclusive<usize>) -> Result<SecretOctets, ElementError> {
        self.octets_of(size).map(SecretOctets::from)
    }

    /// An OCTET STRING of exactly `N` bytes.
    pub(super) fn array<const N: usize>(&self) -> Result<[u8; N], ElementError> {
        self.tlv.value.try_into().or_else(|_| self.value_error("an octet string has the wrong size"))
    }

    /// A member that must have the tag `tag`.
    pub(super) fn expect(&self, tag: u32) -> Result<(), ElementError> {
        if self.tlv.tag == Tag(tag) { Ok(()) } else { Err(self.error(ElementFault::Misplaced(self.tlv.tag))) }
    }

    /// An INTEGER of `0..=max` in its shortest form (X.690 §8.3.2).
    pub(super) fn uint(&self, max: u32) -> Result<u32, ElementError> {
        let minimal = match self.tlv.value {
            [] | [0x80..=0xFF, ..] => false,
            [0, next, ..] => *next >= 0x80,
            _ => true,
        };
        if !minimal {
            return self.value_error("an integer is negative or not in its shortest form");
        }
        let value = match self.tlv.value {
            value if value.len() > 5 => None,
            value => Some(value.iter().fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte))),
        };
        match value.and_then(|value| u32::try_from(value).ok()) {
            Some(value) if value <= max => Ok(value),
            _ => self.value_error("an integer is out of range"),
        }
    }

    /// An INTEGER of `0..=255`.
    pub(super) fn uint8(&self) -> Result<u8, ElementError> {
        self.uint(u32::from(u8::MAX)).map(|value| u8::try_from(value).unwrap_or(u8::MAX))
    }

    /// An INTEGER of `0..=65535`.
    pub(super) fn uint16(&self) -> Result<u16, ElementError> {
        self.uint(u32::from(u16::MAX)).map(|value| u16::try_from(value).unwrap_or(u16::MAX))
    }

    /// A NULL.
    pub(super) fn null(&self) -> Result<(), ElementError> {
        if self.tlv.value.is_empty() { Ok(()) } else { self.value_error("a NULL has contents") }
    }

    /// A UTF8String of so many characters.
    pub(super) fn text(&self, size: RangeInclusive<usize>) -> Result<String, ElementError> {
        match str::from_utf8(self.tlv.value) {
            Ok(text) if size.contains(&text.chars().count()) => Ok(text.to_owned()),
            _ => self.value_error("a text has the wrong length or is not UTF-8"),
        }
    }

    /// Walks everything below, where this crate does not know the members.
    pub(super) fn check_nested(&self, depth: usize) -> Result<(), ElementError> {
        if !self.tlv.tag.is_constructed() {
            return Ok(());
        }
        let Some(depth) = depth.checked_sub(1) else { return Err(self.error(ElementFault::TooDeep)) };
        let mut members = self.members();
        while let Some(member) = members.next()? {
            member.check_nested(depth)?;
        }
        Ok(())
    }

    /// Like [`Self::check_nested`] with the depth any element may have.
    pub(super) fn check_all(&self) -> Result<(), ElementError> {
        self.check_nested(MAX_DEPTH)
    }
}

/// Appends a primitive member.
pub(super) fn put(out: &mut Vec<u8>, tag: u32, value: &[u8]) {
    tlv::write_header(out, Tag(tag), value.len());
    out.extend_from_slice(value);
}

/// Appends a primitive member if there is one.
pub(super) fn put_optional(out: &mut Vec<u8>, tag: u32, value: Option<&[u8]>) {
    if let Some(value) = value {
        put(out, tag, value);
    }
}

/// Appends an INTEGER.
pub(super) fn put_uint(out: &mut Vec<u8>, tag: u32, value: impl Into<u32>) {
    let value = value.into();
    let octets = value.to_be_bytes();
    let mut shortest: Vec<u8> = octets.into_iter().skip_while(|byte| *byte == 0).collect();
    // X.690 §8.3.2: a leading bit of one would make it negative, and zero still has one octet.
    if shortest.first().is_none_or(|first| first & 0x80 != 0) {
        shortest.insert(0, 0);
    }
    put(out, tag, &shortest);
}

/// Appends a constructed member whose contents `write` appends.
pub(super) fn put_with(out: &mut Vec<u8>, tag: u32, write: impl FnOnce(&mut Vec<u8>)) {
    let mut value = zeroize::Zeroizing::new(Vec::new());
    write(&mut value);
    put(out, tag, &value);
}
