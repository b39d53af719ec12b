//! Strict DER (X.690 §10, §11) over rasn's derived types.
//!
//! [`decode`] works in three steps, so that nothing a peer sends is trusted early:
//!
//! 1. walk all TLVs without a schema: definite, shortest lengths and tags, bounded size, depth and element count;
//! 2. decode by schema with our own rasn codec, which knows the members of every SEQUENCE: a missing, repeated or misplaced
//!    member is an error, an unknown one goes to the type's [`Unknown`](crate::Unknown) field, or is an error where
//!    the type has none;
//! 3. encode the value again and compare: whatever was not canonical inside the primitives differs here.
//!
//! DEFAULT values are the one liberty: peers send them explicitly and leave them out alike (`profileClass` in
//! production metadata), so such members are `Option`s that keep what was there.

mod reader;
mod walk;
mod writer;

use rasn::{Decode, Encode};

use crate::tlv::{self, Tag, TlvError};

pub use walk::Limits;
pub(crate) use writer::retag;

/// Why bytes are not the DER encoding of the wanted type. The peer's fault, or it speaks another version.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DerError {
    /// The bytes end inside a TLV.
    #[error("the data ends inside the TLV at byte {offset}")]
    Truncated {
        /// Where that TLV begins.
        offset: usize,
    },
    /// A length or tag is not in DER's one form.
    #[error("not DER at byte {offset}: {error}")]
    NotDer {
        /// Where the TLV begins.
        offset: usize,
        /// What is wrong with it.
        error: TlvError,
    },
    /// More follows after the value.
    #[error("{count} bytes after the value")]
    TrailingBytes {
        /// How many.
        count: usize,
    },
    /// Larger than [`Limits::size`].
    #[error("{size} bytes, more than the allowed {limit}")]
    TooLarge {
        /// Bytes received.
        size: usize,
        /// Bytes allowed.
        limit: usize,
    },
    /// Nested deeper than [`Limits::depth`].
    #[error("nested more than {limit} levels deep")]
    TooDeep {
        /// Levels allowed.
        limit: usize,
    },
    /// More TLVs than [`Limits::elements`].
    #[error("more than {limit} TLVs")]
    TooManyElements {
        /// TLVs allowed.
        limit: usize,
    },
    /// Another object than the wanted one.
    #[error("{inside}: {found} where {expected} is expected")]
    UnexpectedTag {
        /// The type being decoded.
        inside: &'static str,
        /// What the type wants here (class and number).
        expected: String,
        /// What is there.
        found: Tag,
    },
    /// A mandatory member is not there.
    #[error("{inside}: {member} is missing")]
    MissingMember {
        /// The type being decoded.
        inside: &'static str,
        /// Its member, by its Rust name.
        member: &'static str,
    },
    /// A member stands twice.
    #[error("{inside}: {member} stands twice")]
    DuplicateMember {
        /// The type being decoded.
        inside: &'static str,
        /// Its member, by its Rust name.
        member: &'static str,
    },
    /// A member stands behind one that the type names after it.
    #[error("{inside}: {member} is not at its place")]
    MisplacedMember {
        /// The type being decoded.
        inside: &'static str,
        /// Its member, by its Rust name.
        member: &'static str,
    },
    /// A member that the type does not name, and the type is not extensible.
    #[error("{inside}: unknown member {tag}")]
    UnknownMember {
        /// The type being decoded.
        inside: &'static str,
        /// The member's tag.
        tag: Tag,
    },
    /// An alternative that the CHOICE does not name.
    #[error("{choice} has no alternative {tag}")]
    UnknownAlternative {
        /// The CHOICE.
        choice: &'static str,
        /// The tag found.
        tag: Tag,
    },
    /// A member's contents are not a value of its type.
    #[error("{inside}: {reason}")]
    Value {
        /// The type or its member, `Type.member`.
        inside: &'static str,
        /// What is wrong with the contents.
        reason: String,
    },
    /// The value decodes but is written differently in DER.
    #[error("not in canonical form")]
    NotCanonical,
}

/// Decodes one value that must fill `bytes`, with the default [`Limits`].
///
/// # Errors
/// [`DerError`] says what in the bytes is wrong.
pub fn decode<T: Decode + Encode>(bytes: &[u8]) -> Result<T, DerError> {
    decode_with(bytes, &Limits::default())
}

/// Like [`decode`], with limits of the caller's choice.
///
/// # Errors
/// [`DerError`] says what in the bytes is wrong.
pub fn decode_with<T: Decode + Encode>(bytes: &[u8], limits: &Limits) -> Result<T, DerError> {
    walk::check(bytes, limits)?;
    let value = reader::read::<T>(bytes)?;
    if encode(&value) == bytes { Ok(value) } else { Err(DerError::NotCanonical) }
}

/// Encodes a value in DER.
///
/// Encoding cannot fail: the types of this crate exist only with values that their ASN.1 allows.
pub fn encode<T: Encode>(value: &T) -> Vec<u8> {
    writer::write(value).unwrap_or_default()
}

/// Checks that `bytes` is exactly one TLV, canonical down to the last header, within `limits`, without decoding it.
///
/// # Errors
/// [`DerError`] of the first two steps of [`decode`].
pub fn check(bytes: &[u8], limits: &Limits) -> Result<(), DerError> {
    walk::check(bytes, limits)
}

/// The tag of the object at the start of `bytes`, to choose the type to decode.
///
/// # Errors
/// [`DerError::Truncated`] or [`DerError::NotDer`].
pub fn peek(bytes: &[u8]) -> Result<Tag, DerError> {
    match tlv::header(bytes) {
        Ok(Some(header)) => Ok(header.tag),
        Ok(None) => Err(DerError::Truncated { offset: 0 }),
        Err(error) => Err(DerError::NotDer { offset: 0, error }),
    }
}
