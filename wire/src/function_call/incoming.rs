//! One call on its way through a server.

use std::future::Future;

use http::{Response, StatusCode};
use hyper::body::Bytes;
use protocol::function_call::Call;
use protocol::status::Refusal;

use super::{Called, Exchange, header, log};
use crate::header::MediaType;
use crate::hop::{Hop, Rejection, Written};
use crate::json::{Members, Object, ResponseHeader};

/// A call whose caller and function are known.
pub(crate) struct Incoming<'a> {
    /// The caller, for the log.
    pub(crate) caller: String,
    pub(crate) body: Bytes,
    pub(crate) hop: Hop<'a>,
}

impl Incoming<'_> {
    /// Reads the request, has it executed and writes the answer.
    pub(crate) async fn answer<E, T>(self, execute: impl FnOnce(Call<E>) -> T) -> Response<Bytes>
    where
        E: Exchange,
        T: Future<Output = Result<E::Answer, Refusal>>,
    {
        let Self { caller, body, mut hop } = self;
        let object = match Object::parse(&body, E::MEMBERS) {
            Ok(object) => object,
            Err(error) => {
                return hop.turned_away(&body, Rejection::new(StatusCode::BAD_REQUEST, error.to_string()));
            }
        };
        let header = header::read(&object);
        let content = E::from_json(&object);
        let mut about = content.as_ref().map(E::about).unwrap_or_default();
        if let Some(eid) = &about.eid {
            hop.tie(|tracer| tracer.with_eid(eid));
        }
        hop.received(&body);

        let executed = header.is_ok() && content.is_ok();
        let outcome = match (header.clone(), content) {
            (Ok(header), Ok(content)) => execute(Call::new(header, &body, content)).await,
            (Err(error), _) => Err(error.into()),
            (Ok(_), Err(refusal)) => Err(refusal),
        };

        about.iccid = about.iccid.or(outcome.as_ref().ok().and_then(E::answered_iccid));
        let header = header.ok();
        let called =
            Called { function: E::NAME, caller: Some(&caller), header: header.as_ref(), about: &about };
        log(&called, &outcome, executed);
        hop.answered(MediaType::Json, written::<E>(outcome))
    }
}

/// The answer, `header` first (SGP.22 §6.5.1.2).
fn written<E: Exchange>(outcome: Result<E::Answer, Refusal>) -> Written {
    let members = match outcome {
        Ok(answer) => E::answer_to_json(&answer, Members::headed(ResponseHeader::success())),
        Err(refusal) => Members::headed(ResponseHeader::failed(&refusal)),
    };
    Written::Body(members.into_json())
}
