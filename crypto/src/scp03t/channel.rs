//! What both ends of the channel compute alike.

use aes::Aes128;
use cipher::{Array, Block, BlockCipherEncrypt, InnerIvInit};
use cmac::{Cmac, KeyInit, Mac};
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::SessionKeys;

pub(super) type AesBlock = Block<Aes128>;

/// Keys, block counter and MAC chain of one direction of the channel.
///
/// The IV of a TLV depends on the counter alone, so that several TLVs can be en- or decrypted before the MACs,
/// which form a chain, are computed one after the other.
pub(super) struct Channel {
    cipher: Aes128,
    cmac: Cmac<Aes128>,
    chaining_value: [u8; 16],
    counter: u128,
}

impl Channel {
    pub(super) fn new(keys: &SessionKeys) -> Self {
        Self {
            cipher: Aes128::new(&keys.s_enc.into()),
            cmac: <Cmac<Aes128> as KeyInit>::new(&keys.s_mac.into()),
            chaining_value: keys.mac_chaining_value,
            counter: 1,
        }
    }

    /// CBC encryption for the current TLV.
    pub(super) fn encryptor(&self) -> cbc::Encryptor<Aes128> {
        cbc::Encryptor::inner_iv_init(self.cipher.clone(), &self.initial_vector())
    }

    /// CBC decryption for the current TLV.
    pub(super) fn decryptor(&self) -> cbc::Decryptor<Aes128> {
        cbc::Decryptor::inner_iv_init(self.cipher.clone(), &self.initial_vector())
    }

    /// SGP.02 §4.1.3.3, after GlobalPlatform Amendment D §6.2.6: the IV is the block counter, 16 bytes
    /// big-endian, encrypted with S-ENC.
    fn initial_vector(&self) -> AesBlock {
        let mut block: AesBlock = Array(self.counter.to_be_bytes());
        self.cipher.encrypt_block(&mut block);
        block
    }

    /// The full CMAC of the current TLV: over the chaining value and everything that precedes the MAC.
    pub(super) fn mac(&self, tlv_without_mac: &[u8]) -> [u8; 16] {
        let mut cmac = self.cmac.clone();
        cmac.update(&self.chaining_value);
        cmac.update(tlv_without_mac);
        cmac.finalize().into_bytes().into()
    }

    /// Goes on to the next TLV. The chain takes all 16 bytes of the MAC, not only the eight that travel, and the
    /// counter counts TLVs without encryption too.
    pub(super) fn advance(&mut self, mac: [u8; 16]) {
        self.chaining_value = mac;
        self.counter = self.counter.wrapping_add(1);
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        // The AES and CMAC states wipe themselves.
        self.chaining_value.zeroize();
    }
}

impl ZeroizeOnDrop for Channel {}

/// Appends a DER length.
pub(super) fn push_length(out: &mut Vec<u8>, length: usize) {
    match u8::try_from(length) {
        Ok(short @ 0..=0x7f) => out.push(short),
        _ => {
            let digits = length.to_be_bytes().into_iter().skip_while(|digit| *digit == 0);
            let count = u8::try_from(digits.clone().count()).unwrap_or(u8::MAX);
            out.push(0x80 | count);
            out.extend(digits);
        }
    }
}
