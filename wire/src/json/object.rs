//! Reading a message: an object of which only named members matter.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use asn1::TransactionId;
use asn1::der::DerError;
use protocol::status::{Refusal, StatusCode};
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;
use thiserror::Error;

use crate::base64;

/// A body that is no JSON object, or in which a member stands twice.
#[derive(Debug, Error)]
#[error("the body is no JSON object: {0}")]
pub struct NotAnObject(#[from] serde_json::Error);

/// A member that a function needs and that cannot be used.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
#[error("{name}: {problem}")]
pub struct FieldError {
    /// The member.
    pub name: &'static str,
    /// What is wrong with it.
    pub problem: Problem,
}

/// What is wrong with a member.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub enum Problem {
    /// Not there, or `null`.
    #[error("mandatory, but missing")]
    Missing,
    /// There, but not what it should be.
    #[error("{0}")]
    Malformed(String),
}

impl FieldError {
    fn missing(name: &'static str) -> Self {
        Self { name, problem: Problem::Missing }
    }

    /// A member whose content is not what it should be.
    pub fn malformed(name: &'static str, why: impl fmt::Display) -> Self {
        Self { name, problem: Problem::Malformed(why.to_string()) }
    }
}

/// The status codes of SGP.02 for a parameter; the message names it.
impl From<FieldError> for Refusal {
    fn from(error: FieldError) -> Self {
        let code = match error.problem {
            Problem::Missing => StatusCode::MANDATORY_PARAMETER_MISSING,
            Problem::Malformed(_) => StatusCode::INVALID_PARAMETER,
        };
        Self::misbehaved(code, error.to_string())
    }
}

/// The members of a received object that somebody asked for, still as text.
#[derive(Debug)]
pub struct Object<'a> {
    members: Vec<(&'static str, &'a RawValue)>,
}

impl<'a> Object<'a> {
    /// Finds the members called `names` in `body`. All others are skipped without being kept.
    pub fn parse(body: &'a [u8], names: &'static [&'static str]) -> Result<Self, NotAnObject> {
        // serde_json would quote another value in its error, whatever secrets it holds.
        if body.trim_ascii_start().first() != Some(&b'{') {
            return Err(NotAnObject(serde_json::Error::custom("an object is expected")));
        }
        let mut deserializer = serde_json::Deserializer::from_slice(body);
        let members = deserializer.deserialize_map(Pick(names))?;
        deserializer.end()?;
        Ok(Self { members })
    }

    /// The value of a member; `null` counts as absent, since peers write it for what they do not have.
    fn value(&self, name: &'static str) -> Result<&'a RawValue, FieldError> {
        let member = self.members.iter().find(|(other, _)| *other == name);
        match member {
            Some((_, value)) if value.get() != "null" => Ok(value),
            _ => Err(FieldError::missing(name)),
        }
    }

    /// A member of some other shape than text.
    pub fn structure<T: Deserialize<'a>>(&self, name: &'static str) -> Result<T, FieldError> {
        serde_json::from_str(self.value(name)?.get()).map_err(|why| FieldError::malformed(name, why))
    }

    /// A text member.
    pub fn text(&self, name: &'static str) -> Result<Cow<'a, str>, FieldError> {
        let json = self.value(name)?.get();
        if let Ok(text) = serde_json::from_str::<&'a str>(json) {
            return Ok(Cow::Borrowed(text));
        }
        let text = serde_json::from_str::<String>(json);
        text.map(Cow::Owned).map_err(|_| FieldError::malformed(name, "a string is expected"))
    }

    /// A member in a form of its own, such as an EID.
    pub fn parsed<T: FromStr<Err: fmt::Display>>(&self, name: &'static str) -> Result<T, FieldError> {
        self.text(name)?.parse().map_err(|why| FieldError::malformed(name, why))
    }

    /// The members called `names` of a member that is itself an object.
    pub fn object(
        &self,
        name: &'static str,
        names: &'static [&'static str],
    ) -> Result<Object<'a>, FieldError> {
        let json = self.value(name)?.get();
        Object::parse(json.as_bytes(), names).map_err(|NotAnObject(why)| FieldError::malformed(name, why))
    }

    /// The members called `names` of each object in a member that is an array of objects.
    pub fn objects(
        &self,
        name: &'static str,
        names: &'static [&'static str],
    ) -> Result<Vec<Object<'a>>, FieldError> {
        let malformed = |_| FieldError::malformed(name, "an array of objects is expected");
        let values: Vec<&'a RawValue> = serde_json::from_str(self.value(name)?.get()).map_err(malformed)?;
        let parse = |value: &'a RawValue| {
            Object::parse(value.get().as_bytes(), names)
                .map_err(|NotAnObject(why)| FieldError::malformed(name, why))
        };
        values.into_iter().map(parse).collect()
    }

    /// A truth value.
    pub fn boolean(&self, name: &'static str) -> Result<bool, FieldError> {
        match self.value(name)?.get() {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => Err(FieldError::malformed(name, "true or false is expected")),
        }
    }

    /// A truth value that may be left out, which means false.
    pub fn flag(&self, name: &'static str) -> Result<bool, FieldError> {
        Ok(optional(self.boolean(name))?.unwrap_or(false))
    }

    /// A member in base64.
    pub fn base64(&self, name: &'static str) -> Result<Vec<u8>, FieldError> {
        base64::decode(&self.text(name)?).map_err(|why| FieldError::malformed(name, format!("base64: {why}")))
    }

    /// A member in base64 that is a DER object, by the function that reads such an object: [`asn1::Raw::from_der`]
    /// where the bytes matter later, [`asn1::der::decode`] elsewhere.
    pub fn der<T>(
        &self,
        name: &'static str,
        read: impl FnOnce(&[u8]) -> Result<T, DerError>,
    ) -> Result<T, FieldError> {
        read(&self.base64(name)?).map_err(|why| FieldError::malformed(name, why))
    }

    /// `transactionId`: hex in either case, although SGP.22 §6.5.2.6 writes upper case only.
    pub fn transaction_id(&self) -> Result<TransactionId, FieldError> {
        let name = "transactionId";
        self.text(name)?.parse().map_err(|why| FieldError::malformed(name, why))
    }
}

