//! The eUICCs, made before anything is measured.

use std::thread;

use anyhow::{Context, Result, anyhow, ensure};
use certs::UnixTime;
use certs::workshop::{Factory, Workshop};
use crypto::Curve;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

use crate::euicc::Euicc;

/// Some eUICCs, which take turns.
pub struct Fleet {
    euiccs: Vec<Euicc>,
    curve: Curve,
}

impl Fleet {
    /// So many eUICCs of an EUM, with the EIDs from number 1 on, each with a key and a certificate of its own; all processors
    /// make them. Only the first curve of the factory is used.
    ///
    /// The same seed and the same time give the same eUICCs.
    ///
    /// # Errors
    /// Where there are to be none, or more than the EUM has EIDs.
    pub fn manufacture(factory: &Factory, number: u64, now: UnixTime, seed: [u8; 32]) -> Result<Self> {
        ensure!(number > 0, "a fleet of no eUICC");
        let curve = factory.eums().first().context("an EUM without a key")?.key().curve();
        // The last one first, so that a range too small is found before any is made.
        factory.eid(number.into()).context("the EUM has not so many EIDs")?;
        let threads = thread::available_parallelism().map_or(1, usize::from) as u64;
        let share = number.div_ceil(threads);
        let shares = (0..threads).map(|thread| thread * share..number.min((thread + 1) * share));
        let made: Result<Vec<Vec<Euicc>>> = thread::scope(|scope| {
            let made = |numbers: std::ops::Range<u64>| {
                numbers.map(|index| euicc(factory, index + 1, now, seed)).collect::<Result<Vec<_>>>()
            };
            let workers: Vec<_> = shares.map(|numbers| scope.spawn(move || made(numbers))).collect();
            let joined = |worker: thread::ScopedJoinHandle<'_, Result<Vec<Euicc>>>| {
                worker.join().map_err(|_| anyhow!("a thread that makes eUICCs fell over"))?
            };
            workers.into_iter().map(joined).collect()
        });
        Ok(Self { euiccs: made?.into_iter().flatten().collect(), curve })
    }

    /// How many there are.
    pub fn size(&self) -> usize {
        self.euiccs.len()
    }

    /// The curve of their keys.
    pub fn curve(&self) -> Curve {
        self.curve
    }

    /// The eUICC whose turn it is.
    pub fn at(&self, attempt: u64) -> Option<&Euicc> {
        let turn = attempt.checked_rem(self.euiccs.len() as u64)?;
        self.euiccs.get(usize::try_from(turn).ok()?)
    }
}

fn euicc(factory: &Factory, number: u64, now: UnixTime, seed: [u8; 32]) -> Result<Euicc> {
    let mut rng = ChaCha20Rng::from_seed(seed);
    rng.set_stream(number);
    let eid = factory.eid(number.into())?;
    let made = factory.euicc(&mut Workshop::new(now, &mut rng), &eid)?;
    let (eum, identity) = factory.eums().iter().zip(made).next().context("an EUM without a key")?;
    Euicc::new(identity, eum, &mut rng)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use crypto::Engine;

    use super::*;
    use crate::pki::{Authority, NOW};

    fn fleet(number: u64) -> Result<Fleet> {
        let authority = Authority::new(Curve::P256, Engine::AwsLc).unwrap();
        Fleet::manufacture(&authority.factory, number, NOW, [7; 32])
    }

    #[test]
    fn each_has_an_eid_of_its_own_and_they_take_turns() {
        let fleet = fleet(5).unwrap();
        assert_eq!(fleet.size(), 5);
        let eid = |attempt| fleet.at(attempt).unwrap().eid().to_string();
        assert_eq!((0..5).map(eid).collect::<HashSet<_>>().len(), 5);
        assert_eq!(eid(0), eid(5));
        assert_ne!(eid(0), eid(1));
    }

    #[test]
    fn a_fleet_has_eids_from_number_one_on_however_many_threads_make_it() {
        let authority = Authority::new(Curve::P256, Engine::AwsLc).unwrap();
        let made = Fleet::manufacture(&authority.factory, 3, NOW, [7; 32]).unwrap();
        for (attempt, number) in [(0, 1_u128), (1, 2), (2, 3)] {
            assert_eq!(made.at(attempt).unwrap().eid().as_bytes(), &authority.factory.eid(number).unwrap());
        }
    }

    #[test]
    fn there_is_no_empty_fleet() {
        assert!(fleet(0).is_err());
    }
}
