//! Macros for the three kinds of small types: open integers, named bits, octet strings with a meaning.

/// An INTEGER with named values that also carries values nobody has named yet, so that a newer peer's codes survive.
macro_rules! integer {
    ($(#[$meta:meta])* $type:ident { $($name:ident = $value:literal $text:literal),+ $(,)? }) => {
        #[allow(unused_imports, reason = "for the derived code; a module may have several of these types")]
        use rasn::{AsnType as _, Decode as _, Encode as _};

        $(#[$meta])*
        #[derive(rasn::AsnType, rasn::Decode, rasn::Encode, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[rasn(delegate)]
        pub struct $type(pub i64);

        impl $type {
            $(
                #[doc = concat!("`", $text, "(", stringify!($value), ")`")]
                pub const $name: Self = Self($value);
            )+

            /// Every named value.
            pub const NAMED: &'static [Self] = &[$(Self::$name),+];

            /// The name in the ASN.1, if it has one.
            pub fn name(self) -> Option<&'static str> {
                match self.0 {
                    $($value => Some($text),)+
                    _ => None,
                }
            }

            /// The number.
            pub fn value(self) -> i64 {
                self.0
            }
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}({})", self.name().unwrap_or("unnamed"), self.0)
            }
        }

        impl std::fmt::Debug for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(self, f)
            }
        }

        impl From<i64> for $type {
            fn from(value: i64) -> Self {
                Self(value)
            }
        }
    };
}

/// A BIT STRING with named bits. The constants are bit numbers. Received bits are kept as they came, trailing zeros
/// included; values made here are written as X.690 §11.2.2 wants them, without trailing zeros.
macro_rules! named_bits {
    ($(#[$meta:meta])* $type:ident { $($name:ident = $bit:literal $text:literal),+ $(,)? }) => {
        #[allow(unused_imports, reason = "for the derived code; a module may have several of these types")]
        use rasn::{AsnType as _, Decode as _, Encode as _};

        $(#[$meta])*
        #[derive(rasn::AsnType, rasn::Decode, rasn::Encode, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        #[rasn(delegate)]
        pub struct $type(rasn::types::BitString);

        impl $type {
            $(
                #[doc = concat!("Bit ", stringify!($bit), ", `", $text, "`")]
                pub const $name: usize = $bit;
            )+

            /// Exactly these bits set.
            pub fn of(bits: impl IntoIterator<Item = usize>) -> Self {
                let mut string = rasn::types::BitString::new();
                for bit in bits {
                    if string.len() <= bit {
                        string.resize(bit + 1, false);
                    }
                    string.set(bit, true);
                }
                Self(string)
            }

            /// Whether this bit is set; bits beyond the received ones are not.
            pub fn has(&self, bit: usize) -> bool {
                self.0.get(bit).is_some_and(|bit| *bit)
            }

            /// The numbers of the bits set, ascending.
            pub fn bits(&self) -> impl Iterator<Item = usize> + '_ {
                self.0.iter_ones()
            }

            /// Whether no bit is set.
            pub fn is_empty(&self) -> bool {
                self.0.not_any()
            }

            /// The name in the ASN.1 of a bit, if it has one.
            pub fn bit_name(bit: usize) -> Option<&'static str> {
                match bit {
                    $($bit => Some($text),)+
                    _ => None,
                }
            }
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                for (index, bit) in self.bits().enumerate() {
                    let separator = if index == 0 { "" } else { ", " };
                    write!(f, "{separator}{}({bit})", Self::bit_name(bit).unwrap_or("unnamed"))?;
                }
                Ok(())
            }
        }

        impl std::fmt::Debug for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{{{self}}}")
            }
        }
    };
}

/// An OCTET STRING under its own name, with the lengths it may have.
macro_rules! octets {
    ($(#[$meta:meta])* $type:ident, $tag:expr, $lengths:expr) => {
        $(#[$meta])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $type(Vec<u8>);

        impl $type {
            /// Takes the octets.
            ///
            /// # Errors
            /// [`WrongLength`](crate::WrongLength) when the type does not allow so many.
            pub fn new(octets: impl Into<Vec<u8>>) -> Result<Self, crate::WrongLength> {
                let octets = octets.into();
                crate::WrongLength::check(stringify!($type), octets.len(), $lengths).map(|()| Self(octets))
            }

            /// The octets, without tag and length.
            pub fn bytes(&self) -> &[u8] {
                &self.0
            }

            /// The octets behind tag and length.
            pub fn to_tlv(&self) -> Vec<u8> {
                crate::der::encode(self)
            }
        }

        impl AsRef<[u8]> for $type {
            fn as_ref(&self) -> &[u8] {
                &self.0
            }
        }

        impl TryFrom<&[u8]> for $type {
            type Error = crate::WrongLength;

            fn try_from(octets: &[u8]) -> Result<Self, Self::Error> {
                Self::new(octets)
            }
        }

        impl TryFrom<Vec<u8>> for $type {
            type Error = crate::WrongLength;

            fn try_from(octets: Vec<u8>) -> Result<Self, Self::Error> {
                Self::new(octets)
            }
        }

        hex_display!($type);
        octet_string_codec!($type, $tag);
    };
}

/// Display (upper-case hexadecimal) and Debug of a type with `bytes()`.
macro_rules! hex_display {
    ($type:ident $(<const $n:ident>)?) => {
        impl$(<const $n: usize>)? std::fmt::Display for $type$(<$n>)? {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(&data_encoding::HEXUPPER.encode_display(self.bytes()), f)
            }
        }

        impl$(<const $n: usize>)? std::fmt::Debug for $type$(<$n>)? {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!(stringify!($type), "({})"), self)
            }
        }
    };
}

