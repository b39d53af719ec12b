//! Answers that are wrong on purpose.

use std::time::Duration;

use http::{Request, Response};
use hyper::body::Bytes;
use protocol::es9plus::{Es9Plus, Function};
use protocol::trace::{Actor, What};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use wire::es9plus::{Binding, Endpoint};
use wire::fault::{AnswerFault, Effect, HUGE, REDIRECTED_TO, note};
use wire::server::{Limits, Received, Service};

use crate::support::fake::Fake;
use crate::support::messages;
use crate::support::pki::Pki;
use crate::support::raw::{Answer, post_json};
use crate::support::running::{Running, endpoint};
use crate::support::sink::Memory;

/// A server whose handlers note a fault for each answer.
struct Noting(Endpoint<Fake>, AnswerFault);

impl Service for Noting {
    async fn answer(&self, request: Request<Received>) -> Response<Bytes> {
        note(self.1);
        self.0.answer(request).await
    }
}

fn noting(fault: AnswerFault) -> Noting {
    Noting(endpoint(Fake::default()), fault)
}

async fn plain(fault: AnswerFault) -> Running {
    Running::start(noting(fault), None, Limits::default()).await
}

async fn answer(fault: AnswerFault, function: Function) -> Answer {
    post_json(plain(fault).await.address, function.json_path(), &messages::json(function)).await
}

async fn bytes_of(fault: AnswerFault) -> Vec<u8> {
    let body = messages::json(Function::AuthenticateClient);
    let head = format!(
        "POST {} HTTP/1.1\r\nHost: smdp.example.com\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        Function::AuthenticateClient.json_path(),
        body.len(),
    );
    let server = plain(fault).await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    // A connection that is cut may be reset.
    let _ = stream.read_to_end(&mut answer).await;
    answer
}

fn json(answer: &Answer) -> Value {
    serde_json::from_slice(&answer.body).unwrap()
}

#[tokio::test]
async fn a_client_bears_what_is_harmless_and_makes_an_error_of_what_is_fatal() {
    for fault in AnswerFault::ALL {
        let server = Running::start(noting(*fault), Some(Pki::get().server()), Limits::default()).await;
        let outcome = server.client().authenticate_client(messages::authenticate_client()).await;
        match fault.effect() {
            // It says something only about an answer without a body.
            _ if *fault == AnswerFault::ObjectForNoContent => assert!(outcome.is_ok()),
            Effect::Harmless => assert!(outcome.is_ok(), "{fault}: {outcome:?}"),
            // Whose transactionId it is, is for the LPA to compare.
            Effect::Fatal if *fault == AnswerFault::OtherTransactionId => assert!(outcome.is_ok()),
            Effect::Fatal => assert!(outcome.is_err(), "{fault}"),
            Effect::Tolerable => {}
        }
    }
}

#[tokio::test]
async fn every_fault_changes_the_answer_of_a_function() {
    let good = post_json(
        Running::plain(Fake::default()).await.address,
        Function::AuthenticateClient.json_path(),
        &messages::json(Function::AuthenticateClient),
    )
    .await;
    for fault in AnswerFault::ALL {
        use AnswerFault as F;
        // What the connection does, what is only about 204, and what these short messages have no place for.
        let elsewhere =
            [F::CutBeforeAnswer, F::CutInBody, F::ObjectForNoContent, F::EscapedSolidus, F::WrappedBase64];
        if matches!(fault, F::Slow(_)) || elsewhere.contains(fault) {
            continue;
        }
        let bad = answer(*fault, Function::AuthenticateClient).await;
        let same = (bad.status, &bad.body) == (good.status, &good.body);
        let fields = ["content-type", "x-admin-protocol", "transfer-encoding"];
        let same_fields = fields.iter().all(|field| bad.header(field) == good.header(field));
        assert!(!(same && same_fields), "{fault}");
    }
}

