//! A state as a file keeps it: JSON with a digest of itself, so that a damaged one is told from a good one.
//!
//! The digest guards against accidents, not against people: whoever can write the file can seal it anew.

use std::fmt;

use data_encoding::HEXLOWER;
use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde::ser::Serialize;
use serde_json::{Map, Value};
use thiserror::Error;
use zeroize::Zeroizing;

use super::{CardState, Format};

/// The member with the digest.
const DIGEST: &str = "sha256";

/// The first format whose states carry a digest.
const FIRST_WITH_DIGEST: u64 = 2;

/// Our storage: why a text is not the state of a card.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SealError {
    /// No JSON, or JSON with something behind it, or a member that stands twice.
    #[error("it is no whole JSON object: {0}")]
    Json(serde_json::Error),
    /// Of a format that this program does not know.
    #[error(transparent)]
    Format(#[from] super::StateError),
    /// States carry a digest since format 2.
    #[error(
        "its digest is missing: the member \"{DIGEST}\" stands in every state since format {FIRST_WITH_DIGEST}"
    )]
    NoDigest,
    /// Damaged, or edited.
    #[error("its digest is wrong: it is damaged, or was edited and not sealed")]
    WrongDigest,
    /// A member is missing, unknown or of a wrong kind.
    #[error("it is not the state of a card: {0}")]
    State(serde_json::Error),
}

/// The text of a state, with its digest as last member.
///
/// # Errors
/// [`serde_json::Error`] where a value cannot be written, which no state has.
pub fn write(state: &CardState) -> Result<Zeroizing<Vec<u8>>, serde_json::Error> {
    #[derive(serde::Serialize)]
    struct Sealed<'a> {
        #[serde(flatten)]
        state: &'a CardState,
        sha256: String,
    }
    let sha256 = digest(state.serialize(serde_json::value::Serializer)?)?;
    serde_json::to_vec_pretty(&Sealed { state, sha256 }).map(Zeroizing::new)
}

/// Reads the text of a state. One of format 1 may be without a digest.
///
/// # Errors
/// [`SealError`], whatever is wrong with it.
pub fn read(text: &[u8]) -> Result<CardState, SealError> {
    let mut object = object(text)?;
    let format = format(&object)?;
    match object.remove(DIGEST) {
        None if format < FIRST_WITH_DIGEST => {}
        None => return Err(SealError::NoDigest),
        Some(told) => {
            let actual = digest(Value::Object(object.clone())).map_err(SealError::State)?;
            if told != Value::String(actual) {
                return Err(SealError::WrongDigest);
            }
        }
    }
    state(object)
}

/// Reads the text of a state that somebody edited: whatever digest it has does not count.
///
/// # Errors
/// [`SealError`], whatever else is wrong with it.
pub fn read_edited(text: &[u8]) -> Result<CardState, SealError> {
    let mut object = object(text)?;
    format(&object)?;
    object.remove(DIGEST);
    state(object)
}

fn object(text: &[u8]) -> Result<Map<String, Value>, SealError> {
    match serde_json::from_slice(text).map_err(SealError::Json)? {
        Unique(Value::Object(object)) => Ok(object),
        _ => Err(SealError::Json(serde_json::Error::custom("there is no object"))),
    }
}

/// The number of the format; a newer one is refused before anything else of it is looked at.
fn format(object: &Map<String, Value>) -> Result<u64, SealError> {
    let number = object.get("format").and_then(Value::as_u64);
    let number =
        number.ok_or_else(|| SealError::State(serde_json::Error::custom("it has no format number")))?;
    Format::try_from(u32::try_from(number).unwrap_or(u32::MAX))?;
    Ok(number)
}

fn state(object: Map<String, Value>) -> Result<CardState, SealError> {
    CardState::deserialize(Value::Object(object)).map_err(SealError::State)
}

/// SHA-256 over the members without the digest, sorted by name and without white space, in hex.
fn digest(mut state: Value) -> Result<String, serde_json::Error> {
    state.sort_all_objects();
    let canonical = Zeroizing::new(serde_json::to_vec(&state)?);
    Ok(HEXLOWER.encode(&crypto::digest::sha256(&canonical)))
}

/// A value in which no member stands twice: of two, one would silently not count.
struct Unique(Value);

impl<'de> Deserialize<'de> for Unique {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(UniqueVisitor).map(Self)
    }
}

struct UniqueVisitor;

impl<'de> Visitor<'de> for UniqueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Unique(element)) = elements.next_element()? {
            list.push(element);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some((name, Unique(value))) = members.next_entry::<String, _>()? {
            if object.contains_key(&name) {
                return Err(A::Error::custom(format!("the member {name:?} stands twice")));
            }
            object.insert(name, value);
        }
        Ok(Value::Object(object))
    }
}
