//! New profiles over the API.

use data_encoding::BASE64;
use protocol::profile::{Subscriber, default_profile, iccid_of};
use serde_json::{Value, json};
use smdp::domain::PackageProtection;
use smdp::store::Store;
use zeroize::Zeroizing;

use crate::api::{Api, KI, OPC, request, subscriber};

const ICCID: &str = "8988211000000000102";

fn package(iccid: &str) -> Vec<u8> {
    let key = Zeroizing::new([1; 16]);
    let imsi = "001010000000002".parse().unwrap();
    default_profile(&Subscriber::new(iccid.parse().unwrap(), imsi, key.clone(), key)).to_vec()
}

fn of_package(package: &[u8]) -> Value {
    json!({ "package": BASE64.encode(package) })
}

fn with(mut body: Value, path: &str, value: Value) -> Value {
    let (parent, name) = path.rsplit_once('/').unwrap();
    body.pointer_mut(parent).unwrap()[name] = value;
    body
}

#[tokio::test]
async fn a_profile_is_made_of_subscriber_data() {
    let api = Api::new();
    let answer = api.post("/api/v1/profiles", subscriber(ICCID)).await;
    let made = answer.ok(201);
    assert_eq!(answer.headers["location"], format!("/api/v1/profiles/{ICCID}"));
    assert_eq!((&made["iccid"], &made["state"]), (&json!(ICCID), &json!("Available")));
    assert_eq!(made["metadata"]["class"], "operational");
    let profile = api.store().profile(ICCID.parse().unwrap()).await.unwrap().unwrap();
    let package = api.store().package(profile.id).await.unwrap();
    assert_eq!(iccid_of(&package.0).unwrap(), profile.iccid);
    let key = data_encoding::HEXLOWER.decode(KI.as_bytes()).unwrap();
    assert!(package.0.windows(16).any(|window| window == key), "Ki is in the package");
}

#[tokio::test]
async fn a_profile_is_made_of_a_package_which_names_its_iccid_and_type() {
    let api = Api::new();
    let mut body = of_package(&package(ICCID));
    body["protection"] = json!("profile-protection-keys");
    let made = api.post("/api/v1/profiles", body).await.ok(201);
    assert_eq!((&made["iccid"], &made["operator"]), (&json!(ICCID), &Value::Null));
    assert_eq!(made["profile_type"], "rsplab default profile");
    let profile = api.store().profile(ICCID.parse().unwrap()).await.unwrap().unwrap();
    assert_eq!(profile.protection, PackageProtection::ProfileProtectionKeys);
    assert_eq!(*api.store().package(profile.id).await.unwrap().0, package(ICCID));
}

#[tokio::test]
async fn metadata_are_written_and_come_back() {
    let api = Api::new();
    let given = json!({
        "service_provider_name": "Example Mobile",
        "profile_name": "Home",
        "class": "provisioning",
        "profile_owner": { "mcc_mnc": "001001", "gid1": "0AFF", "gid2": null },
        "policy_rules": ["PPR1", "PPR2"],
        "notifications": [{ "event": "install", "address": "smdp.example.com" }],
    });
    let made =
        api.post("/api/v1/profiles", with(subscriber(ICCID), "/metadata", given.clone())).await.ok(201);
    let mut shown = made["metadata"].clone();
    assert_eq!(shown.as_object_mut().unwrap().remove("icon"), Some(Value::Null));
    assert_eq!(shown, given);
}

#[tokio::test]
async fn an_icon_is_given_in_base64() {
    let api = Api::new();
    // The outline of a JPEG of 64 × 64 pixels.
    let icon = b"\xFF\xD8\xFF\xC0\x00\x0B\x08\x00\x40\x00\x40\x01\x01\x11\x00\xFF\xD9";
    let body = with(subscriber(ICCID), "/metadata", json!({ "icon": BASE64.encode(icon) }));
    let made = api.post("/api/v1/profiles", body).await.ok(201);
    assert_eq!(made["metadata"]["icon"], json!({ "type": "jpg", "size": icon.len() }));
}

