use data_encoding::BASE64;
use protocol::es9plus::Function;

use crate::support::fake::Fake;
use crate::support::messages::{self, json, json_members, json_with};
use crate::support::raw::post_json;
use crate::support::running::Running;

/// Sends a request to each function once for each member, that member changed by `change` (to JSON, or left out), and
/// expects that status, with a message that begins with the member's name.
async fn each_member(change: impl Fn(&str, &str) -> Change, status: &str) {
    let server = Running::plain(Fake::default()).await;
    for function in Function::ALL {
        for (member, text) in json_members(function) {
            let changed = match change(member, &text) {
                Change::Spare => continue,
                Change::LeaveOut => None,
                Change::To(json) => Some(json),
            };
            let body = json_with(function, |name, text| {
                if name == member { changed.clone() } else { Some(format!("\"{text}\"")) }
            });
            let answer = post_json(server.address, function.json_path(), &body).await;
            let expected = format!("Failed {status} {member}: ");
            assert_eq!(answer.status, refused_with(function));
            let got = answer.execution_status();
            assert!(got.starts_with(&expected), "{}: {got}, not {expected}", function.name());
        }
    }
}

/// A notification has no answer to say Failed in: HTTP says it, or an LPA would take it for acknowledged.
fn refused_with(function: Function) -> u16 {
    if function == Function::HandleNotification { 400 } else { 200 }
}

enum Change {
    Spare,
    LeaveOut,
    To(String),
}

fn quoted(text: &str) -> Change {
    Change::To(format!("\"{text}\""))
}

const MISSING: &str = "1.6 2.2";
const INVALID: &str = "1.6 2.1";

#[tokio::test]
async fn a_missing_member_is_named() {
    each_member(|_, _| Change::LeaveOut, MISSING).await;
}

#[tokio::test]
async fn a_null_member_is_a_missing_one() {
    each_member(|_, _| Change::To("null".to_owned()), MISSING).await;
}

#[tokio::test]
async fn a_member_of_another_type_is_named() {
    for json in ["7", "true", "[]", "{\"a\":1}"] {
        each_member(|_, _| Change::To(json.to_owned()), INVALID).await;
    }
}

#[tokio::test]
async fn a_member_that_is_no_base64_is_named() {
    let spare = |name: &str| matches!(name, "smdpAddress" | "transactionId");
    for bad in ["A", "****", "AA=A", "AAAA_-8="] {
        each_member(|name, _| if spare(name) { Change::Spare } else { quoted(bad) }, INVALID).await;
    }
}

#[tokio::test]
async fn a_member_that_is_no_der_is_named() {
    let spare = |name: &str| matches!(name, "smdpAddress" | "transactionId" | "euiccChallenge");
    let change = |name: &str, text: &str, change: &dyn Fn(&mut Vec<u8>)| {
        if spare(name) {
            return Change::Spare;
        }
        let mut der = BASE64.decode(text.as_bytes()).unwrap();
        change(&mut der);
        quoted(&BASE64.encode(&der))
    };
    let cut = |der: &mut Vec<u8>| der.truncate(der.len() - 1);
    let extended = |der: &mut Vec<u8>| der.push(0);
    let emptied = |der: &mut Vec<u8>| der.clear();
    let retagged = |der: &mut Vec<u8>| *der = asn1::tlv::wrap(0x31, der);
    for bad in [&cut as &dyn Fn(&mut Vec<u8>), &extended, &emptied, &retagged] {
        each_member(|name, text| change(name, text, bad), INVALID).await;
    }
}

#[tokio::test]
async fn a_challenge_of_another_length_is_named() {
    for length in [0, 15, 17] {
        let challenge = BASE64.encode(&vec![7; length]);
        let change = |name: &str, _: &str| match name {
            "euiccChallenge" => quoted(&challenge),
            _ => Change::Spare,
        };
        each_member(change, INVALID).await;
    }
}

#[tokio::test]
async fn a_transaction_id_that_is_no_hex_of_1_to_16_bytes_is_named() {
    for bad in ["", "0", "0G", "0A,B", "0x0A", " 0A", &"00".repeat(17)] {
        let change = |name: &str, _: &str| match name {
            "transactionId" => quoted(bad),
            _ => Change::Spare,
        };
        each_member(change, INVALID).await;
    }
}

#[tokio::test]
async fn a_notification_without_its_outer_tag_is_refused_with_what_is_wrong() {
    let server = Running::plain(Fake::default()).await;
    // The value of BF37 alone, as an old client sent it, begins with BF27.
    let body = format!(r#"{{"pendingNotification":"{}"}}"#, BASE64.encode(&asn1::tlv::wrap(0xBF27, &[])));
    let answer = post_json(server.address, Function::HandleNotification.json_path(), &body).await;
    let status = answer.execution_status();
    assert!(
        status.starts_with("Failed 1.6 2.1 pendingNotification: ") && status.contains("BF27"),
        "{status}"
    );
}

#[tokio::test]
async fn base64_may_be_wrapped_and_unpadded() {
    let wrap = |text: String| -> String {
        let chunks = text.trim_end_matches('=').as_bytes().chunks(16);
        chunks.map(|chunk| format!("{}\\r\\n", std::str::from_utf8(chunk).unwrap())).collect()
    };
    let (fake, function) = (Fake::default(), Function::InitiateAuthentication);
    let server = Running::plain(fake.clone()).await;
    let body = json_with(function, |name, text| match name {
        "smdpAddress" => Some(format!("\"{text}\"")),
        _ => Some(format!("\"{}\"", wrap(text))),
    });
    let answer = post_json(server.address, function.json_path(), &body).await;
    assert_eq!(answer.execution_status(), "Executed-Success");
    assert_eq!(fake.seen(), [format!("{:?}", messages::initiate_authentication())]);
}

#[tokio::test]
async fn a_lower_case_transaction_id_is_read_and_answered_in_upper_case() {
    let fake = Fake::default();
    let server = Running::plain(fake.clone()).await;
    let function = Function::AuthenticateClient;
    let body = json(function).replace("0A1B2C3D", "0a1b2c3d");
    let answer = post_json(server.address, function.json_path(), &body).await;
    assert!(answer.text().contains(r#""transactionId":"0A1B2C3D""#), "{}", answer.text());
    assert_eq!(fake.seen(), [format!("{:?}", messages::authenticate_client())]);
}

#[tokio::test]
async fn nulls_unknown_members_and_a_header_change_nothing() {
    let fake = Fake::default();
    let server = Running::plain(fake.clone()).await;
    let function = Function::AuthenticateClient;
    let extras = [
        r#""useMatchingIdForAcr":null,"#,
        r#""matchingId":null,"deleteNotificationForDc":{"a":[]},"#,
        r#""header":{"functionRequesterIdentifier":"x","functionCallIdentifier":"y"},"header":1,"#,
    ];
    for extra in extras {
        let body = json(function).replacen('{', &format!("{{{extra}"), 1);
        let answer = post_json(server.address, function.json_path(), &body).await;
        assert_eq!(answer.execution_status(), "Executed-Success", "{extra}");
    }
    assert_eq!(fake.seen(), vec![format!("{:?}", messages::authenticate_client()); 3]);
}

#[tokio::test]
async fn a_flag_that_is_no_truth_value_is_named() {
    let server = Running::plain(Fake::default()).await;
    let function = Function::AuthenticateClient;
    let body = json(function).replacen('{', r#"{"useMatchingIdForAcr":"yes","#, 1);
    let answer = post_json(server.address, function.json_path(), &body).await;
    assert!(answer.execution_status().starts_with("Failed 1.6 2.1 useMatchingIdForAcr: "));
}
