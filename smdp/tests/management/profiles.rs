//! Listing, looking at, retiring and deleting profiles.

use asn1::{
    Icon, IconType, MccMnc, NotificationConfigurationInformation, NotificationEvent, OperatorId, PprIds,
    ProfileClass, Raw,
};
use serde_json::{Value, json};
use smdp::domain::{NewOrder, NewProfile};

use crate::api::Api;
use crate::common::orders::{iccid, metadata, order, profile};

fn iccids(list: &Value) -> Vec<String> {
    let profiles = list["profiles"].as_array().unwrap();
    profiles.iter().map(|profile| profile["iccid"].as_str().unwrap().to_owned()).collect()
}

fn named(numbers: impl IntoIterator<Item = u32>) -> Vec<String> {
    numbers.into_iter().map(|number| iccid(number).to_string()).collect()
}

#[tokio::test]
async fn a_list_is_read_page_by_page_to_its_end() {
    let api = Api::new();
    api.stock(1..=5).await;
    let first = api.get("/api/v1/profiles?limit=2").await.ok(200);
    assert_eq!(iccids(&first), named(1..=2));
    let second = api.get(&format!("/api/v1/profiles?limit=2&after={}", first["next"])).await.ok(200);
    assert_eq!(iccids(&second), named(3..=4));
    let third = api.get(&format!("/api/v1/profiles?limit=2&after={}", second["next"])).await.ok(200);
    assert_eq!((iccids(&third), &third["next"]), (named([5]), &Value::Null));
    assert_eq!(iccids(&api.get("/api/v1/profiles").await.ok(200)), named(1..=5));
}

#[tokio::test]
async fn filters_leave_out_what_does_not_fit() {
    let api = Api::new();
    api.stock([1]).await;
    let profile =
        NewProfile { operator: Some("beta".to_owned()), profile_type: "other".to_owned(), ..profile(2) };
    api.add(NewOrder { profile, ..order(2) }).await;
    for (filter, expected) in [
        ("operator=beta", vec![2]),
        ("operator=alpha", vec![1]),
        ("operator=nobody", vec![]),
        ("profile_type=other", vec![2]),
        ("state=Available", vec![1]),
        ("state=Released", vec![2]),
        ("state=Released&operator=alpha", vec![]),
    ] {
        let list = api.get(&format!("/api/v1/profiles?{filter}")).await.ok(200);
        assert_eq!(iccids(&list), named(expected), "{filter}");
    }
}

#[tokio::test]
async fn a_wrong_parameter_is_named() {
    let api = Api::new();
    for (query, field) in [
        ("limit=0", "limit"),
        ("limit=1001", "limit"),
        ("limit=many", "limit"),
        ("after=x", "after"),
        ("state=released", "state"),
        ("colour=red", "colour"),
    ] {
        for path in ["profiles", "orders"] {
            let answer = api.get(&format!("/api/v1/{path}?{query}")).await;
            let (named, detail) = answer.problem(400);
            assert!(named == field || detail.contains(field), "{query}: {named}: {detail}");
        }
    }
    for query in ["operator=", "operator=%00", "profile_type=a%0Ab"] {
        api.get(&format!("/api/v1/profiles?{query}")).await.problem(400);
    }
    assert_eq!(api.get("/api/v1/profiles/123").await.problem(400).0, "iccid");
    api.get("/api/v1/profiles/%FF").await.problem(400);
}

