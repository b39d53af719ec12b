//! Everything random in a run, from one seed.

use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use sha2::{Digest, Sha256};

use crate::case::{Head, Variant};

/// What a whole run is made from. Every report prints it; the same one makes the same inputs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Seed(pub u64);

impl Seed {
    /// The random numbers of one run of a case. They depend on nothing else, so a case meets the same values whether it
    /// runs alone or among all others.
    pub fn of_case(self, head: &Head, variant: Variant) -> ChaCha20Rng {
        self.named(&format!("{} {variant}", head.id))
    }

    /// Random numbers for something that is not a case, by its name.
    pub fn named(self, name: &str) -> ChaCha20Rng {
        let mut hash = Sha256::new();
        hash.update(self.0.to_be_bytes());
        hash.update(name.as_bytes());
        ChaCha20Rng::from_seed(hash.finalize().into())
    }
}
