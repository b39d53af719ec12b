//! What a run tells: what was asked for, what came back and how soon, and what the generator itself cost.
//!
//! Times are whole microseconds. Everything can be written to JSON and read again, so that two runs can be compared.

use serde::{Deserialize, Serialize};

/// Counts up when a reader of earlier results would misread this one.
pub const FORMAT: u32 = 1;

/// One run.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct LoadResult {
    /// [`FORMAT`].
    pub format: u32,
    /// The server, as eUICCs call it.
    pub target: String,
    /// `download`, or a function of ES9+ by its name.
    pub what: String,
    /// When it began, RFC 3339.
    pub began: String,
    /// What was asked for.
    pub plan: PlanTold,
    /// Where the generator ran.
    pub machine: Machine,
    /// Why it ended.
    pub ended: Ended,
    /// Attempts that succeeded in a second: those whose end came after the warm-up and before the end of the run, whenever they
    /// were due.
    pub throughput: f64,
    /// Which orders were presented, those of the warm-up too; none where attempts need none.
    pub orders_used: Option<OrdersUsed>,
    /// Each measured step of its own, in the order in which they happen; of a download its four functions.
    pub steps: Vec<StepResult>,
    /// The whole of it: of a download from when it was due to the last answer, less what was computed here: by the eUICC, and to
    /// write requests and read answers.
    pub whole: StepResult,
    /// Where attempts came one after the other: the interval, microseconds, by which latencies are corrected for those that a
    /// slow answer kept from coming. Otherwise latencies count from when an attempt was due.
    pub corrected_by: Option<u64>,
    /// How attempts ended, by name: `ok`, `busy` (503), `refused 8.2.6/3.8`, `not connected` …; most frequent first.
    pub outcomes: Vec<Outcome>,
    /// Second by second after the warm-up.
    pub timeline: Vec<Second>,
    /// What the generator itself cost.
    pub generator: Generator,
}

/// What was asked for.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct PlanTold {
    /// How attempts arrive.
    pub arrival: ArrivalTold,
    /// How those by the clock are spread; none where they come one after the other.
    pub spread: Option<Spread>,
    /// What was left to chance follows from it.
    pub seed: u64,
    /// How many orders there were, or how many attempts were wanted; none where only time ends the run.
    pub count: Option<u64>,
    /// Whether the first order comes again after the last.
    pub again: bool,
    /// Seconds that were not measured.
    pub warm_up: f64,
    /// Seconds that were to be measured; none where only the orders end the run.
    pub asked_seconds: Option<f64>,
    /// Seconds that were.
    pub seconds: f64,
    /// How many eUICCs took turns.
    pub euiccs: usize,
    /// The curve of their keys: `NIST P-256` or `brainpoolP256r1`.
    pub curve: String,
    /// How many connections were open at most.
    pub connections: usize,
    /// Whether each attempt made one of its own.
    pub new_connections: bool,
    /// `json` or `asn1`.
    pub binding: String,
}

/// How attempts arrive.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ArrivalTold {
    /// So many a second, whether earlier ones have ended or not.
    Rate(f64),
    /// So many at a time, the next when one ends.
    Concurrency(usize),
}

/// How attempts are spread over time.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Spread {
    /// One like the other.
    Even,
    /// As those of many who know nothing of each other: a Poisson process.
    Poisson,
}

/// Why a run ended.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ended {
    /// It went as long as it should.
    Time,
    /// There was an attempt for each order, or as many as were wanted.
    Orders,
    /// Somebody stopped it.
    Interrupted,
}

/// The orders that were used, counted from 1: by the numbers in their pattern, or the lines of their file that are not empty.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct OrdersUsed {
    /// The first.
    pub first: u64,
    /// The last.
    pub last: u64,
}

/// A machine.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Machine {
    /// Its processor, as the system calls it.
    pub processor: String,
    /// How many of its processors this process may use.
    pub processors: usize,
    /// Kernel and architecture.
    pub system: String,
}

/// One step, or the whole.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct StepResult {
    /// Its name: that of the function, or `download`.
    pub name: String,
    /// How often it succeeded.
    pub succeeded: u64,
    /// How often it did not.
    pub failed: u64,
    /// How long it took where it succeeded, from the moment at which it was due, or corrected as [`LoadResult::corrected_by`]
    /// says: what waited because the server was slow has waited in here.
    pub latency: Latency,
    /// The same from the moment at which it really began.
    pub service: Latency,
    /// `latency` as an HDR histogram, V2 deflated, in base64.
    pub histogram: String,
}

/// How long something took, microseconds.
#[derive(Clone, Copy, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Latency {
    /// The shortest.
    pub min: u64,
    /// The mean.
    pub mean: f64,
    /// Half were faster.
    pub p50: u64,
    /// Nine in ten were.
    pub p90: u64,
    /// 99 in a hundred.
    pub p99: u64,
    /// 999 in a thousand.
    pub p999: u64,
    /// The longest.
    pub max: u64,
}

/// How often attempts ended so.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Outcome {
    /// How.
    pub name: String,
    /// How often.
    pub count: u64,
    /// What was told of the first that ended so, 200 characters at most; empty where the name says all.
    pub first: String,
}

/// One second of the run.
#[derive(Clone, Copy, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Second {
    /// Counted from the end of the warm-up.
    pub second: u64,
    /// Attempts that were due.
    pub due: u64,
    /// That succeeded.
    pub succeeded: u64,
    /// That were answered with 503.
    pub busy: u64,
    /// That ended otherwise.
    pub failed: u64,
    /// Of those that succeeded, the middle latency.
    pub p50: u64,
    /// And the 99th percentile.
    pub p99: u64,
}

/// What the generator itself cost, so that nobody measures it instead of the server.
#[derive(Clone, Copy, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Generator {
    /// Processor time of the whole process while it was measured, seconds.
    pub processor_seconds: f64,
    /// Of all processors it may use, the share.
    pub share: f64,
    /// Processor time for each attempt that ended meanwhile, microseconds.
    pub per_attempt: f64,
    /// Of that, what the eUICC computes.
    pub euicc_per_attempt: f64,
    /// How late attempts began after they could have because the generator was not ready: they were due, and there was a
    /// connection. Microseconds; zeros where attempts come one after the other, since none is due then.
    pub lag: Latency,
}
