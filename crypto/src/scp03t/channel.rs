//! What both ends of the channel compute alike.

use std::ops::Range;

use aes::Aes128;
use cipher::{
    Array, Block, BlockCipherEncBackend, BlockCipherEncClosure, BlockCipherEncrypt, BlockSizeUser,
    InnerIvInit, KeyInit,
};
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::{MAC_LENGTH, SessionKeys};

pub(super) type AesBlock = Block<Aes128>;

const BLOCK: usize = 16;

/// Keys, block counter and MAC chain of one direction of the channel.
///
/// Encryption and MAC are two chains in which each block waits for the one before it. The IV of a TLV depends on the counter
/// alone, so a TLV is encrypted while the MAC of the one before it is computed: the processor has both chains under way.
pub(super) struct Channel {
    cipher: Aes128,
    mac: MacKey,
    chaining_value: [u8; BLOCK],
    counter: u128,
}

impl Channel {
    pub(super) fn new(keys: &SessionKeys) -> Self {
        Self {
            cipher: Aes128::new(&keys.s_enc.into()),
            mac: MacKey::new(&keys.s_mac),
            chaining_value: keys.mac_chaining_value,
            counter: 1,
        }
    }

    /// Protects TLVs in which nothing is encrypted yet, and goes on to the one behind them.
    pub(super) fn protect(&mut self, tlvs: Vec<Tlv<'_>>) {
        let Self { cipher, mac: MacKey { cipher: mac_cipher, subkeys }, chaining_value, counter } = self;
        let mut chain = Array(*chaining_value);
        let protecting = Protecting { chain: &mut chain, counter, subkeys, tlvs };
        cipher.encrypt_with_backend(WithEncryption { protecting, mac_cipher });
        *chaining_value = chain.0;
    }

    /// CBC decryption for the current TLV.
    pub(super) fn decryptor(&self) -> cbc::Decryptor<Aes128> {
        // SGP.02 §4.1.3.3: see `initial_vector`.
        let mut initial_vector: AesBlock = Array(self.counter.to_be_bytes());
        self.cipher.encrypt_block(&mut initial_vector);
        cbc::Decryptor::inner_iv_init(self.cipher.clone(), &initial_vector)
    }

    /// The full CMAC of the current TLV: over the chaining value and everything that precedes the MAC.
    pub(super) fn mac(&self, tlv_without_mac: &[u8]) -> [u8; BLOCK] {
        let mut mac = Array(self.chaining_value);
        let MacKey { cipher, subkeys } = &self.mac;
        cipher.encrypt_with_backend(Covering { chain: &mut mac, subkeys, message: tlv_without_mac });
        mac.0
    }

    /// Goes on to the next TLV. The chain takes all 16 bytes of the MAC, not only the eight that travel, and the
    /// counter counts TLVs without encryption too.
    pub(super) fn advance(&mut self, mac: [u8; BLOCK]) {
        self.chaining_value = mac;
        self.counter = self.counter.wrapping_add(1);
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        // The AES states wipe themselves.
        self.chaining_value.zeroize();
    }
}

impl ZeroizeOnDrop for Channel {}

/// A TLV that is being protected: header, body and room for the MAC.
pub(super) struct Tlv<'a> {
    pub(super) bytes: &'a mut [u8],
    /// Where the body stands; empty where nothing is encrypted.
    pub(super) encrypted: Range<usize>,
}

impl Tlv<'_> {
    fn body(&mut self) -> &mut [AesBlock] {
        AesBlock::slice_as_chunks_mut(self.bytes.get_mut(self.encrypted.clone()).unwrap_or_default()).0
    }
}

/// The key of a CMAC (NIST SP 800-38B).
///
/// Written out here because the blocks of a MAC and of an encryption have to be computed in one loop.
struct MacKey {
    cipher: Aes128,
    subkeys: Subkeys,
}

/// Of the two, one is added to the last block of a message.
struct Subkeys {
    complete: u128,
    padded: u128,
}

impl MacKey {
    fn new(key: &[u8; BLOCK]) -> Self {
        let cipher = Aes128::new(&(*key).into());
        let mut zero = AesBlock::default();
        cipher.encrypt_block(&mut zero);
        let complete = doubled(u128::from_be_bytes(zero.0));
        Self { cipher, subkeys: Subkeys { complete, padded: doubled(complete) } }
    }
}

/// Multiplies by two in the field that the subkeys are taken from.
fn doubled(value: u128) -> u128 {
    const POLYNOMIAL: u128 = 0x87;
    (value << 1) ^ (POLYNOMIAL * (value >> 127))
}

impl Subkeys {
    /// All blocks of a message but the last, and the last as it enters the cipher.
    fn split<'a>(&self, message: &'a [u8]) -> (&'a [AesBlock], AesBlock) {
        let whole = message.len().saturating_sub(1) / BLOCK * BLOCK;
        let (blocks, rest) = message.split_at(whole);
        let mut last = [0; BLOCK];
        last.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
        if let Some(end) = last.get_mut(rest.len()) {
            *end = 0x80;
        }
        let key = if rest.len() == BLOCK { self.complete } else { self.padded };
        let last = u128::from_be_bytes(last) ^ key;
        (AesBlock::slice_as_chunks(blocks).0, Array(last.to_be_bytes()))
    }
}

impl Drop for Subkeys {
    fn drop(&mut self) {
        self.complete.zeroize();
        self.padded.zeroize();
    }
}

type AesBlockSize = <Aes128 as BlockSizeUser>::BlockSize;

