//! A body as a trace may show it: without the confirmation code.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

const REDACTED: &str = "\"[redacted]\"";
/// No message of ES2+ is nested deeper than three times.
const DEPTH: usize = 8;

/// The body, as it is where it holds no confirmation code. What is no JSON object is not shown at all, since nobody can
/// tell what is in it.
pub(super) fn redacted(body: &[u8]) -> Cow<'_, [u8]> {
    match rewritten(body) {
        _ if body.is_empty() => Cow::Borrowed(body),
        Some(Rewritten { changed: false, .. }) => Cow::Borrowed(body),
        Some(Rewritten { text, .. }) => Cow::Owned(text.into_bytes()),
        None => Cow::Owned(format!("[{} bytes not shown]", body.len()).into_bytes()),
    }
}

#[derive(Default)]
struct Rewritten {
    text: String,
    changed: bool,
}

fn rewritten(body: &[u8]) -> Option<Rewritten> {
    let object: Object<'_> = serde_json::from_slice(body).ok()?;
    let mut to = Rewritten::default();
    to.object(&object, DEPTH)?;
    Some(to)
}

impl Rewritten {
    fn object(&mut self, Object(members): &Object<'_>, depth: usize) -> Option<()> {
        self.text.push('{');
        for (index, (name, value)) in members.iter().enumerate() {
            self.separate(index);
            self.text.push_str(&serde_json::to_string(name).ok()?);
            self.text.push(':');
            if is_secret(name) { self.redact() } else { self.value(value, depth)? }
        }
        self.text.push('}');
        Some(())
    }

    fn value(&mut self, value: &RawValue, depth: usize) -> Option<()> {
        let json = value.get();
        match (json.as_bytes().first(), depth.checked_sub(1)) {
            (Some(b'{' | b'['), None) => self.redact(),
            (Some(b'{'), Some(depth)) => self.object(&serde_json::from_str(json).ok()?, depth)?,
            (Some(b'['), Some(depth)) => {
                self.text.push('[');
                let values: Vec<&RawValue> = serde_json::from_str(json).ok()?;
                for (index, value) in values.into_iter().enumerate() {
                    self.separate(index);
                    self.value(value, depth)?;
                }
                self.text.push(']');
            }
            (Some(b'"'), _) if holds_json(&serde_json::from_str::<String>(json).ok()?) => self.redact(),
            _ => self.text.push_str(json),
        }
        Some(())
    }

    fn separate(&mut self, index: usize) {
        if index > 0 {
            self.text.push(',');
        }
    }

    fn redact(&mut self) {
        self.changed = true;
        self.text.push_str(REDACTED);
    }
}

/// However the name is spelled: a peer that gets it wrong has a secret all the same.
fn is_secret(name: &str) -> bool {
    let letters = name.chars().filter(char::is_ascii_alphabetic).map(|c| c.to_ascii_lowercase());
    letters.eq("confirmationcode".chars())
}

/// A message inside a text, as from a peer that writes JSON twice.
fn holds_json(text: &str) -> bool {
    text.trim_start().starts_with(['{', '[', '"'])
}

/// The members of an object in their order, double ones too.
struct Object<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Object<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(AllMembers)
    }
}

struct AllMembers;

impl<'de> Visitor<'de> for AllMembers {
    type Value = Object<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object<'de>, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Object(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(body: &str) -> String {
        String::from_utf8(redacted(body.as_bytes()).into_owned()).unwrap()
    }

    #[test]
    fn what_holds_no_secret_is_shown_as_it_is() {
        for body in ["", "{}", "{ \"a\" : [1, {\"b\":null}],\n\"eid\":\"89\" }"] {
            assert_eq!(shown(body), body);
        }
    }

    #[test]
    fn a_confirmation_code_is_redacted_however_it_is_written() {
        for (body, expected) in [
            (r#"{"a":1, "confirmationCode":"4321"}"#, r#"{"a":1,"confirmationCode":"[redacted]"}"#),
            (r#"{"confirmationCode":4321,"b":[ ]}"#, r#"{"confirmationCode":"[redacted]","b":[]}"#),
            (r#"{"confirmationCode":{"c":["4321"]}}"#, r#"{"confirmationCode":"[redacted]"}"#),
            (r#"{"confirmation\u0043ode":"\u0034321"}"#, r#"{"confirmationCode":"[redacted]"}"#),
            (r#"{"Confirmation_Code":"4321"}"#, r#"{"Confirmation_Code":"[redacted]"}"#),
            (r#"{"body":[{"confirmationCode":"4321"}]}"#, r#"{"body":[{"confirmationCode":"[redacted]"}]}"#),
            (
                r#"{"confirmationCode":"4321","confirmationCode":"4321"}"#,
                r#"{"confirmationCode":"[redacted]","confirmationCode":"[redacted]"}"#,
            ),
            (r#"{"body":"{\"confirmation\\u0043ode\":\"4321\"}"}"#, r#"{"body":"[redacted]"}"#),
        ] {
            assert_eq!(shown(body), expected);
        }
    }

    #[test]
    fn what_is_no_object_is_not_shown() {
        let cut = r#"{"confirmationCode":"4321""#;
        for body in [cut, "4321", "\"4321\"", "[4321]", "confirmationCode=4321", "{} 4321"] {
            assert_eq!(shown(body), format!("[{} bytes not shown]", body.len()));
        }
        assert_eq!(redacted(b"{\"a\":\"\xFF4321\"}").as_ref(), b"[13 bytes not shown]");
    }

    #[test]
    fn depth_costs_nothing_and_hides_nothing() {
        let deep = |inner: &str| format!("{{\"x\":{}{inner}{}}}", "[".repeat(100_000), "]".repeat(100_000));
        let shown = shown(&deep(r#"{"confirmationCode":"4321"}"#));
        assert!(shown.len() < 100 && shown.contains("[redacted]") && !shown.contains("4321"), "{shown}");
    }
}
