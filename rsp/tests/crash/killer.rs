//! Strikes at random moments of a run.

use std::collections::BTreeSet;
use std::sync::mpsc::Receiver;
use std::time::Duration;

use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};

/// The seed of a run: that of `RSPLAB_CRASH_SEED`, else a new one.
pub fn seed() -> u64 {
    let given = std::env::var("RSPLAB_CRASH_SEED").ok();
    let seed = given.map(|text| text.parse().expect("RSPLAB_CRASH_SEED is a number"));
    seed.unwrap_or_else(|| {
        let mut bytes = [0; 4];
        getrandom::fill(&mut bytes).unwrap();
        u32::from_be_bytes(bytes).into()
    })
}

pub fn rng(seed: u64, stream: u64) -> ChaCha20Rng {
    let mut rng = ChaCha20Rng::seed_from_u64(seed);
    rng.set_stream(stream);
    rng
}

/// Strikes after so many different numbers of answered calls, all below `answers`, each equally likely, and each time a
/// little later than the answer, so that the calls of the others are hit anywhere. Ends with the run; gives the number of
/// blows.
pub fn strike(
    steps: &Receiver<()>,
    points: usize,
    answers: usize,
    rng: &mut ChaCha20Rng,
    mut blow: impl FnMut(&mut ChaCha20Rng),
) -> usize {
    assert!(points < answers);
    let mut chosen = BTreeSet::new();
    while chosen.len() < points {
        chosen.insert(1 + rng.next_u64() % (answers as u64 - 1));
    }
    let mut blows = 0;
    for (count, ()) in (1..).zip(steps) {
        if chosen.contains(&count) {
            std::thread::sleep(Duration::from_micros(rng.next_u64() % 20_000));
            blow(rng);
            blows += 1;
        }
    }
    blows
}
