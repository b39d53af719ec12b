//! What several test files share.
#![allow(dead_code, reason = "no test file uses all of it")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test reports by panicking and printing"
)]

use std::fmt::Debug;
use std::path::PathBuf;

use asn1::der;

/// Bytes of a hexadecimal string; spaces and line ends are ignored.
pub fn hex(text: &str) -> Vec<u8> {
    let digits: String = text.chars().filter(|character| !character.is_whitespace()).collect();
    data_encoding::HEXUPPER_PERMISSIVE.decode(digits.as_bytes()).unwrap()
}

/// A folder of the reference data in `../shared/data`, or `None` with a note that the test is skipped.
pub fn data(folder: &str) -> Option<PathBuf> {
    let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data")).join(folder);
    if !path.is_dir() {
        println!("skipped: the reference data in ../shared/data/{folder} is absent");
        return None;
    }
    Some(path)
}

/// Decodes, encodes again and compares byte for byte.
#[track_caller]
pub fn golden<T: rasn::Decode + rasn::Encode + Debug>(bytes: &[u8]) -> T {
    let value: T = match der::decode(bytes) {
        Ok(value) => value,
        Err(error) => panic!("{}: {error}\n{}", std::any::type_name::<T>(), asn1::dump::display(bytes)),
    };
    assert_eq!(der::encode(&value), bytes, "{value:?} is written differently");
    value
}

/// DER from a notation that leaves the lengths out: `BF2F{80:01 0C:612E74657374}` is an object with two members; bare
/// hexadecimal digits are taken as they are.
pub fn object(text: &str) -> Vec<u8> {
    let mut open: Vec<(u32, Vec<u8>)> = vec![(0, Vec::new())];
    let mut word = String::new();
    let mut tag = None;
    for character in text.chars().chain([' ']) {
        match character {
            ':' => tag = Some(u32::from_str_radix(&std::mem::take(&mut word), 16).unwrap()),
            '{' => open.push((u32::from_str_radix(&std::mem::take(&mut word), 16).unwrap(), Vec::new())),
            '}' | ' ' | '\n' => {
                let bytes = hex(&std::mem::take(&mut word));
                let inner = &mut open.last_mut().unwrap().1;
                match tag.take() {
                    Some(tag) => inner.extend(asn1::tlv::wrap(tag, &bytes)),
                    None => inner.extend(bytes),
                }
                if character == '}' {
                    let (tag, value) = open.pop().unwrap();
                    open.last_mut().unwrap().1.extend(asn1::tlv::wrap(tag, &value));
                }
            }
            other => word.push(other),
        }
    }
    assert_eq!(open.len(), 1, "unbalanced braces in {text}");
    open.pop().unwrap().1
}
