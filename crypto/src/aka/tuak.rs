//! TUAK (3GPP TS 35.231).

use std::fmt;

use keccak::Keccak;
use zeroize::{Zeroize, Zeroizing};

use super::{AkaFunctions, AkaParameterError, Amf, AnonymityKey, Keys, Mac, Rand, Sqn};

/// 3GPP TS 35.231 §6.2: the name that goes into every computation.
const ALGONAME: &[u8; 7] = b"TUAK1.0";

/// Bytes of the state of Keccak-f[1600].
const STATE: usize = 200;

/// K of TUAK: 128 or 256 bits. Wiped when dropped.
#[derive(Clone)]
pub struct TuakKey(Zeroizing<Vec<u8>>);

impl TuakKey {
    /// A key of 16 or 32 bytes.
    ///
    /// # Errors
    /// [`AkaParameterError::KeyLength`] for any other length.
    pub fn new(key: &[u8]) -> Result<Self, AkaParameterError> {
        match key.len() {
            16 | 32 => Ok(Self(Zeroizing::new(key.to_vec()))),
            length => Err(AkaParameterError::KeyLength(length)),
        }
    }
}

impl fmt::Debug for TuakKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TuakKey").finish_non_exhaustive()
    }
}

/// How long the outputs of TUAK are, in bytes. An operator chooses them once, as they go into the computation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TuakLengths {
    /// MAC-A and MAC-S: 8, 16 or 32.
    pub mac: usize,
    /// RES: 4, 8, 16 or 32.
    pub res: usize,
    /// CK: 16 or 32.
    pub ck: usize,
    /// IK: 16 or 32.
    pub ik: usize,
}

/// TUAK for one subscriber. The key and TOPc are wiped when dropped.
pub struct Tuak {
    key: TuakKey,
    topc: Zeroizing<[u8; 32]>,
    lengths: TuakLengths,
    iterations: u8,
}

impl Tuak {
    /// With K and TOPc; `iterations` is how often Keccak-f is applied, 1 unless the operator wants more.
    ///
    /// # Errors
    /// [`AkaParameterError`] for lengths that TUAK does not have, or no iteration.
    pub fn new(
        key: TuakKey,
        topc: &[u8; 32],
        lengths: TuakLengths,
        iterations: u8,
    ) -> Result<Self, AkaParameterError> {
        mac_code(lengths.mac)?;
        res_code(lengths.res)?;
        key_code(lengths.ck, 0)?;
        key_code(lengths.ik, 0)?;
        if iterations == 0 {
            return Err(AkaParameterError::NoIterations);
        }
        Ok(Self { key, topc: Zeroizing::new(*topc), lengths, iterations })
    }

    /// With K and TOP, from which TOPc follows (§6.1).
    ///
    /// # Errors
    /// As of [`Tuak::new`].
    pub fn with_top(
        key: TuakKey,
        top: &[u8; 32],
        lengths: TuakLengths,
        iterations: u8,
    ) -> Result<Self, AkaParameterError> {
        let mut tuak = Self::new(key, top, lengths, iterations)?;
        // TOP stands where TOPc will stand; no instance bits, no RAND, AMF and SQN.
        let out = tuak.permute(0, &[0; 16], &[0; 2], &[0; 6]);
        let topc = out.bytes(0, 32);
        tuak.topc.iter_mut().zip(topc.iter()).for_each(|(byte, from)| *byte = *from);
        Ok(tuak)
    }

    /// TOPc.
    #[must_use]
    pub fn topc(&self) -> &[u8; 32] {
        &self.topc
    }

    /// IN of §6.2 through the permutation. The first bit of each value is that of its last byte, so all are written
    /// backwards.
    fn permute(&self, instance: u8, rand: &Rand, amf: &Amf, sqn: &Sqn) -> Out {
        let long_key = u8::from(self.key.0.len() == 32);
        let instance = [instance | long_key];
        let values = [&self.topc[..], &instance, ALGONAME, rand, amf, sqn, &self.key.0];
        let mut input = Zeroizing::new(Vec::with_capacity(STATE));
        input.extend(values.into_iter().flat_map(|value| value.iter().rev()));
        // Zeros up to 256 bits of key, then the padding of §6.2: 1 1 1 1 1 0 … 0 1 in the bits 768 to 1087.
        input.resize(96, 0);
        input.push(0x1F);
        input.resize(135, 0);
        input.push(0x80);
        input.resize(STATE, 0);
        Out::new(&input, self.iterations)
    }

