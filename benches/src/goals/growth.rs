//! Whether a download costs more where there are more orders.

use std::fs::File;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use super::bench::Bench;
use super::goal::{Bound, Goal, Row, Unit};
use super::lpas::Lpas;
use super::server::Server;
use super::stock::{Stock, filling, matching_id, orders};
use crate::measure::median;
use crate::subjects::compared::{each, micros, middle, times};

/// The goal.
pub static GOALS: [Goal; 1] = [Goal {
    name: "growth",
    what: "processor time of a download among all orders against among few, durable SQLite",
    bound: Bound::AtMost(1.15, Unit::Times),
}];

const ROUNDS: usize = 5;

/// Two servers, asked in turn.
pub fn measure(bench: &Bench) -> Result<Vec<Row>> {
    let [few, many] = bench.options.growth_orders;
    // Of the smaller store, nearly all may be downloaded.
    let downloads = bench.options.downloads.min(usize::try_from(few.min(many))? * 9 / 10 / (ROUNDS + 1));
    ensure!(downloads > 0, "{few} and {many} orders are too few");
    let mut small = Shop::new(bench, "few", few, downloads)?;
    let mut large = Shop::new(bench, "many", many, downloads)?;
    let generator = bench.generator()?;
    for shop in [&mut small, &mut large] {
        shop.round(&generator)?;
    }
    let (mut of_few, mut of_many) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        of_few.push(small.round(&generator)?);
        of_many.push(large.round(&generator)?);
    }
    let ratios = of_many.iter().zip(&of_few).map(|(many, few)| times(many.cost, few.cost)).collect();
    let figure = format!("{}; {}", large.told(&of_many)?, small.told(&of_few)?);
    let [goal] = &GOALS;
    Ok(vec![goal.measured(middle(ratios), figure)])
}

/// One download, in the mean of a round.
struct Round {
    /// Processor time of the server.
    cost: Duration,
    /// From one to the next.
    took: Duration,
}

/// A server with orders, some of which are downloaded.
struct Shop {
    number: u64,
    stock: Stock,
    server: Server,
    lpas: Lpas,
    waiting: std::vec::IntoIter<String>,
    downloads: usize,
    at_once: usize,
}

impl Shop {
    /// The orders that are downloaded stand evenly among the others, so that each is found in another place.
    fn new(bench: &Bench, name: &str, number: u64, downloads: usize) -> Result<Self> {
        let wanted = u64::try_from((ROUNDS + 1) * downloads)?;
        let step = number / wanted.max(1);
        let is_wanted = |order: u64| order.is_multiple_of(step) && order / step < wanted;
        let made = (0..number).map(|order| match is_wanted(order) {
            true => orders([order]).next().context("no order")?,
            false => filling(order),
        });
        let begun = Instant::now();
        bench.say(&format!("making {number} orders"));
        let folder = bench.folder(&format!("growth-{name}"))?;
        let stock = Stock::sqlite(&folder, made)?;
        bench.say(&format!(
            "made in {:.0} s, {} MB",
            begun.elapsed().as_secs_f64(),
            size(&stock)? / 1_000_000
        ));
        let server = Server::start(bench, &stock)?;
        let lpas = Lpas::of(bench, &server)?;
        let waiting: Vec<String> = scattered(wanted).map(|index| matching_id(index * step)).collect();
        let (waiting, at_once) = (waiting.into_iter(), bench.options.connections);
        Ok(Self { number, stock, server, lpas, waiting, downloads, at_once })
    }

    fn round(&mut self, generator: &tokio::runtime::Runtime) -> Result<Round> {
        let orders: Vec<String> = self.waiting.by_ref().take(self.downloads).collect();
        in_memory(Path::new(&self.stock.store))?;
        let before = self.server.cpu()?;
        let took = generator.block_on(self.lpas.download(&orders, self.at_once))?;
        let spent = self.server.cpu()? - before;
        Ok(Round { cost: each(spent, orders.len()), took: each(took, orders.len()) })
    }

    /// `611 µs and 812 downloads a second among 10000 orders, a file of 138 MB`.
    fn told(&self, rounds: &[Round]) -> Result<String> {
        let middle = |of: fn(&Round) -> Duration| median(rounds.iter().map(of).collect());
        Ok(format!(
            "{} and {:.0} downloads a second among {} orders, a file of {} MB",
            micros(middle(|round| round.cost)),
            1.0 / middle(|round| round.took).as_secs_f64(),
            self.number,
            size(&self.stock)? / 1_000_000
        ))
    }
}

/// The numbers below `end`, each once, neighbours far from each other: nobody downloads in the order of the orders.
pub fn scattered(end: u64) -> impl Iterator<Item = u64> {
    const PRIME: u64 = 7_368_787;
    // A multiple of the prime would visit few of them.
    let step = if end.is_multiple_of(PRIME) { 1 } else { PRIME };
    (0..end).map(move |index| index * step % end)
}

/// Has the system read a file, which it may have put out of its memory meanwhile: a processor that waits for a disk is not what is
/// measured here, and how much the system keeps has little to do with the server.
fn in_memory(file: &Path) -> Result<()> {
    let mut file = File::open(file)?;
    std::io::copy(&mut file, &mut std::io::sink())?;
    Ok(())
}

fn size(stock: &Stock) -> Result<u64> {
    Ok(std::fs::metadata(Path::new(&stock.store))?.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_scattered_is_still_all_there() {
        for end in [0, 1, 2, 999, 9000, 7_368_787] {
            let mut numbers: Vec<u64> = scattered(end).collect();
            numbers.sort_unstable();
            assert!(numbers.into_iter().eq(0..end), "{end}");
        }
    }
}
