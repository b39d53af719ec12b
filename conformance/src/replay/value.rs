//! Comparing a value of then with one of now.

use asn1::tlv;
use data_encoding::{BASE64, HEXUPPER_PERMISSIVE};
use serde_json::Value;

use super::names::Names;

/// Where two values differ first: the way to the place, and what stands there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Found {
    /// The names of members and tags, from the outside in.
    pub(super) path: Vec<String>,
    /// What stood there.
    pub(super) then: String,
    /// What stands there.
    pub(super) now: String,
}

impl Found {
    fn here(then: impl ToString, now: impl ToString) -> Self {
        Self { path: Vec::new(), then: then.to_string(), now: now.to_string() }
    }

    pub(super) fn inside(mut self, name: impl ToString) -> Self {
        self.path.insert(0, name.to_string());
        self
    }
}

/// Compares two bodies of HTTP: JSON by members, DER by its objects, anything else by its length.
pub(super) fn bodies(then: &str, now: &str, names: &mut Names) -> Option<Found> {
    match (serde_json::from_str::<Value>(then), serde_json::from_str::<Value>(now)) {
        (Ok(then), Ok(now)) => json(&then, &now, names),
        _ => texts(then, now, names),
    }
}

fn json(then: &Value, now: &Value, names: &mut Names) -> Option<Found> {
    match (then, now) {
        (Value::Object(then), Value::Object(now)) => {
            let mut keys: Vec<&String> =
                then.keys().chain(now.keys().filter(|key| !then.contains_key(*key))).collect();
            // The header tells first what happened at all.
            keys.sort_by_key(|key| *key != "header");
            keys.into_iter().find_map(|key| {
                let found = match (then.get(key), now.get(key)) {
                    // Words for humans differ from server to server.
                    _ if key == "message" => None,
                    (Some(Value::String(_)), Some(Value::String(_))) if key == "timestamp" => None,
                    (Some(Value::String(then)), Some(Value::String(now))) if is_fixed(key) => {
                        (then != now).then(|| Found::here(then, now))
                    }
                    (Some(then), Some(now)) => json(then, now, names),
                    (Some(then), None) => Some(Found::here(then, "nothing")),
                    (None, Some(now)) => Some(Found::here("nothing", now)),
                    (None, None) => None,
                };
                found.map(|found| found.inside(key))
            })
        }
        (Value::Array(then), Value::Array(now)) if then.len() == now.len() => (0..)
            .zip(then.iter().zip(now))
            .find_map(|(index, (then, now)): (usize, _)| Some(json(then, now, names)?.inside(index))),
        (Value::String(then), Value::String(now)) => texts(then, now, names),
        (then, now) => (then != now).then(|| Found::here(then, now)),
    }
}

/// Members whose text nobody draws: words of the specification, and the names of those who take part.
fn is_fixed(member: &str) -> bool {
    matches!(member, "status" | "subjectCode" | "reasonCode" | "notificationPointId" | "eid")
        || member.ends_with("Address")
}

/// Texts: objects in base64 or hexadecimal by what they hold, others as values that may have been drawn.
fn texts(then: &str, now: &str, names: &mut Names) -> Option<Found> {
    match (octets(then), octets(now)) {
        (Some(then), Some(now)) => objects(&then, &now, names),
        _ if names.same(then.as_bytes(), now.as_bytes()) => None,
        _ => Some(Found::here(then, now)),
    }
}

fn octets(text: &str) -> Option<Vec<u8>> {
    let decoded = HEXUPPER_PERMISSIVE.decode(text.as_bytes()).or_else(|_| BASE64.decode(text.as_bytes()));
    decoded.ok().filter(|octets| tlv::read(octets).is_ok_and(|(_, rest)| rest.is_empty()))
}

/// Compares two DER objects, tag by tag.
pub(super) fn objects(then: &[u8], now: &[u8], names: &mut Names) -> Option<Found> {
    let (Ok((one, [])), Ok((other, []))) = (tlv::read(then), tlv::read(now)) else {
        return (!names.same(then, now)).then(|| Found::here(hex(then), hex(now)));
    };
    if one.tag != other.tag {
        return Some(Found::here(one.tag, other.tag));
    }
    let found = if one.tag.is_constructed() {
        members(one.value, other.value, names)
    } else {
        (!names.same(one.value, other.value)).then(|| Found::here(hex(one.value), hex(other.value)))
    };
    found.map(|found| found.inside(one.tag))
}

