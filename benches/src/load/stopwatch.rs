//! Where the time of one attempt goes.

use std::time::{Duration, Instant};

use anyhow::Result;
use protocol::es9plus::Function;

use super::ending::{Ending, Failure};
use super::target::Line;
use crate::measure::thread_time;

/// Tells apart what is waited for and what is computed here.
pub(super) struct Stopwatch {
    begun: Instant,
    /// The functions that were called, in their order.
    pub(super) calls: Vec<Call>,
    /// What was computed here, by the clock: by the eUICC, and to write requests and read answers.
    computing: Duration,
    /// What the eUICC took of a processor.
    pub(super) processor: Duration,
}

/// One call of a function.
#[derive(Clone, Copy)]
pub(super) struct Call {
    pub(super) function: Function,
    pub(super) took: Duration,
    pub(super) succeeded: bool,
}

impl Stopwatch {
    pub(super) fn start() -> Self {
        Self {
            begun: Instant::now(),
            calls: Vec::with_capacity(4),
            computing: Duration::ZERO,
            processor: Duration::ZERO,
        }
    }

    /// When the attempt began.
    pub(super) fn begun(&self) -> Instant {
        self.begun
    }

    /// How long it has been going on, less what was computed here.
    pub(super) fn elapsed(&self) -> Duration {
        self.begun.elapsed().saturating_sub(self.computing)
    }

    /// Something that an eUICC computes.
    pub(super) fn compute<T>(&mut self, work: impl FnOnce() -> Result<T>) -> Result<T, Failure> {
        let (begun, processor) = (Instant::now(), thread_time());
        let done = work();
        self.computing += begun.elapsed();
        self.processor += thread_time().saturating_sub(processor);
        done.map_err(|why| Ending::Euicc.because(format_args!("{why:#}")))
    }

    /// A call of a function over a line.
    pub(super) async fn call<A, E: Into<Failure>>(
        &mut self,
        function: Function,
        line: &impl Line,
        call: impl Future<Output = Result<A, E>>,
    ) -> Result<A, Failure> {
        let begun = Instant::now();
        let answer = call.await;
        let whole = begun.elapsed();
        let took = line.took().map_or(whole, |took| took.min(whole));
        self.computing += whole - took;
        self.calls.push(Call { function, took, succeeded: answer.is_ok() });
        answer.map_err(Into::into)
    }
}
