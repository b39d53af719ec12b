//! An APDU in the body of a request: hexadecimal text, or JSON with that in it.

use axum::http::header::{ACCEPT, CONTENT_TYPE, HeaderName};
use axum::http::{HeaderMap, StatusCode};
use data_encoding::HEXUPPER_PERMISSIVE;
use serde::Deserialize;
use service::management::Problem;
use service::management::input::without_value;

/// How a body is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    /// Hexadecimal.
    Text,
    /// An object.
    Json,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    apdu: String,
}

/// The command APDU that a body holds, and how it was written. Any bytes are one, but for none at all.
pub fn command(headers: &HeaderMap, body: &[u8]) -> Result<(Vec<u8>, Form), Problem> {
    let form = match media_type(headers, CONTENT_TYPE).as_deref() {
        Some("application/json") => Form::Json,
        // What clients send by themselves where nobody told them.
        None | Some("text/plain" | "application/x-www-form-urlencoded") => Form::Text,
        Some(_) => {
            let detail = "an APDU is sent as text/plain, in hexadecimal, or as application/json";
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail));
        }
    };
    let bytes = match form {
        Form::Text => hex(".", body)?,
        Form::Json => {
            let request: Request = serde_json::from_slice(body)
                .map_err(|error| Problem::bad(".", without_value(&error.to_string())))?;
            hex("apdu", request.apdu.as_bytes())?
        }
    };
    if bytes.is_empty() {
        return Err(Problem::bad(if form == Form::Json { "apdu" } else { "." }, "there is no APDU"));
    }
    Ok((bytes, form))
}

/// How the answer is written: as is asked for, else as the request.
pub fn answer_form(headers: &HeaderMap, request: Form) -> Form {
    let accepted = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
    let mut kinds = accepted.flat_map(|value| value.split(',')).filter_map(|kind| kind.split(';').next());
    kinds
        .find_map(|kind| match kind.trim().to_ascii_lowercase().as_str() {
            "application/json" => Some(Form::Json),
            "text/plain" => Some(Form::Text),
            _ => None,
        })
        .unwrap_or(request)
}

fn hex(field: &str, text: &[u8]) -> Result<Vec<u8>, Problem> {
    let digits: Vec<u8> = text.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    HEXUPPER_PERMISSIVE
        .decode(&digits)
        .map_err(|_| Problem::bad(field, "an APDU is an even number of hexadecimal digits"))
}

fn media_type(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    let value = headers.get(name)?.to_str().unwrap_or("?");
    value.split(';').next().map(|essence| essence.trim().to_ascii_lowercase())
}
