//! When attempts of a run begin, and when the run ends.

use std::time::Duration;

use anyhow::Result;
use benches::load::arrival::{Rate, Spread};
use benches::load::orders::Orders;
use benches::load::plan::{Arrival, LONGEST, Plan, What};
use clap::Args;
use clap::builder::RangedI64ValueParser;
use rand_core::Rng;

use crate::io::machine;

#[derive(Args)]
#[command(next_help_heading = "When")]
pub struct PlanArguments {
    /// So many attempts a second, whether earlier ones have ended or not: an open loop
    #[arg(long, value_name = "PER-SECOND", required_unless_present = "concurrency")]
    rate: Option<f64>,
    /// Spread them as those of many who know nothing of each other
    #[arg(long, requires = "rate", conflicts_with = "concurrency")]
    poisson: bool,
    /// So many connections at most; what is due when all are taken waits
    #[arg(long, value_name = "N", conflicts_with = "concurrency", default_value_t = 512, value_parser = connections())]
    connections: u32,
    /// So many attempts at a time, the next when one ends: a closed loop
    #[arg(long, value_name = "N", conflicts_with = "rate", value_parser = connections())]
    concurrency: Option<u32>,
    /// Seconds before anything is measured; they use up orders
    #[arg(long, value_name = "SECONDS", default_value = "0", value_parser = seconds)]
    warm_up: Duration,
    /// Seconds that are measured [default: until there is nothing left to attempt]
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    duration: Option<Duration>,
    /// The same challenges and the same Poisson process again follow from this number. Without it one is drawn, and told in the
    /// report
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
}

impl PlanArguments {
    pub fn plan(&self, what: What, orders: Orders) -> Result<Plan> {
        let seed = match self.seed {
            Some(seed) => seed,
            None => machine::system_rng()?.next_u32().into(),
        };
        let arrival = match (self.rate, self.concurrency) {
            (Some(per_second), _) => {
                let spread = if self.poisson { Spread::Poisson } else { Spread::Even };
                Arrival::Rate { rate: Rate { per_second, spread }, connections: self.connections as usize }
            }
            (None, concurrency) => Arrival::Concurrency(concurrency.unwrap_or_default() as usize),
        };
        Ok(Plan { what, arrival, warm_up: self.warm_up, duration: self.duration, orders, seed })
    }
}

/// How many there may be.
fn connections() -> RangedI64ValueParser<u32> {
    clap::value_parser!(u32).range(1..=1_000_000)
}

/// A time, ten years at most.
pub fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().map_err(|_| format!("{text:?} is no number of seconds"))?;
    let time = Duration::try_from_secs_f64(seconds).map_err(|error| error.to_string())?;
    if time <= LONGEST { Ok(time) } else { Err("ten years at most".to_owned()) }
}
