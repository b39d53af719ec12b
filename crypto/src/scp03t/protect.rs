//! The sending end: an SM-DP+.

use std::ops::Range;

use super::channel::{Channel, Tlv, push_length};
use super::{Kind, MAC_LENGTH, MAX_PLAINTEXT, SessionKeys};

const BLOCK: usize = 16;

/// Makes the TLVs of one Bound Profile Package, in order.
pub struct Protector(Channel);

impl Protector {
    /// A channel at its first TLV.
    #[must_use]
    pub fn new(keys: SessionKeys) -> Self {
        Self(Channel::new(&keys))
    }

    /// The next TLV, complete. The caller keeps the plaintext within [`MAX_PLAINTEXT`] where the TLV has to suit
    /// every eUICC; a longer one is coded with as many length bytes as it takes.
    pub fn protect(&mut self, kind: Kind, plaintext: &[u8]) -> Vec<u8> {
        let mut tlv = Vec::with_capacity(protected_length(kind, plaintext.len()));
        self.append(&mut tlv, kind, [plaintext]);
        tlv
    }

    /// Cuts the plaintext into pieces of [`MAX_PLAINTEXT`] bytes (SGP.22 §2.5.3: blindly, whatever they contain)
    /// and returns their TLVs one after the other.
    pub fn protect_segments(&mut self, kind: Kind, plaintext: &[u8]) -> Vec<u8> {
        let lengths = plaintext.chunks(MAX_PLAINTEXT).map(|piece| protected_length(kind, piece.len()));
        let mut tlvs = Vec::with_capacity(lengths.sum());
        self.append(&mut tlvs, kind, plaintext.chunks(MAX_PLAINTEXT));
        tlvs
    }

    /// Appends the TLVs of these pieces, in their order. Each is encrypted while the MAC of the one before it is still being
    /// computed: the IV of a TLV depends on the counter alone.
    pub fn append<'a>(&mut self, out: &mut Vec<u8>, kind: Kind, pieces: impl IntoIterator<Item = &'a [u8]>) {
        let start = out.len();
        let layouts: Vec<Layout> = pieces.into_iter().map(|piece| Layout::push(out, kind, piece)).collect();
        let (_, mut rest) = out.split_at_mut(start);
        self.0.protect(layouts.iter().map(|layout| layout.take(&mut rest)).collect());
    }

    /// Goes over to other keys, once ReplaceSessionKeys has been protected with the old ones (SGP.22 §5.5.4).
    /// The block counter starts at 1 again.
    pub fn replace_keys(&mut self, keys: SessionKeys) {
        self.0 = Channel::new(&keys);
    }
}

/// How long the TLV of so much plaintext is.
#[must_use]
pub fn protected_length(kind: Kind, plaintext: usize) -> usize {
    let value = body_length(kind, plaintext) + MAC_LENGTH;
    let mut header = vec![kind.tag()];
    push_length(&mut header, value);
    header.len() + value
}

/// Padding is '80' and then zeros up to the block's end, so it always takes at least one byte.
fn body_length(kind: Kind, plaintext: usize) -> usize {
    if kind.is_encrypted() { (plaintext / BLOCK + 1) * BLOCK } else { plaintext }
}

/// How a TLV is laid out.
struct Layout {
    length: usize,
    encrypted: Range<usize>,
}

impl Layout {
    /// Appends a TLV in which nothing is encrypted yet, with room for its MAC.
    fn push(out: &mut Vec<u8>, kind: Kind, plaintext: &[u8]) -> Self {
        let (start, body) = (out.len(), body_length(kind, plaintext.len()));
        out.push(kind.tag());
        push_length(out, body + MAC_LENGTH);
        let header = out.len() - start;
        out.extend_from_slice(plaintext);
        if kind.is_encrypted() {
            out.push(0x80);
        }
        let length = header + body + MAC_LENGTH;
        out.resize(start + length, 0);
        Self { length, encrypted: if kind.is_encrypted() { header..header + body } else { 0..0 } }
    }

    /// Takes the TLV with which `rest` begins.
    fn take<'a>(&self, rest: &mut &'a mut [u8]) -> Tlv<'a> {
        let (bytes, others) = std::mem::take(rest).split_at_mut(self.length);
        *rest = others;
        Tlv { bytes, encrypted: self.encrypted.clone() }
    }
}
