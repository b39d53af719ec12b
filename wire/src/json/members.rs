//! The members of a message to be written.

use asn1::{Raw, TransactionId};
use serde::Serialize;

use super::ResponseHeader;
use crate::base64;

/// An object in the making, written as its members are added: what is large is encoded once, into the body that is sent.
///
/// SGP.22 §6.5: only quotation mark, reverse solidus and control characters are escaped, which is what serde_json does.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Members {
    /// The text but for the brace at its end; empty as long as there is no member.
    json: Vec<u8>,
}

impl Members {
    /// An object without members.
    pub fn new() -> Self {
        Self::default()
    }

    /// An object with this `header`.
    pub fn headed(header: ResponseHeader) -> Self {
        Self::new().value(ResponseHeader::NAME, &header)
    }

    /// With a text.
    #[must_use]
    pub fn text(self, name: &'static str, value: impl AsRef<str>) -> Self {
        self.value(name, value.as_ref())
    }

    /// With a truth value, which is left out when it is false.
    #[must_use]
    pub fn flag(self, name: &'static str, value: bool) -> Self {
        if value { self.boolean(name, true) } else { self }
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
    pub fn boolean(self, name: &'static str, value: bool) -> Self {
        self.value(name, &value)
    }

    /// With a number.
    #[must_use]
    pub fn number(self, name: &'static str, value: u32) -> Self {
        self.value(name, &value)
    }

    /// With an object.
    #[must_use]
    pub fn object(mut self, name: &'static str, value: Self) -> Self {
        self.begin(name).extend(value.into_json());
        self
    }

    /// With an array of objects.
    #[must_use]
    pub fn objects(mut self, name: &'static str, values: Vec<Self>) -> Self {
        let json = self.begin(name);
        json.push(b'[');
        for (number, value) in values.into_iter().enumerate() {
            if number > 0 {
                json.push(b',');
            }
            json.extend(value.into_json());
        }
        json.push(b']');
        self
    }

    /// With the base64 of some bytes.
    #[must_use]
    pub fn base64(mut self, name: &'static str, bytes: &[u8]) -> Self {
        let json = self.begin(name);
        // For the quotation marks and the brace at the end too: what is large is not moved once more for them.
        json.reserve(bytes.len().div_ceil(3) * 4 + 3);
        json.push(b'"');
        base64::append(json, bytes);
        json.push(b'"');
        self
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

    /// The JSON text.
    pub fn into_json(self) -> Vec<u8> {
        let mut json = self.json;
        if json.is_empty() {
            json.push(b'{');
        }
        json.push(b'}');
        json
    }

    fn value<T: Serialize + ?Sized>(mut self, name: &'static str, value: &T) -> Self {
        // Such values cannot fail to be written into memory.
        let _ = serde_json::to_writer(self.begin(name), value);
        self
    }

    /// Where the value of the next member is written; names need no escapes.
    fn begin(&mut self, name: &'static str) -> &mut Vec<u8> {
        self.json.extend_from_slice(if self.json.is_empty() { b"{\"" } else { b",\"" });
        self.json.extend_from_slice(name.as_bytes());
        self.json.extend_from_slice(b"\":");
        &mut self.json
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_stand_in_the_order_in_which_they_were_added() {
        let inner = || Members::new().text("a", "\"\\\u{1}").number("n", 7);
        let members = Members::headed(ResponseHeader::success())
            .base64("b", &[0xFB, 0xFF, 0xFE, 0])
            .flag("left out", false)
            .boolean("f", false)
            .object("o", inner())
            .object("e", Members::new())
            .objects("l", vec![inner(), Members::new()])
            .objects("none", Vec::new());
        let expected = r#"{"header":{"functionExecutionStatus":{"status":"Executed-Success"}},"b":"+//+AA==","f":false,"o":{"a":"\"\\\u0001","n":7},"e":{},"l":[{"a":"\"\\\u0001","n":7},{}],"none":[]}"#;
        assert_eq!(String::from_utf8(members.into_json()).unwrap(), expected);
        assert_eq!(Members::new().into_json(), b"{}");
    }
}
