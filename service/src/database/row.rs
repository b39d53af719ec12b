//! Values and rows, the same for both data bases.

use std::fmt;
use std::str::FromStr;

use protocol::clock::Timestamp;
use zeroize::Zeroize;

use super::StoreError;

/// A value in a row or of a placeholder.
#[derive(Clone, PartialEq, Eq)]
pub enum Value {
    /// Nothing.
    Null,
    /// A number.
    Integer(i64),
    /// A text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
}

/// What it holds may be a secret.
impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Null => "Null",
            Self::Integer(_) => "Integer",
            Self::Text(_) => "Text",
            Self::Bytes(_) => "Bytes",
        })
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::Integer(number.into())
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Integer(value.into())
    }
}

impl From<Timestamp> for Value {
    fn from(at: Timestamp) -> Self {
        Self::Integer(at.unix_millis())
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&[u8]> for Value {
    fn from(bytes: &[u8]) -> Self {
        Self::Bytes(bytes.to_vec())
    }
}

impl<const N: usize> From<&[u8; N]> for Value {
    fn from(bytes: &[u8; N]) -> Self {
        Self::Bytes(bytes.to_vec())
    }
}

impl From<Vec<u8>> for Value {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes)
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// A row, read from left to right.
///
/// Each column is read with its name; where it does not hold what is asked for, the record is damaged and the error says
/// which column it was ([`damage`]).
pub struct Row(std::vec::IntoIter<Value>);

impl Row {
    /// A row of these values.
    pub fn new(values: Vec<Value>) -> Self {
        Self(values.into_iter())
    }

    /// The values that were not read yet.
    pub fn rest(self) -> Vec<Value> {
        self.0.collect()
    }

    fn next(&mut self) -> Value {
        self.0.next().unwrap_or(Value::Null)
    }

    /// A number, or nothing.
    pub fn maybe_integer(&mut self, name: &str) -> Result<Option<i64>, StoreError> {
        match self.next() {
            Value::Null => Ok(None),
            Value::Integer(number) => Ok(Some(number)),
            other => Err(damaged(name, other)),
        }
    }

    /// A text, or nothing.
    pub fn maybe_text(&mut self, name: &str) -> Result<Option<String>, StoreError> {
        match self.next() {
            Value::Null => Ok(None),
            Value::Text(text) => Ok(Some(text)),
            other => Err(damaged(name, other)),
        }
    }

    /// Bytes, or nothing.
    pub fn maybe_bytes(&mut self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        match self.next() {
            Value::Null => Ok(None),
            Value::Bytes(bytes) => Ok(Some(bytes)),
            other => Err(damaged(name, other)),
        }
    }

    /// A number.
    pub fn integer(&mut self, name: &str) -> Result<i64, StoreError> {
        self.maybe_integer(name)?.ok_or_else(|| damage(name))
    }

    /// A text.
    pub fn text(&mut self, name: &str) -> Result<String, StoreError> {
        self.maybe_text(name)?.ok_or_else(|| damage(name))
    }

    /// Bytes.
    pub fn bytes(&mut self, name: &str) -> Result<Vec<u8>, StoreError> {
        self.maybe_bytes(name)?.ok_or_else(|| damage(name))
    }

    /// A number that is never negative.
    pub fn count<T: TryFrom<i64>>(&mut self, name: &str) -> Result<T, StoreError> {
        T::try_from(self.integer(name)?).map_err(|_| damage(name))
    }

    /// A time.
    pub fn timestamp(&mut self, name: &str) -> Result<Timestamp, StoreError> {
        self.integer(name).map(Timestamp::from_unix_millis)
    }

    /// A time, or nothing.
    pub fn maybe_timestamp(&mut self, name: &str) -> Result<Option<Timestamp>, StoreError> {
        Ok(self.maybe_integer(name)?.map(Timestamp::from_unix_millis))
    }

    /// A value that is kept as text.
    pub fn parsed<T: FromStr>(&mut self, name: &str) -> Result<T, StoreError> {
        self.text(name)?.parse().map_err(|_| damage(name))
    }

    /// A value that is kept as text, or nothing.
    pub fn maybe_parsed<T: FromStr>(&mut self, name: &str) -> Result<Option<T>, StoreError> {
        self.maybe_text(name)?.map(|text| text.parse()).transpose().map_err(|_| damage(name))
    }
}

/// The error for a value that this version cannot have written.
pub fn damage(name: &str) -> StoreError {
    StoreError::Storage(format!("a record is damaged: {name}"))
}

fn damaged(name: &str, mut value: Value) -> StoreError {
    if let Value::Bytes(bytes) = &mut value {
        bytes.zeroize();
    }
    damage(name)
}
