//! `/openapi.json`.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::api::{Api, request};
use crate::common::euicc::{Euicc, eid};
use crate::common::orders::{iccid, matching_id, order};
use crate::session::CURVE;

/// Every route there is, written down once more: what a client relies on.
const ROUTES: [(&str, &str); 26] = [
    ("GET", "/health"),
    ("GET", "/ready"),
    ("GET", "/metrics"),
    ("GET", "/openapi.json"),
    ("GET", "/api/v1/profiles"),
    ("POST", "/api/v1/profiles"),
    ("GET", "/api/v1/profiles/{iccid}"),
    ("DELETE", "/api/v1/profiles/{iccid}"),
    ("PUT", "/api/v1/profiles/{iccid}/retired"),
    ("GET", "/api/v1/orders"),
    ("POST", "/api/v1/orders"),
    ("GET", "/api/v1/orders/{id}"),
    ("DELETE", "/api/v1/orders/{id}"),
    ("POST", "/api/v1/orders/{id}/reset"),
    ("PUT", "/api/v1/orders/{id}/state"),
    ("GET", "/api/v1/smds-events"),
    ("GET", "/api/v1/sessions/{transaction_id}"),
    ("GET", "/api/v1/euiccs/{eid}/notifications"),
    ("GET", "/api/v1/events"),
    ("GET", "/api/v1/operators"),
    ("GET", "/api/v1/faults"),
    ("POST", "/api/v1/faults"),
    ("DELETE", "/api/v1/faults"),
    ("DELETE", "/api/v1/faults/{id}"),
    ("HEAD", "/health"),
    ("HEAD", "/api/v1/orders"),
];

const METHODS: [&str; 6] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

async fn document(api: &Api) -> Value {
    let answer = api.get("/openapi.json").await;
    assert_eq!(answer.headers["content-type"], "application/json");
    answer.ok(200)
}

fn operations(document: &Value) -> Vec<(String, String, &Value)> {
    let mut all = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            all.push((method.to_uppercase(), path.clone(), operation));
        }
    }
    all
}

#[tokio::test]
async fn the_document_has_every_route_and_no_other() {
    let api = Api::new();
    let document = document(&api).await;
    let described: BTreeSet<_> =
        operations(&document).into_iter().map(|(method, path, _)| (method, path)).collect();
    let expected: BTreeSet<_> = ROUTES
        .iter()
        .filter(|(method, _)| *method != "HEAD")
        .map(|(method, path)| ((*method).to_owned(), (*path).to_owned()))
        .collect();
    assert_eq!(described, expected);

    // The router takes these methods at these paths, and refuses the others in the words of RFC 9110.
    let paths: BTreeSet<_> = ROUTES.iter().map(|(_, path)| *path).collect();
    for path in paths {
        for method in METHODS {
            let filled = path.replace(['{', '}'], "");
            let answer = api.send(request(method, &filled, None)).await;
            let get_for_head = if method == "HEAD" { "GET" } else { method };
            if ROUTES.contains(&(get_for_head, path)) {
                assert_ne!(answer.status, 405, "{method} {path}");
            } else {
                assert_eq!(answer.status, 405, "{method} {path}");
                assert!(answer.headers.contains_key("allow"), "{method} {path}");
            }
        }
    }
    for path in ["/", "/api/v1", "/api/v2/orders", "/api/v1/orders/1/reset/", "/metrics/"] {
        api.get(path).await.problem(404);
    }
}

#[tokio::test]
async fn the_document_is_of_openapi_3_1_and_whole() {
    let api = Api::new();
    let document = document(&api).await;
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1."), "{}", document["openapi"]);
    assert_eq!(document["info"]["title"], "SM-DP+ management");
    assert_eq!(document["components"]["securitySchemes"]["token"]["scheme"], "bearer");
    let mut names = BTreeSet::new();
    for (method, path, operation) in operations(&document) {
        let place = format!("{method} {path}");
        let name = operation["operationId"].as_str().unwrap_or_else(|| panic!("{place}"));
        assert!(names.insert(name.to_owned()), "{name} is the name of two operations");
        assert!(operation["summary"].is_string() || operation["description"].is_string(), "{place}");
        assert!(operation["tags"].as_array().is_some_and(|tags| tags.len() == 1), "{place}");
        let responses = operation["responses"].as_object().unwrap();
        assert!(responses.keys().any(|status| status.starts_with('2')), "{place}");
        // Each element of the path is described.
        let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        for element in path.split('/').filter_map(|part| part.strip_prefix('{')) {
            let element = element.trim_end_matches('}');
            assert!(
                parameters.iter().any(|parameter| parameter["name"] == element
                    && parameter["in"] == "path"
                    && parameter["required"] == true),
                "{place}: {element}"
            );
        }
        for (status, response) in responses.iter().filter(|(status, _)| status.starts_with('4')) {
            assert!(response["content"]["application/problem+json"].is_object(), "{place}: {status}");
        }
        if path.starts_with("/api/") {
            assert!(responses.contains_key("401") && responses.contains_key("503"), "{place}");
            assert_eq!(operation["security"], json!([{}, { "token": [] }]), "{place}");
        }
        assert_eq!(
            operation["requestBody"].is_object(),
            ["POST", "PUT"].contains(&&*method) && !path.ends_with("reset"),
            "{place}"
        );
    }
    assert_resolved(&document, &document);
}

