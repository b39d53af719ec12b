use protocol::es9plus::Function;
use protocol::status::{Refusal, StatusCode};

use crate::support::fake::{Behaviour, Fake};
use crate::support::messages::{self, json};
use crate::support::raw::{Answer, post_asn1, post_json, request};
use crate::support::running::Running;

const PATH: &str = "/gsma/rsp2/es9plus/cancelSession";
const JSON: &str = "Content-Type: application/json";

async fn ask(line: &str, headers: &[&str], body: &str) -> Answer {
    let server = Running::plain(Fake::default()).await;
    request(server.address, line, headers, body.as_bytes()).await
}

async fn refused(refusal: Refusal, function: Function) -> Answer {
    let server = Running::plain(Fake::refusing(refusal)).await;
    post_json(server.address, function.json_path(), &json(function)).await
}

async fn refused_in_asn1(refusal: Refusal, body: &[u8]) -> Answer {
    let server = Running::plain(Fake::refusing(refusal)).await;
    post_asn1(server.address, body).await
}

#[tokio::test]
async fn an_unknown_path_is_not_found() {
    for path in
        ["/", "/gsma/rsp2/es9plus", "/gsma/rsp2/es9plus/cancelSession/", "/gsma/rsp2/ES9PLUS/cancelSession"]
    {
        let answer = ask(&format!("POST {path}"), &[JSON], "{}").await;
        assert_eq!((answer.status, answer.header("content-type")), (404, Some("text/plain")), "{path}");
    }
}

#[tokio::test]
async fn another_method_than_post_is_not_allowed() {
    for method in ["GET", "PUT", "DELETE", "OPTIONS"] {
        let answer = ask(&format!("{method} {PATH}"), &[JSON], "").await;
        assert_eq!((answer.status, answer.header("allow")), (405, Some("POST")), "{method}");
    }
}

#[tokio::test]
async fn another_content_type_is_unsupported() {
    let body = json(Function::CancelSession);
    for headers in [&["Content-Type: text/plain"][..], &["Content-Type: application/x-gsma-rsp-asn1"], &[]] {
        let answer = ask(&format!("POST {PATH}"), headers, &body).await;
        assert_eq!(answer.status, 415, "{headers:?}");
    }
    assert_eq!(ask("POST /gsma/rsp2/asn1", &[JSON], &body).await.status, 415);
}

#[tokio::test]
async fn a_content_type_may_have_parameters() {
    let body = json(Function::CancelSession);
    for header in ["Content-Type: application/json;charset=UTF-8", "content-type:Application/JSON ; a=b"] {
        let answer = ask(&format!("POST {PATH}"), &[header], &body).await;
        assert_eq!(answer.execution_status(), "Executed-Success", "{header}");
    }
}

#[tokio::test]
async fn a_body_that_is_no_json_object_is_a_bad_request() {
    for body in ["", "{", "[]", "null", "\"x\"", "{}{}", "{\"transactionId\":}", "<html>"] {
        let answer = ask(&format!("POST {PATH}"), &[JSON], body).await;
        assert_eq!(answer.status, 400, "{body}");
        assert!(answer.text().starts_with("the body is no JSON object: "), "{}", answer.text());
    }
}

#[tokio::test]
async fn a_member_that_stands_twice_is_a_bad_request() {
    let body = r#"{"transactionId":"0A","transactionId":"0B"}"#;
    let answer = ask(&format!("POST {PATH}"), &[JSON], body).await;
    assert_eq!(answer.status, 400);
    assert!(answer.text().contains("transactionId stands twice"), "{}", answer.text());
}

