//! The first step of decoding: all TLVs, no schema, no allocation that depends on what the bytes claim.

use super::DerError;
use crate::tlv::{self, TlvError};

/// What a message may cost before it is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the whole value.
    pub size: usize,
    /// Levels of constructed TLVs.
    pub depth: usize,
    /// TLVs in total.
    pub elements: usize,
}

impl Default for Limits {
    /// 1 MiB, 32 levels, 20 000 TLVs: the largest legitimate message is a bound profile package of half a megabyte
    /// in 1020-byte segments.
    fn default() -> Self {
        Self { size: 1 << 20, depth: 32, elements: 20_000 }
    }
}

/// Walks the TLV tree depth first. Memory is bounded by `limits.depth`.
pub(super) fn check(bytes: &[u8], limits: &Limits) -> Result<(), DerError> {
    if bytes.len() > limits.size {
        return Err(DerError::TooLarge { size: bytes.len(), limit: limits.size });
    }
    let mut open_ends: Vec<usize> = Vec::new();
    let mut offset = 0;
    let mut elements = 0;
    loop {
        let end = open_ends.last().copied().unwrap_or(bytes.len());
        let window = bytes.get(offset..end).unwrap_or_default();
        let (tlv, _) = tlv::read(window).map_err(|error| match error {
            TlvError::Truncated => DerError::Truncated { offset },
            error => DerError::NotDer { offset, error },
        })?;
        elements += 1;
        if elements > limits.elements {
            return Err(DerError::TooManyElements { limit: limits.elements });
        }
        let tlv_end = offset + tlv.raw.len();
        if open_ends.is_empty() && tlv_end != bytes.len() {
            return Err(DerError::TrailingBytes { count: bytes.len() - tlv_end });
        }
        if tlv.tag.is_constructed() {
            if open_ends.len() >= limits.depth {
                return Err(DerError::TooDeep { limit: limits.depth });
            }
            open_ends.push(tlv_end);
            offset = tlv_end - tlv.value.len();
        } else {
            offset = tlv_end;
        }
        while open_ends.last() == Some(&offset) {
            open_ends.pop();
        }
        if open_ends.is_empty() {
            return Ok(());
        }
    }
}
