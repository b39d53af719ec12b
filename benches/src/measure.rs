//! How long something takes, told in the time that this process spends on processors: what others do on the machine counts little.

use std::time::Duration;

/// What the threads of this process have spent together so far. Where the system does not tell, the time that has passed.
pub fn processor_time() -> Duration {
    clock::process()
}

/// What this thread has spent so far; where the system does not tell, the time that has passed.
pub fn thread_time() -> Duration {
    clock::thread()
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

#[cfg(unix)]
mod clock {
    use std::time::Duration;

    use rustix::time::{ClockId, clock_gettime};

    pub(super) fn process() -> Duration {
        read(ClockId::ProcessCPUTime)
    }

    pub(super) fn thread() -> Duration {
        read(ClockId::ThreadCPUTime)
    }

    fn read(clock: ClockId) -> Duration {
        let spent = clock_gettime(clock);
        Duration::new(spent.tv_sec.unsigned_abs(), u32::try_from(spent.tv_nsec).unwrap_or_default())
    }
}

#[cfg(not(unix))]
mod clock {
    use std::sync::LazyLock;
    use std::time::{Duration, Instant};

    static BEGUN: LazyLock<Instant> = LazyLock::new(Instant::now);

    pub(super) fn process() -> Duration {
        BEGUN.elapsed()
    }

    pub(super) fn thread() -> Duration {
        BEGUN.elapsed()
    }
}
