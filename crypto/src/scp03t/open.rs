//! The receiving end: an eUICC.

use cipher::BlockModeDecrypt;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::channel::{AesBlock, Channel, push_length};
use super::{Kind, MAC_LENGTH, OpenError, SessionKeys};

/// Opens the TLVs of one Bound Profile Package, in order.
///
/// An error leaves the channel where it was; the specification ends the session then.
pub struct Opener(Channel);

impl Opener {
    /// A channel at its first TLV.
    #[must_use]
    pub fn new(keys: SessionKeys) -> Self {
        Self(Channel::new(&keys))
    }

    /// The plaintext of the next TLV, which has to be complete and without trailing bytes. Its length is bounded
    /// by the caller alone: an eUICC has to take TLVs of 1020 bytes and may take longer ones (SGP.22 §2.5.3).
    ///
    /// # Errors
    /// [`OpenError::Structure`] if it is no SCP03t TLV in DER, [`OpenError::Security`] if its MAC is wrong,
    /// [`OpenError::Structure`] if the MAC is right and the decrypted bytes are not padded as they should be.
    pub fn open(&mut self, tlv: &[u8]) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        let Protected { kind, without_mac, body, mac: received_mac } = parse(tlv)?;

        // The MAC comes before the padding, so that nobody learns about the padding of bytes of his own making.
        let mac = self.0.mac(without_mac);
        let (expected_mac, _) = mac.split_at(MAC_LENGTH);
        if !bool::from(expected_mac.ct_eq(received_mac)) {
            return Err(OpenError::Security);
        }

        let mut plaintext = Zeroizing::new(body.to_vec());
        match kind {
            Kind::MacOnly88 => {}
            Kind::Encrypted86 | Kind::Encrypted87 => {
                let (blocks, incomplete) = AesBlock::slice_as_chunks_mut(&mut plaintext);
                if !incomplete.is_empty() {
                    return Err(OpenError::Structure);
                }
                self.0.decryptor().decrypt_blocks(blocks);
                let length = unpadded_length(&plaintext).ok_or(OpenError::Structure)?;
                plaintext.truncate(length);
            }
        }
        self.0.advance(mac);
        Ok(plaintext)
    }

    /// Goes over to other keys, once ReplaceSessionKeys has been opened with the old ones (SGP.22 §5.5.4).
    /// The block counter starts at 1 again.
    pub fn replace_keys(&mut self, keys: SessionKeys) {
        self.0 = Channel::new(&keys);
    }
}

/// A TLV taken apart.
struct Protected<'a> {
    kind: Kind,
    without_mac: &'a [u8],
    body: &'a [u8],
    mac: &'a [u8],
}

fn parse(tlv: &[u8]) -> Result<Protected<'_>, OpenError> {
    let (tag, rest) = tlv.split_first().ok_or(OpenError::Structure)?;
    let kind = Kind::from_tag(*tag).ok_or(OpenError::Structure)?;
    let (first, after_first) = rest.split_first().ok_or(OpenError::Structure)?;
    // A Bound Profile Package is DER, so a length has one coding only, and the TLV's own size tells which.
    let value_length = match first {
        0..=0x7f => after_first.len(),
        long => after_first.len().checked_sub(usize::from(long & 0x7f)).ok_or(OpenError::Structure)?,
    };
    let mut header = vec![*tag];
    push_length(&mut header, value_length);
    let value = tlv.strip_prefix(header.as_slice()).ok_or(OpenError::Structure)?;
    let body_length = value.len().checked_sub(MAC_LENGTH).ok_or(OpenError::Structure)?;

    let (body, mac) = value.split_at_checked(body_length).ok_or(OpenError::Structure)?;
    let (without_mac, _) = tlv.split_at_checked(tlv.len() - MAC_LENGTH).ok_or(OpenError::Structure)?;
    Ok(Protected { kind, without_mac, body, mac })
}

/// Where the padding begins: the last byte that is not zero has to be '80', and within the last block.
fn unpadded_length(padded: &[u8]) -> Option<usize> {
    let padding = padded.iter().rev().take(16).position(|byte| *byte != 0)?;
    let marker = padded.len().checked_sub(padding + 1)?;
    (padded.get(marker) == Some(&0x80)).then_some(marker)
}
