//! Milenage (3GPP TS 35.206).

use std::fmt;

use aes::Aes128;
use cipher::{BlockCipherEncrypt, KeyInit};
use zeroize::Zeroizing;

use super::{AkaFunctions, Amf, AnonymityKey, Keys, Mac, Rand, Sqn};

/// r1 to r5 and c1 to c5. An operator may have its own; the defaults are those of 3GPP TS 35.206 §4.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MilenageConstants {
    /// r1 to r5: bits to rotate by, 0 to 127.
    pub rotations: [u8; 5],
    /// c1 to c5.
    pub additions: [[u8; 16]; 5],
}

impl Default for MilenageConstants {
    fn default() -> Self {
        let c = |last: u8| u128::from(last).to_be_bytes();
        Self { rotations: [64, 0, 32, 64, 96], additions: [c(0), c(1), c(2), c(4), c(8)] }
    }
}

/// Milenage for one subscriber. The key and OPc are wiped when dropped.
pub struct Milenage {
    /// E[·]K.
    cipher: Aes128,
    opc: Zeroizing<[u8; 16]>,
    constants: MilenageConstants,
}

impl Milenage {
    /// With K and OPc.
    #[must_use]
    pub fn new(key: &[u8; 16], opc: &[u8; 16], constants: MilenageConstants) -> Self {
        Self { cipher: Aes128::new(&(*key).into()), opc: Zeroizing::new(*opc), constants }
    }

    /// With K and OP, from which OPc follows: OP ⊕ E[OP]K.
    #[must_use]
    pub fn with_op(key: &[u8; 16], op: &[u8; 16], constants: MilenageConstants) -> Self {
        let mut milenage = Self::new(key, &[0; 16], constants);
        let op = u128::from_be_bytes(*op);
        milenage.opc = Zeroizing::new((op ^ milenage.encrypt(op)).to_be_bytes());
        milenage
    }

    /// OPc.
    #[must_use]
    pub fn opc(&self) -> &[u8; 16] {
        &self.opc
    }

    fn encrypt(&self, block: u128) -> u128 {
        let mut block = block.to_be_bytes().into();
        self.cipher.encrypt_block(&mut block);
        u128::from_be_bytes(block.into())
    }

    fn opc_block(&self) -> u128 {
        u128::from_be_bytes(*self.opc)
    }

    /// TEMP = E[RAND ⊕ OPc]K.
    fn temp(&self, rand: &Rand) -> u128 {
        self.encrypt(u128::from_be_bytes(*rand) ^ self.opc_block())
    }

    /// OUT1 = E[TEMP ⊕ rot(IN1 ⊕ OPc, r1) ⊕ c1]K ⊕ OPc: MAC-A, then MAC-S.
    fn out1(&self, rand: &Rand, sqn: &Sqn, amf: &Amf) -> [u8; 16] {
        let mut half = [0; 8];
        half.iter_mut().zip(sqn.iter().chain(amf)).for_each(|(byte, from)| *byte = *from);
        let half = u128::from(u64::from_be_bytes(half));
        let in1 = half << 64 | half;
        let [r1, ..] = self.constants.rotations;
        let [c1, ..] = self.constants.additions;
        let rotated = (in1 ^ self.opc_block()).rotate_left(r1.into());
        let out = self.encrypt(self.temp(rand) ^ rotated ^ u128::from_be_bytes(c1)) ^ self.opc_block();
        out.to_be_bytes()
    }

    /// OUTn = E[rot(TEMP ⊕ OPc, rn) ⊕ cn]K ⊕ OPc, for n from 2 to 5.
    fn out(&self, temp: u128, rotation: u8, addition: [u8; 16]) -> [u8; 16] {
        let rotated = (temp ^ self.opc_block()).rotate_left(rotation.into());
        (self.encrypt(rotated ^ u128::from_be_bytes(addition)) ^ self.opc_block()).to_be_bytes()
    }
}

impl AkaFunctions for Milenage {
    fn f1(&self, rand: &Rand, sqn: &Sqn, amf: &Amf) -> Mac {
        Mac(self.out1(rand, sqn, amf).iter().take(8).copied().collect())
    }

    fn f1_star(&self, rand: &Rand, sqn: &Sqn, amf: &Amf) -> Mac {
        Mac(self.out1(rand, sqn, amf).iter().skip(8).copied().collect())
    }

    fn f2345(&self, rand: &Rand) -> Keys {
        let temp = self.temp(rand);
        let [_, r2, r3, r4, _] = self.constants.rotations;
        let [_, c2, c3, c4, _] = self.constants.additions;
        let out2 = self.out(temp, r2, c2);
        Keys {
            res: Zeroizing::new(out2.iter().skip(8).copied().collect()),
            ck: Zeroizing::new(self.out(temp, r3, c3).to_vec()),
            ik: Zeroizing::new(self.out(temp, r4, c4).to_vec()),
            ak: first_48_bits(out2),
        }
    }

    fn f5_star(&self, rand: &Rand) -> AnonymityKey {
        let [.., r5] = self.constants.rotations;
        let [.., c5] = self.constants.additions;
        first_48_bits(self.out(self.temp(rand), r5, c5))
    }

    fn mac_length(&self) -> usize {
        8
    }
}

fn first_48_bits([a, b, c, d, e, f, ..]: [u8; 16]) -> AnonymityKey {
    [a, b, c, d, e, f]
}

impl fmt::Debug for Milenage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Milenage").finish_non_exhaustive()
    }
}
