//! The sending end: an SM-DP+.

use cipher::BlockModeEncrypt;

use super::channel::{AesBlock, Channel, push_length};
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
        let mut tlv = Vec::new();
        self.append(&mut tlv, kind, plaintext);
        tlv
    }

    /// Cuts the plaintext into pieces of [`MAX_PLAINTEXT`] bytes (SGP.22 §2.5.3: blindly, whatever they contain)
    /// and returns their TLVs one after the other.
    pub fn protect_segments(&mut self, kind: Kind, plaintext: &[u8]) -> Vec<u8> {
        /// The most that a TLV has besides its plaintext: header, padding and MAC.
        const OVERHEAD: usize = 4 + BLOCK + MAC_LENGTH;

        let segments = plaintext.len().div_ceil(MAX_PLAINTEXT);
        let mut tlvs = Vec::with_capacity(plaintext.len() + segments * OVERHEAD);
        for piece in plaintext.chunks(MAX_PLAINTEXT) {
            self.append(&mut tlvs, kind, piece);
        }
        tlvs
    }

    /// Goes over to other keys, once ReplaceSessionKeys has been protected with the old ones (SGP.22 §5.5.4).
    /// The block counter starts at 1 again.
    pub fn replace_keys(&mut self, keys: SessionKeys) {
        self.0 = Channel::new(&keys);
    }

    fn append(&mut self, out: &mut Vec<u8>, kind: Kind, plaintext: &[u8]) {
        let encrypted = match kind {
            Kind::Encrypted86 | Kind::Encrypted87 => true,
            Kind::MacOnly88 => false,
        };
        // Padding is '80' and then zeros up to the block's end, so it always takes at least one byte.
        let body_length = if encrypted { (plaintext.len() / BLOCK + 1) * BLOCK } else { plaintext.len() };

        let tlv_start = out.len();
        out.push(kind.tag());
        push_length(out, body_length + MAC_LENGTH);
        let body_start = out.len();
        out.extend_from_slice(plaintext);
        if encrypted {
            out.push(0x80);
            out.resize(body_start + body_length, 0);
            let (_, body) = out.split_at_mut(body_start);
            let (blocks, _) = AesBlock::slice_as_chunks_mut(body);
            self.0.encryptor().encrypt_blocks(blocks);
        }

        let (_, tlv) = out.split_at(tlv_start);
        let mac = self.0.mac(tlv);
        out.extend(mac.iter().take(MAC_LENGTH));
        self.0.advance(mac);
    }
}
