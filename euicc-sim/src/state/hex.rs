//! Binary members as hex text: `#[serde(with = "hex")]`, `hex::option`, `hex::list`.

use std::fmt::Display;

use asn1::{Iccid, Raw, StoreMetadataRequest, SubjectKeyIdentifier, TransactionId};
use data_encoding::HEXUPPER_PERMISSIVE;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

/// A value that is a string of bytes.
pub(crate) trait Octets: Sized {
    fn octets(&self) -> &[u8];
    fn from_octets(octets: &[u8]) -> Result<Self, String>;
}

impl Octets for Vec<u8> {
    fn octets(&self) -> &[u8] {
        self
    }

    fn from_octets(octets: &[u8]) -> Result<Self, String> {
        Ok(octets.to_vec())
    }
}

impl<const N: usize> Octets for [u8; N] {
    fn octets(&self) -> &[u8] {
        self
    }

    fn from_octets(octets: &[u8]) -> Result<Self, String> {
        octets.try_into().map_err(|_| format!("{N} bytes expected, not {}", octets.len()))
    }
}

impl Octets for Iccid {
    fn octets(&self) -> &[u8] {
        self.bytes()
    }

    fn from_octets(octets: &[u8]) -> Result<Self, String> {
        Self::try_from(octets).map_err(text)
    }
}

impl Octets for TransactionId {
    fn octets(&self) -> &[u8] {
        self.bytes()
    }

    fn from_octets(octets: &[u8]) -> Result<Self, String> {
        Self::try_from(octets).map_err(text)
    }
}

impl Octets for SubjectKeyIdentifier {
    fn octets(&self) -> &[u8] {
        self.bytes()
    }

    fn from_octets(octets: &[u8]) -> Result<Self, String> {
        Self::try_from(octets).map_err(text)
    }
}

impl Octets for Raw<StoreMetadataRequest> {
    fn octets(&self) -> &[u8] {
        self.bytes()
    }

    fn from_octets(octets: &[u8]) -> Result<Self, String> {
        Self::from_der(octets).map_err(text)
    }
}

fn text(error: impl Display) -> String {
    error.to_string()
}

fn encode(octets: &[u8]) -> String {
    HEXUPPER_PERMISSIVE.encode(octets)
}

fn decode<T: Octets, E: Error>(text: &str) -> Result<T, E> {
    let octets = HEXUPPER_PERMISSIVE.decode(text.as_bytes()).map_err(E::custom)?;
    T::from_octets(&octets).map_err(E::custom)
}

pub(crate) fn serialize<T: Octets, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&encode(value.octets()))
}

pub(crate) fn deserialize<'de, T: Octets, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    decode(&String::deserialize(deserializer)?)
}

/// A value that may be missing.
pub(crate) mod option {
    use super::*;

    pub(crate) fn serialize<T: Octets, S: Serializer>(
        value: &Option<T>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        value.as_ref().map(|value| encode(value.octets())).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, T: Octets, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<T>, D::Error> {
        Option::<String>::deserialize(deserializer)?.map(|text| decode(&text)).transpose()
    }
}

/// Several values.
pub(crate) mod list {
    use super::*;

    pub(crate) fn serialize<T: Octets, S: Serializer>(
        values: &[T],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(values.iter().map(|value| encode(value.octets())))
    }

    pub(crate) fn deserialize<'de, T: Octets, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<T>, D::Error> {
        Vec::<String>::deserialize(deserializer)?.iter().map(|text| decode(text)).collect()
    }
}
