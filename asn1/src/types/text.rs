//! Character strings with a limit.

use std::fmt;
use std::ops::Deref;
use std::str::FromStr;

use rasn::types::{AsnType, Constraints, Identifier, Tag};
use rasn::{Decode, Decoder, Encode, Encoder};

/// A UTF8String of at most `MAX` characters (characters, not octets: SGP.22 §2.8.2).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Text<const MAX: usize>(String);

/// `serviceProviderName`.
pub type ServiceProviderName = Text<32>;
/// `profileName`.
pub type ProfileName = Text<64>;
/// `profileNickname`.
pub type ProfileNickname = Text<64>;

/// A text has more characters than its type allows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{got} characters, more than {max}")]
pub struct TextTooLong {
    got: usize,
    max: usize,
}

impl<const MAX: usize> Text<MAX> {
    /// Takes the text.
    ///
    /// # Errors
    /// [`TextTooLong`] above `MAX` characters.
    pub fn new(text: impl Into<String>) -> Result<Self, TextTooLong> {
        let text = text.into();
        let got = text.chars().count();
        if got > MAX { Err(TextTooLong { got, max: MAX }) } else { Ok(Self(text)) }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<const MAX: usize> Deref for Text<MAX> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<const MAX: usize> TryFrom<String> for Text<MAX> {
    type Error = TextTooLong;

    fn try_from(text: String) -> Result<Self, TextTooLong> {
        Self::new(text)
    }
}

impl<const MAX: usize> TryFrom<&str> for Text<MAX> {
    type Error = TextTooLong;

    fn try_from(text: &str) -> Result<Self, TextTooLong> {
        Self::new(text)
    }
}

impl<const MAX: usize> FromStr for Text<MAX> {
    type Err = TextTooLong;

    fn from_str(text: &str) -> Result<Self, TextTooLong> {
        Self::new(text)
    }
}

impl<const MAX: usize> From<Text<MAX>> for String {
    fn from(text: Text<MAX>) -> Self {
        text.0
    }
}

impl<const MAX: usize> fmt::Display for Text<MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<const MAX: usize> fmt::Debug for Text<MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl<const MAX: usize> AsnType for Text<MAX> {
    const TAG: Tag = Tag::UTF8_STRING;
}

impl<const MAX: usize> Decode for Text<MAX> {
    fn decode_with_tag_and_constraints<D: Decoder>(
        decoder: &mut D,
        tag: Tag,
        constraints: &Constraints,
    ) -> Result<Self, D::Error> {
        let text = decoder.decode_utf8_string(tag, constraints)?;
        Self::new(text).map_err(|error| rasn::de::Error::custom(error, decoder.codec()))
    }
}

impl<const MAX: usize> Encode for Text<MAX> {
    fn encode_with_tag_and_constraints<'b, E: Encoder<'b>>(
        &self,
        encoder: &mut E,
        tag: Tag,
        constraints: &Constraints,
        identifier: Identifier,
    ) -> Result<(), E::Error> {
        encoder.encode_utf8_string(tag, constraints, &self.0, identifier).map(drop)
    }
}
