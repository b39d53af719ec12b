//! What came of attempts, collected while they go on.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use anyhow::Result;
use protocol::es9plus::Function;

use super::ending::{Ending, Failure};
use super::plan::What;
use super::progress::Counts;
use super::result::{Latency, Outcome, StepResult};
use super::samples::Samples;
use super::stopwatch::Stopwatch;
use super::timeline::Timeline;

/// Collects the attempts that were due after the warm-up.
pub(super) struct Recorder {
    what: What,
    /// The end of the warm-up.
    from: Instant,
    /// When nothing is due any more.
    until: Option<Instant>,
    calls: Vec<(Function, Series)>,
    whole: Series,
    endings: HashMap<Ending, Ends>,
    timeline: Timeline,
    lag: Samples,
    /// How long an attempt took whose turn it was, with everything that the eUICC computed.
    turn: Samples,
    begun: u64,
    ended: u64,
    meanwhile: Meanwhile,
}

/// What ended while it was measured, whenever it was due.
#[derive(Clone, Copy, Default)]
pub(super) struct Meanwhile {
    /// How many attempts.
    pub(super) ended: u64,
    /// How many of them succeeded before nothing was due any more.
    pub(super) succeeded: u64,
    /// What their eUICCs took of processors.
    pub(super) euicc: Duration,
}

/// Attempts that ended alike.
#[derive(Default)]
struct Ends {
    count: u64,
    /// What was told of the first.
    first: String,
}

/// What a call took, or the whole.
struct Series {
    succeeded: u64,
    failed: u64,
    latency: Samples,
    service: Samples,
}

/// What was collected.
pub(super) struct Collected {
    pub(super) steps: Vec<StepResult>,
    pub(super) whole: StepResult,
    pub(super) outcomes: Vec<Outcome>,
    pub(super) timeline: Vec<super::result::Second>,
    pub(super) corrected_by: Option<u64>,
    pub(super) lag: Latency,
    pub(super) meanwhile: Meanwhile,
}

impl Recorder {
    pub(super) fn new(what: What, from: Instant, until: Option<Instant>) -> Result<Self> {
        let calls = what.measured().into_iter().map(|function| Ok((function, Series::new()?)));
        Ok(Self {
            what,
            from,
            until,
            calls: calls.collect::<Result<_>>()?,
            whole: Series::new()?,
            endings: HashMap::new(),
            timeline: Timeline::new(from)?,
            lag: Samples::new()?,
            turn: Samples::new()?,
            begun: 0,
            ended: 0,
            meanwhile: Meanwhile::default(),
        })
    }

    /// An attempt that was due then begins.
    pub(super) fn begins(&mut self, due: Instant) {
        if due < self.from {
            return;
        }
        self.begun += 1;
        self.timeline.due(due);
    }

    /// An attempt that was due then was not begun before the end.
    pub(super) fn is_not_begun(&mut self, due: Instant) {
        if due < self.from {
            return;
        }
        self.timeline.due(due);
        self.timeline.failed(due);
        self.whole.failed += 1;
        self.count(Ending::NotBegun.into());
    }

    /// An attempt that was due then has ended just now. It began so much later than it could have.
    pub(super) fn ends(
        &mut self,
        due: Instant,
        lag: Option<Duration>,
        watch: &Stopwatch,
        ending: Result<(), Failure>,
    ) {
        let now = Instant::now();
        if now >= self.from {
            let in_time = ending.is_ok() && self.until.is_none_or(|until| now < until);
            self.meanwhile.ended += 1;
            self.meanwhile.succeeded += u64::from(in_time);
            self.meanwhile.euicc += watch.processor;
        }
        if due < self.from {
            return;
        }
        let elapsed = watch.elapsed();
        let waited = watch.begun().saturating_duration_since(due);
        self.ended += 1;
        self.turn.add(watch.begun().elapsed());
        if let Some(lag) = lag {
            self.lag.add(lag);
        }
        // What waited, waited for the first of those that are measured.
        let mut before = waited;
        for call in &watch.calls {
            let Some((_, series)) = self.calls.iter_mut().find(|(function, _)| *function == call.function)
            else {
                continue;
            };
            match call.succeeded {
                true => series.succeeded(before, call.took),
                false => series.failed += 1,
            }
            before = Duration::ZERO;
        }
        match ending {
            Ok(()) => {
                let took = match self.what {
                    What::Download => Some(elapsed),
                    What::Function(_) => watch.calls.last().map(|call| call.took),
                };
                let took = took.unwrap_or_default();
                self.whole.succeeded(waited, took);
                self.timeline.succeeded(now, waited + took);
            }
            Err(failure) => {
                self.whole.failed += 1;
                match failure.ending.is_busy() {
                    true => self.timeline.busy(now),
                    false => self.timeline.failed(now),
                }
                self.count(failure);
            }
        }
    }

    /// One more that did not succeed.
    fn count(&mut self, failure: Failure) {
        /// A server may refuse in as many ways as it likes, and they must not fill the memory.
        const KINDS: usize = 64;
        /// Characters of what is told of the first of a kind.
        const LENGTH: usize = 200;
        let Failure { ending, why } = failure;
        let one_too_many =
            ending.is_of_many() && self.endings.len() >= KINDS && !self.endings.contains_key(&ending);
        let ending = if one_too_many { Ending::RefusedOtherwise } else { ending };
        let ends = self.endings.entry(ending).or_default();
        ends.count += 1;
        if ends.count == 1 {
            ends.first = why.trim().chars().take(LENGTH).collect();
        }
    }

