//! One port: a request comes, is written down, and is answered as the situation says.

use std::sync::Arc;
use std::time::Duration;

use asn1::{RemoteProfileProvisioningRequest, der};
use bytes::Bytes;
use http::header::LOCATION;
use http::request::Parts;
use http::{HeaderValue, Request, Response, StatusCode};
use protocol::es9plus::{ASN1_PATH, Function};
use wire::es9plus::Binding;
use wire::fault::AnswerFault;
use wire::server::{Received, Service};

use super::Stage;
use super::smdp::Smdp;
use super::smds::Smds;
use crate::lpa::log::Call;
use crate::lpa::situation::{Deed, Server};

/// One server's port.
pub(super) struct Port {
    pub(super) stage: Arc<Stage>,
    pub(super) server: Server,
}

/// One request, on its way to its answer.
#[derive(Clone)]
pub(super) struct Visit {
    pub(super) stage: Arc<Stage>,
    pub(super) server: Server,
    /// Its place in the log.
    pub(super) number: usize,
    /// What is done otherwise in answer to it.
    pub(super) deed: Option<Deed>,
}

impl Service for Port {
    async fn answer(&self, request: Request<Received>) -> Response<Bytes> {
        let (head, body) = request.into_parts();
        let called = called(&head, body.as_deref().unwrap_or_default());
        let Some(number) = self.write_down(&head, &body, called) else { return unavailable() };
        let deed = called.and_then(|(function, _)| self.stage.deed(self.server, function));
        let visit = Visit { stage: self.stage.clone(), server: self.server, number, deed };
        let mut response = visit.execute(Request::from_parts(head, body)).await;
        visit.spoil(&mut response);
        visit.answered(&response);
        response
    }
}

impl Port {
    fn write_down(
        &self,
        head: &Parts,
        body: &Received,
        called: Option<(Function, Binding)>,
    ) -> Option<usize> {
        let (act, at) = self.stage.with(|scene| (scene.act, scene.began.elapsed()))?;
        self.stage.received(Call {
            server: self.server,
            act,
            at,
            answered: None,
            method: head.method.clone(),
            path: head.uri.path().to_owned(),
            headers: head.headers.clone(),
            body: body.clone().unwrap_or_default(),
            called,
            said: None,
            status: None,
            twisted: false,
            left_over: false,
        })
    }
}

impl Visit {
    async fn execute(&self, request: Request<Received>) -> Response<Bytes> {
        let Some(tracer) = self.stage.with(|scene| scene.tracer.clone()) else { return unavailable() };
        let is_smds = self.stage.with(|scene| scene.is_smds(self.server)).unwrap_or_default();
        if is_smds {
            wire::es11::Endpoint::new(Smds(self.clone()), tracer).answer(request).await
        } else {
            wire::es9plus::Endpoint::new(Smdp(self.clone()), tracer).answer(request).await
        }
    }

    /// What becomes of the answer that was made.
    fn spoil(&self, response: &mut Response<Bytes>) {
        match self.deed {
            Some(Deed::Answers(fault)) if fault.apply(response) => self.twisted(),
            Some(Deed::RedirectsWithoutTls) => {
                let to = self.stage.addresses.of(Server::WithoutTls);
                let path = Function::InitiateAuthentication.json_path();
                if AnswerFault::TemporaryRedirect.apply(response)
                    && let Ok(location) = HeaderValue::try_from(format!("http://{to}{path}"))
                {
                    response.headers_mut().insert(LOCATION, location);
                    self.twisted();
                }
            }
            _ => {}
        }
    }

    /// What the situation has in store was done.
    pub(super) fn twisted(&self) {
        self.stage.note(self.number, |call| call.twisted = true);
    }

    fn answered(&self, response: &Response<Bytes>) {
        let delay = match self.deed {
            Some(Deed::Answers(AnswerFault::Slow(delay))) => delay,
            _ => Duration::ZERO,
        };
        let Some(now) = self.stage.with(|scene| scene.began.elapsed()) else { return };
        self.stage.note(self.number, |call| {
            call.status = Some(response.status());
            call.answered = Some(now + delay);
        });
    }
}

/// Function and binding, by the path and, in ASN.1, by the body.
fn called(head: &Parts, body: &[u8]) -> Option<(Function, Binding)> {
    let path = head.uri.path();
    if path != ASN1_PATH {
        let function = Function::ALL.into_iter().find(|function| function.json_path() == path)?;
        return Some((function, Binding::Json));
    }
    use RemoteProfileProvisioningRequest as Request;
    let function = match der::decode::<Request>(body).ok()? {
        Request::InitiateAuthenticationRequest(_) => Function::InitiateAuthentication,
        Request::AuthenticateClientRequest(_) => Function::AuthenticateClient,
        Request::GetBoundProfilePackageRequest(_) => Function::GetBoundProfilePackage,
        Request::HandleNotification(_) => Function::HandleNotification,
        Request::CancelSessionRequestEs9(_) => Function::CancelSession,
    };
    Some((function, Binding::Asn1))
}

/// Between two cases.
fn unavailable() -> Response<Bytes> {
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    response
}
