//! The authentication functions that AKA parameters stand for.

use crypto::aka::{AkaFunctions, Milenage, MilenageConstants, TestAlgorithm, Tuak, TuakKey, TuakLengths};

use super::installed::{Algorithm, AuthenticationParameters};

impl AuthenticationParameters {
    /// The functions; `None` for parameters that the algorithm does not have, which no package brings.
    pub(crate) fn functions(&self) -> Option<Box<dyn AkaFunctions>> {
        match self.algorithm {
            Algorithm::Milenage => self.milenage().map(|functions| Box::new(functions) as _),
            Algorithm::Tuak => self.tuak().map(|functions| Box::new(functions) as _),
            Algorithm::Test => self.test_algorithm().map(|functions| Box::new(functions) as _),
        }
    }

    /// RES has always 64 bits (3GPP TS 35.206); `algorithmOptions` says nothing here.
    fn milenage(&self) -> Option<Milenage> {
        let (additions, _) = self.xoring_constants.as_chunks::<16>();
        let constants = MilenageConstants {
            rotations: self.rotation_constants.as_slice().try_into().ok()?,
            additions: additions.try_into().ok()?,
        };
        let (key, opc) = (self.key.expose().try_into().ok()?, self.opc.expose().try_into().ok()?);
        Some(Milenage::new(key, opc, constants))
    }

    /// `algorithmOptions`: bits 3 to 1 for the length of RES, 6 to 4 for that of MAC, 7 for that of CK and IK.
    fn tuak(&self) -> Option<Tuak> {
        let mac = [8, 16, 32].get(usize::from(self.options >> 3 & 0x07))?;
        let keys = if self.options & 0x40 == 0 { 16 } else { 32 };
        let lengths = TuakLengths { mac: *mac, res: self.res_length()?, ck: keys, ik: keys };
        let key = TuakKey::new(self.key.expose()).ok()?;
        Tuak::new(key, self.opc.expose().try_into().ok()?, lengths, self.number_of_keccak).ok()
    }

    /// `algorithmOptions`: the length of RES, as for TUAK.
    fn test_algorithm(&self) -> Option<TestAlgorithm> {
        TestAlgorithm::new(self.key.expose().try_into().ok()?, self.res_length()?).ok()
    }

    /// 32, 64, 128 or 256 bits. That 02 stands for 128 is what the GSMA says of its own test profile (TS.48).
    fn res_length(&self) -> Option<usize> {
        [4, 8, 16, 32].get(usize::from(self.options & 0x07)).copied()
    }
}
