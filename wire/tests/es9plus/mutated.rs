use asn1::RemoteProfileProvisioningRequest as Message;
use asn1::der::encode;
use http::Request;
use http::header::CONTENT_TYPE;
use hyper::body::Bytes;
use protocol::es9plus::{ASN1_PATH, Function};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use serde_json::Value;
use wire::server::Service;

use crate::support::fake::Fake;
use crate::support::messages::{self, json};
use crate::support::running::endpoint;

/// Changes a few bytes: overwrites, cuts, doubles or swaps in something with a meaning.
fn mutate(rng: &mut ChaCha20Rng, body: &mut Vec<u8>, meaningful: &[&[u8]]) {
    for _ in 0..=rng.next_u32() % 3 {
        let at = rng.next_u32() as usize % (body.len() + 1);
        let some = rng.next_u32() as usize % 8;
        let end = body.len().min(at + some);
        match rng.next_u32() % 5 {
            0 => drop(body.drain(at..end)),
            1 => body[at..end].iter_mut().for_each(|byte| *byte ^= 1 << (some % 8)),
            2 => body.truncate(at),
            3 => drop(body.splice(at..at, body[at..end].to_vec())),
            _ => drop(body.splice(at..end, meaningful[some % meaningful.len()].to_vec())),
        }
    }
}

async fn ask(path: &str, content_type: &str, body: Vec<u8>) -> (u16, Bytes) {
    let request = Request::post(path).header(CONTENT_TYPE, content_type).body(Ok(Bytes::from(body))).unwrap();
    let answer = endpoint(Fake::default()).answer(request).await;
    (answer.status().as_u16(), answer.into_body())
}

#[tokio::test]
async fn a_mutated_json_body_is_answered_or_refused_and_never_a_panic() {
    let mut rng = ChaCha20Rng::seed_from_u64(22);
    let meaningful: [&[u8]; 8] =
        [b"\"", b"null", b"{", b"[[[[[", b"\\u0000", b"\\ud800", b"1e999", b"\xFF\xFE"];
    let mut refused = 0;
    for round in 0..5000 {
        let function = Function::ALL[round % 5];
        let mut body = json(function).into_bytes();
        mutate(&mut rng, &mut body, &meaningful);
        let (status, answer) = ask(function.json_path(), "application/json", body.clone()).await;
        match status {
            204 => assert_eq!(function, Function::HandleNotification),
            400 => refused += 1,
            200 => {
                let answer: Value = serde_json::from_slice(&answer).unwrap();
                let status = &answer["header"]["functionExecutionStatus"];
                if status["status"] == "Failed" {
                    refused += 1;
                    assert_eq!(status["statusCodeData"]["subjectCode"], "1.6", "{body:?}");
                }
            }
            other => panic!("{other} for {}", String::from_utf8_lossy(&body)),
        }
    }
    assert!(refused > 2500, "only {refused}: the mutations are too tame");
}

#[tokio::test]
async fn a_mutated_asn1_body_is_answered_or_refused_and_never_a_panic() {
    let mut rng = ChaCha20Rng::seed_from_u64(23);
    let meaningful: [&[u8]; 4] =
        [&[0x30, 0x80], &[0x84, 0xFF, 0xFF, 0xFF, 0xFF], &[0xBF, 0x41], &[0x81, 0x01]];
    let good = [
        encode(&Message::InitiateAuthenticationRequest(messages::initiate_authentication())),
        encode(&Message::AuthenticateClientRequest(messages::authenticate_client())),
        encode(&Message::GetBoundProfilePackageRequest(messages::get_bound_profile_package())),
        encode(&Message::HandleNotification(messages::handle_notification())),
        encode(&Message::CancelSessionRequestEs9(messages::cancel_session())),
    ];
    for round in 0..5000 {
        let mut body = good[round % 5].clone();
        mutate(&mut rng, &mut body, &meaningful);
        let (status, _) = ask(ASN1_PATH, "application/x-gsma-rsp-asn1", body.clone()).await;
        assert!(matches!(status, 200 | 204 | 400), "{status} for {body:02X?}");
    }
}
