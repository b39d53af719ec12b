//! Certificates that a Certificate Issuer is known to have signed.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::Certificate;

/// How many are remembered: more than there are EUMs below one Certificate Issuer.
const CAPACITY: usize = 256;

/// Certificates whose signature by one key was verified, found by all their bytes.
///
/// That a key has signed these bytes stays true, whatever else becomes of the certificate. Its validity and its profile are looked
/// at each time; revocation lists are not consulted by our servers, and would have to be asked each time, too, not here. Only what
/// was verified gets in, and the oldest goes first.
#[derive(Debug, Default)]
pub struct Memory(Mutex<Remembered>);

#[derive(Debug, Default)]
struct Remembered {
    certificates: BTreeMap<Arc<[u8]>, Arc<Certificate>>,
    order: VecDeque<Arc<[u8]>>,
}

impl Memory {
    /// The certificate with these bytes, if it is remembered.
    pub fn get(&self, certificate: &[u8]) -> Option<Arc<Certificate>> {
        self.remembered().certificates.get(certificate).cloned()
    }

    /// Remembers one that was verified.
    pub fn insert(&self, certificate: &Certificate) {
        let bytes: Arc<[u8]> = certificate.raw().into();
        let mut remembered = self.remembered();
        if remembered.certificates.insert(bytes.clone(), Arc::new(certificate.clone())).is_none() {
            remembered.order.push_back(bytes);
        }
        if remembered.order.len() > CAPACITY
            && let Some(oldest) = remembered.order.pop_front()
        {
            remembered.certificates.remove(&oldest);
        }
    }

    fn remembered(&self) -> MutexGuard<'_, Remembered> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use crypto::Curve;
    use rand_chacha::ChaCha20Rng;
    use rand_chacha::rand_core::SeedableRng;

    use super::*;
    use crate::UnixTime;
    use crate::workshop::Workshop;

    #[test]
    fn the_oldest_is_forgotten_for_one_too_many() {
        let mut rng = ChaCha20Rng::seed_from_u64(1);
        let mut workshop = Workshop::new(UnixTime(1_795_000_000), &mut rng);
        let mut make = || workshop.certificate_issuer(Curve::P256).unwrap().certificate().clone();
        let certificates: Vec<Certificate> = (0..=CAPACITY).map(|_| make()).collect();
        let memory = Memory::default();
        certificates.iter().for_each(|certificate| memory.insert(certificate));
        assert!(memory.get(certificates[0].raw()).is_none());
        assert!(certificates[1..].iter().all(|one| memory.get(one.raw()).as_deref() == Some(one)));
        // One that is there already takes nobody's place.
        memory.insert(&certificates[CAPACITY]);
        assert!(memory.get(certificates[1].raw()).is_some());
    }
}
