//! `rsp load packaging`.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context, Result};
use benches::load::packaging::{Plan, Progress, SIZES, run};
use benches::load::report::packaging::{csv, html, json, text};
use benches::load::report::units;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use super::output::{OutputArguments, print};
use super::plan::seconds;
use crate::command::CurveName;
use crate::compose::serving::interrupted;

/// Measures profile packaging alone, in this process and without a network.
#[derive(Args)]
pub struct Packaging {
    /// The sizes of the packages in bytes, 1500 at least
    #[arg(long, value_name = "BYTES", value_delimiter = ',', default_values_t = SIZES, value_parser = size)]
    sizes: Vec<usize>,
    /// How many threads do the same at once
    #[arg(long, value_name = "N", default_value = "1")]
    threads: NonZeroUsize,
    /// Seconds that each step goes on with each size
    #[arg(long, value_name = "SECONDS", default_value = "2", value_parser = seconds)]
    duration: Duration,
    /// The curve of the keys
    #[arg(long, value_enum, default_value = "nist")]
    curve: CurveName,
    /// A folder on the disk on which imports are measured; nothing is left there
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    folder: PathBuf,
    #[command(flatten)]
    output: OutputArguments,
}

impl Packaging {
    /// Fails where it is interrupted: there is a result of all steps, or none.
    pub async fn run(self) -> Result<ExitCode> {
        let Self { sizes, threads, duration, curve, folder, output } = self;
        output.prepare()?;
        let plan = Plan { sizes, threads, duration, curve: curve.into(), folder };
        let bar = bar(&plan)?;
        let stop = Arc::new(AtomicBool::new(false));
        let mut running = tokio::task::spawn_blocking({
            let (bar, stop) = (bar.clone(), stop.clone());
            move || run(&plan, &stop, |progress| show(&bar, progress))
        });
        let ended = tokio::select! {
            ended = &mut running => ended,
            () = interrupted() => {
                // It removes its store before it ends.
                stop.store(true, Ordering::Relaxed);
                running.await
            }
        };
        bar.finish_and_clear();
        let result = ended.context("the measurement fell over")??;
        let written = output.write(|| json::write(&result), || csv::write(&result), || html::write(&result));
        print(text::write(&result))?;
        written?;
        Ok(ExitCode::SUCCESS)
    }
}

/// A line on standard error; nothing where that is no terminal.
fn bar(plan: &Plan) -> Result<ProgressBar> {
    let steps = plan.sizes.len() * benches::load::packaging::Step::ALL.len();
    let style = ProgressStyle::with_template("{bar:20} {pos}/{len} {msg}")?;
    Ok(ProgressBar::new(steps as u64).with_style(style))
}

fn show(bar: &ProgressBar, progress: Progress) {
    bar.set_position(progress.rows as u64);
    let Progress { step, size, packages, .. } = progress;
    bar.set_message(format!("{}, {}: {} packages", step.name(), units::size(size), units::count(packages)));
}

/// So small that something of the built-in profile is in it, and no larger than a store takes.
fn size(text: &str) -> Result<usize, String> {
    let size = text.parse().map_err(|_| format!("{text:?} is no number of bytes"))?;
    if (1500..=1_048_576).contains(&size) { Ok(size) } else { Err("1500 to 1048576".to_owned()) }
}
