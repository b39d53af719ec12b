use http::{Request, Response};
use hyper::body::Bytes;
use protocol::clock::Timestamp;
use protocol::es2plus::{ExecutionStatus, Function, HandleDownloadProgressInfo, StatusData};
use protocol::status::StatusCode;
use protocol::trace::{Actor, Tracer};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use wire::es2plus::{ClientError, NoTls, ProgressClient, ProgressEndpoint};
use wire::server::{Limits, Received, Service};
use wire::transport::{Route, TransportError};

use crate::support::fake::Told;
use crate::support::messages::{self, EID, json_of, json_with};
use crate::support::pki::{HOST, Pki, pinned};
use crate::support::raw::{post_json, request};
use crate::support::running::Running;
use crate::support::sink::Memory;

const FUNCTION: Function = Function::HandleDownloadProgressInfo;
const PATH: &str = "/gsma/rsp2/es2plus/handleDownloadProgressInfo";

fn client(address: SocketAddr, path: &str) -> ProgressClient {
    let url = format!("http://127.0.0.1:{}{path}", address.port());
    ProgressClient::new(url.parse().unwrap(), None, Tracer::off(Actor::Smdp)).unwrap()
}

async fn send(address: SocketAddr, info: &HandleDownloadProgressInfo) -> Result<(), ClientError> {
    client(address, "").handle_download_progress_info(&messages::header(), info).await
}

/// An operator with one answer for everything, and what it was sent.
#[derive(Clone)]
struct Canned {
    status: u16,
    body: &'static str,
    seen: Arc<Mutex<Vec<(String, Bytes)>>>,
}

impl Canned {
    fn new(status: u16, body: &'static str) -> Self {
        Self { status, body, seen: Arc::default() }
    }

    async fn start(&self) -> Running {
        Running::start(self.clone(), None, Limits::default()).await
    }
}

impl Service for Canned {
    async fn answer(&self, request: Request<Received>) -> Response<Bytes> {
        assert_eq!(request.headers()["x-admin-protocol"], "gsma/rsp/v2.2.2");
        assert_eq!(request.headers()["content-type"], "application/json");
        let uri = request.uri().path_and_query().unwrap().to_string();
        self.seen.lock().unwrap().push((uri, request.into_body().unwrap()));
        Response::builder().status(self.status).body(Bytes::from_static(self.body.as_bytes())).unwrap()
    }
}

#[tokio::test]
async fn a_report_travels_as_the_specification_writes_it() {
    let operator = Canned::new(204, "");
    let server = operator.start().await;
    send(server.address, &messages::progress()).await.unwrap();
    let (path, body) = operator.seen.lock().unwrap().remove(0);
    assert_eq!(path, PATH);
    assert_eq!(serde_json::from_slice::<Value>(&body).unwrap(), json_of(FUNCTION));
}

#[tokio::test]
async fn a_report_arrives_as_it_was_sent() {
    let data = StatusData { message: None, ..StatusData::from(StatusCode::ORDER_REFUSED) };
    for status in [
        ExecutionStatus::ExecutedSuccess,
        ExecutionStatus::ExecutedWithWarning(data.clone()),
        ExecutionStatus::Failed(data),
    ] {
        for (eid, result_data) in [(None, None), (Some(messages::eid()), Some(Vec::new()))] {
            let told = Told::default();
            let server = Running::operator(told.clone()).await;
            let info = HandleDownloadProgressInfo {
                eid,
                result_data,
                notification_point_status: status.clone(),
                notification_point_id: 100,
                ..messages::progress()
            };
            send(server.address, &info).await.unwrap();
            assert_eq!(told.reports(), [(messages::header(), info)]);
        }
    }
}

#[tokio::test]
async fn an_accepted_report_is_a_204_without_body_and_type() {
    let server = Running::operator(Told::default()).await;
    let answer = post_json(server.address, PATH, &json_of(FUNCTION).to_string()).await;
    assert_eq!((answer.status, answer.text(), answer.header("content-type")), (204, "", None));
    assert_eq!(answer.header("x-admin-protocol"), Some("gsma/rsp/v2.2.2"));
}

#[tokio::test]
async fn a_fraction_of_a_second_is_not_sent() {
    let told = Told::default();
    let server = Running::operator(told.clone()).await;
    let timestamp = Timestamp::from_unix_millis(1_008_581_447_999);
    send(server.address, &HandleDownloadProgressInfo { timestamp, ..messages::progress() }).await.unwrap();
    assert_eq!(told.reports()[0].1.timestamp, Timestamp::from_unix_seconds(1_008_581_447));
}

/// What the operator is told when one member is changed.
async fn read(name: &str, value: Value) -> HandleDownloadProgressInfo {
    let told = Told::default();
    let server = Running::operator(told.clone()).await;
    let answer = post_json(server.address, PATH, &json_with(FUNCTION, name, Some(value))).await;
    assert_eq!(answer.status, 204, "{}", answer.text());
    told.reports().remove(0).1
}

#[tokio::test]
async fn a_notification_point_may_be_written_as_text() {
    for (value, expected) in
        [(json!("101"), 101), (json!("4"), 4), (json!(0), 0), (json!(u32::MAX), u32::MAX)]
    {
        assert_eq!(read("notificationPointId", value).await.notification_point_id, expected);
    }
}

#[tokio::test]
async fn a_timestamp_may_have_an_offset() {
    for text in ["2001-12-17T09:30:47Z", "2001-12-17T10:30:47+01:00", "2001-12-17T04:00:47-05:30"] {
        let timestamp = read("timestamp", json!(text)).await.timestamp;
        assert_eq!(timestamp, Timestamp::from_unix_seconds(1_008_581_447), "{text}");
    }
}

