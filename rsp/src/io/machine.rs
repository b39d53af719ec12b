//! Time and entropy of this machine, or their stand-ins for reproducible runs.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};
use protocol::clock::{Clock, FixedClock, Timestamp};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

/// The clock of the machine.
struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let millis = match SystemTime::now().duration_since(UNIX_EPOCH) {
            Ok(since) => i64::try_from(since.as_millis()).unwrap_or(i64::MAX),
            Err(before) => -i64::try_from(before.duration().as_millis()).unwrap_or(i64::MAX),
        };
        Timestamp::from_unix_millis(millis)
    }
}

/// The clock of the machine.
pub fn system_clock() -> Arc<dyn Clock> {
    Arc::new(SystemClock)
}

/// The clock of reproducible runs: 2026-01-01, when every certificate that a run makes is valid.
pub fn fixed_clock() -> Arc<dyn Clock> {
    Arc::new(FixedClock(Timestamp::from_unix_seconds(1_767_225_600)))
}

/// A generator seeded by the system.
pub fn system_rng() -> Result<ChaCha20Rng> {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).context("the system gives no entropy")?;
    Ok(ChaCha20Rng::from_seed(seed))
}

/// Generators that all follow from one number; `stream` keeps server, card and workshop apart.
pub fn seeded_rng(seed: u64, stream: u64) -> ChaCha20Rng {
    let mut rng = ChaCha20Rng::seed_from_u64(seed);
    rng.set_stream(stream);
    rng
}
