//! One call on its way through a server of ES9+ or ES11.

use std::future::Future;

use asn1::TransactionId;
use http::request::Parts;
use http::{Response, StatusCode};
use hyper::body::Bytes;
use protocol::es9plus::{self, ASN1_PATH};
use protocol::status::Refusal;

use super::exchange::{LpaFunction, ReadRequest, RequestMessage, ResponseMessage, Unreadable};
use super::log::log;
use super::{asn1_binding, json_binding};
use crate::header::MediaType;
use crate::hop::{Hop, Rejection, posted};
use crate::server::{Received, Urgency};

/// A call whose function and binding are known.
pub(crate) struct Incoming<F> {
    /// The function.
    pub(crate) function: F,
    binding: MediaType,
    body: Bytes,
}

impl<F: LpaFunction> Incoming<F> {
    /// Which function is called in which binding, or how HTTP refuses.
    pub(crate) fn route(head: &Parts, body: &Received) -> Result<Self, Rejection> {
        let path = head.uri.path();
        let with_path = |function: &F| function.on_es9plus().json_path() == path;
        let json = F::OFFERED.iter().copied().find(with_path);
        let binding = match json {
            Some(_) => MediaType::Json,
            None if path == ASN1_PATH => MediaType::Asn1,
            None => {
                let reason = format!("no function of {} has this path", F::INTERFACE);
                return Err(Rejection::new(StatusCode::NOT_FOUND, reason));
            }
        };
        let body = posted(head, binding, body)?;
        let function = match json {
            Some(function) => function,
            None => asn1_binding::function_of(&body)?,
        };
        Ok(Self { function, binding, body })
    }

    /// InitiateAuthentication opens an RSP session; every other function belongs to one, or to a profile that is on a card.
    pub(crate) fn urgency(head: &Parts, body: &Received) -> Urgency {
        match Self::route(head, body).map(|call| call.function.on_es9plus()) {
            Err(_) | Ok(es9plus::Function::InitiateAuthentication) => Urgency::Begins,
            Ok(_) => Urgency::GoesOn,
        }
    }

    /// Reads the request, has it executed and writes the answer.
    pub(crate) async fn answer<Q, A, T>(
        self,
        mut hop: Hop<'_>,
        execute: impl FnOnce(Q) -> T,
    ) -> Response<Bytes>
    where
        Q: RequestMessage,
        A: ResponseMessage<Q>,
        T: Future<Output = Result<A, Refusal>>,
    {
        let Self { function, binding, body } = self;
        let read = match binding {
            MediaType::Json => json_binding::read_request::<Q>(&body),
            MediaType::Asn1 => Ok(asn1_binding::read_request::<Q>(&body)),
        };
        let ReadRequest { request, transaction_id } = match read {
            Ok(read) => read,
            Err(unreadable) => return hop.turned_away(&body, unreadable.into()),
        };
        belongs_to(&mut hop, transaction_id.as_ref());
        hop.received(&body);

        let executed = request.is_ok();
        let outcome = match request {
            Ok(request) => execute(request).await,
            Err(refusal) => Err(refusal),
        };

        let answered = outcome.as_ref().ok().and_then(A::transaction_id).cloned();
        let transaction_id = transaction_id.or(answered);
        belongs_to(&mut hop, transaction_id.as_ref());
        log(function.on_es9plus().name(), transaction_id.as_ref(), &outcome, executed);
        let written = match binding {
            MediaType::Json => json_binding::write_answer(outcome),
            MediaType::Asn1 => asn1_binding::write_answer(function, outcome),
        };
        hop.answered(binding, written)
    }
}

/// Ties what follows to a session.
fn belongs_to(hop: &mut Hop<'_>, transaction_id: Option<&TransactionId>) {
    if let Some(id) = transaction_id {
        hop.tie(|tracer| tracer.with_transaction(id));
    }
}

impl From<Unreadable> for Rejection {
    fn from(Unreadable(reason): Unreadable) -> Self {
        Self::new(StatusCode::BAD_REQUEST, reason)
    }
}
