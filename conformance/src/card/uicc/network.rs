//! The network that the profile of a case belongs to: the secrets of its subscriber and the functions made of them.

use std::fmt;

use asn1::SecretOctets;
use asn1::profile::{AlgoParameter, AlgorithmId};
use crypto::aka::{AkaFunctions, Milenage, MilenageConstants, TestAlgorithm, Tuak, TuakKey, TuakLengths};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use crate::card::bench::Stop;
use crate::card::elements::{Elements, Made};

/// Ki and OPc of a subscriber.
#[derive(Clone)]
pub struct Keys {
    /// Ki, which the card and the authentication centre share.
    pub ki: Zeroizing<[u8; 16]>,
    /// OPc, or half of TOPc.
    pub opc: Zeroizing<[u8; 16]>,
}

impl Keys {
    /// Keys by chance.
    pub fn new(rng: &mut dyn CryptoRng) -> Self {
        let mut keys = Self { ki: Zeroizing::new([0; 16]), opc: Zeroizing::new([0; 16]) };
        rng.fill_bytes(keys.ki.as_mut());
        rng.fill_bytes(keys.opc.as_mut());
        keys
    }

    /// TOPc of TUAK has 32 bytes.
    fn topc(&self) -> Zeroizing<[u8; 32]> {
        let mut topc = Zeroizing::new([0; 32]);
        let both = self.opc.iter().chain(self.ki.iter());
        topc.iter_mut().zip(both).for_each(|(byte, value)| *byte = *value);
        topc
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys").finish_non_exhaustive()
    }
}

/// The authentication algorithm of a profile, by its PE-AKAParameter.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Algorithm {
    /// Milenage (3GPP TS 35.206) with its usual constants.
    Milenage,
    /// Milenage with constants of the operator.
    MilenageWithConstants,
    /// TUAK (3GPP TS 35.231): lengths of MAC, RES, CK and IK in bytes, and how often Keccak is applied.
    Tuak {
        /// 8, 16 or 32.
        mac: u8,
        /// 4, 8, 16 or 32.
        res: u8,
        /// CK and IK: 16 or 32.
        key: u8,
        /// 1 or more.
        iterations: u8,
    },
    /// The test algorithm of 3GPP TS 34.108, with a RES of so many bytes.
    Test {
        /// 4, 8 or 16.
        res: u8,
    },
}

/// Constants of an operator: each rotation and each addition another one than the usual.
const ROTATIONS: [u8; 5] = [8, 16, 40, 72, 104];
const ADDITIONS: [[u8; 16]; 5] = [[0x11; 16], [0x22; 16], [0x33; 16], [0x44; 16], [0x55; 16]];

impl Algorithm {
    /// The functions of a subscriber with these keys.
    ///
    /// # Errors
    /// Where the lengths are none of the algorithm.
    pub fn functions(self, keys: &Keys) -> Result<Box<dyn AkaFunctions>, Stop> {
        let impossible = |error| Stop::impossible(&error);
        Ok(match self {
            Self::Milenage => Box::new(Milenage::new(&keys.ki, &keys.opc, MilenageConstants::default())),
            Self::MilenageWithConstants => {
                let constants = MilenageConstants { rotations: ROTATIONS, additions: ADDITIONS };
                Box::new(Milenage::new(&keys.ki, &keys.opc, constants))
            }
            Self::Tuak { mac, res, key, iterations } => {
                let [mac, res, key] = [mac, res, key].map(usize::from);
                let ki = TuakKey::new(keys.ki.as_slice()).map_err(impossible)?;
                let lengths = TuakLengths { mac, res, ck: key, ik: key };
                Box::new(Tuak::new(ki, &keys.topc(), lengths, iterations).map_err(impossible)?)
            }
            Self::Test { res } => {
                Box::new(TestAlgorithm::new(&keys.ki, usize::from(res)).map_err(impossible)?)
            }
        })
    }

    /// Puts this algorithm in place of Milenage.
    ///
    /// # Errors
    /// Where the profile has no algorithm of its own.
    pub(in crate::card) fn put_into(self, elements: &mut Elements, keys: &Keys) -> Made {
        self.describe(elements.algorithm()?, keys);
        Ok(())
    }

    /// `algorithmOptions` has RES in bits 3 to 1, MAC in bits 6 to 4, CK and IK in bit 7.
    fn describe(self, parameter: &mut AlgoParameter, keys: &Keys) {
        let step = |length: u8, smallest: u8| u8::try_from((length / smallest).max(1).ilog2()).unwrap_or(0);
        match self {
            Self::Milenage => {}
            Self::MilenageWithConstants => {
                parameter.rotation_constants = Some(ROTATIONS);
                parameter.xoring_constants = ADDITIONS.concat().try_into().ok().map(Box::new);
            }
            Self::Tuak { mac, res, key, iterations } => {
                parameter.algorithm_id = AlgorithmId::TUAK;
                parameter.algorithm_options = step(res, 4) | step(mac, 8) << 3 | step(key, 16) << 6;
                parameter.opc = SecretOctets::from(keys.topc().to_vec());
                parameter.number_of_keccak = Some(iterations);
            }
            Self::Test { res } => {
                parameter.algorithm_id = AlgorithmId::USIM_TEST_ALGORITHM;
                parameter.algorithm_options = step(res, 4);
            }
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Milenage => f.write_str("Milenage"),
            Self::MilenageWithConstants => f.write_str("Milenage with constants of the operator"),
            Self::Tuak { mac, res, key, iterations } => {
                let [mac, res, key] = [mac, res, key].map(|length| u16::from(*length) * 8);
                write!(f, "TUAK, {mac} bits of MAC, {res} of RES, {key} of CK, {iterations} times Keccak")
            }
            Self::Test { res } => write!(f, "the test algorithm, {} bits of RES", u16::from(*res) * 8),
        }
    }
}
