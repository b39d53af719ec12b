use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use http::Request;
use hyper::body::Bytes;
use protocol::es9plus::Function;
use protocol::status::{Refusal, StatusCode};
use tracing::subscriber::set_default;
use wire::server::Service;

use crate::support::fake::Fake;
use crate::support::messages::json;
use crate::support::running::endpoint;

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What is logged while the server handles one good or bad `cancelSession`.
async fn logged(fake: Fake, body: &str) -> Vec<String> {
    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber = tracing_subscriber::fmt().without_time().with_target(false).with_ansi(false);
    let subscriber = subscriber.with_max_level(tracing::Level::DEBUG);
    let _guard = set_default(subscriber.with_writer(move || writer.clone()).finish());
    let request = Request::post(Function::CancelSession.json_path())
        .header("content-type", "application/json")
        .body(Ok(Bytes::from(body.to_owned())));
    endpoint(fake).answer(request.unwrap()).await;
    let lines = lines.0.lock().unwrap().clone();
    String::from_utf8(lines).unwrap().lines().map(str::to_owned).collect()
}

#[tokio::test]
async fn a_call_is_logged_in_one_line() {
    let body = json(Function::CancelSession);
    let expected = r#"DEBUG function="cancelSession" transaction_id="0A1B2C3D" outcome="Executed-Success""#;
    assert_eq!(logged(Fake::default(), &body).await, [expected]);
}

#[tokio::test]
async fn a_refusal_is_logged_once_with_its_code_and_whose_fault_it_is() {
    let body = json(Function::CancelSession);
    let refusal = Refusal::misbehaved(StatusCode::SMDP_OID_MISMATCH, "line\nbreak");
    let expected = concat!(
        r#"DEBUG function="cancelSession" transaction_id="0A1B2C3D" outcome=8.8/3.10 "#,
        r#"fault=PeerMisbehaved "line\nbreak""#
    );
    assert_eq!(logged(Fake::refusing(refusal), &body).await, [expected]);
}

/// The server never sees it, so nobody else would tell.
#[tokio::test]
async fn a_request_that_lacks_a_member_is_logged_for_all_to_see() {
    let lines = logged(Fake::default(), "{}").await;
    assert_eq!(lines.len(), 1);
    assert!(lines[0].starts_with(" INFO ") && lines[0].contains("outcome=1.6/2.2"), "{lines:?}");
}

#[tokio::test]
async fn what_http_refuses_is_logged_in_one_line() {
    let lines = logged(Fake::default(), "nonsense").await;
    assert_eq!(lines.len(), 1);
    assert!(lines[0].contains("request rejected status=400"), "{lines:?}");
}
