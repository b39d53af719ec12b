//! A run, from the first attempt to what came of it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use tokio::task::JoinSet;

use super::attempts::Attempts;
use super::fleet::Fleet;
use super::machine;
use super::plan::{Arrival, Plan};
use super::progress::Progress;
use super::recorder::Collected;
use super::result::{Ended, FORMAT, Generator, LoadResult, PlanTold};
use super::target::Target;
use super::{closed_loop, open_loop};
use crate::measure::processor_time;

/// How often somebody is told how the run gets on.
const TELLING: Duration = Duration::from_millis(250);

/// Lets a fleet loose on a server as planned, until the plan is done or `stop` is; attempts that go on then are given up. Tells
/// `progress` a few times a second how it gets on.
///
/// # Errors
/// For a plan that cannot be carried out. A server that does not answer is a result.
pub async fn run<T: Target>(
    plan: Plan,
    fleet: Arc<Fleet>,
    target: T,
    stop: impl Future<Output = ()>,
    progress: impl FnMut(&Progress),
) -> Result<LoadResult> {
    plan.check()?;
    let began = jiff::Timestamp::now().to_string();
    let machine = machine::here();
    let (arrival, duration) = (plan.arrival, plan.duration);
    let plan_told = told(&plan, &fleet, &target);
    let (what, address) = (plan.what.to_string(), target.address().to_owned());

    let attempts = Arc::new(Attempts::new(plan, fleet, target)?);
    let mut spent = Spent { from: attempts.from, before: None };
    // In a task of its own, which wakes up where the timer does.
    let mut driving = JoinSet::new();
    match arrival {
        Arrival::Rate { rate, connections } => {
            driving.spawn(open_loop::drive(attempts.clone(), rate, connections))
        }
        Arrival::Concurrency(concurrency) => driving.spawn(closed_loop::drive(attempts.clone(), concurrency)),
    };
    let ended = tokio::select! {
        biased;
        ended = driving.join_next() => ended.context("nobody drives")?.context("the generator fell over")?,
        () = stop => Ended::Interrupted,
        never = tell(&attempts, &mut spent, progress) => match never {},
    };
    let (stopped, processor) = (Instant::now(), spent.since());
    driving.shutdown().await;
    if let (Ended::Interrupted, Arrival::Rate { rate, .. }) = (ended, arrival) {
        attempts.leave_what_was_due(rate, stopped);
    }

    let elapsed = stopped.saturating_duration_since(attempts.from);
    // A run by the clock has begun what was due in its time; what the last ones took longer is none of it.
    let measured = duration.map_or(elapsed, |duration| match ended {
        Ended::Time => duration,
        Ended::Orders | Ended::Interrupted => elapsed.min(duration),
    });
    let orders_used = attempts.orders_used();
    let collected = attempts.finish(matches!(arrival, Arrival::Concurrency(_)))?;
    let generator = generator(&collected, processor, elapsed, machine.processors);
    let seconds = measured.as_secs_f64();
    let throughput = match seconds > 0.0 {
        true => collected.meanwhile.succeeded as f64 / seconds,
        false => 0.0,
    };
    let Collected { steps, whole, outcomes, timeline, corrected_by, .. } = collected;
    Ok(LoadResult {
        format: FORMAT,
        target: address,
        what,
        began,
        plan: PlanTold { seconds, ..plan_told },
        machine,
        ended,
        throughput,
        orders_used,
        steps,
        whole,
        corrected_by,
        outcomes,
        timeline,
        generator,
    })
}

/// The plan, before it is known how long it was measured.
fn told<T: Target>(plan: &Plan, fleet: &Fleet, target: &T) -> PlanTold {
    PlanTold {
        arrival: plan.arrival.told(),
        spread: plan.arrival.spread(),
        seed: plan.seed,
        count: plan.orders.count(),
        again: plan.orders.come_again(),
        warm_up: plan.warm_up.as_secs_f64(),
        asked_seconds: plan.duration.map(|duration| duration.as_secs_f64()),
        seconds: 0.0,
        euiccs: fleet.size(),
        curve: fleet.curve().to_string(),
        connections: plan.arrival.connections(),
        new_connections: target.new_connections(),
        binding: target.binding().to_owned(),
    }
}

/// What the process spends while it is measured.
struct Spent {
    /// The end of the warm-up.
    from: Instant,
    /// What it had spent by then; none before.
    before: Option<Duration>,
}

impl Spent {
    fn look(&mut self) {
        if self.before.is_none() && Instant::now() >= self.from {
            self.before = Some(processor_time());
        }
    }

    fn since(&self) -> Duration {
        self.before.map(|before| processor_time().saturating_sub(before)).unwrap_or_default()
    }
}

/// Tells how the run gets on, and notes what the process has spent when the warm-up ends.
async fn tell<T: Target>(
    attempts: &Attempts<T>,
    spent: &mut Spent,
    mut progress: impl FnMut(&Progress),
) -> std::convert::Infallible {
    let mut last = (Instant::now(), 0);
    let mut per_second = 0.0;
    loop {
        spent.look();
        let next = Instant::now() + TELLING;
        let wake = if spent.before.is_none() { next.min(spent.from) } else { next };
        tokio::time::sleep_until(wake.into()).await;
        spent.look();
        let counts = attempts.counts();
        let now = Instant::now();
        let since = now.duration_since(last.0);
        if since >= Duration::from_secs(1) {
            per_second = counts.succeeded.saturating_sub(last.1) as f64 / since.as_secs_f64();
            last = (now, counts.succeeded);
        }
        progress(&Progress {
            elapsed: now.duration_since(attempts.begun),
            warming_up: now < attempts.from,
            done: attempts.done(now),
            per_second,
            counts,
        });
    }
}

fn generator(collected: &Collected, processor: Duration, elapsed: Duration, processors: usize) -> Generator {
    let offered = elapsed.as_secs_f64() * processors as f64;
    let attempts = collected.meanwhile.ended.max(1) as f64;
    Generator {
        processor_seconds: processor.as_secs_f64(),
        share: if offered > 0.0 { processor.as_secs_f64() / offered } else { 0.0 },
        per_attempt: processor.as_secs_f64() * 1e6 / attempts,
        euicc_per_attempt: collected.meanwhile.euicc.as_secs_f64() * 1e6 / attempts,
        lag: collected.lag,
    }
}
