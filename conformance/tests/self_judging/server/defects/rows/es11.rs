//! Properties of the answer to AuthenticateClient of an SM-DS, which is where an event is seen again.

use serde_json::{Value, json};

use super::{AUTHENTICATE, Row};
use crate::server::defects::spoil::{Members, set};
use crate::server::defects::{Kind, Known};

pub fn row(says: &str) -> Option<Row> {
    let (name, kind) = match says {
        "transactionId and eventEntries are there, and each entry has eventId and rspServerAddress" => {
            ("leaves eventEntries out", Kind::Json(|answer| drop(answer.remove("eventEntries"))))
        }
        "transactionId is that of the session" => {
            ("tells another transactionId", Kind::Json(|answer| set(answer, "transactionId", "5A5A")))
        }
        "eventEntries is empty" => {
            ("makes an event up", Kind::Json(|answer| entries(answer).push(entry(&"MADE-UP".into()))))
        }
        "eventEntries has the events of this eUICC, in the order in which they were registered" => {
            ("forgets the last event", Kind::Json(|answer| drop(entries(answer).pop())))
        }
        "eventEntries has the event that was asked for and no other" => (
            "tells more events than the one that was asked for",
            Kind::Json(|answer| entries(answer).push(entry(&"ANOTHER".into()))),
        ),
        "rspServerAddress of every event is the one with which it was registered" => (
            "tells its own address in place of that of the event",
            Kind::Json(|answer| {
                for entry in entries(answer) {
                    entry["rspServerAddress"] = "smds.example.com".into();
                }
            }),
        ),
        "eventEntries has no event of another eUICC" => (
            "tells the events of all eUICCs",
            Kind::JsonKnowing(|answer, known| entries(answer).push(entry(&last_event(known)))),
        ),
        "eventEntries has each event once" => (
            "tells an event twice",
            Kind::Json(|answer| {
                let entries = entries(answer);
                entries.extend(entries.last().cloned());
            }),
        ),
        "eventEntries has the events that were not deleted, and no other of this eUICC" => (
            "deletes where it refuses to, and does not where it says so",
            Kind::JsonKnowing(|answer, known| {
                let (id, entries) = (last_event(known), entries(answer));
                match entries.iter().position(|entry| entry["eventId"] == id) {
                    Some(position) => drop(entries.remove(position)),
                    None => entries.push(entry(&id)),
                }
            }),
        ),
        _ => return None,
    };
    Some((name, AUTHENTICATE, kind))
}

/// For cases in which an event is registered twice.
pub fn lost() -> Row {
    ("loses an event that is registered again", AUTHENTICATE, Kind::Json(|answer| entries(answer).clear()))
}

/// For cases with several events.
pub fn in_another_order() -> Row {
    let reverse: fn(&mut Members) = |answer| entries(answer).reverse();
    ("tells the last event first", AUTHENTICATE, Kind::Json(reverse))
}

/// eventEntries; of an answer that has none, none that anybody sees.
fn entries(answer: &mut Members) -> &mut Vec<Value> {
    let entries = answer.entry("eventEntries").or_insert_with(|| json!([]));
    entries.as_array_mut().expect("eventEntries is an array")
}

fn entry(id: &Value) -> Value {
    json!({ "eventId": id, "rspServerAddress": "smdp.judge.example" })
}

/// The event that was named last on ES12.
fn last_event(known: &Known) -> Value {
    known.requested("eventId").cloned().unwrap_or_default()
}
