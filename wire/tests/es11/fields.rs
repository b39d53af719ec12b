use asn1::tlv;
use protocol::es9plus::Function;

use crate::support::fake::Fake;
use crate::support::messages::{self, json, json_members, json_with};
use crate::support::raw::{post_asn1, post_json};
use crate::support::{FUNCTIONS, plain};

/// Sends a request to each function once for each member, that member changed by `change` (to JSON, or left out; not at
/// all for the members that it spares), and expects that status with a message that begins with the member's name.
async fn each_member(change: impl Fn(&str) -> Option<Option<String>>, status: &str) {
    let fake = Fake::answering(&[]);
    let server = plain(fake.clone()).await;
    for function in FUNCTIONS {
        for (member, _) in json_members(function) {
            let Some(changed) = change(member) else { continue };
            let body = json_with(function, |name, text| {
                if name == member { changed.clone() } else { Some(format!("\"{text}\"")) }
            });
            let answer = post_json(server.address, function.json_path(), &body).await;
            let (expected, got) = (format!("Failed {status} {member}: "), answer.execution_status());
            assert!(answer.status == 200 && got.starts_with(&expected), "{body}: {got}");
        }
    }
    assert!(fake.seen().is_empty());
}

const MISSING: &str = "1.6 2.2";
const INVALID: &str = "1.6 2.1";

#[tokio::test]
async fn a_missing_member_and_a_null_are_named() {
    each_member(|_| Some(None), MISSING).await;
    each_member(|_| Some(Some("null".to_owned())), MISSING).await;
}

#[tokio::test]
async fn a_member_of_another_type_is_named() {
    for json in ["7", "true", "[]", "{\"a\":1}"] {
        each_member(|_| Some(Some(json.to_owned())), INVALID).await;
    }
}

#[tokio::test]
async fn a_member_that_is_no_base64_or_no_der_is_named() {
    let is_base64 = |name: &str| !matches!(name, "smdpAddress" | "transactionId");
    for bad in ["A", "****", "AA=A", "AAAA_-8=", "", "MAA=", "MAEA"] {
        each_member(|name| is_base64(name).then(|| Some(format!("\"{bad}\""))), INVALID).await;
    }
}

#[tokio::test]
async fn a_transaction_id_that_is_no_hex_of_1_to_16_bytes_is_named() {
    for bad in ["", "0", "0G", "0A,B", " 0A", &"00".repeat(17)] {
        each_member(|name| (name == "transactionId").then(|| Some(format!("\"{bad}\""))), INVALID).await;
    }
}

#[tokio::test]
async fn base64_may_be_wrapped_and_unpadded() {
    let wrap = |text: String| -> String {
        let chunks = text.trim_end_matches('=').as_bytes().chunks(16);
        chunks.map(|chunk| format!("{}\\r\\n", std::str::from_utf8(chunk).unwrap())).collect()
    };
    let fake = Fake::answering(&[]);
    let server = plain(fake.clone()).await;
    for function in FUNCTIONS {
        let body = json_with(function, |name, text| match name {
            "smdpAddress" | "transactionId" => Some(format!("\"{text}\"")),
            _ => Some(format!("\"{}\"", wrap(text))),
        });
        let answer = post_json(server.address, function.json_path(), &body).await;
        assert_eq!(answer.execution_status(), "Executed-Success");
    }
    let sent = [
        format!("{:?}", messages::initiate_authentication()),
        format!("{:?}", messages::authenticate_client()),
    ];
    assert_eq!(fake.seen(), sent);
}

#[tokio::test]
async fn nulls_unknown_members_a_header_and_lower_case_change_nothing() {
    let fake = Fake::answering(&[]);
    let server = plain(fake.clone()).await;
    let function = Function::AuthenticateClient;
    let extras = [
        r#""useMatchingIdForAcr":null,"#,
        r#""matchingId":null,"eventEntries":[{"a":[]}],"#,
        r#""header":{"functionRequesterIdentifier":"x","functionCallIdentifier":"y"},"header":1,"#,
    ];
    for extra in extras {
        let body = json(function).replacen('{', &format!("{{{extra}"), 1).replace("0A1B2C3D", "0a1b2c3d");
        let answer = post_json(server.address, function.json_path(), &body).await;
        assert_eq!(answer.execution_status(), "Executed-Success", "{extra}");
        assert!(answer.text().contains(r#""transactionId":"0A1B2C3D""#), "{}", answer.text());
    }
    assert_eq!(fake.seen(), vec![format!("{:?}", messages::authenticate_client()); 3]);
}

#[tokio::test]
async fn a_malformed_message_inside_the_asn1_is_the_undefined_error_of_its_function() {
    let server = plain(Fake::answering(&[])).await;
    for (request, response) in [(0xBF39, 0xBF39), (0xBF3B, 0xBF40)] {
        for inside in [tlv::wrap(0x80, &[7; 17]), Vec::new(), vec![0x80]] {
            let body = tlv::wrap(0xA2, &tlv::wrap(request, &inside));
            let answer = post_asn1(server.address, &body).await;
            let expected = tlv::wrap(0xA2, &tlv::wrap(response, &tlv::wrap(0x81, &[127])));
            assert_eq!((answer.status, answer.body), (200, expected), "{request:X}");
        }
    }
}