#[tokio::test]
async fn every_answer_names_the_version_and_never_v3_to_a_v2_client() {
    let body = json(Function::CancelSession);
    for theirs in ["gsma/rsp/v2.2.2", "gsma/rsp/v2.5.0", "gsma/rsp/v3.1.0", "v2.2.0", "nonsense", ""] {
        let header = format!("X-Admin-Protocol: {theirs}");
        let answer = ask(&format!("POST {PATH}"), &[JSON, &header], &body).await;
        assert_eq!(answer.header("x-admin-protocol"), Some("gsma/rsp/v2.2.2"), "{theirs}");
        assert_eq!(answer.execution_status(), "Executed-Success", "{theirs}");
    }
    for (line, status) in [("POST /", 404), (&format!("GET {PATH}"), 405), (&format!("POST {PATH}"), 400)] {
        let answer = ask(line, &[JSON], "").await;
        assert_eq!((answer.status, answer.header("x-admin-protocol")), (status, Some("gsma/rsp/v2.2.2")));
    }
}

#[tokio::test]
async fn a_refusal_is_a_200_with_its_codes_as_text() {
    let refusal = Refusal::incompatible(StatusCode::ORDER_EXPIRED, "too late");
    for function in Function::ALL {
        let answer = refused(refusal.clone(), function).await;
        let status = if function == Function::HandleNotification { 400 } else { 200 };
        assert_eq!((answer.status, answer.header("content-type")), (status, Some("application/json")));
        assert_eq!(answer.execution_status(), "Failed 8.8.5 4.10 too late", "{}", function.name());
    }
}

#[tokio::test]
async fn a_fault_of_ours_is_told_without_its_details() {
    let answer = refused(Refusal::storage(), Function::CancelSession).await;
    assert_eq!(answer.execution_status(), "Failed 1.2 4.2 the server could not keep its records");
}

#[tokio::test]
async fn a_refusal_in_asn1_is_a_200_with_the_number_of_the_module() {
    let unknown = Refusal::misbehaved(StatusCode::TRANSACTION_UNKNOWN, "no such session");
    let request = asn1::RemoteProfileProvisioningRequest::GetBoundProfilePackageRequest(
        messages::get_bound_profile_package(),
    );
    let answer = refused_in_asn1(unknown, &asn1::der::encode(&request)).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), Some("application/x-gsma-rsp-asn1"));
    // A2 { BF3A { 81 invalidTransactionId(95) } }
    assert_eq!(answer.body, [0xA2, 0x06, 0xBF, 0x3A, 0x03, 0x81, 0x01, 95]);
}

#[tokio::test]
async fn a_refused_notification_has_no_asn1_answer_so_http_refuses() {
    let request = asn1::RemoteProfileProvisioningRequest::HandleNotification(messages::handle_notification());
    let body = asn1::der::encode(&request);
    let peer = Refusal::misbehaved(StatusCode::EUICC_SIGNATURE_INVALID, "not signed by this eUICC");
    assert_eq!(refused_in_asn1(peer, &body).await.status, 400);
    assert_eq!(refused_in_asn1(Refusal::storage(), &body).await.status, 500);
}

#[tokio::test]
async fn an_accepted_notification_is_a_204_without_body_and_type() {
    let server = Running::plain(Fake::default()).await;
    let function = Function::HandleNotification;
    let json = post_json(server.address, function.json_path(), &json(function)).await;
    let request = asn1::RemoteProfileProvisioningRequest::HandleNotification(messages::handle_notification());
    let asn1 = post_asn1(server.address, &asn1::der::encode(&request)).await;
    for answer in [json, asn1] {
        assert_eq!((answer.status, answer.header("content-type"), answer.text()), (204, None, ""));
    }
}

#[tokio::test]
async fn a_defect_of_the_server_is_a_500_and_the_next_request_is_served() {
    let server = Running::plain(Fake::that(Behaviour::PanicOnRequest)).await;
    let function = Function::InitiateAuthentication;
    let bad = json(function).replace("smdp.example.com", "panic");
    assert_eq!(post_json(server.address, function.json_path(), &bad).await.status, 500);
    let good = post_json(server.address, function.json_path(), &json(function)).await;
    assert_eq!(good.execution_status(), "Executed-Success");
}
