//! Sending a message in a form, and reading the answer.

use bytes::Bytes;
use http::header::{CONTENT_TYPE, USER_AGENT};
use http::{HeaderMap, HeaderValue};
use protocol::es9plus::ASN1_PATH;
use protocol::trace::Tracer;
use wire::es9plus::Binding;
use wire::header::{MediaType, trace};
use wire::transport::{Transport, TransportError};

use crate::server::message::{Answer, Form, Function, Message, Told};

/// Sends a message and reads what comes back.
///
/// # Errors
/// [`TransportError`]: there is no answer.
pub(super) async fn send(
    transport: &Transport,
    message: &Message,
    binding: Binding,
    form: &Form,
    tracer: &Tracer,
) -> Result<Answer, TransportError> {
    let binding = form.binding().unwrap_or(binding);
    let asn1 = message.asn1.as_deref().filter(|_| binding == Binding::Asn1);
    let (media_type, mut path, body) = match asn1 {
        Some(body) => (MediaType::Asn1, ASN1_PATH, asn1_body(body, form)),
        None => (MediaType::Json, message.function.json_path(), message.json_body(form)),
    };
    if let Form::OtherPath(other) = form {
        path = other;
    }
    let headers = headers(message.function, media_type, form);
    trace(tracer, "request", path, None, &headers, &body);
    tell_objects(tracer, message);

    let reply = transport.post(path, &headers, Bytes::from(body)).await?;

    trace(tracer, "response", path, Some(reply.status), &reply.headers, &reply.body);
    let binding = if asn1.is_some() { Binding::Asn1 } else { Binding::Json };
    let answer = Answer::read(reply, message.function, binding);
    if let Told::Executed(members) = &answer.told {
        members.each_object(|name, der| tracer.object(name, der));
    }
    Ok(answer)
}

fn asn1_body(body: &[u8], form: &Form) -> Vec<u8> {
    let mut body = body.to_vec();
    match form {
        Form::NoBody => body.clear(),
        Form::TrailingByte => body.push(0),
        Form::OuterTag(tag) => {
            if let Some(first) = body.first_mut() {
                *first = *tag;
            }
        }
        _ => {}
    }
    body
}

/// The header fields of SGP.22 §6.2.
fn headers(function: Function, media_type: MediaType, form: &Form) -> HeaderMap {
    const ADMIN_PROTOCOL: &str = "x-admin-protocol";
    let mut headers = match function {
        Function::Es9Plus(_) => Transport::lpa_headers(media_type),
        _ => Transport::headers(media_type),
    };
    match form {
        Form::ContentType(value) => {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(value));
        }
        Form::Charset => {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json;charset=UTF-8"));
        }
        Form::NoContentType => {
            headers.remove(CONTENT_TYPE);
        }
        Form::NoUserAgent => {
            headers.remove(USER_AGENT);
        }
        Form::NoAdminProtocol => {
            headers.remove(ADMIN_PROTOCOL);
        }
        Form::AdminProtocol(value) => {
            headers.insert(ADMIN_PROTOCOL, HeaderValue::from_static(value));
        }
        _ => {}
    }
    headers
}

/// The objects inside a request, decoded, for whoever reads the report.
fn tell_objects(tracer: &Tracer, message: &Message) {
    use crate::server::message::Value;
    for (name, value) in &message.members {
        if let Value::Bytes(der) = value
            && der.len() > 16
        {
            tracer.object(name, der);
        }
    }
}
