//! HandleDownloadProgressInfo, the operator's half (SGP.22 §5.3.5).

use std::future::Future;

use http::request::Parts;
use http::{Request, Response, StatusCode};
use hyper::body::Bytes;
use protocol::es2plus::{CallHeader, Function, HandleDownloadProgressInfo};
use protocol::status::Refusal;
use protocol::trace::Tracer;

use super::handle_download_progress_info;
use crate::function_call::{About, Called, header, log};
use crate::header::MediaType;
use crate::hop::{Hop, Rejection, Written, posted};
use crate::json::{FieldError, Members, Object, ResponseHeader};
use crate::server::{Peer, Received, Service};

/// An operator.
pub trait ProgressReceiver: Send + Sync {
    /// Takes a report.
    fn progress(
        &self,
        header: CallHeader,
        info: HandleDownloadProgressInfo,
    ) -> impl Future<Output = ()> + Send;
}

/// Offers a [`ProgressReceiver`] at the path of SGP.22 §6.5.2, for [`crate::server::serve`].
///
/// What cannot be read is refused in HTTP, with 400: a notification has no answer that could say it (SGP.22 §6.2).
pub struct ProgressEndpoint<R> {
    receiver: R,
    tracer: Tracer,
}

impl<R: ProgressReceiver> ProgressEndpoint<R> {
    /// An endpoint that tells `tracer` of each request and answer.
    pub fn new(receiver: R, tracer: Tracer) -> Self {
        Self { receiver, tracer }
    }

    async fn call(&self, caller: Option<&str>, body: &[u8], mut hop: Hop<'_>) -> Response<Bytes> {
        let object = match Object::parse(body, handle_download_progress_info::MEMBERS) {
            Ok(object) => object,
            Err(error) => {
                return hop.turned_away(body, Rejection::new(StatusCode::BAD_REQUEST, error.to_string()));
            }
        };
        let report = read(&object);
        if let Ok((_, HandleDownloadProgressInfo { eid: Some(eid), .. })) = &report {
            hop.tie(|tracer| tracer.with_eid(eid));
        }
        hop.received(body);

        let report = report.map_err(Refusal::from);
        let known = report.as_ref().ok();
        let called = Called {
            function: Function::HandleDownloadProgressInfo.name(),
            caller,
            header: known.map(|(header, _)| header),
            about: &known.map(|(_, info)| about(info)).unwrap_or_default(),
        };
        log(&called, &report, report.is_ok());
        let written = match report {
            Ok((header, info)) => {
                self.receiver.progress(header, info).await;
                Written::Acknowledged
            }
            Err(refusal) => {
                let members = Members::headed(ResponseHeader::failed(&refusal));
                Written::Refused { refusal, body: Some(members.into_json()) }
            }
        };
        hop.answered(MediaType::Json, written)
    }
}

fn about(info: &HandleDownloadProgressInfo) -> About {
    About { iccid: Some(info.iccid), eid: info.eid, ..About::default() }
}

fn read(object: &Object<'_>) -> Result<(CallHeader, HandleDownloadProgressInfo), FieldError> {
    Ok((header::read(object)?, handle_download_progress_info::read(object)?))
}

impl<R: ProgressReceiver + 'static> Service for ProgressEndpoint<R> {
    async fn answer(&self, request: Request<Received>) -> Response<Bytes> {
        let (head, body) = request.into_parts();
        let hop = Hop::new(&self.tracer, &head);
        let caller = head.extensions.get::<Peer>().and_then(Peer::name);
        match route(&head, &body) {
            Ok(body) => self.call(caller, &body, hop).await,
            Err(rejection) => hop.turned_away(&body.unwrap_or_default(), rejection),
        }
    }
}

/// The body of a report, or how HTTP refuses.
fn route(head: &Parts, body: &Received) -> Result<Bytes, Rejection> {
    if head.uri.path() != Function::HandleDownloadProgressInfo.json_path() {
        let reason = "no function of ES2+ that an operator offers has this path";
        return Err(Rejection::new(StatusCode::NOT_FOUND, reason));
    }
    posted(head, MediaType::Json, body)
}
