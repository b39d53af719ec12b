//! What the eUICCs of a run ask for.

use std::path::PathBuf;

use anyhow::{Context, Result};
use benches::load::orders::{Orders, Pattern};
use clap::Args;
use protocol::types::ServerAddress;

/// The orders of a function.
pub trait OrderArguments: Args {
    /// Reads them; they are on this server.
    fn read(&self, server: &ServerAddress) -> Result<Orders>;
}

/// Orders that are used up.
#[derive(Args)]
#[command(next_help_heading = "Orders that are ready on the server; each is used once")]
pub struct OrdersToTake {
    /// A file with one MatchingID or activation code a line
    #[arg(long, value_name = "FILE", required_unless_present = "pattern", conflicts_with = "pattern")]
    orders: Option<PathBuf>,
    /// MatchingIDs that are numbered: the number stands for {}
    #[arg(long = "matching-id-pattern", value_name = "PATTERN", requires = "count")]
    pattern: Option<Pattern>,
    /// How many of those there are
    #[arg(long, value_name = "N", requires = "pattern", value_parser = clap::value_parser!(u64).range(1..))]
    count: Option<u64>,
    /// The number of the first of those: the orders that an earlier run has used are left out
    #[arg(long, value_name = "N", requires = "pattern", default_value_t = 1)]
    first: u64,
}

/// Orders that are left as they were.
#[derive(Args)]
pub struct OrdersToTakeAgain {
    #[command(flatten)]
    orders: OrdersToTake,
    /// Begin with the first order again after the last. Servers end an order after so many attempts: `rsp smdp serve` does
    /// after those of --download-attempts
    #[arg(long)]
    reuse_orders: bool,
}

/// No orders.
#[derive(Args)]
#[command(next_help_heading = "Attempts")]
pub struct Attempts {
    /// How many attempts to make [default: as many as --duration has time for]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    count: Option<u64>,
}

impl OrderArguments for OrdersToTake {
    fn read(&self, server: &ServerAddress) -> Result<Orders> {
        if let (Some(pattern), Some(count)) = (&self.pattern, self.count) {
            return Ok(Orders::numbered(pattern.clone(), self.first, count));
        }
        let path = self.orders.as_deref().context("--orders is missing")?;
        let text = std::fs::read_to_string(path);
        let text = text.with_context(|| format!("cannot read {}", path.display()))?;
        Orders::listed(&text, server).with_context(|| path.display().to_string())
    }
}

impl OrderArguments for OrdersToTakeAgain {
    fn read(&self, server: &ServerAddress) -> Result<Orders> {
        let orders = self.orders.read(server)?;
        Ok(if self.reuse_orders { orders.again() } else { orders })
    }
}

impl OrderArguments for Attempts {
    fn read(&self, _: &ServerAddress) -> Result<Orders> {
        Ok(Orders::none(self.count))
    }
}