/// A member that may be left out.
pub fn optional<T>(member: Result<T, FieldError>) -> Result<Option<T>, FieldError> {
    match member {
        Ok(value) => Ok(Some(value)),
        Err(FieldError { problem: Problem::Missing, .. }) => Ok(None),
        Err(malformed) => Err(malformed),
    }
}

/// Picks the named members out of an object.
struct Pick(&'static [&'static str]);

impl<'de> Visitor<'de> for Pick {
    type Value = Vec<(&'static str, &'de RawValue)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members: Self::Value = Vec::with_capacity(self.0.len());
        while let Some(name) = map.next_key_seed(NameAmong(self.0))? {
            let Some(name) = name else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            if members.iter().any(|(other, _)| *other == name) {
                return Err(A::Error::custom(format_args!("the member {name} stands twice")));
            }
            members.push((name, map.next_value()?));
        }
        Ok(members)
    }
}

/// Reads a member's name, and tells which of the wanted ones it is.
struct NameAmong(&'static [&'static str]);

impl<'de> DeserializeSeed<'de> for NameAmong {
    type Value = Option<&'static str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for NameAmong {
    type Value = Option<&'static str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a member's name")
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(self.0.iter().copied().find(|wanted| *wanted == name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: &[&str] = &["transactionId", "smdpAddress"];

    fn parse(body: &str) -> Result<Object<'_>, NotAnObject> {
        Object::parse(body.as_bytes(), NAMES)
    }

    #[test]
    fn what_nobody_asked_for_is_skipped() {
        let body = r#"{"header":{"a":[1,{}]},"header":1,"smdpAddress":"x","y":null}"#;
        assert_eq!(parse(body).unwrap().text("smdpAddress").unwrap(), "x");
    }

    #[test]
    fn null_is_the_same_as_absent() {
        for body in ["{}", r#"{"smdpAddress":null}"#, r#"{"smdpAddress": null }"#] {
            let error = parse(body).unwrap().text("smdpAddress").unwrap_err();
            assert_eq!(error.problem, Problem::Missing, "{body}");
        }
    }

    #[test]
    fn a_name_or_a_text_may_be_written_with_escapes() {
        let body = r#"{"smdp\u0041ddress":"a\u002Eb\/c"}"#;
        assert_eq!(parse(body).unwrap().text("smdpAddress").unwrap(), "a.b/c");
    }

    #[test]
    fn a_member_that_stands_twice_makes_the_message_ambiguous() {
        let error = parse(r#"{"smdpAddress":"a","smdpAddress":"b"}"#).unwrap_err();
        assert!(error.to_string().contains("smdpAddress stands twice"), "{error}");
    }

    #[test]
    fn whatever_is_not_one_object_is_refused() {
        for body in
            ["", "[]", "\"x\"", "{", "{}{}", "{}x", "nul", r#"{"a":}"#, "{\"a\":\"\u{1}\"}", "\u{FEFF}{}"]
        {
            assert!(parse(body).is_err(), "{body:?}");
        }
        assert!(Object::parse(b"{\"smdpAddress\":\"\xFF\"}", NAMES).is_err());
        let deep = format!(r#"{{"x":{}1{}}}"#, "[".repeat(200_000), "]".repeat(200_000));
        let _ = parse(&deep);
    }

    #[test]
    fn a_body_of_another_shape_is_not_quoted() {
        for body in [r#""secret""#, r#" "{\"a\":\"secret\"}""#, r#"["secret"]"#] {
            let error = parse(body).unwrap_err().to_string();
            assert!(error.contains("an object is expected") && !error.contains("secret"), "{error}");
        }
    }

    #[test]
    fn what_may_be_left_out_may_not_be_malformed() {
        let object = parse(r#"{"smdpAddress":1}"#).unwrap();
        assert_eq!(optional(object.text("transactionId")), Ok(None));
        assert!(optional(object.text("smdpAddress")).is_err());
    }

    #[test]
    fn another_type_than_text_is_named() {
        for value in ["1", "true", "[]", "{}", r#""\ud800""#] {
            let body = format!(r#"{{"smdpAddress":{value}}}"#);
            let error = parse(&body).unwrap().text("smdpAddress").unwrap_err();
            assert_eq!(error.to_string(), "smdpAddress: a string is expected");
        }
    }

    #[test]
    fn a_transaction_id_is_read_in_either_case() {
        let of = |text: &str| parse(&format!(r#"{{"transactionId":"{text}"}}"#)).unwrap().transaction_id();
        assert_eq!(of("0a1B").unwrap().to_string(), "0A1B");
        for bad in ["", "0", "0G", "0,", &"00".repeat(17)] {
            assert!(matches!(of(bad).unwrap_err().problem, Problem::Malformed(_)), "{bad}");
        }
    }
}
