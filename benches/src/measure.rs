//! How long something takes, told in the time that this process spends on processors: what others do on the machine counts little.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// What the threads of this process have spent together so far.
pub fn processor_time() -> Duration {
    let spent = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(spent.tv_sec.unsigned_abs(), u32::try_from(spent.tv_nsec).unwrap_or_default())
}

/// What one call of `work` costs, over `calls` of them.
pub fn mean(calls: u32, mut work: impl FnMut()) -> Duration {
    let begun = processor_time();
    (0..calls).for_each(|_| work());
    (processor_time() - begun) / calls.max(1)
}

/// The middle one of some values; zero of none.
pub fn median(mut values: Vec<Duration>) -> Duration {
    values.sort_unstable();
    values.get(values.len() / 2).copied().unwrap_or_default()
}
