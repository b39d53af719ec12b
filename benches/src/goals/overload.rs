//! More requests than a server can answer: those that it takes it carries through, the others hear soon when to come back.

use std::time::Duration;

use anyhow::{Result, ensure};
use tokio::time::sleep;

use super::bench::Bench;
use super::goal::{Bound, Goal, Row, Unit};
use super::lpas::Lpas;
use super::server::Server;
use super::stock::{MOST_DOWNLOADS, Stock, matching_id, orders};
use crate::load::result::{LoadResult, Outcome, Second};

/// Over connections that are kept.
pub static GOALS: [Goal; 3] = [
    Goal {
        name: "overload",
        what: "downloads a second at three times the sustainable rate, against the peak",
        bound: Bound::AtLeast(0.80, Unit::Share),
    },
    Goal {
        name: "overload-answers",
        what: "of what was not downloaded then, answered with 503 and Retry-After",
        bound: Bound::AtLeast(1.0, Unit::Share),
    },
    Goal {
        name: "overload-after",
        what: "from the end of the overload until latency and refusals are as before again",
        bound: Bound::AtMost(5.0, Unit::Seconds),
    },
];

/// Over a connection for each attempt.
pub static CONNECTING: [Goal; 1] = [Goal {
    name: "overload-connecting",
    what: "the same with a connection for each download, the peak too; the rest is refused, or cut off before TLS is up",
    bound: Bound::AtLeast(0.80, Unit::Share),
}];

/// How many times more than can be borne.
const TOO_MUCH: f64 = 3.0;
/// Part of the peak at which latency is normal.
const NORMAL: f64 = 0.5;
/// Connections at the peak.
const AT_ONCE: usize = 64;
/// What is not measured of the peak, and before.
const WARM_UP: Duration = Duration::from_secs(2);
/// The beginning of the flood, in which thousands of connections are opened, is not measured.
const RISE: Duration = Duration::from_secs(5);
/// For how long latency is looked at before and after.
const LOOK: Duration = Duration::from_secs(10);
/// Later than this at the 99th percentile, microseconds, the generator has not asked for as much as it should have.
const TOO_LATE: u64 = 100_000;

/// As most servers are called that call others.
pub fn kept(bench: &Bench) -> Result<Vec<Row>> {
    let Overload { peak, before, during, after, told } = Overload::measured(bench, |lpas| lpas)?;
    let [goodput_goal, answers_goal, after_goal] = &GOALS;
    let [p99_before, p99_during, p99_after] =
        [&before, &during, &after].map(|it| it.whole.latency.p99 as f64 / 1e3);
    let latency =
        format!("p99 {p99_before:.1} ms before, {p99_during:.1} ms during, {p99_after:.1} ms after");
    Ok(vec![
        goodput_goal.measured(during.throughput / peak, goodput(&during, peak)),
        answers_goal.measured(share_sent_away(&during.outcomes), told),
        after_goal.measured(seconds_until_normal(&before.timeline, &after.timeline), latency),
    ])
}

/// As LPAs call.
pub fn connecting(bench: &Bench) -> Result<Vec<Row>> {
    let Overload { peak, during, told, .. } = Overload::measured(bench, Lpas::with_new_connections)?;
    let [goal] = &CONNECTING;
    let figure = format!("{}; {told}", goodput(&during, peak));
    Ok(vec![goal.measured(during.throughput / peak, figure)])
}

/// What came of it.
struct Overload {
    /// Downloads a second.
    peak: f64,
    before: LoadResult,
    during: LoadResult,
    /// From the moment on at which nobody asked for too much any more.
    after: LoadResult,
    /// How attempts ended, and what the server says of itself.
    told: String,
}

impl Overload {
    /// First the peak, which says how many orders the rest takes; then normal, too much, and normal again.
    fn measured(bench: &Bench, connected: fn(Lpas) -> Lpas) -> Result<Self> {
        let peak = peak(bench, connected)?;
        let time = Duration::from_secs(bench.options.overload_seconds);
        let needed = |per_second: f64, time: Duration| (per_second * time.as_secs_f64() * 1.1 + 100.0) as u64;
        let (normal, too_much) =
            (needed(peak * NORMAL, WARM_UP + LOOK), needed(peak * TOO_MUCH, RISE + time));
        let all = too_much + 2 * normal;
        bench.say(&format!("at most {peak:.0} a second; making {all} orders"));
        let stock = Stock::sqlite(&bench.folder("overload")?, orders(0..all))?;
        let server = Server::start(bench, &stock)?;
        let generator = bench.generator()?;
        let lpas = connected(Lpas::of(bench, &server)?);
        let mut waiting = (0..).map(matching_id);
        let mut some = |number: u64| waiting.by_ref().take(number as usize).collect::<Vec<_>>();
        let [first, flood, last] = [some(normal), some(too_much), some(normal)];

        let before = generator.block_on(lpas.arrive(&first, peak * NORMAL, [WARM_UP, LOOK]))?;
        bench.say(&format!("{:.0} a second for {} s", peak * TOO_MUCH, time.as_secs()));
        let (during, after) = generator.block_on(async {
            tokio::try_join!(lpas.arrive(&flood, peak * TOO_MUCH, [RISE, time]), async {
                // What the flood has left behind is not over then.
                sleep(RISE + time).await;
                lpas.arrive(&last, peak * NORMAL, [Duration::ZERO, LOOK]).await
            })
        })?;
        let late = during.generator.lag.p99;
        ensure!(late < TOO_LATE, "the generator was the limit: {}", goodput(&during, peak));
        let told = format!("{}; of the server: {}", outcomes(&during.outcomes), server.overloads()?);
        Ok(Self { peak, before, during, after, told })
    }
}

