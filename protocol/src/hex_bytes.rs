//! Byte strings as hex text in serialised records: `#[serde(with = "hex_bytes")]`.

use data_encoding::HEXUPPER_PERMISSIVE;
use serde::{Deserialize, Deserializer, Serializer, de};

/// Writes bytes as upper-case hex.
pub fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&HEXUPPER_PERMISSIVE.encode(bytes))
}

/// Reads hex of either case.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    let text = String::deserialize(deserializer)?;
    HEXUPPER_PERMISSIVE.decode(text.as_bytes()).map_err(de::Error::custom)
}