#[tokio::test]
async fn a_report_that_cannot_be_read_is_a_bad_request_that_names_the_member() {
    let told = Told::default();
    let server = Running::operator(told.clone()).await;
    for (name, bad, reason) in [
        ("header", None, "2.2"),
        ("iccid", None, "2.2"),
        ("profileType", None, "2.2"),
        ("timestamp", None, "2.2"),
        ("notificationPointId", None, "2.2"),
        ("notificationPointStatus", None, "2.2"),
        ("eid", Some(json!("89")), "2.1"),
        ("iccid", Some(json!("x")), "2.1"),
        ("timestamp", Some(json!("yesterday")), "2.1"),
        ("timestamp", Some(json!(1_008_581_447)), "2.1"),
        ("notificationPointId", Some(json!("four")), "2.1"),
        ("notificationPointId", Some(json!(-1)), "2.1"),
        ("notificationPointId", Some(json!(1.5)), "2.1"),
        ("notificationPointStatus", Some(json!({})), "2.1"),
        ("notificationPointStatus", Some(json!({ "status": "Expired" })), "2.1"),
        ("notificationPointStatus", Some(json!({ "status": "Failed" })), "2.1"),
        ("resultData", Some(json!("*")), "2.1"),
    ] {
        let answer = post_json(server.address, PATH, &json_with(FUNCTION, name, bad)).await;
        let status = answer.execution_status();
        assert_eq!(answer.status, 400, "{status}");
        assert!(status.starts_with(&format!("Failed 1.6 {reason} {name}: ")), "{status}");
    }
    assert!(told.reports().is_empty());
}

#[tokio::test]
async fn what_is_no_report_is_refused_as_everywhere() {
    let server = Running::operator(Told::default()).await;
    let json = "Content-Type: application/json";
    for (line, headers, body, status) in [
        (format!("POST {}", Function::ConfirmOrder.json_path()), &[json][..], "{}", 404),
        (format!("GET {PATH}"), &[json], "", 405),
        (format!("POST {PATH}"), &[], "{}", 415),
        (format!("POST {PATH}"), &[json], "[]", 400),
    ] {
        assert_eq!(request(server.address, &line, headers, body.as_bytes()).await.status, status, "{line}");
    }
}

#[tokio::test]
async fn a_200_is_an_acknowledgement_whatever_it_says() {
    for body in ["", "{}", "OK", r#"{"header":{"functionExecutionStatus":{"status":"Executed-Success"}}}"#] {
        let server = Canned::new(200, body).start().await;
        send(server.address, &messages::progress()).await.unwrap();
    }
}

#[tokio::test]
async fn another_status_says_whether_another_try_is_worth_it() {
    for (status, retry) in [
        (201, false),
        (202, false),
        (302, false),
        (400, false),
        (403, false),
        (404, false),
        (408, true),
        (429, true),
        (500, true),
        (502, true),
        (503, true),
    ] {
        let server = Canned::new(status, "no").start().await;
        let error = send(server.address, &messages::progress()).await.unwrap_err();
        let ClientError::HttpStatus { status: found, reason } = &error else { panic!("{error}") };
        assert_eq!((found.as_u16(), reason.as_str(), error.is_worth_retrying()), (status, "no", retry));
    }
}

#[tokio::test]
async fn an_operator_that_is_not_there_is_worth_another_try() {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let error = send(address, &messages::progress()).await.unwrap_err();
    assert!(matches!(error, ClientError::Transport(TransportError::Connect { .. })), "{error}");
    assert!(error.is_worth_retrying());
}

#[tokio::test]
async fn a_path_and_a_query_of_the_url_are_called_and_the_query_is_not_traced() {
    let operator = Canned::new(204, "");
    let server = operator.start().await;
    let memory = Memory::default();
    let url = format!("http://127.0.0.1:{}/rsp/progress?token=secret", server.address.port());
    let client = ProgressClient::new(url.parse().unwrap(), None, memory.tracer(Actor::Smdp)).unwrap();
    client.handle_download_progress_info(&messages::header(), &messages::progress()).await.unwrap();
    assert_eq!(operator.seen.lock().unwrap()[0].0, "/rsp/progress?token=secret");
    let events = memory.events();
    let trace = format!("{events:?}");
    assert!(events.len() == 2 && trace.contains("/rsp/progress") && !trace.contains("secret"), "{trace}");
    assert!(events.iter().all(|event| event.ids.eid.as_deref() == Some(EID)));
}

#[tokio::test]
async fn an_https_operator_is_reached_with_the_certificate_of_the_sm_dp_plus() {
    let pki = Pki::get();
    let told = Told::default();
    let callers = [pinned("smdp", pki.smdp.certificate())];
    let endpoint = ProgressEndpoint::new(told.clone(), Tracer::off(Actor::Smdp));
    let server = Running::start(endpoint, Some(pki.server(callers)), Limits::default()).await;
    let client = |identity| {
        let url = format!("https://{HOST}").parse().unwrap();
        let route = Route { host: HOST.to_owned(), to: server.address };
        let tracer = Tracer::off(Actor::Smdp);
        ProgressClient::new(url, Some(pki.client(identity)), tracer).unwrap().with_route(route)
    };
    let (header, info) = (messages::header(), messages::progress());
    client(&pki.smdp).handle_download_progress_info(&header, &info).await.unwrap();
    let error = client(&pki.operator).handle_download_progress_info(&header, &info).await.unwrap_err();
    assert!(matches!(error, ClientError::Transport(_)) && error.is_worth_retrying(), "{error}");
    assert_eq!(told.reports().len(), 1);
}

#[test]
fn an_https_url_needs_a_certificate() {
    let url = "https://op.example.com".parse().unwrap();
    assert_eq!(ProgressClient::new(url, None, Tracer::off(Actor::Smdp)).map(drop), Err(NoTls));
}
