//! Waiting for a moment, to a fraction of a millisecond: the timers of tokio know whole ones only.

use std::time::Instant;

/// Something that can wait.
pub(super) struct Pace {
    #[cfg(target_os = "linux")]
    timer: Option<linux::Timer>,
}

impl Pace {
    /// To be used in the runtime in which it was made.
    pub(super) fn new() -> Self {
        Self {
            #[cfg(target_os = "linux")]
            timer: linux::Timer::new().ok(),
        }
    }

    /// Until that moment, or not at all where it is past.
    pub(super) async fn until(&mut self, moment: Instant) {
        while let Some(left) = moment.checked_duration_since(Instant::now())
            && !left.is_zero()
        {
            #[cfg(target_os = "linux")]
            if let Some(timer) = &self.timer
                && timer.wait(left).await.is_ok()
            {
                continue;
            }
            tokio::time::sleep(left).await;
        }
    }
}

#[cfg(target_os = "linux")]
mod linux {
    use std::io;
    use std::os::fd::OwnedFd;
    use std::time::Duration;

    use rustix::time::{
        Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec, timerfd_create,
        timerfd_settime,
    };
    use tokio::io::Interest;
    use tokio::io::unix::AsyncFd;

    /// A timer of the kernel.
    pub(super) struct Timer(AsyncFd<OwnedFd>);

    impl Timer {
        #[expect(
            deprecated,
            reason = "what took its place is unsafe, for descriptors that do not stay what they are"
        )]
        pub(super) fn new() -> io::Result<Self> {
            let flags = TimerfdFlags::NONBLOCK | TimerfdFlags::CLOEXEC;
            let timer = timerfd_create(TimerfdClockId::Monotonic, flags)?;
            AsyncFd::with_interest(timer, Interest::READABLE).map(Self)
        }

        pub(super) async fn wait(&self, time: Duration) -> io::Result<()> {
            let seconds = i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
            let once = Itimerspec {
                it_interval: Timespec { tv_sec: 0, tv_nsec: 0 },
                it_value: Timespec { tv_sec: seconds, tv_nsec: i64::from(time.subsec_nanos()) },
            };
            timerfd_settime(&self.0, TimerfdTimerFlags::empty(), &once)?;
            // How often it went off, of which nobody wants to know; it has to be read all the same.
            let mut times = [0; 8];
            let read = |timer: &OwnedFd| Ok(rustix::io::read(timer, &mut times)?);
            self.0.async_io(Interest::READABLE, read).await.map(drop)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_moment_is_waited_for_and_one_that_is_past_is_not() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut pace = Pace::new();
            for micros in [0, 1, 300, 2_000] {
                let moment = Instant::now() + Duration::from_micros(micros);
                pace.until(moment).await;
                assert!(Instant::now() >= moment);
            }
            pace.until(Instant::now().checked_sub(Duration::from_secs(60)).unwrap()).await;
        });
    }
}