/// Every `$ref` leads somewhere.
fn assert_resolved(document: &Value, part: &Value) {
    match part {
        Value::Object(members) => {
            if let Some(Value::String(reference)) = members.get("$ref") {
                let target = document.pointer(reference.trim_start_matches('#'));
                assert!(target.is_some(), "{reference} leads nowhere");
            }
            members.values().for_each(|value| assert_resolved(document, value));
        }
        Value::Array(elements) => elements.iter().for_each(|value| assert_resolved(document, value)),
        _ => {}
    }
}

/// What comes back has the members that the document says, and no other.
#[tokio::test]
async fn an_answer_is_what_the_document_says() {
    let api = Api::new();
    let id = api.add(order(1)).await;
    api.send_to_smds(id, eid(1)).await;
    let euicc = Euicc::new(CURVE, 1);
    let tid = api.install(&euicc, &matching_id(1), None).await;
    let document = document(&api).await;
    for (path, filled) in [
        ("/ready", "/ready".to_owned()),
        ("/api/v1/profiles", "/api/v1/profiles".to_owned()),
        ("/api/v1/profiles/{iccid}", format!("/api/v1/profiles/{}", iccid(1))),
        ("/api/v1/orders", "/api/v1/orders".to_owned()),
        ("/api/v1/orders/{id}", format!("/api/v1/orders/{id}")),
        ("/api/v1/smds-events", "/api/v1/smds-events".to_owned()),
        ("/api/v1/sessions/{transaction_id}", format!("/api/v1/sessions/{tid}")),
        ("/api/v1/euiccs/{eid}/notifications", format!("/api/v1/euiccs/{}/notifications", euicc.eid)),
        ("/api/v1/events", "/api/v1/events".to_owned()),
        ("/api/v1/operators", "/api/v1/operators".to_owned()),
    ] {
        let schema =
            &document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"];
        assert_fits(&document, schema, &api.get(&filled).await.ok(200), path);
    }
    let schema = &document["paths"]["/api/v1/orders"]["get"]["responses"]["400"]["content"]["application/problem+json"]
        ["schema"];
    let problem = api.get("/api/v1/orders?limit=0").await.json();
    assert_fits(&document, schema, &problem, "problem");
}

fn assert_fits(document: &Value, schema: &Value, value: &Value, place: &str) {
    if let Some(reference) = schema["$ref"].as_str() {
        let target = document.pointer(reference.trim_start_matches('#')).unwrap();
        return assert_fits(document, target, value, place);
    }
    if let Some(options) = schema["oneOf"].as_array() {
        // `T` or null.
        let option = options.iter().find(|option| (option["type"] == "null") == value.is_null());
        return assert_fits(document, option.unwrap_or_else(|| panic!("{place}: {value}")), value, place);
    }
    if let Some(parts) = schema["allOf"].as_array() {
        let known = members(document, schema);
        for name in value.as_object().unwrap().keys() {
            assert!(known.contains(name), "{place}: {name} is not in the document");
        }
        for part in parts {
            let named = members(document, part);
            let some = value.as_object().unwrap().iter().filter(|(name, _)| named.contains(*name));
            assert_fits(document, part, &some.map(|(n, v)| (n.clone(), v.clone())).collect(), place);
        }
        return;
    }
    let types: Vec<&str> = match &schema["type"] {
        Value::String(one) => vec![one],
        Value::Array(several) => several.iter().map(|one| one.as_str().unwrap()).collect(),
        other => panic!("{place}: no type but {other}"),
    };
    let actual = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    assert!(types.contains(&actual), "{place}: {value} is none of {types:?}");
    if let Some(allowed) = schema["enum"].as_array() {
        assert!(allowed.contains(value), "{place}: {value}");
    }
    match value {
        Value::Array(elements) => {
            for element in elements {
                assert_fits(document, &schema["items"], element, place);
            }
        }
        Value::Object(members) => {
            let properties = schema["properties"].as_object().unwrap();
            for (name, member) in members {
                let property = properties.get(name);
                let property = property.unwrap_or_else(|| panic!("{place}: {name} is not in the document"));
                assert_fits(document, property, member, &format!("{place}.{name}"));
            }
            for required in schema["required"].as_array().into_iter().flatten() {
                assert!(members.contains_key(required.as_str().unwrap()), "{place}: {required} is missing");
            }
        }
        _ => {}
    }
}

/// The names of the members that a schema allows.
fn members(document: &Value, schema: &Value) -> BTreeSet<String> {
    if let Some(reference) = schema["$ref"].as_str() {
        return members(document, document.pointer(reference.trim_start_matches('#')).unwrap());
    }
    let own = schema["properties"].as_object().into_iter().flat_map(|own| own.keys().cloned());
    let parts = schema["allOf"].as_array().into_iter().flatten();
    own.chain(parts.flat_map(|part| members(document, part))).collect()
}
