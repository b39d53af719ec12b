//! A decoded value together with the bytes it came in.

use std::fmt;
use std::ops::Deref;

use rasn::types::{Any, AsnType, Constraints, Identifier, Tag, TagTree};
use rasn::{Decode, Decoder, Encode, Encoder};

use crate::der::{self, DerError, retag};

/// Asks the codec for the bytes of the next TLV without taking it. Like [`crate::unknown::UNKNOWN_TAG`], no tag of the
/// wire.
pub(crate) const PEEK_TAG: Tag = Tag::new_private(u32::MAX - 1);

/// A value and its TLV as received.
///
/// Whatever is signed, hashed or passed on is carried like this, so that signatures are made and checked over the
/// bytes that travelled (SGP.22 §2.6.7.2) and a forwarded object leaves as it came. The value cannot be changed;
/// make a new one with [`Raw::new`].
///
/// The bytes are those of the object under its own tag. Where a message carries it under an implicit tag of its own
/// (`cancelSessionResponse [1]` in the ASN.1 binding of ES9+), only the identifier octets differ; they are exchanged on
/// the way in and out.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Raw<T> {
    bytes: Vec<u8>,
    value: T,
}

impl<T: Encode> Raw<T> {
    /// A value of our own: encodes it.
    pub fn new(value: T) -> Self {
        Self { bytes: der::encode(&value), value }
    }
}

impl<T: Decode + Encode> Raw<T> {
    /// Decodes one complete TLV with the default [`der::Limits`].
    ///
    /// # Errors
    /// [`DerError`] as [`der::decode`].
    pub fn from_der(bytes: &[u8]) -> Result<Self, DerError> {
        der::decode(bytes).map(|value| Self { bytes: bytes.to_vec(), value })
    }
}

impl<T> Raw<T> {
    /// The complete TLV.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The decoded value.
    pub fn value(&self) -> &T {
        &self.value
    }

    /// The complete TLV, owned.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// The decoded value, owned.
    pub fn into_value(self) -> T {
        self.value
    }
}

impl<T> Deref for Raw<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: fmt::Debug> fmt::Debug for Raw<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

impl<T: Encode> From<T> for Raw<T> {
    fn from(value: T) -> Self {
        Self::new(value)
    }
}

impl<T: AsnType> AsnType for Raw<T> {
    const TAG: Tag = T::TAG;
    const TAG_TREE: TagTree = T::TAG_TREE;
    const CONSTRAINTS: Constraints = T::CONSTRAINTS;
    const IDENTIFIER: Identifier = T::IDENTIFIER;
    const IS_CHOICE: bool = T::IS_CHOICE;
}

impl<T: Decode> Decode for Raw<T> {
    fn decode_with_tag_and_constraints<D: Decoder>(
        decoder: &mut D,
        tag: Tag,
        _: &Constraints,
    ) -> Result<Self, D::Error> {
        let received = decoder.decode_any(PEEK_TAG)?.into_bytes();
        let value = if tag == Tag::EOC { T::decode(decoder)? } else { T::decode_with_tag(decoder, tag)? };
        let bytes = if tag == T::TAG { received } else { retag(&received, T::TAG) };
        Ok(Self { bytes, value })
    }
}

impl<T: Encode> Encode for Raw<T> {
    fn encode_with_tag_and_constraints<'b, E: Encoder<'b>>(
        &self,
        encoder: &mut E,
        tag: Tag,
        _: &Constraints,
        identifier: Identifier,
    ) -> Result<(), E::Error> {
        let bytes = if tag == T::TAG { self.bytes.clone() } else { retag(&self.bytes, tag) };
        encoder.encode_any(Tag::EOC, &Any::new(bytes), identifier).map(drop)
    }
}