    /// How it gets on.
    pub(super) fn counts(&self) -> Counts {
        let busy =
            self.endings.iter().filter(|(ending, _)| ending.is_busy()).map(|(_, ends)| ends.count).sum();
        Counts {
            in_flight: self.begun - self.ended,
            succeeded: self.whole.succeeded,
            busy,
            failed: self.whole.failed - busy,
            p50: self.whole.latency.quantile(0.5),
            p99: self.whole.latency.quantile(0.99),
        }
    }

    /// Whether attempts came one after the other, so that one that took long kept others from coming: then latencies are
    /// corrected by the middle time of a turn, which is the interval at which they would have come.
    pub(super) fn finish(mut self, one_after_the_other: bool) -> Result<Collected> {
        let interrupted = self.begun - self.ended;
        if interrupted > 0 {
            self.endings.entry(Ending::Interrupted).or_default().count += interrupted;
            self.whole.failed += interrupted;
        }
        let interval = one_after_the_other.then(|| self.turn.quantile(0.5)).filter(|time| *time > 0);
        let steps = self.calls.iter().map(|(function, series)| series.told(function.name(), interval));
        let steps = steps.collect::<Result<_>>()?;
        let ok = Outcome { name: "ok".to_owned(), count: self.whole.succeeded, first: String::new() };
        let failed = self.endings.into_iter().map(|(ending, ends)| {
            let Ends { count, first } = ends;
            Outcome { name: ending.to_string(), count, first }
        });
        let mut outcomes: Vec<Outcome> =
            Some(ok).filter(|ok| ok.count > 0).into_iter().chain(failed).collect();
        outcomes.sort_by(|one, other| other.count.cmp(&one.count).then_with(|| one.name.cmp(&other.name)));
        Ok(Collected {
            steps,
            whole: self.whole.told(&self.what.to_string(), interval)?,
            outcomes,
            timeline: self.timeline.finish(),
            corrected_by: interval,
            lag: self.lag.latency(),
            meanwhile: self.meanwhile,
        })
    }
}

impl Series {
    fn new() -> Result<Self> {
        Ok(Self { succeeded: 0, failed: 0, latency: Samples::new()?, service: Samples::new()? })
    }

    fn succeeded(&mut self, waited: Duration, took: Duration) {
        self.succeeded += 1;
        self.latency.add(waited + took);
        self.service.add(took);
    }

    fn told(&self, name: &str, interval: Option<u64>) -> Result<StepResult> {
        let corrected = interval.map(|interval| self.latency.corrected(interval));
        let latency = corrected.as_ref().unwrap_or(&self.latency);
        Ok(StepResult {
            name: name.to_owned(),
            succeeded: self.succeeded,
            failed: self.failed,
            latency: latency.latency(),
            service: self.service.latency(),
            histogram: latency.encoded()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recorder() -> Recorder {
        Recorder::new(What::Download, Instant::now(), None).unwrap()
    }

    fn failed(recorder: &mut Recorder, failure: Failure) {
        let due = recorder.from;
        recorder.begins(due);
        recorder.ends(due, None, &Stopwatch::start(), Err(failure));
    }

    #[test]
    fn however_many_ways_a_server_finds_to_refuse_the_rest_is_one() {
        let mut recorder = recorder();
        failed(&mut recorder, Ending::TimedOut.into());
        for number in 0..1000 {
            failed(&mut recorder, Ending::refused(&number.to_string(), "3.8").into());
            failed(&mut recorder, Ending::RefusedInAsn1(number).into());
        }
        failed(&mut recorder, Ending::refused("0", "3.8").into());
        // What is not up to the server is told nevertheless.
        failed(&mut recorder, Ending::Broken.into());
        let outcomes = recorder.finish(false).unwrap().outcomes;
        let count = |name: &str| outcomes.iter().find(|outcome| outcome.name == name).map(|it| it.count);
        assert_eq!(outcomes.len(), 64 + 2);
        assert_eq!(count("refused otherwise"), Some(2000 - 63));
        assert_eq!((count("refused 0/3.8"), count("connection broken")), (Some(2), Some(1)));
    }

    #[test]
    fn of_each_kind_what_was_told_of_the_first_is_kept_and_no_more_than_somebody_reads() {
        let mut recorder = recorder();
        failed(&mut recorder, Ending::Status(500).because("\n the first "));
        failed(&mut recorder, Ending::Status(500).because("the second"));
        failed(&mut recorder, Ending::Broken.because("é".repeat(1000)));
        let outcomes = recorder.finish(false).unwrap().outcomes;
        assert_eq!((outcomes[0].name.as_str(), outcomes[0].first.as_str()), ("HTTP status 500", "the first"));
        assert_eq!(outcomes[1].first.chars().count(), 200);
    }

    #[test]
    fn what_was_due_in_the_warm_up_and_succeeds_after_it_is_throughput_and_nothing_else() {
        let now = Instant::now();
        let due = now.checked_sub(Duration::from_millis(1)).unwrap();
        let mut recorder = Recorder::new(What::Download, now, None).unwrap();
        recorder.begins(due);
        recorder.ends(due, None, &Stopwatch::start(), Ok(()));
        let collected = recorder.finish(false).unwrap();
        assert_eq!((collected.meanwhile.ended, collected.meanwhile.succeeded), (1, 1));
        assert_eq!((collected.whole.succeeded, collected.outcomes.len()), (0, 0));

        // What succeeds after the end is no throughput, but has a latency.
        let mut recorder = Recorder::new(What::Download, now, Some(now)).unwrap();
        recorder.begins(now);
        recorder.ends(now, None, &Stopwatch::start(), Ok(()));
        let collected = recorder.finish(false).unwrap();
        assert_eq!((collected.meanwhile.ended, collected.meanwhile.succeeded), (1, 0));
        assert_eq!(collected.whole.succeeded, 1);
    }
}
