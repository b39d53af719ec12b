//! What travelled, decoded.

use asn1::dump;
use data_encoding::{BASE64, HEXUPPER_PERMISSIVE};
use maud::{Markup, html};
use protocol::trace::{Event, Verdict, What};
use serde::Serialize;
use serde_json::Value;

use super::super::printable::{Printable, clipped};
use super::text;

/// Characters shown of one body or object; the JSON report has the whole.
const SHOWN: usize = 50_000;

/// A line that opens to the content of a message; checks and changes of state are one line.
pub fn markup(event: &Event) -> Markup {
    let actor = word(&event.actor);
    match &event.what {
        What::Http { message, path, status, headers, body } => folded(
            html! {
                (actor) " " (text(message)) " " code { (text(path)) }
                @if let Some(status) = status { " " strong { (status) } }
            },
            html! {
                @if !headers.is_empty() { (block(headers.iter().map(|(name, value)| format!("{name}: {value}")))) }
                (http_body(body))
            },
        ),
        What::Apdu { command, response } => folded(
            html! { (actor) " APDU " code { (text(clipped(command, 40))) } },
            html! { (block([format!("> {command}"), format!("< {response}")])) },
        ),
        What::Object { name, der, members } => folded(
            html! { (actor) " object " code { (text(name)) } },
            html! {
                (block(members))
                details { summary { "DER" } (block([der])) }
            },
        ),
        What::Check { section, subject, verdict, reason } => html! {
            p.event {
                (actor) " check " (text(section)) ": " (text(subject)) ": "
                span.bad[*verdict == Verdict::Refused] { (word(verdict)) }
                @if let Some(reason) = reason { ", " (text(reason)) }
            }
        },
        What::State { subject, from, to } => html! {
            p.event { (actor) " " (text(subject)) ": " (text(from)) " → " (text(to)) }
        },
        What::Secret { name, value } => html! {
            p.event { (actor) " " (text(name)) " = " code { (text(value)) } }
        },
    }
}

fn folded(title: Markup, content: Markup) -> Markup {
    html! { details.event { summary { (title) } (content) } }
}

/// Text as it stands, line by line.
fn block(lines: impl IntoIterator<Item = impl AsRef<str>>) -> Markup {
    let lines: Vec<_> = lines.into_iter().map(|line| Printable(line.as_ref()).to_string()).collect();
    html! { pre { (clipped(&lines.join("\n"), SHOWN)) } }
}

/// JSON in lines, with the objects that its members hold; the binding in ASN.1 as its members; anything else as it came.
fn http_body(body: &str) -> Markup {
    if body.is_empty() {
        return html! { p.event { "no body" } };
    }
    if let Ok(value) = serde_json::from_str::<Value>(body) {
        let pretty = serde_json::to_string_pretty(&value).unwrap_or_default();
        return html! {
            (block(pretty.lines()))
            @for (name, members) in objects(&value) {
                details { summary { code { (text(name)) } " decoded" } (block(members)) }
            }
        };
    }
    let members = HEXUPPER_PERMISSIVE.decode(body.as_bytes()).ok().and_then(|der| members(&der));
    html! {
        @if let Some(members) = members { (block(members)) }
        (block(body.lines()))
    }
}

/// The members of a JSON object that hold objects in DER.
fn objects(value: &Value) -> Vec<(&str, Vec<String>)> {
    let texts =
        value.as_object().into_iter().flatten().filter_map(|(name, value)| Some((name, value.as_str()?)));
    let decoded = texts.filter_map(|(name, text)| {
        let der = BASE64.decode(text.as_bytes()).ok()?;
        Some((name.as_str(), members(&der)?))
    });
    decoded.collect()
}

/// The members of an object, one a line; nothing where these bytes are no TLV from end to end.
fn members(der: &[u8]) -> Option<Vec<String>> {
    let nodes = dump::tree(der);
    let is_object = !nodes.is_empty() && nodes.iter().all(|node| node.tag.is_some());
    is_object.then(|| dump::display(der).lines().map(str::to_owned).collect())
}

/// The word that the trace has for something.
fn word(what: &impl Serialize) -> String {
    match serde_json::to_value(what) {
        Ok(Value::String(word)) => word,
        _ => String::new(),
    }
}
