//! What the integration tests share.

#![allow(dead_code, reason = "not every test binary needs all of it")]

use std::path::PathBuf;

use data_encoding::HEXLOWER_PERMISSIVE;

/// A file of the reference data, or `None` with a note where the reference data is absent.
pub fn reference_data(path: &str) -> Option<Vec<u8>> {
    let file = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data")).join(path);
    match std::fs::read(&file) {
        Ok(bytes) => Some(bytes),
        Err(error) => {
            println!("skipped: no reference data {path}: {error}");
            None
        }
    }
}

pub fn hex(digits: &str) -> Vec<u8> {
    HEXLOWER_PERMISSIVE.decode(digits.as_bytes()).unwrap_or_else(|error| panic!("{digits}: {error}"))
}

pub fn hex_array<const N: usize>(digits: &str) -> [u8; N] {
    hex(digits).try_into().unwrap_or_else(|other: Vec<u8>| panic!("{} bytes instead of {N}", other.len()))
}