fn members(then: &[u8], now: &[u8], names: &mut Names) -> Option<Found> {
    let split = |value| tlv::children(value).collect::<Result<Vec<_>, _>>();
    let (Ok(then), Ok(now)) = (split(then), split(now)) else {
        return (!names.same(then, now)).then(|| Found::here(hex(then), hex(now)));
    };
    let different = then.iter().zip(&now).find_map(|(then, now)| objects(then.raw, now.raw, names));
    different.or_else(|| {
        let tags = |list: &[tlv::Tlv<'_>]| {
            list.iter().map(|member| member.tag.to_string()).collect::<Vec<_>>().join(" ")
        };
        (then.len() != now.len()).then(|| Found::here(tags(&then), tags(&now)))
    })
}

/// As much of a value as helps.
fn hex(octets: &[u8]) -> String {
    const SHOWN: usize = 40;
    let begin: Vec<u8> = octets.iter().copied().take(SHOWN).collect();
    let rest = if octets.len() > SHOWN { format!("… ({} bytes)", octets.len()) } else { String::new() };
    format!("{}{rest}", data_encoding::HEXUPPER.encode(&begin))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn different(then: &str, now: &str) -> Option<(String, String, String)> {
        let found = bodies(then, now, &mut Names::default())?;
        Some((found.path.join("."), found.then, found.now))
    }

    #[test]
    fn a_status_code_is_compared_as_it_is_and_a_message_not_at_all() {
        let answer = |reason: &str, message: &str| {
            format!(
                r#"{{"header":{{"functionExecutionStatus":{{"status":"Failed","statusCodeData":{{"subjectCode":"8.1","reasonCode":"{reason}","message":"{message}"}}}}}}}}"#
            )
        };
        assert_eq!(different(&answer("6.1", "no"), &answer("6.1", "certainly not")), None);
        let path = "header.functionExecutionStatus.statusCodeData.reasonCode";
        let expected = (path.to_owned(), "6.1".to_owned(), "6.3".to_owned());
        assert_eq!(different(&answer("6.1", ""), &answer("6.3", "")), Some(expected));
    }

    #[test]
    fn what_was_drawn_may_differ_if_it_differs_everywhere_alike() {
        let both =
            |inside: &str, outside: &str| format!(r#"{{"transactionId":"{outside}","signed":"{inside}"}}"#);
        // 30 0A 80 08 …, and the same value beside it.
        let one = both("300A80080102030405060708", "800801020304050607 08".replace(' ', "").as_str());
        let two = both("300A80081112131415161718", "80081112131415161718");
        assert_eq!(different(&one, &two), None);
        let three = both("300A80081112131415161718", "80089992131415161718");
        assert!(different(&one, &three).is_some());
    }

    #[test]
    fn those_who_take_part_are_the_same() {
        let asked = |address: &str, eid: &str| format!(r#"{{"smdpAddress":"{address}","eid":"{eid}"}}"#);
        let one = asked("smdp1.example.com", "89049032123451234512345678901235");
        assert_eq!(different(&one, &one), None);
        let (path, ..) =
            different(&one, &asked("smdp2.example.com", "89049032123451234512345678901235")).unwrap();
        assert_eq!(path, "smdpAddress");
        let (path, ..) =
            different(&one, &asked("smdp1.example.com", "89049032123451234512345678901243")).unwrap();
        assert_eq!(path, "eid");
    }

    #[test]
    fn a_time_may_be_any_other() {
        let told =
            |first: &str, second: &str| format!(r#"[{{"timestamp":"{first}"}},{{"timestamp":"{second}"}}]"#);
        let one = told("2026-11-22T17:23:01Z", "2026-11-22T17:23:01Z");
        assert_eq!(different(&one, &told("2026-11-23T09:00:00Z", "2026-11-23T09:00:01Z")), None);
        assert!(different(&one, r#"[{"timestamp":"2026-11-23T09:00:00Z"},{}]"#).is_some());
    }

    #[test]
    fn a_member_that_is_missing_is_named() {
        let (path, then, now) = different(r#"{"a":true,"b":1}"#, r#"{"a":true}"#).unwrap();
        assert_eq!((path.as_str(), then.as_str(), now.as_str()), ("b", "1", "nothing"));
        // 30 { 02 01 05 } against 30 { 02 01 06 }.
        let (path, then, now) = different(r#"{"o":"3003020105"}"#, r#"{"o":"3003020106"}"#).unwrap();
        assert_eq!((path.as_str(), then.as_str(), now.as_str()), ("o.30.02", "05", "06"));
    }
}