    /// f1 and f1*.
    fn mac(&self, instance: u8, rand: &Rand, sqn: &Sqn, amf: &Amf) -> Mac {
        let code = mac_code(self.lengths.mac).unwrap_or_default();
        let out = self.permute(instance | code, rand, amf, sqn);
        Mac(out.bytes(0, self.lengths.mac).to_vec())
    }
}

impl AkaFunctions for Tuak {
    fn f1(&self, rand: &Rand, sqn: &Sqn, amf: &Amf) -> Mac {
        self.mac(0x00, rand, sqn, amf)
    }

    fn f1_star(&self, rand: &Rand, sqn: &Sqn, amf: &Amf) -> Mac {
        self.mac(0x80, rand, sqn, amf)
    }

    fn f2345(&self, rand: &Rand) -> Keys {
        let TuakLengths { res, ck, ik, .. } = self.lengths;
        let instance = 0x40
            | res_code(res).unwrap_or_default()
            | key_code(ck, 0x04).unwrap_or_default()
            | key_code(ik, 0x02).unwrap_or_default();
        let out = self.permute(instance, rand, &[0; 2], &[0; 6]);
        Keys { res: out.bytes(0, res), ck: out.bytes(32, ck), ik: out.bytes(64, ik), ak: out.anonymity_key() }
    }

    fn f5_star(&self, rand: &Rand) -> AnonymityKey {
        self.permute(0xC0, rand, &[0; 2], &[0; 6]).anonymity_key()
    }

    fn mac_length(&self) -> usize {
        self.lengths.mac
    }
}

impl fmt::Debug for Tuak {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tuak").field("lengths", &self.lengths).finish_non_exhaustive()
    }
}

/// OUT of §6.2.
struct Out(Zeroizing<Vec<u8>>);

impl Out {
    fn new(input: &[u8], iterations: u8) -> Self {
        let mut state = Zeroizing::new([0_u64; STATE / 8]);
        let (lanes, _) = input.as_chunks::<8>();
        state.iter_mut().zip(lanes).for_each(|(lane, bytes)| *lane = u64::from_le_bytes(*bytes));
        Keccak::new().with_f1600(|f1600| (0..iterations).for_each(|_| f1600(&mut state)));
        Self(Zeroizing::new(state.iter().flat_map(|lane| lane.to_le_bytes()).collect()))
    }

    /// The value of `length` bytes that ends at byte `start`, as it is written backwards.
    fn bytes(&self, start: usize, length: usize) -> Zeroizing<Vec<u8>> {
        let mut value: Vec<u8> = self.0.iter().skip(start).take(length).copied().collect();
        value.reverse();
        Zeroizing::new(value)
    }

    fn anonymity_key(&self) -> AnonymityKey {
        let mut key = [0; 6];
        let mut bytes = self.bytes(96, 6);
        key.iter_mut().zip(bytes.iter()).for_each(|(byte, from)| *byte = *from);
        bytes.zeroize();
        key
    }
}

/// INSTANCE bits for the length of MAC (§6.3, §6.4).
fn mac_code(length: usize) -> Result<u8, AkaParameterError> {
    match length {
        8 => Ok(0x08),
        16 => Ok(0x10),
        32 => Ok(0x20),
        other => Err(AkaParameterError::MacLength(other)),
    }
}

/// INSTANCE bits for the length of RES (§6.5).
fn res_code(length: usize) -> Result<u8, AkaParameterError> {
    match length {
        4 => Ok(0x00),
        8 => Ok(0x08),
        16 => Ok(0x10),
        32 => Ok(0x20),
        other => Err(AkaParameterError::ResLength(other)),
    }
}

/// INSTANCE bit for the length of CK or IK (§6.5).
fn key_code(length: usize, long: u8) -> Result<u8, AkaParameterError> {
    match length {
        16 => Ok(0x00),
        32 => Ok(long),
        other => Err(AkaParameterError::CkIkLength(other)),
    }
}