/// The codec of a type that is an OCTET STRING: `bytes()` out, `TryFrom<Vec<u8>>` in.
macro_rules! octet_string_codec {
    ($type:ident $(<const $n:ident>)?, $tag:expr) => {
        impl$(<const $n: usize>)? rasn::AsnType for $type$(<$n>)? {
            const TAG: rasn::types::Tag = $tag;
            const IDENTIFIER: rasn::types::Identifier = rasn::types::Identifier(Some(stringify!($type)));
        }

        impl$(<const $n: usize>)? rasn::Decode for $type$(<$n>)? {
            fn decode_with_tag_and_constraints<D: rasn::Decoder>(
                decoder: &mut D,
                tag: rasn::types::Tag,
                constraints: &rasn::types::Constraints,
            ) -> Result<Self, D::Error> {
                let octets = decoder.decode_octet_string::<Vec<u8>>(tag, constraints)?;
                Self::try_from(octets).map_err(|error| rasn::de::Error::custom(error, decoder.codec()))
            }
        }

        impl$(<const $n: usize>)? rasn::Encode for $type$(<$n>)? {
            fn encode_with_tag_and_constraints<'b, E: rasn::Encoder<'b>>(
                &self,
                encoder: &mut E,
                tag: rasn::types::Tag,
                constraints: &rasn::types::Constraints,
                identifier: rasn::types::Identifier,
            ) -> Result<(), E::Error> {
                encoder.encode_octet_string(tag, constraints, self.bytes(), identifier).map(drop)
            }
        }
    };
}

/// An object that is carried as its complete TLV and never looked into here.
macro_rules! opaque_tlv {
    ($(#[$meta:meta])* $type:ident, $tag:expr) => {
        $(#[$meta])*
        #[derive(Clone, PartialEq, Eq, Hash)]
        pub struct $type(Vec<u8>);

        impl $type {
            /// The tag as it is written.
            const WRITTEN: u32 = $tag.0;

            /// Takes one complete TLV.
            ///
            /// # Errors
            /// [`DerError`](crate::der::DerError) when it is not exactly one TLV in DER with the tag of this object.
            pub fn from_der(tlv: &[u8]) -> Result<Self, crate::der::DerError> {
                crate::der::decode(tlv)
            }

            /// Takes one complete TLV that was written here: only its header is looked at. `None` where it has another tag, or is
            /// not exactly one.
            pub fn from_own(tlv: Vec<u8>) -> Option<Self> {
                let own = matches!(crate::tlv::read(&tlv), Ok((one, [])) if one.tag.0 == Self::WRITTEN);
                own.then_some(Self(tlv))
            }

            /// The complete TLV.
            pub fn raw(&self) -> &[u8] {
                &self.0
            }

            /// The complete TLV, owned.
            pub fn into_raw(self) -> Vec<u8> {
                self.0
            }
        }

        impl std::fmt::Debug for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!(stringify!($type), "({} bytes)"), self.0.len())
            }
        }

        impl rasn::AsnType for $type {
            const TAG: rasn::types::Tag = $tag.1;
            const IDENTIFIER: rasn::types::Identifier = rasn::types::Identifier(Some(stringify!($type)));
        }

        impl rasn::Decode for $type {
            fn decode_with_tag_and_constraints<D: rasn::Decoder>(
                decoder: &mut D,
                tag: rasn::types::Tag,
                _: &rasn::types::Constraints,
            ) -> Result<Self, D::Error> {
                let received = decoder.decode_any(tag)?.into_bytes();
                let own = crate::der::retag(&received, <Self as rasn::AsnType>::TAG);
                if crate::der::peek(&own).is_ok_and(|tag| tag.0 == Self::WRITTEN) {
                    Ok(Self(own))
                } else {
                    Err(rasn::de::Error::custom("primitive where a constructed TLV is expected", decoder.codec()))
                }
            }
        }

        impl rasn::Encode for $type {
            fn encode_with_tag_and_constraints<'b, E: rasn::Encoder<'b>>(
                &self,
                encoder: &mut E,
                tag: rasn::types::Tag,
                _: &rasn::types::Constraints,
                identifier: rasn::types::Identifier,
            ) -> Result<(), E::Error> {
                let tlv = crate::der::retag(&self.0, tag);
                encoder.encode_any(rasn::types::Tag::EOC, &rasn::types::Any::new(tlv), identifier).map(drop)
            }
        }
    };
}
