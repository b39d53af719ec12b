//! Authentication and key agreement of mobile networks (3GPP TS 33.102 §6.3), the card's side and the network's.
//!
//! * [`AkaFunctions`]: f1, f1*, f2 to f5 and f5*, by one of three algorithms: [`Milenage`] (3GPP TS 35.206), [`Tuak`]
//!   (3GPP TS 35.231) and [`TestAlgorithm`] (3GPP TS 34.108 §8.1.2).
//! * [`autn`], [`open_autn`], [`auts`], [`open_auts`]: the two tokens that travel between network and card.
//! * [`gsm`]: what a GSM network is given in place of RES, CK and IK.
//!
//! Nothing is remembered here: which sequence numbers are fresh is for the caller to say.

pub mod gsm;
mod milenage;
mod test_algorithm;
mod tokens;
mod tuak;

use std::fmt;

use subtle::ConstantTimeEq;
use thiserror::Error;
use zeroize::Zeroizing;

pub use milenage::{Milenage, MilenageConstants};
pub use test_algorithm::TestAlgorithm;
pub use tokens::{OpenedAutn, TokenError, autn, auts, open_autn, open_auts};
pub use tuak::{Tuak, TuakKey, TuakLengths};

/// RAND, the random challenge.
pub type Rand = [u8; 16];
/// SQN, the sequence number, of which the last five bits are its index IND (3GPP TS 33.102 annex C.3.2).
pub type Sqn = [u8; 6];
/// AMF, the authentication management field.
pub type Amf = [u8; 2];
/// AK, the anonymity key.
pub type AnonymityKey = [u8; 6];

/// The functions of 3GPP TS 33.102 §6.3, for one subscriber.
pub trait AkaFunctions {
    /// f1: MAC-A, with which the network proves itself.
    fn f1(&self, rand: &Rand, sqn: &Sqn, amf: &Amf) -> Mac;

    /// f1*: MAC-S, with which the card proves its sequence number.
    fn f1_star(&self, rand: &Rand, sqn: &Sqn, amf: &Amf) -> Mac;

    /// f2 to f5.
    fn f2345(&self, rand: &Rand) -> Keys;

    /// f5*: the anonymity key of a resynchronisation.
    fn f5_star(&self, rand: &Rand) -> AnonymityKey;

    /// Bytes of MAC-A and MAC-S.
    fn mac_length(&self) -> usize;
}

/// RES, CK and IK, wiped when dropped, and AK, which only hides a sequence number.
#[derive(Clone)]
pub struct Keys {
    /// RES, or XRES where the network computes it: 4 to 32 bytes.
    pub res: Zeroizing<Vec<u8>>,
    /// CK, the cipher key: 16 or 32 bytes.
    pub ck: Zeroizing<Vec<u8>>,
    /// IK, the integrity key: 16 or 32 bytes.
    pub ik: Zeroizing<Vec<u8>>,
    /// AK, the anonymity key.
    pub ak: AnonymityKey,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys").finish_non_exhaustive()
    }
}

/// A message authentication code of 8, 16 or 32 bytes. To be compared with [`Mac::is`], which takes the same time
/// wherever the two differ.
#[derive(Clone)]
pub struct Mac(Vec<u8>);

impl Mac {
    /// The bytes, to be sent.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Whether `received` is this code.
    #[must_use]
    pub fn is(&self, received: &[u8]) -> bool {
        self.0.ct_eq(received).into()
    }
}

/// Codes travel in the open, but what a code should have been is a secret.
impl fmt::Debug for Mac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Mac").finish_non_exhaustive()
    }
}

/// Our configuration: why an algorithm cannot be run with these parameters. Names none of their values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum AkaParameterError {
    /// K has a length that the algorithm does not know; holds it, in bytes.
    #[error("our configuration: the algorithm has no key of {0} bytes")]
    KeyLength(usize),
    /// RES has a length that the algorithm does not give; holds it, in bytes.
    #[error("our configuration: the algorithm gives no RES of {0} bytes")]
    ResLength(usize),
    /// MAC has a length that the algorithm does not give; holds it, in bytes.
    #[error("our configuration: the algorithm gives no MAC of {0} bytes")]
    MacLength(usize),
    /// CK or IK has a length that the algorithm does not give; holds it, in bytes.
    #[error("our configuration: the algorithm gives no CK or IK of {0} bytes")]
    CkIkLength(usize),
    /// TUAK without a single Keccak permutation.
    #[error("our configuration: TUAK needs at least one Keccak permutation")]
    NoIterations,
}

/// Bitwise exclusive or.
fn xor<const N: usize>(left: &[u8; N], right: &[u8; N]) -> [u8; N] {
    let mut result = *left;
    result.iter_mut().zip(right).for_each(|(byte, other)| *byte ^= other);
    result
}
