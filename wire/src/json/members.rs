//! The members of a message to be written.

use asn1::{Raw, TransactionId};
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use super::ResponseHeader;
use crate::base64;

/// An object in the making; its members stand in the order in which they were added.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Members {
    header: Option<ResponseHeader>,
    values: Vec<(&'static str, Value)>,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(untagged)]
enum Value {
    Text(String),
    Flag(bool),
    Number(u32),
    Object(Members),
    Objects(Vec<Members>),
}

impl Members {
    /// An object without members.
    pub fn new() -> Self {
        Self::default()
    }

    /// With this `header`, which goes first.
    #[must_use]
    pub fn with_header(mut self, header: ResponseHeader) -> Self {
        self.header = Some(header);
        self
    }

    /// With a text.
    #[must_use]
    pub fn text(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.values.push((name, Value::Text(value.into())));
        self
    }

    /// With a truth value, which is left out when it is false.
    #[must_use]
    pub fn flag(mut self, name: &'static str, value: bool) -> Self {
        self.values.extend(value.then_some((name, Value::Flag(true))));
        self
    }

    /// With a text that there may be or not.
    #[must_use]
    pub fn text_if_any(self, name: &'static str, value: Option<impl ToString>) -> Self {
        match value {
            Some(value) => self.text(name, value.to_string()),
            None => self,
        }
    }

    /// With a truth value, which stands there either way.
    #[must_use]
    pub fn boolean(mut self, name: &'static str, value: bool) -> Self {
        self.values.push((name, Value::Flag(value)));
        self
    }

    /// With a number.
    #[must_use]
    pub fn number(mut self, name: &'static str, value: u32) -> Self {
        self.values.push((name, Value::Number(value)));
        self
    }

    /// With an object.
    #[must_use]
    pub fn object(mut self, name: &'static str, value: Self) -> Self {
        self.values.push((name, Value::Object(value)));
        self
    }

    /// With an array of objects.
    #[must_use]
    pub fn objects(mut self, name: &'static str, values: Vec<Self>) -> Self {
        self.values.push((name, Value::Objects(values)));
        self
    }

    /// With the base64 of some bytes.
    #[must_use]
    pub fn base64(self, name: &'static str, bytes: &[u8]) -> Self {
        self.text(name, base64::encode(bytes))
    }

    /// With the base64 of an object: of the bytes that were received or signed, never of a second encoding.
    #[must_use]
    pub fn raw<T>(self, name: &'static str, object: &Raw<T>) -> Self {
        self.base64(name, object.bytes())
    }

    /// With `transactionId`, in upper-case hex (SGP.22 §6.5.2.6).
    #[must_use]
    pub fn transaction_id(self, id: &TransactionId) -> Self {
        self.text("transactionId", id.to_string())
    }

    /// The JSON text. SGP.22 §6.5: only quotation mark, reverse solidus and control characters are escaped, which is
    /// what serde_json does.
    pub fn to_json(&self) -> Vec<u8> {
        // Such keys and values cannot fail to be written.
        serde_json::to_vec(self).unwrap_or_default()
    }
}

impl Serialize for Members {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Some(header) = &self.header {
            map.serialize_entry(ResponseHeader::NAME, header)?;
        }
        for (name, value) in &self.values {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}