fn peak(bench: &Bench, connected: fn(Lpas) -> Lpas) -> Result<f64> {
    let time = LOOK.min(Duration::from_secs(bench.options.overload_seconds));
    let number = MOST_DOWNLOADS * (WARM_UP + time).as_secs();
    bench.say(&format!("making {number} orders to find the peak"));
    let stock = Stock::sqlite(&bench.folder("peak")?, orders(0..number))?;
    let server = Server::start(bench, &stock)?;
    let lpas = connected(Lpas::of(bench, &server)?);
    let waiting: Vec<String> = (0..number).map(matching_id).collect();
    let found = lpas.download_for(&waiting, false, AT_ONCE, [WARM_UP, time]);
    Ok(bench.generator()?.block_on(found)?.throughput)
}

fn goodput(during: &LoadResult, peak: f64) -> String {
    format!(
        "{:.0} a second of {:.0} asked for, {peak:.0} at most; the generator {:.1} ms late at p99",
        during.throughput,
        peak * TOO_MUCH,
        during.generator.lag.p99 as f64 / 1e3
    )
}

/// Of the attempts that did not succeed: what waited for a connection to the end was not answered either.
fn share_sent_away(outcomes: &[Outcome]) -> f64 {
    let count = |is: fn(&str) -> bool| -> u64 {
        outcomes.iter().filter(|outcome| is(&outcome.name)).map(|outcome| outcome.count).sum()
    };
    let others = count(|name| !matches!(name, "ok" | "interrupted"));
    if others == 0 { 1.0 } else { count(|name| name == "busy") as f64 / others as f64 }
}

fn outcomes(outcomes: &[Outcome]) -> String {
    let told: Vec<String> = outcomes.iter().map(|it| format!("{} {}", it.count, it.name)).collect();
    told.join(", ")
}

/// The end of the last second that was not normal: its 99th percentile was more than twice that of the worst second before, nobody
/// succeeded, or more than one in a hundred did not.
fn seconds_until_normal(before: &[Second], after: &[Second]) -> f64 {
    let usual = before.iter().map(|second| second.p99).max().unwrap_or_default();
    let is_normal = |second: &Second| {
        second.p99 <= 2 * usual && second.succeeded > 0 && (second.busy + second.failed) * 100 <= second.due
    };
    let last = after.iter().rev().find(|second| !is_normal(second));
    last.map_or(0.0, |second| (second.second + 1) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcomes(outcomes: &[(&str, u64)]) -> Vec<Outcome> {
        let outcome = |(name, count): &(&str, u64)| Outcome {
            name: (*name).to_owned(),
            count: *count,
            first: String::new(),
        };
        outcomes.iter().map(outcome).collect()
    }

    fn seconds(p99: &[u64]) -> Vec<Second> {
        let second = |(second, p99): (u64, &u64)| Second {
            second,
            due: 100,
            succeeded: 100,
            p99: *p99,
            ..Second::default()
        };
        (0..).zip(p99).map(second).collect()
    }

    #[test]
    fn only_a_503_that_says_when_to_come_back_is_an_answer() {
        for (told, share) in [
            (vec![("ok", 10)], 1.0),
            (vec![("ok", 10), ("busy", 20), ("interrupted", 3)], 1.0),
            (vec![("ok", 10), ("busy", 15), ("no answer in time", 5)], 0.75),
            (vec![("busy without Retry-After", 5)], 0.0),
            (vec![("busy", 5), ("not begun", 45)], 0.1),
        ] {
            assert_eq!(share_sent_away(&outcomes(&told)), share, "{told:?}");
        }
    }

    #[test]
    fn latency_is_normal_after_the_last_second_in_which_it_was_not() {
        let before = seconds(&[10, 12, 11]);
        for (after, until) in
            [(&[20, 24, 9][..], 0.0), (&[500, 300, 25, 24, 10], 3.0), (&[10, 10, 300, 10], 3.0), (&[], 0.0)]
        {
            assert_eq!(seconds_until_normal(&before, &seconds(after)), until, "{after:?}");
        }
    }

    #[test]
    fn a_second_without_a_download_is_not_normal() {
        let mut after = seconds(&[10, 0, 10]);
        after[1].succeeded = 0;
        assert_eq!(seconds_until_normal(&seconds(&[10]), &after), 2.0);
    }

    #[test]
    fn a_second_in_which_many_are_refused_is_not_normal_however_fast_the_others_were() {
        let mut after = seconds(&[10, 10, 10]);
        after[0].busy = 90;
        after[1].busy = 1;
        assert_eq!(seconds_until_normal(&seconds(&[10]), &after), 1.0);
        after[1].failed = 1;
        assert_eq!(seconds_until_normal(&seconds(&[10]), &after), 2.0);
    }
}
