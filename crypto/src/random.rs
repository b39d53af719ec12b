//! Private keys out of the caller's entropy.

use rand_core::CryptoRng;
use zeroize::Zeroizing;

use crate::CryptoError;

/// A scalar of brainpoolP256r1 is refused with probability 1/3, so a sound generator fails this often in a row
/// once in 3^128 calls.
const ATTEMPTS: usize = 128;

/// Draws 32 bytes until they are a valid scalar, and makes a key of it. The bytes drawn do not depend on the
/// engine, so one seed gives one key.
pub(crate) fn generate<K>(
    rng: &mut dyn CryptoRng,
    from_scalar: impl Fn(&[u8; 32]) -> Result<K, CryptoError>,
) -> Result<K, CryptoError> {
    let mut candidate = Zeroizing::new([0; 32]);
    for _ in 0..ATTEMPTS {
        rng.fill_bytes(candidate.as_mut_slice());
        match from_scalar(&candidate) {
            Err(CryptoError::InvalidScalar(_)) => {}
            decided => return decided,
        }
    }
    Err(CryptoError::Entropy)
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use crate::{CryptoError, Curve, Engine, OneTimeKey};

    struct Stuck(u8);

    impl rand_core::TryRng for Stuck {
        type Error = Infallible;
        fn try_next_u32(&mut self) -> Result<u32, Infallible> {
            Ok(u32::from_ne_bytes([self.0; 4]))
        }
        fn try_next_u64(&mut self) -> Result<u64, Infallible> {
            Ok(u64::from_ne_bytes([self.0; 8]))
        }
        fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
            bytes.fill(self.0);
            Ok(())
        }
    }

    impl rand_core::TryCryptoRng for Stuck {}

    #[test]
    fn a_generator_that_is_stuck_gives_an_error_instead_of_a_loop_or_a_key() {
        for stuck_at in [0x00, 0xff] {
            for engine in [Engine::RustCrypto, Engine::AwsLc] {
                for curve in Curve::ALL {
                    let made = OneTimeKey::generate(engine, curve, &mut Stuck(stuck_at));
                    assert_eq!(made.err(), Some(CryptoError::Entropy), "{engine:?} {curve} {stuck_at}");
                }
            }
        }
    }
}
