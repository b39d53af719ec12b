//! A request before it is sent.

use data_encoding::BASE64;
use serde_json::Map;

use super::{Form, Function, Member};

/// The value of a JSON member.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Value {
    /// A text as it is.
    Text(String),
    /// Bytes, in base64 on the wire (SGP.22 §6.5).
    Bytes(Vec<u8>),
    /// `true` or `false`.
    Flag(bool),
}

impl Value {
    fn to_json(&self) -> serde_json::Value {
        match self {
            Self::Text(text) => text.clone().into(),
            Self::Bytes(bytes) => BASE64.encode(bytes).into(),
            Self::Flag(flag) => (*flag).into(),
        }
    }
}

/// A call of a function, in every binding that the interface has.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Message {
    /// What is called.
    pub function: Function,
    /// `header` of the request: identifiers of requester and call, on the interfaces between servers (SGP.22 §6.5.1.3).
    pub header: Option<(String, String)>,
    /// The members in JSON, in the order of the specification's table.
    pub members: Vec<(&'static str, Value)>,
    /// The whole body in the ASN.1 binding, where there is one (SGP.22 §6.6).
    pub asn1: Option<Vec<u8>>,
}

/// Where and as what a body goes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Path {
    /// The path.
    pub path: &'static str,
    /// Content-Type; `None` leaves the field out.
    pub content_type: Option<&'static str>,
}

impl Message {
    /// The body in JSON, spoiled as `form` says.
    pub fn json_body(&self, form: &Form) -> Vec<u8> {
        let mut object = Map::new();
        if let Some((requester, call)) = &self.header {
            let header = serde_json::json!({
                "functionRequesterIdentifier": requester,
                "functionCallIdentifier": call,
            });
            object.insert("header".to_owned(), header);
        }
        object.extend(self.members.iter().map(|(name, value)| ((*name).to_owned(), value.to_json())));
        form.apply(&mut object);
        let text = serde_json::Value::Object(object).to_string();
        form.cut(text).into_bytes()
    }

    /// A member that is a text.
    pub fn text(&self, member: &str) -> Option<String> {
        let value = self.members.iter().find_map(|(name, value)| (*name == member).then_some(value))?;
        if let Value::Text(text) = value { Some(text.clone()) } else { None }
    }

    /// A member that is bytes.
    pub fn bytes(&self, member: &str) -> Option<Vec<u8>> {
        let value = self.members.iter().find_map(|(name, value)| (*name == member).then_some(value))?;
        if let Value::Bytes(bytes) = value { Some(bytes.clone()) } else { None }
    }

    /// Names a member that is there, for a form that changes one.
    pub fn has(&self, member: Member) -> bool {
        self.members.iter().any(|(name, _)| *name == member.0)
    }
}

impl Value {
    /// A TransactionID: upper-case hexadecimal (SGP.22 §6.5.2.6).
    pub fn transaction(octets: &[u8]) -> Self {
        Self::Text(data_encoding::HEXUPPER.encode(octets))
    }
}
