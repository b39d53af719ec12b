//! What callers write: read strictly, and refused with the name of the field that is wrong.

use std::fmt::Display;
use std::str::FromStr;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, FromRequestParts, Query, RawPathParams, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use protocol::clock::Timestamp;
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer};
use zeroize::Zeroizing;

use super::problem::Problem;

/// How many records a list has at most, and unless another number is asked for.
const MOST: u32 = 1000;
const USUALLY: u32 = 100;

/// A body of JSON, read strictly.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        // Only what a page has to ask for before it may send it: a form can send anything else.
        if !is_json(request.headers()) {
            let detail = "the body has to be JSON: Content-Type: application/json";
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail));
        }
        let body = Bytes::from_request(request, state).await.map_err(unreadable)?;
        let mut deserializer = serde_json::Deserializer::from_slice(&body);
        let value = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
            Problem::bad(error.path().to_string(), without_value(&error.inner().to_string()))
        })?;
        deserializer.end().map_err(|error| Problem::bad(".", error.to_string()))?;
        Ok(Self(value))
    }
}

/// What serde says is wrong, without the value: it quotes one of the wrong type, and that may be a key or a code.
pub fn without_value(message: &str) -> String {
    match message.strip_prefix("invalid type: ").and_then(|rest| rest.split_once(", expected ")) {
        Some((found, expected)) => {
            let kind = found.split('`').next().unwrap_or_default().split('"').next().unwrap_or_default();
            format!("invalid type: {}, expected {expected}", kind.trim_end())
        }
        None => message.to_owned(),
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let given = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    given.split(';').next().is_some_and(|essence| essence.trim().eq_ignore_ascii_case("application/json"))
}

fn unreadable(rejection: BytesRejection) -> Problem {
    match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => {
            Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "a body has at most 2 MiB")
        }
        _ => Problem::bad(".", "the body cannot be read"),
    }
}

/// What stands behind the question mark.
pub struct Parameters<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Parameters<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        match Query::<T>::try_from_uri(&parts.uri) {
            Ok(Query(value)) => Ok(Self(value)),
            // `Failed to deserialize query string: limit: invalid digit found in string`
            Err(rejection) => {
                let text = rejection.body_text();
                let reason = text.strip_prefix("Failed to deserialize query string: ").unwrap_or(&text);
                let (field, reason) = reason.split_once(": ").unwrap_or(("query", reason));
                Err(Problem::bad(field, reason.to_owned()))
            }
        }
    }
}

/// How many records are asked for: 1 to 1000, and 100 unless another number is given.
///
/// # Errors
/// Where it is another number.
pub fn limit(asked: Option<u32>) -> Result<u32, Problem> {
    match asked.unwrap_or(USUALLY) {
        number @ 1..=MOST => Ok(number),
        _ => Err(Problem::bad("limit", format!("1 to {MOST}"))),
    }
}

/// Where the next list begins: behind the last record, if there may be more.
pub fn next(records: usize, limit: u32, last: Option<i64>) -> Option<i64> {
    last.filter(|_| records == limit as usize)
}

/// The element of the path that stands for what is meant.
pub struct Element<T>(pub T);

impl<T: FromStr, S: Send + Sync> FromRequestParts<S> for Element<T>
where
    T::Err: Display,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let unreadable = || Problem::new(StatusCode::BAD_REQUEST, "the path cannot be read");
        let elements = RawPathParams::from_request_parts(parts, state).await.map_err(|_| unreadable())?;
        let (name, text) = elements.iter().next().ok_or_else(unreadable)?;
        text.parse().map(Self).map_err(|error: T::Err| Problem::bad(name, error.to_string()))
    }
}

/// For `deserialize_with`: a value that is written as text.
///
/// # Errors
/// Where it is no text, or the text does not stand for a value.
pub fn text<'de, T: FromStr, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error>
where
    T::Err: Display,
{
    String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
}

/// For `deserialize_with`: a value that is written as text, where it is not missing.
///
/// # Errors
/// Where it is no text, or the text does not stand for a value.
pub fn maybe_text<'de, T: FromStr, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T::Err: Display,
{
    let text = Option::<String>::deserialize(deserializer)?;
    text.map(|text| text.parse().map_err(D::Error::custom)).transpose()
}

/// For `deserialize_with`: a moment in the form of RFC 3339, where it is not missing.
///
/// # Errors
/// Where it is no such moment.
pub fn maybe_moment<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    let Some(text) = Option::<String>::deserialize(deserializer)? else { return Ok(None) };
    let moment: jiff::Timestamp = text
        .parse()
        .map_err(|_| D::Error::custom("a date, a time and an offset are needed: 2027-01-31T12:00:00Z"))?;
    Ok(Some(Timestamp::from_unix_millis(moment.as_millisecond())))
}

/// For `deserialize_with`: a name of the configuration, where it is not missing.
///
/// # Errors
/// Where no configuration could have such a name.
pub fn maybe_name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let name = Option::<String>::deserialize(deserializer)?;
    match name {
        // PostgreSQL has no text with a NUL in it.
        Some(name) if name.is_empty() || name.contains(char::is_control) => {
            Err(D::Error::custom("a name is not empty and has no control characters"))
        }
        name => Ok(name),
    }
}

/// A text that is a secret: wiped when dropped, and repeated in no error.
pub struct SecretText(Zeroizing<String>);

impl SecretText {
    /// The secret.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for SecretText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // serde quotes a value of the wrong type.
        String::deserialize(deserializer)
            .map(|text| Self(Zeroizing::new(text)))
            .map_err(|_| D::Error::custom("a text is needed"))
    }
}
