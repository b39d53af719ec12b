use std::time::Duration;

use asn1::RemoteProfileProvisioningRequest as Request;
use asn1::der::encode;
use asn1::tlv;
use protocol::es9plus::Function;
use wire::server::Limits;

use crate::support::fake::Fake;
use crate::support::raw::{Answer, post_asn1, post_json, request, send};
use crate::support::running::Running;
use crate::support::{FUNCTIONS, endpoint, messages, plain};

const PATH: &str = "/gsma/rsp2/es9plus/authenticateClient";
const JSON: &str = "Content-Type: application/json";

async fn ask(line: &str, headers: &[&str], body: &str) -> Answer {
    let server = plain(Fake::answering(&[])).await;
    request(server.address, line, headers, body.as_bytes()).await
}

#[tokio::test]
async fn a_function_that_only_an_sm_dp_plus_has_is_not_found_in_json() {
    for function in Function::ALL {
        if FUNCTIONS.contains(&function) {
            continue;
        }
        for (method, body) in [("POST", messages::json(function)), ("GET", String::new())] {
            let answer = ask(&format!("{method} {}", function.json_path()), &[JSON], &body).await;
            assert_eq!((answer.status, answer.header("content-type")), (404, Some("text/plain")));
            assert_eq!(answer.text(), "no function of ES11 has this path");
        }
    }
}

#[tokio::test]
async fn a_function_that_only_an_sm_dp_plus_has_is_a_bad_request_in_asn1() {
    let server = plain(Fake::answering(&[])).await;
    for (request, tag) in [
        (Request::GetBoundProfilePackageRequest(messages::get_bound_profile_package()), "BF3A"),
        (Request::HandleNotification(messages::handle_notification()), "BF3D"),
        (Request::CancelSessionRequestEs9(messages::cancel_session()), "BF41"),
    ] {
        let answer = post_asn1(server.address, &encode(&request)).await;
        assert_eq!((answer.status, answer.text()), (400, format!("ES11 has no function {tag}").as_str()));
    }
}

#[tokio::test]
async fn an_unknown_path_is_not_found() {
    for path in ["/", "/gsma/rsp2/es11/authenticateClient", "/gsma/rsp2/es12/registerEvent"] {
        assert_eq!(ask(&format!("POST {path}"), &[JSON], "{}").await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn another_method_than_post_is_not_allowed() {
    for path in [PATH, "/gsma/rsp2/asn1"] {
        let answer = ask(&format!("GET {path}"), &[JSON], "").await;
        assert_eq!((answer.status, answer.header("allow")), (405, Some("POST")));
    }
}

#[tokio::test]
async fn another_content_type_is_unsupported() {
    let body = messages::json(Function::AuthenticateClient);
    for headers in [&["Content-Type: text/plain"][..], &["Content-Type: application/x-gsma-rsp-asn1"], &[]] {
        assert_eq!(ask(&format!("POST {PATH}"), headers, &body).await.status, 415, "{headers:?}");
    }
    assert_eq!(ask("POST /gsma/rsp2/asn1", &[JSON], &body).await.status, 415);
    let answer = ask(&format!("POST {PATH}"), &["Content-Type: application/json;charset=UTF-8"], &body).await;
    assert_eq!(answer.execution_status(), "Executed-Success");
}

#[tokio::test]
async fn a_body_that_is_no_json_object_or_ambiguous_is_a_bad_request() {
    let twice = r#"{"transactionId":"0A","transactionId":"0B"}"#;
    for body in ["", "{", "[]", "null", "\"x\"", "{}{}", "<html>", twice] {
        assert_eq!(ask(&format!("POST {PATH}"), &[JSON], body).await.status, 400, "{body}");
    }
}

#[tokio::test]
async fn a_body_without_its_outer_tlvs_is_a_bad_request() {
    let good = encode(&Request::AuthenticateClientRequest(messages::authenticate_client()));
    let inner = tlv::read(&good).unwrap().0.value.to_vec();
    let server = plain(Fake::answering(&[])).await;
    for body in [
        Vec::new(),
        good[..good.len() - 1].to_vec(),
        [&good[..], &[0]].concat(),
        tlv::wrap(0xA3, &inner),
        inner.clone(),
        tlv::wrap(0xA2, &[&inner[..], &inner].concat()),
        // The tag of the answer, and checkEvent, which v2 does not have.
        tlv::wrap(0xA2, &tlv::wrap(0xBF40, &[])),
        tlv::wrap(0xA2, &tlv::wrap(0xBF46, &[])),
    ] {
        assert_eq!(post_asn1(server.address, &body).await.status, 400, "{body:02X?}");
    }
}

#[tokio::test]
async fn a_body_that_is_too_long_or_too_slow_is_told_so() {
    let limits = Limits { body: 100, body_time: Duration::from_millis(300), ..Limits::default() };
    let server = Running::start(endpoint(Fake::answering(&[])), None, limits).await;
    assert_eq!(post_json(server.address, PATH, &" ".repeat(101)).await.status, 413);
    let head = format!("POST {PATH} HTTP/1.1\r\nHost: x\r\n{JSON}\r\nContent-Length: 10\r\n\r\n");
    assert_eq!(send(server.address, head.as_bytes()).await.status, 408);
}

#[tokio::test]
async fn every_answer_names_the_version_and_never_v3_to_a_v2_client() {
    let good = messages::json(Function::AuthenticateClient);
    for theirs in ["gsma/rsp/v2.2.2", "gsma/rsp/v2.5.0", "gsma/rsp/v3.1.0", "nonsense"] {
        let header = format!("X-Admin-Protocol: {theirs}");
        for (line, body, status) in
            [(format!("POST {PATH}"), good.as_str(), 200), ("POST /".to_owned(), "", 404)]
        {
            let answer = ask(&line, &[JSON, &header], body).await;
            assert_eq!((answer.status, answer.header("x-admin-protocol")), (status, Some("gsma/rsp/v2.2.2")));
        }
    }
}
