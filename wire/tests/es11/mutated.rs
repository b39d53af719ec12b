use asn1::RemoteProfileProvisioningRequest as Message;
use asn1::der::encode;
use http::Request;
use http::header::CONTENT_TYPE;
use hyper::body::Bytes;
use protocol::es9plus::ASN1_PATH;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use serde_json::Value;
use wire::server::Service;

use crate::support::fake::Fake;
use crate::support::{FUNCTIONS, endpoint, messages};

/// Changes a few bytes: overwrites, cuts or doubles them.
fn mutate(rng: &mut ChaCha20Rng, body: &mut Vec<u8>) {
    for _ in 0..=rng.next_u32() % 3 {
        let at = rng.next_u32() as usize % (body.len() + 1);
        let some = rng.next_u32() as usize % 8;
        let end = body.len().min(at + some);
        match rng.next_u32() % 4 {
            0 => drop(body.drain(at..end)),
            1 => body[at..end].iter_mut().for_each(|byte| *byte ^= 1 << (some % 8)),
            2 => body.truncate(at),
            _ => drop(body.splice(at..at, body[at..end].to_vec())),
        }
    }
}

async fn ask(path: &str, content_type: &str, body: Vec<u8>) -> (u16, Bytes) {
    let request = Request::post(path).header(CONTENT_TYPE, content_type).body(Ok(Bytes::from(body))).unwrap();
    let answer = endpoint(Fake::answering(&[])).answer(request).await;
    (answer.status().as_u16(), answer.into_body())
}

#[tokio::test]
async fn a_mutated_json_body_is_answered_or_refused_and_never_a_panic() {
    let mut rng = ChaCha20Rng::seed_from_u64(11);
    let mut refused = 0;
    for round in 0..3000 {
        let function = FUNCTIONS[round % 2];
        let mut body = messages::json(function).into_bytes();
        mutate(&mut rng, &mut body);
        let (status, answer) = ask(function.json_path(), "application/json", body.clone()).await;
        match status {
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
    assert!(refused > 1500, "only {refused}: the mutations are too tame");
}

#[tokio::test]
async fn a_mutated_asn1_body_is_answered_or_refused_and_never_a_panic() {
    let mut rng = ChaCha20Rng::seed_from_u64(12);
    let good = [
        encode(&Message::InitiateAuthenticationRequest(messages::initiate_authentication())),
        encode(&Message::AuthenticateClientRequest(messages::authenticate_client())),
    ];
    for round in 0..3000 {
        let mut body = good[round % 2].clone();
        mutate(&mut rng, &mut body);
        let (status, _) = ask(ASN1_PATH, "application/x-gsma-rsp-asn1", body.clone()).await;
        assert!(matches!(status, 200 | 400), "{status} for {body:02X?}");
    }
}
