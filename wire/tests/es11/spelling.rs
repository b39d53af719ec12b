//! Bytes on the wire, written out: whatever changes them shows here.

use asn1::RemoteProfileProvisioningRequest as Request;
use asn1::der::encode;
use asn1::tlv;
use protocol::es9plus::Function;

use crate::support::fake::Fake;
use crate::support::raw::{post_asn1, post_json};
use crate::support::{messages, plain};

const PATH: &str = "/gsma/rsp2/es9plus/authenticateClient";

#[tokio::test]
async fn an_answer_with_events_is_spelled_like_this_in_json() {
    let server = plain(Fake::answering(&[("AB-12", "smdp.example.com"), ("7", "a/b \"c\"")])).await;
    let answer = post_json(server.address, PATH, &messages::json(Function::AuthenticateClient)).await;
    let expected = concat!(
        r#"{"header":{"functionExecutionStatus":{"status":"Executed-Success"}},"transactionId":"0A1B2C3D","#,
        r#""eventEntries":[{"eventId":"AB-12","rspServerAddress":"smdp.example.com"},"#,
        r#"{"eventId":"7","rspServerAddress":"a/b \"c\""}]}"#,
    );
    assert_eq!((answer.status, answer.text()), (200, expected));
    assert_eq!(answer.header("content-type"), Some("application/json"));
}

#[tokio::test]
async fn an_answer_without_events_has_an_empty_array() {
    let server = plain(Fake::answering(&[])).await;
    let answer = post_json(server.address, PATH, &messages::json(Function::AuthenticateClient)).await;
    let expected = concat!(
        r#"{"header":{"functionExecutionStatus":{"status":"Executed-Success"}},"#,
        r#""transactionId":"0A1B2C3D","eventEntries":[]}"#,
    );
    assert_eq!(answer.text(), expected);
}

#[tokio::test]
async fn an_answer_is_spelled_like_this_in_asn1() {
    let body = encode(&Request::AuthenticateClientRequest(messages::authenticate_client()));
    let server = plain(Fake::answering(&[("A", "b.c")])).await;
    let answer = post_asn1(server.address, &body).await;
    // A2 { BF40 { A0 { 80 transactionId, A1 { 30 { 80 "A", 81 "b.c" } } } } }
    let expected = [
        &[0xA2, 0x17, 0xBF, 0x40, 0x14, 0xA0, 0x12, 0x80, 0x04, 0x0A, 0x1B, 0x2C, 0x3D][..],
        &[0xA1, 0x0A, 0x30, 0x08, 0x80, 0x01, b'A', 0x81, 0x03, b'b', b'.', b'c'],
    ];
    assert_eq!(answer.body, expected.concat());
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/x-gsma-rsp-asn1")));

    let server = plain(Fake::answering(&[])).await;
    let answer = post_asn1(server.address, &body).await;
    // eventEntries is there, and empty.
    let expected = [0xA2, 0x0D, 0xBF, 0x40, 0x0A, 0xA0, 0x08, 0x80, 0x04, 0x0A, 0x1B, 0x2C, 0x3D, 0xA1, 0x00];
    assert_eq!(answer.body, expected);
}

#[tokio::test]
async fn the_answer_of_initiate_authentication_is_that_of_es9plus() {
    let server = plain(Fake::answering(&[])).await;
    let function = Function::InitiateAuthentication;
    let answer = post_json(server.address, function.json_path(), &messages::json(function)).await;
    let expected = concat!(
        r#"{"header":{"functionExecutionStatus":{"status":"Executed-Success"}},"#,
        r#""transactionId":"0A1B2C3D","#,
        r#""serverSigned1":"MDyABAobLD2BEBERERERERERERERERERERGDEHNtZHAuZXhhbXBsZS5jb22EECIiIiIiIiIiIiIiIiIiIiI=","#,
        r#""serverSignature1":"XzdA/////////////////////////////////////////////////////////////////////////////////////w==","#,
        r#""euiccCiPKIdToBeUsed":"BBRERERERERERERERERERERERERERA==","#,
        r#""serverCertificate":"MAMCAQc="}"#,
    );
    assert_eq!(answer.text(), expected);
    let body = encode(&Request::InitiateAuthenticationRequest(messages::initiate_authentication()));
    let answer = post_asn1(server.address, &body).await;
    let inside = |bytes: &[u8]| {
        let (tlv, rest) = tlv::read(bytes).unwrap();
        assert!(rest.is_empty());
        (tlv.tag.0, tlv.value.to_vec())
    };
    let (wrapper, message) = inside(&answer.body);
    let (message, choice) = inside(&message);
    assert_eq!((wrapper, message, inside(&choice).0), (0xA2, 0xBF39, 0xA0));
}
