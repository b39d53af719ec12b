use protocol::es2plus::{FinalProfileStatus, Function, MatchingIdChoice};
use serde_json::{Value, json};

use crate::support::fake::{Asked, Fake};
use crate::support::messages::{EID, ICCID, json_of, json_with};
use crate::support::raw::post_json;
use crate::support::running::Running;

const OFFERED: [Function; 4] =
    [Function::DownloadOrder, Function::ConfirmOrder, Function::CancelOrder, Function::ReleaseProfile];

async fn status_of(function: Function, body: &str) -> String {
    let server = Running::plain(Fake::default()).await;
    let answer = post_json(server.address, function.json_path(), body).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/json")), "{body}");
    answer.execution_status()
}

/// What the server is asked when one member is changed.
async fn asked(function: Function, name: &str, value: Option<Value>) -> Asked {
    let fake = Fake::default();
    let server = Running::plain(fake.clone()).await;
    let body = json_with(function, name, value);
    let answer = post_json(server.address, function.json_path(), &body).await;
    assert_eq!(answer.execution_status(), "Executed-Success", "{body}");
    fake.seen().remove(0).1
}

#[tokio::test]
async fn a_missing_header_and_each_of_its_members_are_named() {
    let header = |requester: Value, call: Value| json!({ "functionRequesterIdentifier": requester, "functionCallIdentifier": call });
    for function in OFFERED {
        for missing in [None, Some(Value::Null)] {
            let status = status_of(function, &json_with(function, "header", missing)).await;
            assert_eq!(status, "Failed 1.6 2.2 header: mandatory, but missing");
        }
        for (header, name) in [
            (json!({ "functionCallIdentifier": "1" }), "functionRequesterIdentifier"),
            (json!({ "functionRequesterIdentifier": "1" }), "functionCallIdentifier"),
            (header(json!("1"), Value::Null), "functionCallIdentifier"),
        ] {
            let status = status_of(function, &json_with(function, "header", Some(header))).await;
            assert_eq!(status, format!("Failed 1.6 2.2 {name}: mandatory, but missing"));
        }
    }
    for (bad, name) in [
        (json!("x"), "header"),
        (json!([]), "header"),
        (header(json!(1), json!("1")), "functionRequesterIdentifier"),
        (header(json!("1"), json!({})), "functionCallIdentifier"),
    ] {
        let body = json_with(Function::ReleaseProfile, "header", Some(bad));
        let status = status_of(Function::ReleaseProfile, &body).await;
        assert!(status.starts_with(&format!("Failed 1.6 2.1 {name}: ")), "{status}");
    }
}

#[tokio::test]
async fn a_missing_mandatory_member_is_named() {
    for (function, name) in [
        (Function::ConfirmOrder, "iccid"),
        (Function::ConfirmOrder, "releaseFlag"),
        (Function::CancelOrder, "iccid"),
        (Function::CancelOrder, "finalProfileStatusIndicator"),
        (Function::ReleaseProfile, "iccid"),
    ] {
        for missing in [None, Some(Value::Null)] {
            let status = status_of(function, &json_with(function, name, missing)).await;
            assert_eq!(status, format!("Failed 1.6 2.2 {name}: mandatory, but missing"));
        }
    }
}

#[tokio::test]
async fn null_stands_for_absent_in_every_optional_member() {
    for (function, name) in [
        (Function::DownloadOrder, "eid"),
        (Function::DownloadOrder, "iccid"),
        (Function::DownloadOrder, "profileType"),
        (Function::ConfirmOrder, "eid"),
        (Function::ConfirmOrder, "matchingId"),
        (Function::ConfirmOrder, "confirmationCode"),
        (Function::ConfirmOrder, "smdsAddress"),
        (Function::CancelOrder, "eid"),
        (Function::CancelOrder, "matchingId"),
    ] {
        let content = |asked: Asked| match asked {
            Asked::Download(call) => format!("{:?}", call.content),
            Asked::Confirm(call) => format!("{:?}", call.content),
            Asked::Cancel(call) => format!("{:?}", call.content),
            Asked::Release(call) => format!("{:?}", call.content),
        };
        let absent = content(asked(function, name, None).await);
        let null = content(asked(function, name, Some(Value::Null)).await);
        assert_eq!(absent, null, "{name}");
        assert!(absent.contains("None") || absent.contains("Generate"), "{absent}");
    }
}

