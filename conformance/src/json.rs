//! What SGP.22 asks of the text of any JSON.

/// An escape that need not be: SGP.22 §6.5 has quotation mark, reverse solidus and control characters escaped, and nothing
/// else.
pub(crate) fn needless_escape(body: &[u8]) -> Option<String> {
    let mut bytes = body.iter().copied();
    while let Some(byte) = bytes.next() {
        if byte != b'\\' {
            continue;
        }
        match bytes.next()? {
            b'"' | b'\\' | b'b' | b'f' | b'n' | b'r' | b't' => {}
            b'u' => {
                let digits: String = bytes.by_ref().take(4).map(char::from).collect();
                match u32::from_str_radix(&digits, 16) {
                    Ok(0..=0x1F | 0x22 | 0x5C) => {}
                    _ => return Some(format!(r"\u{digits}")),
                }
            }
            other => return Some(format!(r"\{}", char::from(other))),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_json_must_escape_may_be_escaped() {
        for good in [r#"{"a":"\"\\\n\t\u001f\u0022"}"#, r#"{"a":"=/+"}"#, ""] {
            assert_eq!(needless_escape(good.as_bytes()), None, "{good}");
        }
        for (bad, escape) in [(r#""a\/b""#, r"\/"), (r#""a\u003d""#, r"\u003d"), (r#""\u002B""#, r"\u002B")] {
            assert_eq!(needless_escape(bad.as_bytes()).as_deref(), Some(escape));
        }
    }
}