/// A block added to what the one before it has become, and encrypted. By value, so that a chain stays in a register.
#[inline(always)]
fn chained<B: BlockCipherEncBackend<BlockSize = AesBlockSize>>(
    backend: &B,
    mut chain: AesBlock,
    block: &AesBlock,
) -> AesBlock {
    chain.iter_mut().zip(block).for_each(|(chain, block)| *chain ^= block);
    backend.encrypt_block((&mut chain).into());
    chain
}

/// The MAC over the chaining value and a message; after each block there is time for another of something else.
#[inline(always)]
fn mac<B: BlockCipherEncBackend<BlockSize = AesBlockSize>>(
    backend: &B,
    subkeys: &Subkeys,
    chaining_value: AesBlock,
    message: &[u8],
    mut meanwhile: impl FnMut(),
) -> AesBlock {
    let (blocks, last) = subkeys.split(message);
    let mut chain = chained(backend, chaining_value, &AesBlock::default());
    for block in blocks {
        chain = chained(backend, chain, block);
        meanwhile();
    }
    chained(backend, chain, &last)
}

/// One MAC. To set a cipher up costs as much as several blocks, so it is done once for all of them.
struct Covering<'a> {
    chain: &'a mut AesBlock,
    subkeys: &'a Subkeys,
    message: &'a [u8],
}

impl BlockSizeUser for Covering<'_> {
    type BlockSize = AesBlockSize;
}

impl BlockCipherEncClosure for Covering<'_> {
    #[inline(always)]
    fn call<B: BlockCipherEncBackend<BlockSize = AesBlockSize>>(self, backend: &B) {
        *self.chain = mac(backend, self.subkeys, *self.chain, self.message, || ());
    }
}

/// Several TLVs that are protected one after the other.
struct Protecting<'a, 'b> {
    chain: &'a mut AesBlock,
    counter: &'a mut u128,
    subkeys: &'a Subkeys,
    tlvs: Vec<Tlv<'b>>,
}

/// The same, before the cipher of the encryption is set up.
struct WithEncryption<'a, 'b> {
    protecting: Protecting<'a, 'b>,
    mac_cipher: &'a Aes128,
}

impl BlockSizeUser for WithEncryption<'_, '_> {
    type BlockSize = AesBlockSize;
}

impl BlockCipherEncClosure for WithEncryption<'_, '_> {
    #[inline(always)]
    fn call<B: BlockCipherEncBackend<BlockSize = AesBlockSize>>(self, encryption: &B) {
        self.mac_cipher.encrypt_with_backend(WithBoth { protecting: self.protecting, encryption });
    }
}

/// The same, before that of the MAC is, too.
struct WithBoth<'a, 'b, E> {
    protecting: Protecting<'a, 'b>,
    encryption: &'a E,
}

impl<E> BlockSizeUser for WithBoth<'_, '_, E> {
    type BlockSize = AesBlockSize;
}

impl<E: BlockCipherEncBackend<BlockSize = AesBlockSize>> BlockCipherEncClosure for WithBoth<'_, '_, E> {
    #[inline(always)]
    fn call<B: BlockCipherEncBackend<BlockSize = AesBlockSize>>(self, authentication: &B) {
        let Protecting { chain, counter, subkeys, tlvs } = self.protecting;
        let mut tlvs = tlvs.into_iter();
        let Some(mut tlv) = tlvs.next() else { return };
        let mut previous = initial_vector(self.encryption, *counter);
        for block in tlv.body() {
            previous = chained(self.encryption, previous, block);
            *block = previous;
        }
        loop {
            *counter = counter.wrapping_add(1);
            let mut next = tlvs.next();
            let mut blocks = next.as_mut().map(Tlv::body).unwrap_or_default().iter_mut();
            let mut previous = initial_vector(self.encryption, *counter);
            let (without_mac, room) = tlv.bytes.split_at_mut(tlv.bytes.len() - MAC_LENGTH);
            *chain = mac(authentication, subkeys, *chain, without_mac, || {
                if let Some(block) = blocks.next() {
                    previous = chained(self.encryption, previous, block);
                    *block = previous;
                }
            });
            for block in blocks {
                previous = chained(self.encryption, previous, block);
                *block = previous;
            }
            room.iter_mut().zip(chain.iter()).for_each(|(to, from)| *to = *from);
            match next {
                Some(next) => tlv = next,
                None => return,
            }
        }
    }
}

/// SGP.02 §4.1.3.3, after GlobalPlatform Amendment D §6.2.6: the IV is the block counter, 16 bytes
/// big-endian, encrypted with S-ENC.
#[inline(always)]
fn initial_vector<B: BlockCipherEncBackend<BlockSize = AesBlockSize>>(
    backend: &B,
    counter: u128,
) -> AesBlock {
    chained(backend, Array(counter.to_be_bytes()), &AesBlock::default())
}

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

#[cfg(test)]
mod tests {
    use cmac::{Cmac, Mac};

    use super::*;

    #[test]
    fn the_mac_is_that_of_another_implementation_at_every_length() {
        let keys = SessionKeys { mac_chaining_value: [0xA5; 16], s_enc: [2; 16], s_mac: [3; 16] };
        let channel = Channel::new(&keys);
        let message: Vec<u8> = (0..=255).cycle().take(1100).collect();
        for length in 1..message.len() {
            let mut witness = <Cmac<Aes128> as KeyInit>::new(&keys.s_mac.into());
            witness.update(&keys.mac_chaining_value);
            witness.update(&message[..length]);
            let expected: [u8; 16] = witness.finalize().into_bytes().into();
            assert_eq!(channel.mac(&message[..length]), expected, "{length} bytes");
        }
    }
}
