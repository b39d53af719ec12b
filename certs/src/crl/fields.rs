//! The fields of a SEQUENCE, one after the other.

use std::iter::Peekable;

use asn1::tlv::{self, Tlv};

use super::{CrlError, LIMITS};
use crate::{UnixTime, der, time};

/// UTCTime and GeneralizedTime.
const TIME: &[u32] = &[0x17, 0x18];

/// A SEQUENCE that is read from its beginning.
pub(super) struct Fields<'a> {
    name: &'static str,
    children: Peekable<tlv::Children<'a>>,
}

impl<'a> Fields<'a> {
    /// The fields of a SEQUENCE's value; `name` is what errors call it.
    pub fn new(name: &'static str, value: &'a [u8]) -> Fields<'a> {
        Fields { name, children: tlv::children(value).peekable() }
    }

    /// The next field, if its tag is one of these.
    pub fn take_if(&mut self, tags: &[u32]) -> Option<Tlv<'a>> {
        let next = self.children.next_if(|next| matches!(next, Ok(field) if tags.contains(&field.tag.0)));
        next.and_then(Result::ok)
    }

    /// The next field, whose tag has to be this one.
    pub fn take(&mut self, field: &'static str, tag: u32) -> Result<Tlv<'a>, CrlError> {
        self.take_if(&[tag])
            .ok_or_else(|| CrlError::malformed(self.name, format!("there is no {field} in its place")))
    }

    /// The next field, a time.
    pub fn take_time(&mut self, field: &'static str) -> Result<UnixTime, CrlError> {
        let time = self.take_if(TIME);
        let time =
            time.ok_or_else(|| CrlError::malformed(self.name, format!("there is no {field} in its place")))?;
        read_time(field, time.raw)
    }

    /// Nothing may follow.
    pub fn end(mut self) -> Result<(), CrlError> {
        match self.children.next() {
            None => Ok(()),
            Some(_) => Err(CrlError::malformed(self.name, "it has a field that does not belong there")),
        }
    }
}

/// Decodes a field with rasn.
pub(super) fn decode<T: rasn::Decode + rasn::Encode>(
    field: &'static str,
    bytes: &[u8],
) -> Result<T, CrlError> {
    der::decode_within(bytes, &LIMITS).map_err(|why| CrlError::malformed(field, why))
}

/// A Time (RFC 5280 §5.1.2.4).
pub(super) fn read_time(field: &'static str, bytes: &[u8]) -> Result<UnixTime, CrlError> {
    time::from_rasn(&decode(field, bytes)?).map_err(|why| CrlError::malformed(field, why))
}

/// The significant bytes of an INTEGER that is not negative.
pub(super) fn unsigned<'a>(field: &'static str, value: &'a [u8]) -> Result<&'a [u8], CrlError> {
    match value {
        // X.690 §8.3.2: as few bytes as it takes.
        [0] => Ok(&[]),
        [0, rest @ ..] if rest.first().is_some_and(|first| first & 0x80 != 0) => Ok(rest),
        [1..=0x7F, ..] => Ok(value),
        _ => Err(CrlError::malformed(field, "it is no number from 0 on in DER")),
    }
}
