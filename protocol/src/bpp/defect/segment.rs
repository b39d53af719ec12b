//! Which TLV of SCP03t a defect is in.

use std::fmt;
use std::str::FromStr;

use crypto::scp03t::Kind;
use thiserror::Error;

/// A TLV of SCP03t in a package, by its kind and its number among those of its kind. Displayed as `86-2`.
///
/// A package always has it: what is too short for it is cut into more pieces, and a second `87` is a ReplaceSessionKeys.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Segment {
    kind: Kind,
    number: u8,
}

/// A text or a number that is none.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
#[error("a segment is 86-1 to 86-255, 87-1, 87-2, 88-1 or 88-2")]
pub struct SegmentError;

impl Segment {
    /// Number 1 is the first of its kind.
    ///
    /// # Errors
    /// SGP.22 §2.5.4: a package has up to two `87` and up to two `88`.
    pub const fn new(kind: Kind, number: u8) -> Result<Self, SegmentError> {
        let last = match kind {
            Kind::Encrypted86 => u8::MAX,
            Kind::Encrypted87 | Kind::MacOnly88 => 2,
        };
        if 1 <= number && number <= last { Ok(Self { kind, number }) } else { Err(SegmentError) }
    }

    /// A TLV `86` by its number, from 1.
    pub const fn of_86(number: u8) -> Self {
        Self { kind: Kind::Encrypted86, number }
    }

    pub(super) const CONFIGURE_ISDP: Self = Self { kind: Kind::Encrypted87, number: 1 };
    pub(super) const REPLACE_SESSION_KEYS: Self = Self { kind: Kind::Encrypted87, number: 2 };
    pub(super) const STORE_METADATA: Self = Self { kind: Kind::MacOnly88, number: 1 };
    pub(super) const STORE_METADATA_2: Self = Self { kind: Kind::MacOnly88, number: 2 };

    /// Its tag.
    pub fn kind(self) -> Kind {
        self.kind
    }

    /// Its number among those with this tag, from 1.
    pub fn number(self) -> u8 {
        self.number
    }

    pub(super) fn index(self) -> usize {
        usize::from(self.number).saturating_sub(1)
    }
}

impl fmt::Display for Segment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02X}-{}", self.kind.tag(), self.number)
    }
}

impl FromStr for Segment {
    type Err = SegmentError;

    fn from_str(text: &str) -> Result<Self, SegmentError> {
        let (tag, number) = text.split_once('-').ok_or(SegmentError)?;
        let kind = u8::from_str_radix(tag, 16).ok().and_then(Kind::from_tag).ok_or(SegmentError)?;
        Self::new(kind, number.parse().map_err(|_| SegmentError)?)
    }
}
