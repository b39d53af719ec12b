//! A request read and its answer written as HTTP carries them, in the JSON binding and in that of ASN.1; the server behind it
//! has its answers ready and does nothing but copy them.

use std::hint::black_box;
use std::pin::pin;
use std::task::{Context as Waiting, Poll, Waker};

use anyhow::{Result, bail, ensure};
use asn1::{
    AuthenticateClientOk, AuthenticateClientRequest, CancelSessionRequestEs9, GetBoundProfilePackageOk,
    GetBoundProfilePackageRequest, HandleNotification, InitiateAuthenticationOkEs9,
    InitiateAuthenticationRequest, RemoteProfileProvisioningRequest, TransactionId, der,
};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use crypto::Curve;
use data_encoding::{BASE64, HEXUPPER};
use http::header::CONTENT_TYPE;
use http::{Request, Response};
use protocol::es9plus::{ASN1_PATH, Es9Plus, Function};
use protocol::es12::{self, Caller, CallerKind, DeleteEvent, Es12, RegisterEvent};
use protocol::function_call::Call;
use protocol::status::Refusal;
use protocol::trace::{Actor, Tracer};
use serde_json::json;
use wire::es9plus::Endpoint;
use wire::header::MediaType;
use wire::server::{Authenticated, Peer, Received, Service};

use super::messages::Messages;
use super::{Prepared, Repeated, Subject, Sum, Work};
use crate::laboratory::ADDRESS;

const CALLS: u32 = 100;

/// Each function of ES9+ in each binding, and those of ES12, which have one.
pub fn subjects() -> Vec<Subject> {
    let mut subjects = Vec::new();
    for function in Function::ALL {
        let name = |what: &str| format!("bindings/{what}/{}", function.name());
        let json = Subject::new(name("json"), CALLS, move || of_es9plus(function, MediaType::Json)?.work());
        subjects.push(json.beside(Sum::times(1, name("base64"))));
        subjects
            .push(Subject::new(name("asn1"), CALLS, move || of_es9plus(function, MediaType::Asn1)?.work()));
        subjects.push(Subject::new(name("base64"), CALLS, move || base64(function)));
    }
    subjects.extend(es12::Function::ALL.map(|function| {
        Subject::new(format!("bindings/json/{}", function.name()), CALLS, move || of_es12(function)?.work())
    }));
    subjects
}

/// One function called.
struct Exchange<S> {
    endpoint: S,
    path: &'static str,
    binding: MediaType,
    /// Whom TLS has authenticated.
    peer: Option<Peer>,
    body: Bytes,
}

fn of_es9plus(function: Function, binding: MediaType) -> Result<Exchange<Endpoint<Answers>>> {
    let messages = Messages::exchanged(Curve::P256)?;
    let (path, body) = match binding {
        MediaType::Json => (function.json_path(), json_body(function, &messages).into_bytes()),
        MediaType::Asn1 => (ASN1_PATH, der::encode(&asn1_body(function, &messages))),
    };
    let Messages { initiated, offered, delivered, .. } = messages;
    let endpoint = Endpoint::new(Answers { initiated, offered, delivered }, Tracer::off(Actor::Smdp));
    Ok(Exchange { endpoint, path, binding, peer: None, body: body.into() })
}

fn of_es12(function: es12::Function) -> Result<Exchange<wire::es12::Endpoint<Answered>>> {
    let caller = Caller { oid: certs::oid::parse("2.999.10.1")?, kind: CallerKind::Smdp };
    let peer =
        Peer { address: ([127, 0, 0, 1], 443).into(), caller: Some(Authenticated::RspServer(caller.into())) };
    let endpoint = wire::es12::Endpoint::new(Answered, Tracer::off(Actor::Smds));
    let body = es12_body(function).into_bytes().into();
    Ok(Exchange { endpoint, path: function.json_path(), binding: MediaType::Json, peer: Some(peer), body })
}

impl<S: Service + 'static> Exchange<S> {
    fn work(self) -> Result<impl Work> {
        let make = |this: &mut Self, calls| (0..calls).map(|_| this.request()).collect();
        Ok(Prepared::new(self, make, |this, request| {
            black_box(this.answer(request)?);
            Ok(())
        }))
    }

    fn request(&self) -> Result<Request<Received>> {
        let mut request = Request::post(self.path).header(CONTENT_TYPE, self.binding.as_str());
        if let Some(peer) = &self.peer {
            request = request.extension(peer.clone());
        }
        Ok(request.body(Ok(self.body.clone()))?)
    }

    fn answer(&self, request: Request<Received>) -> Result<Response<Bytes>> {
        let mut answer = pin!(self.endpoint.answer(request));
        // Nothing in it waits: there is no server behind it that would.
        let Poll::Ready(response) = answer.as_mut().poll(&mut Waiting::from_waker(Waker::noop())) else {
            bail!("the endpoint waits for something");
        };
        ensure!(response.status().is_success(), "{}", response.status());
        Ok(response)
    }
}

/// What JSON cannot do without: the request's base64 read, and the answer's written.
fn base64(function: Function) -> Result<impl Work> {
    let messages = Messages::exchanged(Curve::P256)?;
    let request = STANDARD.encode(der::encode(&asn1_body(function, &messages)));
    let answer = match function {
        Function::InitiateAuthentication => der::encode(&messages.initiated),
        Function::AuthenticateClient => der::encode(&messages.offered),
        Function::GetBoundProfilePackage => der::encode(&messages.delivered),
        Function::HandleNotification | Function::CancelSession => Vec::new(),
    };
    Ok(Repeated(move || {
        black_box(STANDARD.decode(black_box(&request))?);
        black_box(STANDARD.encode(black_box(&answer)));
        Ok(())
    }))
}

