use std::sync::{Arc, Mutex};

use http::{Request, Response, Version};
use hyper::body::Bytes;
use protocol::es12::{Caller, CallerKind, Function, RegisterEvent};
use protocol::function_call::Call;
use protocol::status::{Refusal, StatusCode};
use rustls::ClientConfig;
use serde_json::Value;
use wire::es12::ClientError;
use wire::server::{Limits, Received, Service};

use crate::support::fake::{Asked, Fake};
use crate::support::messages::{self, json_of};
use crate::support::pki::{Pki, SMDP, SMDS};
use crate::support::raw::post_json;
use crate::support::running::Running;
use crate::support::{client, client_with, endpoint, plain, secure};

/// Keeps what comes, before the endpoint sees it.
#[derive(Clone)]
struct Wiretap {
    fake: Fake,
    seen: Arc<Mutex<Vec<(Version, String, Bytes)>>>,
}

impl Service for Wiretap {
    async fn answer(&self, request: Request<Received>) -> Response<Bytes> {
        let header = |name: &str| request.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        assert_eq!(header("x-admin-protocol").as_deref(), Some("gsma/rsp/v2.2.2"));
        assert_eq!(header("content-type").as_deref(), Some("application/json"));
        // SGP.22 §6.2 gives this field to the LPA.
        assert_eq!(header("user-agent"), None);
        let (path, body) = (request.uri().path().to_owned(), request.body().clone().unwrap());
        self.seen.lock().unwrap().push((request.version(), path, body));
        endpoint(self.fake.clone()).answer(request).await
    }
}

fn caller(oid: &'static [u32], kind: CallerKind) -> Caller {
    Caller { oid: certs::oid::owned(oid), kind }
}

#[tokio::test]
async fn both_functions_travel_as_the_specification_writes_them() {
    let pki = Pki::get();
    let callers =
        [(&pki.smdp, caller(SMDP, CallerKind::Smdp)), (&pki.other_smds, caller(SMDS, CallerKind::Smds))];
    for (identity, caller) in callers {
        for (alpn, version) in [(&b"http/1.1"[..], Version::HTTP_11), (b"h2", Version::HTTP_2)] {
            let tap = Wiretap { fake: Fake::default(), seen: Arc::default() };
            let tls = Some(pki.server(pki.all()));
            let server = Running::start(tap.clone(), tls, Limits::default()).await;
            let mut tls = ClientConfig::clone(&pki.client(identity));
            tls.alpn_protocols = vec![alpn.to_vec()];
            let client = client_with(&server, Arc::new(tls));
            client.register_event(&messages::header(), &messages::register_event()).await.unwrap();
            client.delete_event(&messages::header(), &messages::delete_event()).await.unwrap();

            let seen = tap.seen.lock().unwrap().clone();
            assert_eq!(seen.len(), 2);
            for ((used, path, body), function) in seen.iter().zip(Function::ALL) {
                assert_eq!((*used, path.as_str()), (version, function.json_path()));
                assert_eq!(serde_json::from_slice::<Value>(body).unwrap(), json_of(function));
            }
            let expected = [
                Asked::Register(Call::new(messages::header(), &seen[0].2, messages::register_event())),
                Asked::Delete(Call::new(messages::header(), &seen[1].2, messages::delete_event())),
            ];
            assert_eq!(tap.fake.seen(), expected.map(|asked| (caller.clone(), asked)));
        }
    }
}

#[tokio::test]
async fn an_event_that_is_not_to_be_forwarded_says_so() {
    let fake = Fake::default();
    let server = secure(fake.clone()).await;
    let event = RegisterEvent { forwarding_indicator: false, ..messages::register_event() };
    client(&server).register_event(&messages::header(), &event).await.unwrap();
    let Some((_, Asked::Register(call))) = fake.seen().pop() else { panic!() };
    assert_eq!(call.content, event);
}

#[tokio::test]
async fn an_answer_is_a_header_alone() {
    let server = plain(Fake::default()).await;
    for function in Function::ALL {
        let reply = post_json(server.address, function.json_path(), &json_of(function).to_string()).await;
        let expected = r#"{"header":{"functionExecutionStatus":{"status":"Executed-Success"}}}"#;
        assert_eq!((reply.status, reply.text()), (200, expected));
    }
}

#[tokio::test]
async fn a_refusal_arrives_with_its_codes_as_text() {
    for code in [
        StatusCode::EVENT_IN_USE,
        StatusCode::EVENT_UNKNOWN,
        StatusCode::SMDS_INACCESSIBLE,
        StatusCode::SMDS_EXECUTION_ERROR,
    ] {
        let server = secure(Fake::refusing(Refusal::incompatible(code, "because"))).await;
        let client = client(&server);
        let (header, event) = (messages::header(), messages::register_event());
        for answer in [
            client.register_event(&header, &event).await,
            client.delete_event(&header, &messages::delete_event()).await,
        ] {
            let ClientError::Refused { status } = answer.unwrap_err() else { panic!("{code}") };
            assert_eq!(
                (status.subject_code.as_str(), status.reason_code.as_str()),
                (code.subject, code.reason)
            );
            assert_eq!(status.message.as_deref(), Some("because"));
            assert!(status.is(code) && !status.is(StatusCode::BUSY));
        }
    }
}

#[tokio::test]
async fn a_refusal_is_spelled_like_this() {
    let refusal = Refusal::incompatible(StatusCode::EVENT_IN_USE, "AB-12");
    let server = plain(Fake::refusing(refusal)).await;
    let function = Function::RegisterEvent;
    let reply = post_json(server.address, function.json_path(), &json_of(function).to_string()).await;
    let expected = concat!(
        r#"{"header":{"functionExecutionStatus":{"status":"Failed","statusCodeData":"#,
        r#"{"subjectCode":"8.9.5","reasonCode":"3.3","message":"AB-12"}}}}"#
    );
    assert_eq!((reply.status, reply.text()), (200, expected));
}