#[tokio::test]
async fn a_cut_connection_ends_before_the_answer_or_in_the_middle_of_the_body() {
    assert_eq!(bytes_of(AnswerFault::CutBeforeAnswer).await, b"");
    let cut = String::from_utf8(bytes_of(AnswerFault::CutInBody).await).unwrap();
    let (head, body) = cut.split_once("\r\n\r\n").unwrap();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
    assert_eq!(body.len(), length.parse::<usize>().unwrap() / 2);
    assert!(head.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn a_chunked_body_does_not_tell_its_length() {
    let answer = answer(AnswerFault::Chunked, Function::AuthenticateClient).await;
    assert_eq!(answer.header("content-length"), None);
    assert_eq!(answer.header("transfer-encoding"), Some("chunked"));
    assert!(answer.text().starts_with("64\r\n"), "pieces of 100 bytes");
}

#[tokio::test]
async fn an_answer_instead_has_its_status_and_fields() {
    use AnswerFault as F;
    let of = async |fault| answer(fault, Function::AuthenticateClient).await;
    for (fault, status) in [(F::Unavailable, 503), (F::TooManyRequests, 429)] {
        let answer = of(fault).await;
        assert_eq!((answer.status, answer.header("retry-after"), answer.text()), (status, Some("2"), ""));
    }
    for (fault, status) in [(F::MovedTemporarily, 302), (F::TemporaryRedirect, 307)] {
        let answer = of(fault).await;
        assert_eq!((answer.status, answer.header("location")), (status, Some(REDIRECTED_TO)));
    }
    for (fault, status) in [(F::Forbidden, 403), (F::NotFound, 404), (F::EmptyOk, 200), (F::NoContent, 204)] {
        let answer = of(fault).await;
        assert_eq!((answer.status, answer.text()), (status, ""), "{fault}");
    }
    let page = of(F::InternalErrorHtml).await;
    assert_eq!((page.status, page.header("content-type")), (500, Some("text/html")));
    assert!(page.text().contains("<h1>"));
    assert_eq!(of(F::HtmlContentType).await.header("content-type"), Some("text/html"));
    assert_eq!(of(F::NoContentType).await.header("content-type"), None);
    assert_eq!(of(F::Charset).await.header("content-type"), Some("application/json;charset=UTF-8"));
    assert_eq!(of(F::AdminProtocolV3).await.header("x-admin-protocol"), Some("gsma/rsp/v3.0.0"));
    assert_eq!(of(F::NoAdminProtocol).await.header("x-admin-protocol"), None);
    assert!(of(F::HugeBody).await.body.len() > HUGE);
}

#[tokio::test]
async fn an_acknowledgement_becomes_an_empty_object_and_has_no_place_for_faults_of_json() {
    let of = async |fault| answer(fault, Function::HandleNotification).await;
    let object = of(AnswerFault::ObjectForNoContent).await;
    assert_eq!((object.status, object.text()), (200, "{}"));
    for fault in [AnswerFault::NoHeader, AnswerFault::WrappedBase64, AnswerFault::NoContent] {
        assert_eq!(of(fault).await.status, 204, "{fault}");
    }
}

#[tokio::test]
async fn the_members_are_as_the_fault_says() {
    use AnswerFault as F;
    let of = async |fault| json(&answer(fault, Function::AuthenticateClient).await);
    let good = json(
        &post_json(
            Running::plain(Fake::default()).await.address,
            Function::AuthenticateClient.json_path(),
            &messages::json(Function::AuthenticateClient),
        )
        .await,
    );
    let status = |answer: &Value| answer["header"]["functionExecutionStatus"].clone();
    for (fault, text) in
        [(F::NoStatusCodeData, "Failed"), (F::Expired, "Expired"), (F::UnknownStatus, "Executed-Somehow")]
    {
        let answer = of(fault).await;
        assert_eq!(status(&answer), serde_json::json!({ "status": text }));
        assert_eq!(answer.as_object().unwrap().len(), 1);
    }
    let warned = of(F::ExecutedWithWarning).await;
    assert_eq!(status(&warned)["status"], "Executed-WithWarning");
    assert!(status(&warned)["statusCodeData"]["subjectCode"].is_string());
    assert_eq!(warned["smdpSigned2"], good["smdpSigned2"]);
    assert!(of(F::NoHeader).await.get("header").is_none());
    let unknown = of(F::UnknownMembers).await;
    assert!(unknown["rspExtension"].is_object() && unknown["header"]["rspExtension"].is_array());
    let missing = of(F::MemberMissing).await;
    assert_eq!(missing.as_object().unwrap().len() + 1, good.as_object().unwrap().len());
    assert_eq!(of(F::MemberNull).await["smdpSigned2"], Value::Null);
    assert_eq!(of(F::MemberNumber).await["smdpSigned2"], 17);
    let lower = of(F::LowerCaseTransactionId).await;
    let id = good["transactionId"].as_str().unwrap();
    assert_eq!(lower["transactionId"], id.to_lowercase());
    assert_ne!(of(F::OtherTransactionId).await["transactionId"], id);
    assert!(!of(F::UnpaddedBase64).await.to_string().contains('='));
    assert!(of(F::BadBase64).await["smdpSigned2"].as_str().unwrap().starts_with('*'));
    let cut = of(F::CutObject).await;
    assert!(cut["smdpSigned2"].as_str().unwrap().len() < good["smdpSigned2"].as_str().unwrap().len());
    assert_eq!(of(F::SpacedJson).await, good);
}

#[test]
fn long_base64_is_wrapped_and_its_solidus_escaped() {
    let object = |text: String| serde_json::json!({ "header": {}, "object": text }).to_string();
    let text = "/".repeat(200);
    let spoiled = |fault: AnswerFault, text: &str| {
        let mut response = Response::new(Bytes::from(object(text.to_owned())));
        let applied = fault.apply(&mut response);
        (applied, String::from_utf8(response.into_body().to_vec()).unwrap())
    };
    let (applied, wrapped) = spoiled(AnswerFault::WrappedBase64, &text);
    let wrapped: Value = serde_json::from_str(&wrapped).unwrap();
    let lines: Vec<&str> = wrapped["object"].as_str().unwrap().split("\r\n").collect();
    assert_eq!((applied, lines.iter().map(|line| line.len()).collect()), (true, vec![64, 64, 64, 8]));
    assert_eq!(lines.concat(), text);
    let (applied, escaped) = spoiled(AnswerFault::EscapedSolidus, &text);
    assert!(applied && escaped.contains(r"\/\/"));
    assert_eq!(serde_json::from_str::<Value>(&escaped).unwrap()["object"], text);
    for fault in [AnswerFault::WrappedBase64, AnswerFault::EscapedSolidus, AnswerFault::UnpaddedBase64] {
        assert_eq!(spoiled(fault, "AAAA"), (false, object("AAAA".to_owned())), "{fault}");
    }
}

#[tokio::test]
async fn a_refusal_can_lose_its_reason() {
    let refusal = protocol::status::Refusal::misbehaved(protocol::status::StatusCode::BUSY, "no");
    let noting = Noting(endpoint(Fake::refusing(refusal)), AnswerFault::NoStatusCodeData);
    let server = Running::start(noting, None, Limits::default()).await;
    let function = Function::CancelSession;
    let answer = post_json(server.address, function.json_path(), &messages::json(function)).await;
    assert_eq!(answer.execution_status(), "Failed");
}

#[tokio::test]
async fn a_fault_of_json_has_no_place_in_the_asn1_binding_and_one_of_http_has() {
    for (fault, survives) in [(AnswerFault::NoHeader, true), (AnswerFault::Unavailable, false)] {
        let server = Running::start(noting(fault), Some(Pki::get().server()), Limits::default()).await;
        let client = server.client().with_binding(Binding::Asn1);
        let outcome = client.authenticate_client(messages::authenticate_client()).await;
        assert_eq!(outcome.is_ok(), survives, "{fault}");
    }
}

#[tokio::test]
async fn the_trace_shows_the_answer_that_left() {
    let memory = Memory::default();
    let endpoint = Endpoint::new(Fake::default(), memory.tracer(Actor::Smdp));
    let fault = AnswerFault::InternalErrorHtml;
    let server = Running::start(Noting(endpoint, fault), None, Limits::default()).await;
    let function = Function::AuthenticateClient;
    post_json(server.address, function.json_path(), &messages::json(function)).await;
    let last = memory.events().pop().unwrap();
    let What::Http { status, .. } = last.what else { panic!("{last:?}") };
    assert_eq!(status, Some(500));
}

/// Not applied by the connection itself: whoever answers without a handler spoils the answer himself.
#[tokio::test]
async fn a_note_outside_of_a_server_is_heard_by_nobody() {
    note(AnswerFault::NoHeader);
    let mut response = Response::new(Bytes::from_static(b"{\"header\":{}}"));
    assert!(AnswerFault::NoHeader.apply(&mut response));
    assert_eq!(&response.body()[..], b"{}");
    assert!(!AnswerFault::NoHeader.apply(&mut response));
    let delayed = AnswerFault::Slow(Duration::from_millis(1)).apply(&mut response);
    assert!(delayed && response.extensions().get::<wire::server::Delivery>().is_some());
}