#[tokio::test]
async fn what_is_wrong_is_named_and_leaves_nothing_behind() {
    let api = Api::new();
    api.stock([1]).await;
    let before = api.everything().await;
    let good = || subscriber(ICCID);
    let cases = [
        (with(good(), "/iccid", json!("12")), "iccid"),
        (with(good(), "/iccid", Value::Null), "iccid"),
        (with(good(), "/operator", json!("nobody")), "operator"),
        (with(good(), "/profile_type", json!("")), "profile_type"),
        (with(good(), "/profile_type", json!("a\u{0}")), "profile_type"),
        (with(good(), "/protection", json!("none")), "protection"),
        (with(good(), "/colour", json!("red")), "colour"),
        (with(good(), "/subscriber", Value::Null), "package"),
        (with(good(), "/package", json!("AAAA")), "package"),
        (with(good(), "/subscriber/imsi", json!("12")), "subscriber.imsi"),
        (with(good(), "/subscriber/ki", json!("00")), "subscriber.ki"),
        (with(good(), "/subscriber/ki", json!(4711)), "subscriber.ki"),
        (with(good(), "/subscriber/opc", json!(format!("{OPC}00"))), "subscriber.opc"),
        (with(good(), "/metadata", json!({ "colour": 1 })), "metadata.colour"),
        (with(good(), "/metadata", json!({ "class": "gold" })), "metadata.class"),
        (with(good(), "/metadata", json!({ "icon": "?" })), "metadata.icon"),
        (with(good(), "/metadata", json!({ "icon": "AAAA" })), "metadata.icon"),
        (with(good(), "/metadata", json!({ "profile_name": "x".repeat(65) })), "metadata.profile_name"),
        (with(good(), "/metadata", json!({ "policy_rules": ["PPR1"] })), "metadata.profile_owner"),
        (
            with(good(), "/metadata", json!({ "profile_owner": { "mcc_mnc": "1" } })),
            "metadata.profile_owner.mcc_mnc",
        ),
        (
            with(good(), "/metadata", json!({ "notifications": [{ "event": "install", "address": "a b" }] })),
            "metadata.notifications.address",
        ),
        (json!({ "package": "no base64" }), "package"),
        (of_package(b"no package"), "package"),
        (of_package(&package(ICCID)[..600]), "package"),
        (with(of_package(&package(ICCID)), "/iccid", json!("8988211000000000110")), "iccid"),
        (with(of_package(&package(ICCID)), "/profile_type", json!("other")), "profile_type"),
    ];
    for (body, field) in cases {
        let (named, detail) = api.post("/api/v1/profiles", body).await.problem(400);
        assert!(named == field || detail.contains(field), "{field}: {named}: {detail}");
        assert!(!detail.contains("4711") && !detail.contains(OPC), "{detail}");
    }
    assert_eq!(api.everything().await, before);
}

#[tokio::test]
async fn an_iccid_that_is_there_is_a_conflict() {
    let api = Api::new();
    api.post("/api/v1/profiles", subscriber(ICCID)).await.ok(201);
    let before = api.everything().await;
    let (_, detail) = api.post("/api/v1/profiles", subscriber(ICCID)).await.problem(409);
    assert!(detail.contains(ICCID), "{detail}");
    assert_eq!(api.everything().await, before);
    // Nothing of the refused one bars the next.
    api.post("/api/v1/profiles", subscriber("8988211000000000110")).await.ok(201);
}

#[tokio::test]
async fn a_body_is_json_and_of_at_most_two_mebibytes() {
    let api = Api::new();
    let long = json!({ "package": "A".repeat(2 * 1024 * 1024) });
    api.post("/api/v1/profiles", long).await.problem(413);

    let mut no_json = request("POST", "/api/v1/profiles", Some(subscriber(ICCID)));
    no_json.headers_mut().insert("content-type", "text/plain".parse().unwrap());
    api.send(no_json).await.problem(415);

    let mut cut = request("POST", "/api/v1/profiles", Some(json!({})));
    *cut.body_mut() = "{\"iccid\":".into();
    api.send(cut).await.problem(400);

    let mut two = request("POST", "/api/v1/profiles", Some(json!({})));
    *two.body_mut() = format!("{} {{}}", subscriber(ICCID)).into();
    api.send(two).await.problem(400);
    assert_eq!(api.get("/api/v1/profiles").await.ok(200)["profiles"], json!([]));
}
