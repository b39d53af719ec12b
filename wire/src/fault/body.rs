//! What happens to status, header fields and body.

use data_encoding::BASE64;
use http::header::{self, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Response, StatusCode};
use hyper::body::Bytes;
use serde_json::{Map, Value, json};

use super::AnswerFault;
use crate::header::X_ADMIN_PROTOCOL;

/// Seconds in `Retry-After`.
pub const RETRY_AFTER: u16 = 2;
/// The path that a redirection leads to; nothing is there.
pub const REDIRECTED_TO: &str = "/gsma/rsp2/elsewhere";
/// Blanks behind a body that is huge.
pub const HUGE: usize = 4_000_000;

/// Characters of a line of base64 that is wrapped.
const LINE: usize = 64;
const PAGE: &str = "<!DOCTYPE html><html><head><title>Error</title></head><body><h1>Internal Server Error</h1></body></html>";

/// Spoils an answer; `false` where it has no place for the fault.
pub(super) fn spoil(fault: AnswerFault, response: &mut Response<Bytes>) -> bool {
    use AnswerFault as F;
    match fault {
        F::Unavailable => replace(response, StatusCode::SERVICE_UNAVAILABLE, retry_after(), None),
        F::TooManyRequests => replace(response, StatusCode::TOO_MANY_REQUESTS, retry_after(), None),
        F::InternalErrorHtml => {
            replace(response, StatusCode::INTERNAL_SERVER_ERROR, HeaderMap::new(), Some(("text/html", PAGE)))
        }
        F::Forbidden => replace(response, StatusCode::FORBIDDEN, HeaderMap::new(), None),
        F::NotFound => replace(response, StatusCode::NOT_FOUND, HeaderMap::new(), None),
        F::MovedTemporarily => replace(response, StatusCode::FOUND, location(), None),
        F::TemporaryRedirect => replace(response, StatusCode::TEMPORARY_REDIRECT, location(), None),
        F::EmptyOk => with_body(response, |_| Some(Vec::new())),
        F::NoContent if !response.body().is_empty() => {
            replace(response, StatusCode::NO_CONTENT, HeaderMap::new(), None)
        }
        F::ObjectForNoContent if response.status() == StatusCode::NO_CONTENT => {
            let body = Some(("application/json", "{}"));
            replace(response, StatusCode::OK, HeaderMap::new(), body)
        }
        F::HtmlContentType => content_type(response, Some("text/html")),
        F::NoContentType => content_type(response, None),
        F::Charset => {
            let with_charset = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
            let with_charset = with_charset.map(|value| format!("{value};charset=UTF-8"));
            with_charset.is_some_and(|value| content_type(response, Some(&value)))
        }
        F::AdminProtocolV3 => {
            response.headers_mut().insert(X_ADMIN_PROTOCOL, HeaderValue::from_static("gsma/rsp/v3.0.0"));
            true
        }
        F::NoAdminProtocol => response.headers_mut().remove(X_ADMIN_PROTOCOL).is_some(),
        _ => spoil_json(fault, response),
    }
}

/// What needs a JSON object, of which all members are known to the binding.
fn spoil_json(fault: AnswerFault, response: &mut Response<Bytes>) -> bool {
    use AnswerFault as F;
    let Ok(Value::Object(object)) = serde_json::from_slice(response.body()) else { return false };
    match fault {
        F::TruncatedJson => with_body(response, |body| body.get(..body.len() / 2).map(<[u8]>::to_vec)),
        F::ByteOrderMark => with_body(response, |body| Some([b"\xEF\xBB\xBF", body].concat())),
        F::HugeBody => with_body(response, |body| Some([body, &vec![b' '; HUGE]].concat())),
        F::SpacedJson => with_body(response, |_| serde_json::to_vec_pretty(&object).ok()),
        // Outside of its strings, JSON has no solidus.
        F::EscapedSolidus => {
            with_body(response, |body| Some(String::from_utf8_lossy(body).replace('/', r"\/").into_bytes()))
        }
        _ => {
            let mut object = object;
            let spoiled = spoil_members(fault, &mut object);
            spoiled.is_some() && with_body(response, |_| serde_json::to_vec(&object).ok())
        }
    }
}

