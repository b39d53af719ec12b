//! The tables that a backup holds. The key's fingerprint, which `meta` has, stands in the first line.

use data_encoding::BASE64;
use serde_json::Value as Json;
use service::database::Value;

/// What a column holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    Integer,
    Text,
    Bytes,
}

use Kind::{Bytes, Integer, Text};

/// A table; its first column is a number, and names a row.
pub struct Table {
    pub name: &'static str,
    pub columns: &'static [(&'static str, Kind)],
    /// Whether the data base gives the numbers.
    pub numbered: bool,
}

/// In an order in which no row names one that comes later.
pub const TABLES: &[Table] = &[
    numbered("profile_import", &[("id", Integer), ("touched", Integer)]),
    numbered(
        "profile",
        &[
            ("id", Integer),
            ("iccid", Bytes),
            ("operator", Text),
            ("profile_type", Text),
            ("protection", Text),
            ("metadata", Bytes),
            ("package_size", Integer),
            ("retired", Integer),
            ("created", Integer),
            ("import", Integer),
            ("download_order", Integer),
        ],
    ),
    named("profile_package", &[("profile", Integer), ("content", Bytes), ("protection_keys", Bytes)]),
    numbered(
        "download_order",
        &[
            ("id", Integer),
            ("profile", Integer),
            ("matching_id", Text),
            ("eid", Text),
            ("confirmation_code", Bytes),
            ("smds_address", Text),
            ("expires", Integer),
            ("state", Text),
            ("download_attempts", Integer),
            ("confirmation_code_attempts", Integer),
            ("created", Integer),
            ("version", Integer),
        ],
    ),
    named(
        "bound_package",
        &[
            ("download_order", Integer),
            ("eid", Text),
            ("euicc_otpk", Bytes),
            ("ci", Bytes),
            ("content", Bytes),
            ("session_keys", Bytes),
        ],
    ),
    numbered(
        "rsp_session",
        &[
            ("id", Integer),
            ("transaction_id", Bytes),
            ("started", Integer),
            ("download_order", Integer),
            ("stage", Text),
            ("awaits_result", Integer),
            ("version", Integer),
        ],
    ),
    numbered(
        "notification",
        &[
            ("id", Integer),
            ("eid", Text),
            ("sequence_number", Integer),
            ("digest", Bytes),
            ("received", Integer),
            ("content", Bytes),
        ],
    ),
    numbered(
        "happening",
        &[
            ("id", Integer),
            ("at", Integer),
            ("download_order", Integer),
            ("iccid", Bytes),
            ("operator", Text),
            ("profile_type", Text),
            ("eid", Text),
            ("what", Text),
            ("detail", Text),
            ("state", Text),
            ("report", Text),
            ("due", Integer),
            ("attempts", Integer),
            ("delivered", Integer),
        ],
    ),
    numbered(
        "function_call",
        &[
            ("id", Integer),
            ("requester", Text),
            ("identifier", Text),
            ("fingerprint", Bytes),
            ("answer", Text),
            ("executed", Integer),
        ],
    ),
    numbered(
        "smds_event",
        &[
            ("id", Integer),
            ("download_order", Integer),
            ("eid", Text),
            ("event_id", Text),
            ("smds_address", Text),
            ("stage", Text),
            ("due", Integer),
            ("lease", Integer),
            ("attempts", Integer),
            ("failures", Integer),
            ("known", Integer),
            ("forgotten", Integer),
            ("failure", Text),
            ("message", Text),
            ("expires", Integer),
            ("created", Integer),
            ("changed", Integer),
        ],
    ),
];

const fn numbered(name: &'static str, columns: &'static [(&'static str, Kind)]) -> Table {
    Table { name, columns, numbered: true }
}

const fn named(name: &'static str, columns: &'static [(&'static str, Kind)]) -> Table {
    Table { name, columns, numbered: false }
}

impl Table {
    /// The names of the columns.
    pub fn names(&self) -> String {
        self.columns.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
    }

    /// The column that names a row.
    pub fn key(&self) -> &'static str {
        self.columns.first().map_or("id", |(name, _)| *name)
    }

    /// A row of the data base as it stands in a backup; `None` where it is none of this table.
    pub fn to_json(&self, row: Vec<Value>) -> Option<Json> {
        if row.len() != self.columns.len() {
            return None;
        }
        let values = row.into_iter().zip(self.columns).map(|(value, (_, kind))| match (value, kind) {
            (Value::Null, _) => Some(Json::Null),
            (Value::Integer(number), Integer) => Some(Json::from(number)),
            (Value::Text(text), Text) => Some(Json::from(text)),
            (Value::Bytes(bytes), Bytes) => Some(Json::from(BASE64.encode(&bytes))),
            _ => None,
        });
        values.collect()
    }

    /// The way back.
    pub fn read_json(&self, row: Vec<Json>) -> Option<Vec<Value>> {
        if row.len() != self.columns.len() {
            return None;
        }
        let values = row.into_iter().zip(self.columns).map(|(value, (_, kind))| match (value, kind) {
            (Json::Null, _) => Some(Value::Null),
            (Json::Number(number), Integer) => number.as_i64().map(Value::Integer),
            (Json::String(text), Text) => Some(Value::Text(text)),
            (Json::String(text), Bytes) => BASE64.decode(text.as_bytes()).ok().map(Value::Bytes),
            _ => None,
        });
        values.collect()
    }
}
