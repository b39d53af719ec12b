//! What can be asked of the cards.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use data_encoding::HEXUPPER;
use protocol::types::Eid;
use serde::Serialize;
use serde_json::{Value, json};
use service::management::Problem;
use service::management::input::Element;

use super::message::{Form, answer_form, command};
use super::{Cards, Slot};

/// A card in the list.
#[derive(Serialize)]
pub struct Listed {
    eid: String,
    personality: String,
    atr: String,
}

/// `GET /cards`: all, in the order of their EIDs.
pub async fn list(State(cards): State<Cards>) -> Json<Vec<Listed>> {
    let listed = cards.slots.values().map(|slot| Listed {
        eid: slot.eid.to_string(),
        personality: slot.personality.clone(),
        atr: HEXUPPER.encode(&slot.atr),
    });
    Json(listed.collect())
}

/// `GET /cards/{eid}`: what it holds, without secrets.
pub async fn describe(
    State(cards): State<Cards>,
    Element(eid): Element<Eid>,
) -> Result<Json<Value>, Problem> {
    let state = slot(&cards, eid)?.look(Clone::clone).await;
    (cards.describe)(&state).map(Json).map_err(|error| {
        tracing::error!(%eid, error = format!("{error:#}"), "a card cannot be described");
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "the card cannot be described; the log says why")
    })
}

/// `POST /cards/{eid}/apdu`: one command APDU.
pub async fn apdu(
    State(cards): State<Cards>,
    Element(eid): Element<Eid>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    let slot = slot(&cards, eid)?;
    let (command, form) = command(&headers, &body.map_err(unreadable)?)?;
    let response = slot.transmit(command).await;
    let Some((data, status)) = response.split_last_chunk::<2>() else {
        return Err(Problem::conflict("the card has no power; POST /cards/{eid}/reset gives it some"));
    };
    Ok(match answer_form(&headers, form) {
        Form::Text => format!("{}\n", HEXUPPER.encode(&response)).into_response(),
        Form::Json => Json(json!({
            "response": HEXUPPER.encode(&response),
            "data": HEXUPPER.encode(data),
            "sw": HEXUPPER.encode(status),
        }))
        .into_response(),
    })
}

/// `POST /cards/{eid}/reset`: a reset, with power where there was none.
pub async fn reset(State(cards): State<Cards>, Element(eid): Element<Eid>) -> Result<Json<Value>, Problem> {
    let atr = slot(&cards, eid)?.reset().await;
    Ok(Json(json!({ "atr": HEXUPPER.encode(&atr) })))
}

/// `POST /cards/{eid}/power-off`: no power.
pub async fn power_off(
    State(cards): State<Cards>,
    Element(eid): Element<Eid>,
) -> Result<StatusCode, Problem> {
    slot(&cards, eid)?.power_off().await;
    Ok(StatusCode::NO_CONTENT)
}

fn slot(cards: &Cards, eid: Eid) -> Result<&Arc<Slot>, Problem> {
    cards.slots.get(&eid).ok_or_else(|| Problem::not_found("no card here has this EID"))
}

fn unreadable(rejection: BytesRejection) -> Problem {
    match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => {
            Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "a body has at most 256 KiB")
        }
        _ => Problem::bad(".", "the body cannot be read"),
    }
}
