//! Bytes on the wire, written out: whatever changes them shows here.

use protocol::es9plus::{Es9Plus, Function};
use protocol::status::{Refusal, StatusCode};
use protocol::trace::{Actor, What};

use crate::support::fake::Fake;
use crate::support::messages::{self, json};
use crate::support::pki::Pki;
use crate::support::raw::post_json;
use crate::support::running::Running;
use crate::support::sink::Memory;

#[tokio::test]
async fn a_successful_answer_is_spelled_like_this() {
    let server = Running::plain(Fake::default()).await;
    let function = Function::InitiateAuthentication;
    let answer = post_json(server.address, function.json_path(), &json(function)).await;
    let expected = concat!(
        r#"{"header":{"functionExecutionStatus":{"status":"Executed-Success"}},"#,
        r#""transactionId":"0A1B2C3D","#,
        // 30 { 80 transactionId, 81 euiccChallenge, 83 serverAddress, 84 serverChallenge }
        r#""serverSigned1":"MDyABAobLD2BEBERERERERERERERERERERGDEHNtZHAuZXhhbXBsZS5jb22EECIiIiIiIiIiIiIiIiIiIiI=","#,
        // 5F37 40 and 64 times FF: a base64 full of the solidus, which is not escaped (SGP.22 §6.5).
        r#""serverSignature1":"XzdA/////////////////////////////////////////////////////////////////////////////////////w==","#,
        // 04 14 and 20 times 44
        r#""euiccCiPKIdToBeUsed":"BBRERERERERERERERERERERERERERA==","#,
        r#""serverCertificate":"MAMCAQc="}"#,
    );
    assert_eq!(answer.text(), expected);
}

#[tokio::test]
async fn a_refusal_is_spelled_like_this() {
    let refusal = Refusal::incompatible(StatusCode::SMDP_OID_MISMATCH, "a \"quote\", a \\ and a /");
    let server = Running::plain(Fake::refusing(refusal)).await;
    let function = Function::CancelSession;
    let answer = post_json(server.address, function.json_path(), &json(function)).await;
    let expected = concat!(
        r#"{"header":{"functionExecutionStatus":{"status":"Failed","statusCodeData":"#,
        r#"{"subjectCode":"8.8","reasonCode":"3.10","message":"a \"quote\", a \\ and a /"}}}}"#
    );
    assert_eq!(answer.text(), expected);
}

#[tokio::test]
async fn a_request_is_spelled_like_this() {
    let memory = Memory::default();
    let server = Running::secure(Fake::default()).await;
    let client = server.client_with(Pki::get().client(), memory.tracer(Actor::Lpa));
    client.initiate_authentication(messages::initiate_authentication()).await.unwrap();
    let What::Http { body, .. } = &memory.events()[0].what else { panic!() };
    let expected = concat!(
        r#"{"euiccChallenge":"EREREREREREREREREREREQ==","#,
        // BF20 { 82 svn, A9 { 04 … }, AA { 04 … } }
        r#""euiccInfo1":"vyA1ggMCAgKpFgQURERERERERERERERERERERERERESqFgQUREREREREREREREREREREREREREQ=","#,
        r#""smdpAddress":"smdp.example.com"}"#,
    );
    assert_eq!(body, expected);
}
