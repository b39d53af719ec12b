//! The schema of the JSON form, made from its types.

use schemars::{Schema, SchemaGenerator, json_schema};

/// What travelled, as docs/trace.md has it: the type is of a crate that makes no schemas.
pub fn messages(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "description": "What travelled, decoded: kept of cases that did not pass.",
        "type": "array",
        "items": {
            "type": "object",
            "properties": {
                "at": { "type": "string", "format": "date-time" },
                "actor": { "enum": ["smdp", "smds", "lpa", "euicc", "operator"] },
                "transaction_id": { "type": "string" },
                "eid": { "type": "string" },
                "order": { "type": "string" }
            },
            "required": ["at", "actor", "kind"],
            "oneOf": [
                {
                    "properties": {
                        "kind": { "const": "http" },
                        "message": { "enum": ["request", "response"] },
                        "path": { "type": "string" },
                        "status": { "type": "integer", "minimum": 0, "maximum": 65535 },
                        "headers": {
                            "type": "array",
                            "items": {
                                "description": "Name and value.",
                                "type": "array",
                                "items": { "type": "string" },
                                "minItems": 2,
                                "maxItems": 2
                            }
                        },
                        "body": { "type": "string", "description": "Text as it is, anything else as hex." }
                    },
                    "required": ["kind", "message", "path", "headers", "body"]
                },
                {
                    "properties": {
                        "kind": { "const": "apdu" },
                        "command": { "type": "string", "description": "Hex." },
                        "response": { "type": "string", "description": "Hex, with the status word." }
                    },
                    "required": ["kind", "command", "response"]
                },
                {
                    "properties": {
                        "kind": { "const": "object" },
                        "name": { "type": "string" },
                        "der": { "type": "string", "description": "Hex." },
                        "members": { "type": "array", "items": { "type": "string" } }
                    },
                    "required": ["kind", "name", "der", "members"]
                },
                {
                    "properties": {
                        "kind": { "const": "check" },
                        "section": { "type": "string" },
                        "subject": { "type": "string" },
                        "verdict": { "enum": ["passed", "refused", "skipped"] },
                        "reason": { "type": "string" }
                    },
                    "required": ["kind", "section", "subject", "verdict"]
                },
                {
                    "properties": {
                        "kind": { "const": "state" },
                        "subject": { "type": "string" },
                        "from": { "type": "string" },
                        "to": { "type": "string" }
                    },
                    "required": ["kind", "subject", "from", "to"]
                },
                {
                    "properties": {
                        "kind": { "const": "secret" },
                        "name": { "type": "string" },
                        "value": { "type": "string" }
                    },
                    "required": ["kind", "name", "value"]
                }
            ]
        }
    })
}

mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use protocol::trace::{Actor, Event, Ids, Verdict, What};
    use serde_json::Value;

    use super::super::Document;

    fn made() -> Value {
        schemars::schema_for!(Document<'static>).to_value()
    }

    /// `RSPLAB_WRITE_SCHEMA=1` writes the file anew.
    #[test]
    fn the_published_schema_is_what_the_types_give() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/report.schema.json");
        if std::env::var_os("RSPLAB_WRITE_SCHEMA").is_some() {
            std::fs::write(&file, serde_json::to_string_pretty(&made()).unwrap() + "\n").unwrap();
        }
        let published: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
        assert_eq!(published, made(), "RSPLAB_WRITE_SCHEMA=1 writes it anew");
    }

    fn of_each_kind() -> [What; 6] {
        let text = || "text".to_owned();
        [
            What::Http {
                message: "request",
                path: text(),
                status: Some(200),
                headers: vec![(text(), text())],
                body: text(),
            },
            What::Apdu { command: text(), response: text() },
            What::Object { name: text(), der: text(), members: vec![text()] },
            What::Check { section: "", subject: text(), verdict: Verdict::Refused, reason: Some(text()) },
            What::State { subject: text(), from: text(), to: text() },
            What::Secret { name: "S-ENC", value: text() },
        ]
    }

    #[test]
    fn the_schema_knows_every_member_of_every_message() {
        let schema = made();
        let item = &schema["$defs"]["CaseReport"]["properties"]["messages"]["items"];
        let names = |of: &Value| -> BTreeSet<String> { of.as_object().unwrap().keys().cloned().collect() };
        for what in of_each_kind() {
            let ids = Ids {
                transaction_id: Some("0A".to_owned()),
                eid: Some("89".to_owned()),
                order: Some("1".to_owned()),
            };
            let event = Event { at: "2026-01-01T00:00:00.000Z".to_owned(), actor: Actor::Smds, ids, what };
            let event = serde_json::to_value(event).unwrap();
            let kinds = item["oneOf"].as_array().unwrap();
            let kind =
                kinds.iter().find(|kind| kind["properties"]["kind"]["const"] == event["kind"]).unwrap();
            let known = &names(&item["properties"]) | &names(&kind["properties"]);
            assert_eq!(names(&event), known);
        }
    }
}
