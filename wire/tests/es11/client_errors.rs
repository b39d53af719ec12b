use asn1::{
    AuthenticateClientOk, AuthenticateClientRequest, AuthenticateClientResponseEs9, CancelSessionRequestEs9,
    GetBoundProfilePackageOk, GetBoundProfilePackageRequest, HandleNotification, InitiateAuthenticationOkEs9,
    InitiateAuthenticationRequest, RemoteProfileProvisioningResponse, der, tlv,
};
use http::{Request, Response};
use hyper::body::Bytes;
use protocol::es9plus::Es9Plus;
use protocol::es11::Es11;
use protocol::status::{Fault, Refusal, StatusCode};
use protocol::trace::{Actor, Tracer};
use wire::es9plus::{Binding, ClientError, Endpoint};
use wire::json::Problem;
use wire::server::{Limits, Received, Service};

use crate::support::fake::Fake;
use crate::support::pki::Pki;
use crate::support::running::Running;
use crate::support::{client, events, messages, secure};

/// A server with one answer for everything.
struct Canned(u16, &'static str, Vec<u8>);

impl Service for Canned {
    async fn answer(&self, _: Request<Received>) -> Response<Bytes> {
        let Self(status, content_type, body) = self;
        let response = Response::builder().status(*status).header("content-type", *content_type);
        response.body(Bytes::from(body.clone())).unwrap()
    }
}

async fn ask(service: impl Service, binding: Binding) -> Result<Vec<asn1::EventEntries>, ClientError> {
    let tls = Some(Pki::get().server().into());
    let server = Running::start(service, tls, Limits::default()).await;
    let answer = Es11::authenticate_client(&client(&server, binding), messages::authenticate_client()).await;
    answer.map(|answer| answer.event_entries)
}

async fn in_json(members: &str) -> Result<Vec<asn1::EventEntries>, ClientError> {
    let header = r#""header":{"functionExecutionStatus":{"status":"Executed-Success"}}"#;
    let body = format!("{{{header},{members}}}").into_bytes();
    ask(Canned(200, "application/json", body), Binding::Json).await
}

async fn in_asn1(body: Vec<u8>) -> ClientError {
    ask(Canned(200, "application/x-gsma-rsp-asn1", body), Binding::Asn1).await.unwrap_err()
}

#[tokio::test]
async fn a_missing_or_malformed_member_of_an_answer_is_named() {
    for (members, name, missing) in [
        (r#""transactionId":"0A""#, "eventEntries", true),
        (r#""eventEntries":[]"#, "transactionId", true),
        (r#""transactionId":"XY","eventEntries":[]"#, "transactionId", false),
        (r#""transactionId":"0A","eventEntries":null"#, "eventEntries", true),
        (r#""transactionId":"0A","eventEntries":{}"#, "eventEntries", false),
        (r#""transactionId":"0A","eventEntries":"x""#, "eventEntries", false),
        (r#""transactionId":"0A","eventEntries":[1]"#, "eventEntries", false),
        (r#""transactionId":"0A","eventEntries":[{"eventId":"1"}]"#, "rspServerAddress", true),
        (r#""transactionId":"0A","eventEntries":[{"rspServerAddress":"a"}]"#, "eventId", true),
        (r#""transactionId":"0A","eventEntries":[{"eventId":null,"rspServerAddress":"a"}]"#, "eventId", true),
        (r#""transactionId":"0A","eventEntries":[{"eventId":1,"rspServerAddress":"a"}]"#, "eventId", false),
    ] {
        let error = in_json(members).await.unwrap_err();
        let ClientError::Field(field) = &error else { panic!("{members}: {error}") };
        assert_eq!((field.name, field.problem == Problem::Missing), (name, missing), "{members}");
        assert_eq!(error.fault(), Some(Fault::PeerMisbehaved));
    }
}

#[tokio::test]
async fn members_that_nobody_knows_are_skipped() {
    let members = concat!(
        r#""transactionId":"0a1b2c3d","y":[],"#,
        r#""eventEntries":[{"x":{},"eventId":"1","rspServerAddress":"a.b","hashedIccids":["h"]}]"#,
    );
    assert_eq!(in_json(members).await.unwrap(), events(&[("1", "a.b")]).event_entries);
}

#[tokio::test]
async fn an_answer_that_is_none_says_what_is_wrong() {
    let body = b"{}".to_vec();
    let error = ask(Canned(404, "text/plain", body.clone()), Binding::Json).await.unwrap_err();
    assert!(matches!(error, ClientError::HttpStatus { .. }), "{error}");
    let error = ask(Canned(204, "application/json", Vec::new()), Binding::Json).await.unwrap_err();
    assert!(matches!(error, ClientError::HttpStatus { .. }), "{error}");
    let error = ask(Canned(200, "text/html", body.clone()), Binding::Json).await.unwrap_err();
    assert!(matches!(error, ClientError::ContentType { .. }), "{error}");
    let error = ask(Canned(200, "application/json", body), Binding::Json).await.unwrap_err();
    assert!(matches!(error, ClientError::MissingHeader), "{error}");
    assert!(matches!(in_asn1(vec![0xA2, 0x00]).await, ClientError::Der(_)));
    let cut = tlv::wrap(0xA2, &tlv::wrap(0xBF40, &tlv::wrap(0xA0, &[0x80, 0x01, 0x0A])));
    assert!(matches!(in_asn1(cut).await, ClientError::Der(_)));
}

/// An SM-DP+ that offers a profile to everybody.
struct Smdp;

impl Es9Plus for Smdp {
    type Error = Refusal;

    async fn initiate_authentication(
        &self,
        _: InitiateAuthenticationRequest,
    ) -> Result<InitiateAuthenticationOkEs9, Refusal> {
        Ok(messages::initiate_authentication_ok())
    }

    async fn authenticate_client(
        &self,
        _: AuthenticateClientRequest,
    ) -> Result<AuthenticateClientOk, Refusal> {
        Ok(messages::authenticate_client_ok())
    }

    async fn get_bound_profile_package(
        &self,
        _: GetBoundProfilePackageRequest,
    ) -> Result<GetBoundProfilePackageOk, Refusal> {
        Err(Refusal::misbehaved(StatusCode::TRANSACTION_UNKNOWN, "no"))
    }

    async fn handle_notification(&self, _: HandleNotification) -> Result<(), Refusal> {
        Ok(())
    }

    async fn cancel_session(&self, _: CancelSessionRequestEs9) -> Result<(), Refusal> {
        Ok(())
    }
}

#[tokio::test]
async fn the_answer_of_an_sm_dp_plus_is_no_list_of_events() {
    let smdp = || Endpoint::new(Smdp, Tracer::off(Actor::Smdp));
    let error = ask(smdp(), Binding::Json).await.unwrap_err();
    assert!(matches!(&error, ClientError::Field(field) if field.name == "eventEntries"), "{error}");
    let error = ask(smdp(), Binding::Asn1).await.unwrap_err();
    assert!(matches!(error, ClientError::OtherFunction), "{error}");
    // Its error is its own too, whatever the number.
    let refused = AuthenticateClientResponseEs9::AuthenticateClientError(6.into());
    let refused = RemoteProfileProvisioningResponse::AuthenticateClientResponseEs9(refused);
    assert!(matches!(in_asn1(der::encode(&refused)).await, ClientError::OtherFunction));
}

#[tokio::test]
async fn the_answer_of_an_sm_ds_is_no_profile() {
    let server = secure(Fake::answering(&[("1", "a.b")])).await;
    let ask = async |binding| {
        let request = messages::authenticate_client();
        Es9Plus::authenticate_client(&client(&server, binding), request).await.unwrap_err()
    };
    let error = ask(Binding::Json).await;
    assert!(matches!(&error, ClientError::Field(field) if field.name == "profileMetadata"), "{error}");
    assert!(matches!(ask(Binding::Asn1).await, ClientError::OtherFunction));
}
