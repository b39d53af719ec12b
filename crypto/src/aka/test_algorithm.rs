//! The algorithm of test USIMs (3GPP TS 34.108 §8.1.2): exclusive or, and no secret in it.

use std::fmt;

use zeroize::Zeroizing;

use super::{AkaFunctions, AkaParameterError, Amf, AnonymityKey, Keys, Mac, Rand, Sqn, xor};

/// The test algorithm for one subscriber.
pub struct TestAlgorithm {
    key: Zeroizing<[u8; 16]>,
    res_length: usize,
}

impl TestAlgorithm {
    /// AMF with which the network makes a test USIM ask for resynchronisation, whatever the sequence number is
    /// (§8.1.2.2, AMFRESYNCH).
    pub const AMF_RESYNCH: Amf = [0xFF, 0xFF];

    /// With K; RES has 4 to 16 bytes, 16 where nothing else was agreed upon.
    ///
    /// # Errors
    /// [`AkaParameterError::ResLength`] for any other length.
    pub fn new(key: &[u8; 16], res_length: usize) -> Result<Self, AkaParameterError> {
        if !(4..=16).contains(&res_length) {
            return Err(AkaParameterError::ResLength(res_length));
        }
        Ok(Self { key: Zeroizing::new(*key), res_length })
    }

    /// XDOUT = K ⊕ RAND.
    fn xdout(&self, rand: &Rand) -> [u8; 16] {
        xor(&self.key, rand)
    }
}

impl AkaFunctions for TestAlgorithm {
    /// XDOUT[0..63] ⊕ CDOUT, which is SQN ‖ AMF.
    fn f1(&self, rand: &Rand, sqn: &Sqn, amf: &Amf) -> Mac {
        let cdout = sqn.iter().chain(amf);
        Mac(self.xdout(rand).iter().zip(cdout).map(|(left, right)| left ^ right).collect())
    }

    /// The same as f1; the caller gives AMF* of zeros.
    fn f1_star(&self, rand: &Rand, sqn: &Sqn, amf: &Amf) -> Mac {
        self.f1(rand, sqn, amf)
    }

    fn f2345(&self, rand: &Rand) -> Keys {
        let xdout = self.xdout(rand);
        let rotated = |bytes: usize| {
            let mut value = xdout;
            value.rotate_left(bytes);
            Zeroizing::new(value.to_vec())
        };
        let mut res = Zeroizing::new(xdout.to_vec());
        res.truncate(self.res_length);
        Keys { res, ck: rotated(1), ik: rotated(2), ak: self.f5_star(rand) }
    }

    /// XDOUT[24..71], as f5.
    fn f5_star(&self, rand: &Rand) -> AnonymityKey {
        let [_, _, _, a, b, c, d, e, f, ..] = self.xdout(rand);
        [a, b, c, d, e, f]
    }

    fn mac_length(&self) -> usize {
        8
    }
}

impl fmt::Debug for TestAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestAlgorithm").field("res_length", &self.res_length).finish_non_exhaustive()
    }
}