#[tokio::test]
async fn a_profile_is_shown_with_its_metadata_and_without_its_package() {
    let api = Api::new();
    let mut metadata = metadata(1);
    metadata.profile_class = Some(ProfileClass::TEST);
    metadata.icon_type = Some(IconType::PNG);
    metadata.icon = Some(Icon::try_from(vec![7; 321]).unwrap());
    metadata.profile_owner = Some(OperatorId {
        mcc_mnc: MccMnc::new(vec![0x42, 0xF6, 0x18]).unwrap(),
        gid1: Some(vec![0xAB].into()),
        gid2: None,
        unknown: Default::default(),
    });
    metadata.profile_policy_rules = Some(PprIds::of([PprIds::PPR2]));
    metadata.notification_configuration_info = Some(vec![NotificationConfigurationInformation {
        profile_management_operation: NotificationEvent::of([
            NotificationEvent::ENABLE,
            NotificationEvent::DELETE,
        ]),
        notification_address: "smdp.example.org".to_owned(),
        unknown: Default::default(),
    }]);
    let profile = NewProfile { metadata: Raw::new(metadata).into_bytes(), ..profile(1) };
    let id = api.add(NewOrder { profile, ..order(1) }).await;
    let shown = api.get(&format!("/api/v1/profiles/{}", iccid(1))).await.ok(200);
    assert_eq!(
        shown,
        json!({
            "id": 1,
            "iccid": iccid(1).to_string(),
            "operator": "alpha",
            "profile_type": "basic",
            "state": "Released",
            "order": id.0,
            "protection": "session-keys",
            "package_size": 2500,
            "metadata": {
                "service_provider_name": "Operator",
                "profile_name": "Profile",
                "class": "test",
                "icon": { "type": "png", "size": 321 },
                "profile_owner": { "mcc_mnc": "24681", "gid1": "AB", "gid2": null },
                "policy_rules": ["PPR2"],
                "notifications": [
                    { "event": "enable", "address": "smdp.example.org" },
                    { "event": "delete", "address": "smdp.example.org" },
                ],
            },
        })
    );
}

#[tokio::test]
async fn a_profile_that_no_order_has_is_retired_and_taken_back() {
    let api = Api::new();
    api.stock([1]).await;
    let path = format!("/api/v1/profiles/{}", iccid(1));
    let retired = |retired: bool| json!({ "retired": retired });
    let after = api.put(&format!("{path}/retired"), retired(true)).await.ok(200);
    assert_eq!(after["state"], "Unavailable");
    assert_eq!(api.get(&path).await.ok(200)["state"], "Unavailable");
    let body = json!({ "iccid": iccid(1).to_string() });
    api.post("/api/v1/orders", body.clone()).await.problem(409);
    assert_eq!(api.put(&format!("{path}/retired"), retired(false)).await.ok(200)["state"], "Available");
    api.post("/api/v1/orders", body).await.ok(201);
    // SGP.22 §3.1.6: only an order that is cancelled makes its profile Unavailable.
    let (_, detail) = api.put(&format!("{path}/retired"), retired(true)).await.problem(409);
    assert!(detail.contains("order"), "{detail}");
    assert_eq!(api.get(&path).await.ok(200)["state"], "Released");
    assert_eq!(api.put(&format!("{path}/retired"), json!({ "retired": 1 })).await.problem(400).0, "retired");
}

#[tokio::test]
async fn a_deleted_profile_takes_its_orders_with_it() {
    let api = Api::new();
    let id = api.add(order(1)).await;
    let path = format!("/api/v1/profiles/{}", iccid(1));
    api.delete(&path).await.ok(204);
    api.get(&path).await.problem(404);
    api.delete(&path).await.problem(404);
    api.put(&format!("{path}/retired"), json!({ "retired": true })).await.problem(404);
    api.get(&format!("/api/v1/orders/{id}")).await.problem(404);
    // Its number and its MatchingID are free again.
    api.add(order(1)).await;
}

#[tokio::test]
async fn operators_are_listed_with_what_they_are_told() {
    let api = Api::new();
    let list = api.get("/api/v1/operators").await.ok(200);
    let operators = list["operators"].as_array().unwrap();
    let names: Vec<_> = operators.iter().map(|operator| operator["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["alpha", "beta"]);
    assert_eq!(operators[0]["takes_reports"], true);
    // SGP.22 §5.3.5.
    assert_eq!(operators[0]["points"]["download"], 3);
    assert_eq!(operators[0]["points"]["enabled"], Value::Null);
}
