use http::{Request, Response, Version};
use hyper::body::Bytes;
use protocol::es2plus::{Call, ConfirmOrder, ConfirmOrderOk, DownloadOrder, Function, MatchingIdChoice};
use protocol::status::{Refusal, StatusCode};
use rustls::ClientConfig;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::sync::{Arc, Mutex};
use wire::es2plus::{Client, ClientError};
use wire::server::{Limits, Received, Service};

use crate::support::fake::{Asked, Fake};
use crate::support::messages::{self, json_of};
use crate::support::pki::{OPERATOR, Pki};
use crate::support::raw::post_json;
use crate::support::running::{Running, endpoint};

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

async fn all_four(client: &Client) {
    let header = messages::header();
    let answer = client.download_order(&header, &messages::download_order()).await.unwrap();
    assert_eq!(answer, messages::download_order_ok());
    let answer = client.confirm_order(&header, &messages::confirm_order()).await.unwrap();
    assert_eq!(answer, messages::confirm_order_ok());
    client.cancel_order(&header, &messages::cancel_order()).await.unwrap();
    client.release_profile(&header, &messages::release_profile()).await.unwrap();
}

#[tokio::test]
async fn the_four_functions_travel_as_the_specification_writes_them() {
    for (alpn, version) in [(&b"http/1.1"[..], Version::HTTP_11), (b"h2", Version::HTTP_2)] {
        let tap = Wiretap { fake: Fake::default(), seen: Arc::default() };
        let tls = Pki::get().server([Pki::get().by_oid(OPERATOR)]);
        let server = Running::start(tap.clone(), Some(tls), Limits::default()).await;
        let mut tls = ClientConfig::clone(&Pki::get().client(&Pki::get().operator));
        tls.alpn_protocols = vec![alpn.to_vec()];
        all_four(&server.client_with(Arc::new(tls))).await;

        let functions = [
            Function::DownloadOrder,
            Function::ConfirmOrder,
            Function::CancelOrder,
            Function::ReleaseProfile,
        ];
        let seen = tap.seen.lock().unwrap().clone();
        assert_eq!(seen.len(), 4);
        for ((used, path, body), function) in seen.iter().zip(functions) {
            assert_eq!((*used, path.as_str()), (version, function.json_path()));
            assert_eq!(serde_json::from_slice::<Value>(body).unwrap(), json_of(function));
        }
        let call = |index: usize| (messages::header(), <[u8; 32]>::from(Sha256::digest(&seen[index].2)));
        let expected = [
            Asked::Download(of(call(0), messages::download_order())),
            Asked::Confirm(of(call(1), messages::confirm_order())),
            Asked::Cancel(of(call(2), messages::cancel_order())),
            Asked::Release(of(call(3), messages::release_profile())),
        ];
        assert_eq!(tap.fake.seen(), expected.map(|asked| ("operator".to_owned(), asked)));
    }
}

fn of<T>((header, body_digest): (protocol::es2plus::CallHeader, [u8; 32]), content: T) -> Call<T> {
    Call { header, body_digest, content }
}

#[tokio::test]
async fn what_may_be_left_out_is_left_out() {
    let fake = Fake::default();
    let server = Running::secure(fake.clone()).await;
    let order = DownloadOrder { eid: None, iccid: None, profile_type: None };
    server.client().download_order(&messages::header(), &order).await.unwrap();
    let confirmed = ConfirmOrder {
        eid: None,
        matching_id: MatchingIdChoice::Generate,
        confirmation_code: None,
        smds_address: None,
        release_flag: false,
        ..messages::confirm_order()
    };
    server.client().confirm_order(&messages::header(), &confirmed).await.unwrap();
    let seen = fake.seen();
    let (Asked::Download(one), Asked::Confirm(other)) = (&seen[0].1, &seen[1].1) else { panic!("{seen:?}") };
    assert_eq!((&one.content, &other.content), (&order, &confirmed));
}

#[tokio::test]
async fn an_empty_matching_id_is_something_else_than_none() {
    let fake = Fake::default();
    let server = Running::secure(fake.clone()).await;
    for matching_id in [MatchingIdChoice::Empty, MatchingIdChoice::Generate] {
        let order = ConfirmOrder { matching_id: matching_id.clone(), ..messages::confirm_order() };
        server.client().confirm_order(&messages::header(), &order).await.unwrap();
        let Some((_, Asked::Confirm(call))) = fake.seen().pop() else { panic!() };
        assert_eq!(call.content.matching_id, matching_id);
    }
}

#[tokio::test]
async fn the_matching_id_is_always_answered() {
    let answer = ConfirmOrderOk { eid: None, matching_id: None, smdp_address: None };
    let server = Running::plain(Fake::confirming(answer.clone())).await;
    let function = Function::ConfirmOrder;
    let reply = post_json(server.address, function.json_path(), &json_of(function).to_string()).await;
    let expected = json!({
        "header": { "functionExecutionStatus": { "status": "Executed-Success" } },
        "matchingId": "",
    });
    assert_eq!(serde_json::from_slice::<Value>(&reply.body).unwrap(), expected);

    let server = Running::secure(Fake::confirming(answer.clone())).await;
    let read = server.client().confirm_order(&messages::header(), &messages::confirm_order()).await;
    assert_eq!(read.unwrap(), answer);
}

#[tokio::test]
async fn an_answer_without_output_is_a_header_alone() {
    let server = Running::plain(Fake::default()).await;
    for function in [Function::CancelOrder, Function::ReleaseProfile] {
        let reply = post_json(server.address, function.json_path(), &json_of(function).to_string()).await;
        let expected = r#"{"header":{"functionExecutionStatus":{"status":"Executed-Success"}}}"#;
        assert_eq!((reply.status, reply.text()), (200, expected));
    }
}

#[tokio::test]
async fn a_refusal_arrives_with_its_codes_as_text() {
    let refusal = Refusal::incompatible(StatusCode::ICCID_INVALID_ASSOCIATION, "linked to another eUICC");
    let server = Running::secure(Fake::refusing(refusal)).await;
    let error = server.client().cancel_order(&messages::header(), &messages::cancel_order()).await;
    let ClientError::Refused { status } = error.unwrap_err() else { panic!() };
    assert_eq!((status.subject_code.as_str(), status.reason_code.as_str()), ("8.2.1", "3.10"));
    assert_eq!(status.message.as_deref(), Some("linked to another eUICC"));
}
