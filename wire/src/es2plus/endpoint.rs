//! The server half: HTTP in, [`Es2Plus`] called, HTTP out.

use http::request::Parts;
use http::{Request, Response, StatusCode};
use hyper::body::Bytes;
use protocol::es2plus::{
    Call, CallHeader, CancelOrder, ConfirmOrder, DownloadOrder, Es2Plus, Function, ReleaseProfile,
};
use protocol::status::Refusal;
use protocol::trace::Tracer;
use tracing::error;

use super::call_header;
use super::exchange::Exchange;
use super::log::{Called, log};
use super::redacted::redacted;
use crate::header::MediaType;
use crate::hop::{Hop, Rejection, Written, posted};
use crate::json::{Members, Object, ResponseHeader};
use crate::server::{Peer, Received, Service};

/// Offers an [`Es2Plus`] at the paths of SGP.22 §6.5.2, for [`crate::server::serve`] on a port that asks for certificates
/// ([`crate::tls::server_config_with_client_authentication`]).
///
/// What HTTP can say is said in HTTP, as on ES9+: 404, 405, 415, 413, 408, and 400 for a body that is no JSON object.
/// Everything else is a 200 with the function's own status (SGP.22 §6.3). A connection without a caller gets a 403.
pub struct Endpoint<S> {
    server: S,
    tracer: Tracer,
}

impl<S: Es2Plus> Endpoint<S> {
    /// An endpoint that tells `tracer` of each request and answer, but of no confirmation code.
    pub fn new(server: S, tracer: Tracer) -> Self {
        Self { server, tracer }
    }

    async fn dispatch(&self, caller: &str, function: Function, body: &[u8], hop: Hop<'_>) -> Response<Bytes> {
        match function {
            Function::DownloadOrder => self.call::<DownloadOrder>(caller, body, hop).await,
            Function::ConfirmOrder => self.call::<ConfirmOrder>(caller, body, hop).await,
            Function::CancelOrder => self.call::<CancelOrder>(caller, body, hop).await,
            Function::ReleaseProfile => self.call::<ReleaseProfile>(caller, body, hop).await,
            // The operator offers this one.
            Function::HandleDownloadProgressInfo => {
                hop.received(body);
                hop.rejected(no_such_path())
            }
        }
    }

    async fn call<E: Exchange>(&self, caller: &str, body: &[u8], mut hop: Hop<'_>) -> Response<Bytes> {
        let object = match Object::parse(body, E::MEMBERS) {
            Ok(object) => object,
            Err(error) => {
                hop.received(body);
                return hop.rejected(Rejection::new(StatusCode::BAD_REQUEST, error.to_string()));
            }
        };
        let header = call_header::read(&object);
        let content = E::from_json(&object);
        let (iccid, eid) = content.as_ref().map_or((None, None), |content| (content.iccid(), content.eid()));
        if let Some(eid) = &eid {
            hop.tie(|tracer| tracer.with_eid(eid));
        }
        hop.received(body);

        let executed = header.is_ok() && content.is_ok();
        let outcome = match (header.clone(), content) {
            (Ok(header), Ok(content)) => {
                E::execute(&self.server, caller, Call::new(header, body, content)).await
            }
            (Err(error), _) => Err(error.into()),
            (Ok(_), Err(refusal)) => Err(refusal),
        };

        let iccid = iccid.or(outcome.as_ref().ok().and_then(E::answered_iccid));
        let header: Option<CallHeader> = header.ok();
        let (function, caller) = (E::FUNCTION, Some(caller));
        log(&Called { function, caller, header: header.as_ref(), iccid, eid }, &outcome, executed);
        hop.answered(MediaType::Json, written::<E>(outcome))
    }
}

/// The answer, `header` first (SGP.22 §6.5.1.2).
fn written<E: Exchange>(outcome: Result<E::Answer, Refusal>) -> Written {
    let members = match outcome {
        Ok(answer) => E::answer_to_json(&answer, Members::new().with_header(ResponseHeader::success())),
        Err(refusal) => Members::new().with_header(ResponseHeader::failed(&refusal)),
    };
    Written::Body(members.to_json())
}

impl<S: Es2Plus + 'static> Service for Endpoint<S> {
    async fn answer(&self, request: Request<Received>) -> Response<Bytes> {
        let (head, body) = request.into_parts();
        let hop = Hop::new(&self.tracer, &head).showing(redacted);
        let body_seen = body.clone().unwrap_or_default();
        match route(&head, body) {
            Ok((caller, function, body)) => self.dispatch(caller, function, &body, hop).await,
            Err(rejection) => {
                hop.received(&body_seen);
                hop.rejected(rejection)
            }
        }
    }
}

/// Who calls which function, or how HTTP refuses.
fn route(head: &Parts, body: Received) -> Result<(&str, Function, Bytes), Rejection> {
    let Some(caller) = head.extensions.get::<Peer>().and_then(|peer| peer.caller.as_deref()) else {
        error!("ES2+ stands on a port that asks for no certificate");
        return Err(Rejection::new(StatusCode::FORBIDDEN, ""));
    };
    let path = head.uri.path();
    let function = Function::ALL.into_iter().find(|function| function.json_path() == path);
    let offered = function.filter(|function| *function != Function::HandleDownloadProgressInfo);
    let function = offered.ok_or_else(no_such_path)?;
    Ok((caller, function, posted(head, MediaType::Json, body)?))
}

fn no_such_path() -> Rejection {
    Rejection::new(StatusCode::NOT_FOUND, "no function of ES2+ that an SM-DP+ offers has this path")
}