fn spoil_members(fault: AnswerFault, object: &mut Map<String, Value>) -> Option<()> {
    use AnswerFault as F;
    match fault {
        F::UnknownMembers => {
            object.get_mut(HEADER)?.as_object_mut()?.insert("rspExtension".to_owned(), json!([1, null]));
            object.insert("rspExtension".to_owned(), json!({ "anything": "at all" }));
        }
        F::NoHeader => drop(object.remove(HEADER)?),
        F::MemberMissing => {
            let name = last_member(object)?;
            object.remove(&name);
        }
        F::MemberNull => *last(object)? = Value::Null,
        F::MemberNumber => *last(object)? = json!(17),
        F::NoStatusCodeData => failed(object, json!({ "status": "Failed" })),
        F::Expired => failed(object, json!({ "status": "Expired" })),
        F::UnknownStatus => failed(object, json!({ "status": "Executed-Somehow" })),
        F::ExecutedWithWarning => {
            let status = object.get_mut(HEADER)?.get_mut("functionExecutionStatus")?;
            status.get("status").filter(|status| *status == "Executed-Success")?;
            // A subject and a reason that spoil nothing: a function, and an operation that was partly successful.
            let data =
                json!({ "subjectCode": "1.6", "reasonCode": "5.4", "message": "executed, with a warning" });
            *status = json!({ "status": "Executed-WithWarning", "statusCodeData": data });
        }
        F::LowerCaseTransactionId => {
            let id = object.get_mut(TRANSACTION_ID)?;
            *id = Value::String(id.as_str()?.to_ascii_lowercase());
        }
        F::OtherTransactionId => {
            let id = object.get_mut(TRANSACTION_ID)?;
            let digits = id.as_str()?.chars().rev();
            *id = Value::String(digits.collect());
        }
        F::WrappedBase64 => for_each_base64(object, |text| {
            let characters: Vec<char> = text.chars().collect();
            let lines = characters.chunks(LINE).map(|line| line.iter().collect::<String>());
            lines.collect::<Vec<_>>().join("\r\n")
        })?,
        F::UnpaddedBase64 => for_each_base64(object, |text| text.trim_end_matches('=').to_owned())?,
        F::BadBase64 => {
            let text = last(object)?;
            *text = Value::String(format!("*{}", text.as_str()?));
        }
        F::CutObject => {
            let text = last(object)?;
            let bytes = BASE64.decode(text.as_str()?.as_bytes()).ok()?;
            *text = Value::String(BASE64.encode(bytes.get(..bytes.len() / 2)?));
        }
        _ => return None,
    }
    Some(())
}

const HEADER: &str = "header";
const TRANSACTION_ID: &str = "transactionId";

/// The members in which a function carries its objects, in base64. JSON has no order: the last one is that of the last name.
fn objects_of(object: &mut Map<String, Value>) -> impl Iterator<Item = &mut Value> {
    let objects = object.iter_mut().filter(|(name, value)| is_object(name, value));
    objects.map(|(_, value)| value)
}

fn is_object(name: &str, value: &Value) -> bool {
    ![HEADER, TRANSACTION_ID].contains(&name) && value.is_string()
}

fn last(object: &mut Map<String, Value>) -> Option<&mut Value> {
    objects_of(object).last()
}

fn last_member(object: &Map<String, Value>) -> Option<String> {
    let mut objects = object.iter().filter(|(name, value)| is_object(name, value));
    objects.next_back().map(|(name, _)| name.clone())
}

/// `None` where there is none.
fn for_each_base64(object: &mut Map<String, Value>, change: impl Fn(&str) -> String) -> Option<()> {
    let mut changed = None;
    for value in objects_of(object) {
        *value = Value::String(change(value.as_str()?));
        changed = Some(());
    }
    changed
}

/// The answer of a function that was not executed.
fn failed(object: &mut Map<String, Value>, status: Value) {
    object.clear();
    object.insert(HEADER.to_owned(), json!({ "functionExecutionStatus": status }));
}

fn replace(
    response: &mut Response<Bytes>,
    status: StatusCode,
    fields: HeaderMap,
    body: Option<(&'static str, &'static str)>,
) -> bool {
    *response.status_mut() = status;
    response.headers_mut().remove(CONTENT_TYPE);
    response.headers_mut().extend(fields);
    *response.body_mut() = Bytes::from_static(body.map_or("", |(_, body)| body).as_bytes());
    if let Some((content_type, _)) = body {
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    }
    true
}

/// `false` where there is no body, or `change` leaves it as it is.
fn with_body(response: &mut Response<Bytes>, change: impl FnOnce(&[u8]) -> Option<Vec<u8>>) -> bool {
    let before = Some(response.body()).filter(|body| !body.is_empty());
    let changed = before.and_then(|body| change(body).filter(|changed| changed != body));
    let applied = changed.is_some();
    changed.into_iter().for_each(|body| *response.body_mut() = Bytes::from(body));
    applied
}

fn content_type(response: &mut Response<Bytes>, value: Option<&str>) -> bool {
    let headers = response.headers_mut();
    let Some(before) = headers.remove(CONTENT_TYPE) else { return false };
    let value = value.map(|value| HeaderValue::try_from(value).unwrap_or(before));
    headers.extend(value.map(|value| (CONTENT_TYPE, value)));
    true
}

fn retry_after() -> HeaderMap {
    HeaderMap::from_iter([(header::RETRY_AFTER, HeaderValue::from(RETRY_AFTER))])
}

fn location() -> HeaderMap {
    HeaderMap::from_iter([(header::LOCATION, HeaderValue::from_static(REDIRECTED_TO))])
}
