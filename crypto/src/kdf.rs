//! The X9.63 key derivation function.

use sha2::{Digest, Sha256};
use zeroize::{Zeroize, Zeroizing};

use crate::SharedSecret;

/// Derives `N` bytes of key data from the shared secret: SHA-256(ShS ‖ counter ‖ SharedInfo) for a 32-bit
/// counter from 1, concatenated and cut to length (the X9.63 key derivation of BSI TR-03111,
/// as SGP.22 Annex G asks).
#[must_use]
pub fn x963_sha256<const N: usize>(secret: &SharedSecret, shared_info: &[u8]) -> Zeroizing<[u8; N]> {
    let mut key_data = Zeroizing::new([0; N]);
    for (chunk, counter) in key_data.chunks_mut(32).zip(1_u32..) {
        let mut block: [u8; 32] = Sha256::new()
            .chain_update(secret.as_bytes())
            .chain_update(counter.to_be_bytes())
            .chain_update(shared_info)
            .finalize()
            .into();
        chunk.iter_mut().zip(block).for_each(|(to, from)| *to = from);
        block.zeroize();
    }
    key_data
}