/// An SM-DP+ that has its answers ready.
struct Answers {
    initiated: InitiateAuthenticationOkEs9,
    offered: AuthenticateClientOk,
    delivered: GetBoundProfilePackageOk,
}

impl Es9Plus for Answers {
    type Error = Refusal;

    async fn initiate_authentication(
        &self,
        _: InitiateAuthenticationRequest,
    ) -> Result<InitiateAuthenticationOkEs9, Refusal> {
        Ok(self.initiated.clone())
    }

    async fn authenticate_client(
        &self,
        _: AuthenticateClientRequest,
    ) -> Result<AuthenticateClientOk, Refusal> {
        Ok(self.offered.clone())
    }

    async fn get_bound_profile_package(
        &self,
        _: GetBoundProfilePackageRequest,
    ) -> Result<GetBoundProfilePackageOk, Refusal> {
        Ok(self.delivered.clone())
    }

    async fn handle_notification(&self, _: HandleNotification) -> Result<(), Refusal> {
        Ok(())
    }

    async fn cancel_session(&self, _: CancelSessionRequestEs9) -> Result<(), Refusal> {
        Ok(())
    }
}

/// An SM-DS that agrees.
struct Answered;

impl Es12 for Answered {
    async fn register_event(&self, _: &Caller, _: Call<RegisterEvent>) -> Result<(), Refusal> {
        Ok(())
    }

    async fn delete_event(&self, _: &Caller, _: Call<DeleteEvent>) -> Result<(), Refusal> {
        Ok(())
    }
}

/// SGP.22 §6.5.2.13 and §6.5.2.14.
fn es12_body(function: es12::Function) -> String {
    let header =
        json!({ "functionRequesterIdentifier": "2.999.10.1", "functionCallIdentifier": "registration-1" });
    let (eid, event_id) = ("89049032123451234512345678901235", "EVENT-1");
    match function {
        es12::Function::RegisterEvent => json!({
            "header": header,
            "eid": eid,
            "rspServerAddress": ADDRESS,
            "eventId": event_id,
            "forwardingIndicator": false,
        }),
        es12::Function::DeleteEvent => json!({ "header": header, "eid": eid, "eventId": event_id }),
    }
    .to_string()
}

/// SGP.22 §6.5.2.6 to §6.5.2.10.
fn json_body(function: Function, messages: &Messages) -> String {
    let transaction = |id: &TransactionId| HEXUPPER.encode(id.bytes());
    let base64 = |bytes: &[u8]| BASE64.encode(bytes);
    match function {
        Function::InitiateAuthentication => {
            let request = &messages.initiate;
            json!({
                "euiccChallenge": base64(request.euicc_challenge.bytes()),
                "euiccInfo1": base64(request.euicc_info1.bytes()),
                "smdpAddress": request.smdp_address,
            })
        }
        Function::AuthenticateClient => {
            let request = &messages.authenticate;
            json!({
                "transactionId": transaction(&request.transaction_id),
                "authenticateServerResponse": base64(request.authenticate_server_response.bytes()),
            })
        }
        Function::GetBoundProfilePackage => {
            let request = &messages.prepared;
            json!({
                "transactionId": transaction(&request.transaction_id),
                "prepareDownloadResponse": base64(request.prepare_download_response.bytes()),
            })
        }
        Function::HandleNotification => {
            json!({ "pendingNotification": base64(messages.installed.pending_notification.bytes()) })
        }
        Function::CancelSession => {
            let request = &messages.cancel;
            json!({
                "transactionId": transaction(&request.transaction_id),
                "cancelSessionResponse": base64(request.cancel_session_response.bytes()),
            })
        }
    }
    .to_string()
}

/// SGP.22 §6.6.2.
fn asn1_body(function: Function, messages: &Messages) -> RemoteProfileProvisioningRequest {
    use RemoteProfileProvisioningRequest as Body;
    match function {
        Function::InitiateAuthentication => Body::InitiateAuthenticationRequest(messages.initiate.clone()),
        Function::AuthenticateClient => Body::AuthenticateClientRequest(messages.authenticate.clone()),
        Function::GetBoundProfilePackage => Body::GetBoundProfilePackageRequest(messages.prepared.clone()),
        Function::HandleNotification => Body::HandleNotification(messages.installed.clone()),
        Function::CancelSession => Body::CancelSessionRequestEs9(messages.cancel.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told<S: Service + 'static>(exchange: Exchange<S>) -> String {
        let response = exchange.answer(exchange.request().unwrap()).unwrap();
        String::from_utf8_lossy(response.body()).into_owned()
    }

    /// In JSON, 200 may be a refusal.
    #[test]
    fn every_request_is_executed() {
        for function in Function::ALL {
            let told = told(of_es9plus(function, MediaType::Json).unwrap());
            assert!(told.is_empty() || told.contains("Executed-Success"), "{}: {told}", function.name());
        }
        for function in es12::Function::ALL {
            let told = told(of_es12(function).unwrap());
            assert!(told.contains("Executed-Success"), "{}: {told}", function.name());
        }
    }
}
