use std::time::Duration;

use protocol::es12::Function;
use protocol::status::Refusal;
use wire::server::{Authenticated, Limits};

use crate::support::fake::Fake;
use crate::support::messages::json_of;
use crate::support::raw::{Answer, post_json, request, send};
use crate::support::running::Running;
use crate::support::{Known, endpoint, plain, smdp};

const PATH: &str = "/gsma/rsp2/es12/registerEvent";
const JSON: &str = "Content-Type: application/json";

fn body() -> String {
    json_of(Function::RegisterEvent).to_string()
}

async fn ask(line: &str, headers: &[&str], body: &str) -> Answer {
    let server = plain(Fake::default()).await;
    request(server.address, line, headers, body.as_bytes()).await
}

#[tokio::test]
async fn an_unknown_path_is_not_found() {
    for path in [
        "/",
        "/gsma/rsp2/es12",
        "/gsma/rsp2/es12/registerEvent/",
        "/gsma/rsp2/es15/registerEvent",
        "/gsma/rsp2/asn1",
        "/gsma/rsp2/es9plus/initiateAuthentication",
    ] {
        let answer = ask(&format!("POST {path}"), &[JSON], "{}").await;
        assert_eq!((answer.status, answer.header("content-type")), (404, Some("text/plain")), "{path}");
    }
}

#[tokio::test]
async fn another_method_than_post_is_not_allowed() {
    for method in ["GET", "PUT", "DELETE"] {
        let answer = ask(&format!("{method} {PATH}"), &[JSON], "").await;
        assert_eq!((answer.status, answer.header("allow")), (405, Some("POST")), "{method}");
    }
}

#[tokio::test]
async fn another_content_type_is_unsupported() {
    for headers in [&["Content-Type: text/plain"][..], &["Content-Type: application/x-gsma-rsp-asn1"], &[]] {
        assert_eq!(ask(&format!("POST {PATH}"), headers, &body()).await.status, 415, "{headers:?}");
    }
    let with_parameter = ["Content-Type: application/json;charset=UTF-8"];
    let answer = ask(&format!("POST {PATH}"), &with_parameter, &body()).await;
    assert_eq!(answer.execution_status(), "Executed-Success");
}

#[tokio::test]
async fn a_body_that_is_no_json_object_or_ambiguous_is_a_bad_request() {
    for body in ["", "{", "[]", "null", "\"x\"", "{}{}", r#"{"eventId":"1","eventId":"2"}"#] {
        assert_eq!(ask(&format!("POST {PATH}"), &[JSON], body).await.status, 400, "{body}");
    }
}

#[tokio::test]
async fn a_body_that_is_too_long_or_too_slow_is_told_so() {
    let limits = Limits { body: 100, body_time: Duration::from_millis(300), ..Limits::default() };
    let caller = Some(Authenticated::RspServer(smdp().into()));
    let server = Running::start(Known(endpoint(Fake::default()), caller), None, limits).await;
    assert_eq!(post_json(server.address, PATH, &" ".repeat(101)).await.status, 413);
    let head = format!("POST {PATH} HTTP/1.1\r\nHost: x\r\n{JSON}\r\nContent-Length: 10\r\n\r\n");
    assert_eq!(send(server.address, head.as_bytes()).await.status, 408);
}

#[tokio::test]
async fn every_answer_names_the_version() {
    for (line, body, status) in [
        (format!("POST {PATH}"), body(), 200),
        ("POST /".to_owned(), String::new(), 404),
        (format!("GET {PATH}"), String::new(), 405),
        (format!("POST {PATH}"), String::new(), 400),
    ] {
        for theirs in ["gsma/rsp/v2.2.2", "gsma/rsp/v3.1.0", "nonsense"] {
            let answer = ask(&line, &[JSON, &format!("X-Admin-Protocol: {theirs}")], &body).await;
            assert_eq!((answer.status, answer.header("x-admin-protocol")), (status, Some("gsma/rsp/v2.2.2")));
        }
    }
}

/// Nobody whom a name makes known is an SM-DP+ or SM-DS.
#[tokio::test]
async fn a_connection_without_such_a_caller_is_forbidden_and_learns_nothing() {
    for caller in [None, Some(Authenticated::from("operator"))] {
        let fake = Fake::default();
        let server = Running::start(Known(endpoint(fake.clone()), caller), None, Limits::default()).await;
        for path in [PATH, "/elsewhere"] {
            let answer = post_json(server.address, path, &body()).await;
            let found = (answer.status, answer.text(), answer.header("content-type"));
            assert_eq!(found, (403, "", None));
        }
        assert!(fake.seen().is_empty());
    }
}

#[tokio::test]
async fn a_fault_of_ours_is_a_200_that_tells_no_details() {
    let server = plain(Fake::refusing(Refusal::storage())).await;
    let answer = post_json(server.address, PATH, &body()).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.execution_status(), "Failed 1.2 4.2 the server could not keep its records");
}
