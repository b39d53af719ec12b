//! The JSON of a request (SGP.22 §6.5).

use data_encoding::BASE64;
use protocol::es9plus::Function;
use serde_json::{Map, Value};

use crate::json::needless_escape;
use crate::lpa::log::Call;

/// The members of each function's request that are not in base64.
const TRANSACTION_ID: &str = "transactionId";
const SMDP_ADDRESS: &str = "smdpAddress";

/// What the schemas of SGP.22 §6.5.2 require.
fn required(function: Function) -> &'static [&'static str] {
    match function {
        Function::InitiateAuthentication => &["euiccChallenge", "euiccInfo1", SMDP_ADDRESS],
        Function::AuthenticateClient => &[TRANSACTION_ID, "authenticateServerResponse"],
        Function::GetBoundProfilePackage => &[TRANSACTION_ID, "prepareDownloadResponse"],
        Function::HandleNotification => &["pendingNotification"],
        Function::CancelSession => &[TRANSACTION_ID, "cancelSessionResponse"],
    }
}

fn object(call: &Call) -> Result<Map<String, Value>, String> {
    match serde_json::from_slice(&call.body) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err("the body is no JSON object".to_owned()),
        Err(error) => Err(format!("the body is no JSON: {error}")),
    }
}

/// SGP.22 §6.5.1.1.
pub(super) fn no_header(call: &Call) -> Result<(), String> {
    if object(call)?.contains_key("header") { Err("it has a header".to_owned()) } else { Ok(()) }
}

pub(super) fn members(call: &Call) -> Result<(), String> {
    let object = object(call)?;
    let names = call.function().map(required).unwrap_or_default();
    for name in names {
        match object.get(*name) {
            Some(Value::String(_)) => {}
            Some(other) => return Err(format!("{name} is {other}, not a text")),
            None => return Err(format!("{name} is missing")),
        }
    }
    Ok(())
}

pub(super) fn base64(call: &Call) -> Result<(), String> {
    let object = object(call)?;
    let names = call.function().map(required).unwrap_or_default();
    let texts = names.iter().filter(|name| ![TRANSACTION_ID, SMDP_ADDRESS].contains(name));
    for name in texts {
        let Some(text) = object.get(*name).and_then(Value::as_str) else { continue };
        if let Err(error) = BASE64.decode(text.as_bytes()) {
            return Err(format!("{name} is no base64: {error}"));
        }
    }
    Ok(())
}

/// SGP.22 §6.5.2.7: `^[0-9,A-F]{2,32}$`, where the comma is taken for a slip.
pub(super) fn transaction_id(call: &Call) -> Result<(), String> {
    let Some(id) = object(call)?.remove(TRANSACTION_ID) else { return Ok(()) };
    let text = id.as_str().unwrap_or_default();
    let digits = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'A'..=b'F'));
    if digits && (2..=32).contains(&text.len()) { Ok(()) } else { Err(format!("transactionId is {id}")) }
}

/// SGP.22 §6.5: nothing but quotation mark, reverse solidus and control characters.
pub(super) fn escapes(call: &Call) -> Result<(), String> {
    needless_escape(&call.body).map_or(Ok(()), Err)
}
