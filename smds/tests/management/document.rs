//! `/openapi.json`.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::api::{Api, request};
use crate::common::calls::{cascaded, smdp};

/// Every route there is, written down once more: what a client relies on.
const ROUTES: [(&str, &str); 8] = [
    ("GET", "/health"),
    ("GET", "/ready"),
    ("GET", "/metrics"),
    ("GET", "/openapi.json"),
    ("GET", "/api/v1/events"),
    ("GET", "/api/v1/events/{id}"),
    ("DELETE", "/api/v1/events/{id}"),
    ("GET", "/api/v1/root-deletions"),
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
    let expected: BTreeSet<_> =
        ROUTES.iter().map(|(method, path)| ((*method).to_owned(), (*path).to_owned())).collect();
    assert_eq!(described, expected);

    // The router takes these methods at these paths, and refuses the others in the words of RFC 9110.
    let paths: BTreeSet<_> = ROUTES.iter().map(|(_, path)| *path).collect();
    for path in paths {
        for method in METHODS {
            let answer = api.send(request(method, &path.replace("{id}", "1"))).await;
            let get_for_head = if method == "HEAD" { "GET" } else { method };
            if ROUTES.contains(&(get_for_head, path)) {
                assert_ne!(answer.status, 405, "{method} {path}");
            } else {
                assert_eq!(answer.status, 405, "{method} {path}");
                assert!(answer.headers.contains_key("allow"), "{method} {path}");
            }
        }
    }
    for path in ["/", "/api/v1", "/api/v2/events", "/api/v1/events/1/", "/api/v1/root-deletions/1"] {
        api.get(path).await.problem(404);
    }
}

#[tokio::test]
async fn the_document_is_of_openapi_3_1_and_whole() {
    let api = Api::new();
    let document = document(&api).await;
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1."), "{}", document["openapi"]);
    assert_eq!(document["info"]["title"], "SM-DS management");
    assert_eq!(document["components"]["securitySchemes"]["token"]["scheme"], "bearer");
    let tags: Vec<&Value> = document["tags"].as_array().unwrap().iter().map(|tag| &tag["name"]).collect();
    let mut names = BTreeSet::new();
    for (method, path, operation) in operations(&document) {
        let place = format!("{method} {path}");
        let name = operation["operationId"].as_str().unwrap_or_else(|| panic!("{place}"));
        assert!(names.insert(name.to_owned()), "{name} is the name of two operations");
        assert!(operation["summary"].is_string() || operation["description"].is_string(), "{place}");
        assert!(tags.contains(&&operation["tags"][0]), "{place}");
        let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        let of_path = parameters.iter().any(|it| it["name"] == "id" && it["in"] == "path");
        assert_eq!(of_path, path.contains("{id}"), "{place}");
        let responses = operation["responses"].as_object().unwrap();
        assert!(responses.keys().any(|status| status.starts_with('2')), "{place}");
        for (status, response) in responses.iter().filter(|(status, _)| status.starts_with('4')) {
            assert!(response["content"]["application/problem+json"].is_object(), "{place}: {status}");
        }
        if path.starts_with("/api/") {
            for status in ["400", "401", "403", "503"] {
                assert!(responses.contains_key(status), "{place}: {status}");
            }
            assert_eq!(responses.contains_key("404"), path.contains('{'), "{place}");
            assert_eq!(responses.contains_key("409"), method == "DELETE", "{place}");
            assert_eq!(operation["security"], json!([{}, { "token": [] }]), "{place}");
        }
    }
    assert_resolved(&document, &document);
}

#[tokio::test]
async fn the_parameters_of_a_list_are_described() {
    let document = document(&Api::new()).await;
    for (path, expected) in [
        ("/api/v1/events", vec!["eid", "caller", "event_id", "state", "after", "limit"]),
        ("/api/v1/root-deletions", vec!["after", "limit"]),
    ] {
        let parameters = document["paths"][path]["get"]["parameters"].as_array().unwrap();
        let names: Vec<&str> = parameters.iter().map(|it| it["name"].as_str().unwrap()).collect();
        assert_eq!(names, expected, "{path}");
        assert!(parameters.iter().all(|it| it["in"] == "query" && it["required"] != true), "{path}");
    }
}

/// Every `$ref` leads somewhere.
fn assert_resolved(document: &Value, part: &Value) {
    match part {
        Value::Object(members) => {
            if let Some(reference) = members.get("$ref") {
                resolve(document, reference.as_str().unwrap());
            }
            members.values().for_each(|value| assert_resolved(document, value));
        }
        Value::Array(elements) => elements.iter().for_each(|value| assert_resolved(document, value)),
        _ => {}
    }
}

#[track_caller]
fn resolve<'a>(document: &'a Value, reference: &str) -> &'a Value {
    let target = document.pointer(reference.trim_start_matches('#'));
    target.unwrap_or_else(|| panic!("{reference} leads nowhere"))
}

/// What comes back has the members that the document says, and no other.
#[tokio::test]
async fn an_answer_is_what_the_document_says() {
    let api = Api::with_lifetime();
    for number in [1, 2] {
        api.server.register(&smdp(1), cascaded(number)).await.unwrap();
    }
    let event = api.path_of(1).await;
    api.delete(&event).await.ok(204);
    let document = document(&api).await;
    for (path, filled) in [
        ("/ready", "/ready"),
        ("/api/v1/events", "/api/v1/events?limit=2"),
        ("/api/v1/events/{id}", &event),
        ("/api/v1/root-deletions", "/api/v1/root-deletions?limit=1"),
    ] {
        let answer = api.get(filled).await.ok(200);
        let responses = &document["paths"][path]["get"]["responses"];
        assert_fits(&document, &responses["200"]["content"]["application/json"]["schema"], &answer, path);
    }
    let problem = api.get("/api/v1/events?limit=0").await;
    problem.problem(400);
    let content = &document["paths"]["/api/v1/events"]["get"]["responses"]["400"]["content"];
    let problem: Value = serde_json::from_str(&problem.text).unwrap();
    assert_fits(&document, &content["application/problem+json"]["schema"], &problem, "problem");
}

fn assert_fits(document: &Value, schema: &Value, value: &Value, place: &str) {
    if let Some(reference) = schema["$ref"].as_str() {
        return assert_fits(document, resolve(document, reference), value, place);
    }
    let actual = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let allowed = &schema["type"];
    let fits = allowed == actual || allowed.as_array().is_some_and(|all| all.contains(&json!(actual)));
    assert!(fits, "{place}: {value} is not {allowed}");
    if let Some(names) = schema["enum"].as_array() {
        assert!(names.contains(value), "{place}: {value}");
    }
    match value {
        Value::Array(elements) => {
            assert!(!elements.is_empty(), "{place} shows nothing");
            for element in elements {
                assert_fits(document, &schema["items"], element, place);
            }
        }
        Value::Object(members) => {
            let properties = schema["properties"].as_object().unwrap();
            let (named, there): (Vec<_>, Vec<_>) = (properties.keys().collect(), members.keys().collect());
            assert_eq!(named, there, "{place}");
            for (name, member) in members {
                assert_fits(document, &properties[name], member, &format!("{place}.{name}"));
            }
        }
        _ => {}
    }
}