#[tokio::test]
async fn a_malformed_member_is_named() {
    for (function, name, bad) in [
        (Function::DownloadOrder, "eid", json!("8904903212345123451234567890123")),
        (Function::DownloadOrder, "eid", json!("89049032123451234512345678901236")),
        (Function::DownloadOrder, "eid", json!("")),
        (Function::DownloadOrder, "eid", json!(89)),
        (Function::DownloadOrder, "iccid", json!("89494499999999900")),
        (Function::DownloadOrder, "iccid", json!("894944999999999002300")),
        (Function::DownloadOrder, "iccid", json!("89494499999999A0023")),
        (Function::DownloadOrder, "iccid", json!(8_949_449_999_999_990_023_u64)),
        (Function::DownloadOrder, "profileType", json!(["P9054-2"])),
        (Function::ConfirmOrder, "iccid", json!("x")),
        (Function::ConfirmOrder, "eid", json!("x")),
        (Function::ConfirmOrder, "matchingId", json!(12)),
        (Function::ConfirmOrder, "confirmationCode", json!("")),
        (Function::ConfirmOrder, "confirmationCode", json!(4321)),
        (Function::ConfirmOrder, "smdsAddress", json!(true)),
        (Function::ConfirmOrder, "releaseFlag", json!("true")),
        (Function::ConfirmOrder, "releaseFlag", json!(1)),
        (Function::CancelOrder, "iccid", json!("")),
        (Function::CancelOrder, "eid", json!("89")),
        (Function::CancelOrder, "matchingId", json!(false)),
        (Function::CancelOrder, "finalProfileStatusIndicator", json!("available")),
        (Function::CancelOrder, "finalProfileStatusIndicator", json!(0)),
        (Function::ReleaseProfile, "iccid", json!("89-49")),
    ] {
        let status = status_of(function, &json_with(function, name, Some(bad.clone()))).await;
        assert!(status.starts_with(&format!("Failed 1.6 2.1 {name}: ")), "{name} {bad}: {status}");
    }
}

#[tokio::test]
async fn a_matching_id_outside_its_alphabet_has_a_code_of_its_own() {
    for bad in ["ab-12", "AB_12", "AB 12", "Ä", &"A".repeat(251)] {
        let body = json_with(Function::ConfirmOrder, "matchingId", Some(json!(bad)));
        let status = status_of(Function::ConfirmOrder, &body).await;
        assert!(status.starts_with("Failed 8.2.6 2.1 matchingId: "), "{status}");
    }
}

#[tokio::test]
async fn an_sm_ds_address_that_is_none_has_a_code_of_its_own() {
    for bad in ["", "https://smds.example.com", "a b"] {
        let body = json_with(Function::ConfirmOrder, "smdsAddress", Some(json!(bad)));
        let status = status_of(Function::ConfirmOrder, &body).await;
        assert!(status.starts_with("Failed 8.9 5.1 smdsAddress: "), "{status}");
    }
}

#[tokio::test]
async fn a_matching_id_of_an_order_to_cancel_is_only_compared() {
    for text in ["", "ab_12", "Ä"] {
        let Asked::Cancel(call) = asked(Function::CancelOrder, "matchingId", Some(json!(text))).await else {
            panic!()
        };
        assert_eq!(call.content.matching_id.as_deref(), Some(text));
    }
}

#[tokio::test]
async fn an_iccid_may_be_filled_with_f() {
    for text in [ICCID.to_owned(), format!("{ICCID}F"), format!("{ICCID}f")] {
        let Asked::Release(call) = asked(Function::ReleaseProfile, "iccid", Some(json!(text))).await else {
            panic!()
        };
        assert_eq!(call.content.iccid, ICCID.parse().unwrap());
    }
}

#[tokio::test]
async fn neither_iccid_nor_profile_type_is_for_the_server_to_judge() {
    let mut body = json_of(Function::DownloadOrder);
    body.as_object_mut().unwrap().retain(|name, _| name == "header");
    assert_eq!(status_of(Function::DownloadOrder, &body.to_string()).await, "Executed-Success");
}

#[tokio::test]
async fn members_that_nobody_knows_are_ignored() {
    let mut body = json_of(Function::ReleaseProfile);
    body["imei"] = json!({ "deep": [1, { "eid": EID }] });
    body["header"]["validityPeriod"] = json!(10);
    assert_eq!(status_of(Function::ReleaseProfile, &body.to_string()).await, "Executed-Success");
}

#[tokio::test]
async fn every_choice_is_read() {
    for status in FinalProfileStatus::ALL {
        let value = Some(json!(status.as_str()));
        let Asked::Cancel(call) = asked(Function::CancelOrder, "finalProfileStatusIndicator", value).await
        else {
            panic!()
        };
        assert_eq!(call.content.final_profile_status, status);
    }
    for (value, expected) in [
        (None, MatchingIdChoice::Generate),
        (Some(json!("")), MatchingIdChoice::Empty),
        (Some(json!("X-1")), MatchingIdChoice::Given("X-1".parse().unwrap())),
    ] {
        let Asked::Confirm(call) = asked(Function::ConfirmOrder, "matchingId", value).await else { panic!() };
        assert_eq!(call.content.matching_id, expected);
    }
    for flag in [true, false] {
        let Asked::Confirm(call) = asked(Function::ConfirmOrder, "releaseFlag", Some(json!(flag))).await
        else {
            panic!()
        };
        assert_eq!(call.content.release_flag, flag);
    }
}
