//! Counts the instructions of everything that is measured, and compares two counts.
//!
//!     cargo run --release -p benches --bin instructions -- es9plus --json counts.json
//!     cargo run --release -p benches --bin instructions -- compare main
//!     cargo run --release -p benches --bin instructions -- compare before.json after.json --threshold 1

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use benches::instructions::compare::{Comparison, THRESHOLD};
use benches::instructions::revision::Repository;
use benches::instructions::{Counts, call, count};
use clap::{Args, Parser, Subcommand};
use tokio::signal::unix::{SignalKind, signal};

/// That of `rsp`, so that what is measured here is what is shipped.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Counts the instructions of everything that is measured, with callgrind.
#[derive(Parser)]
#[command(args_conflicts_with_subcommands = true)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    count: Count,
}

#[derive(Args)]
struct Count {
    /// Only subjects with this in their name
    filter: Option<String>,
    /// Writes the counts to this file
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

#[derive(Subcommand)]
enum Command {
    /// Compares two revisions, or two files that --json wrote
    Compare(Compare),
    /// What is run under callgrind
    #[command(hide = true)]
    Call { name: String },
}

#[derive(Args)]
struct Compare {
    /// A revision, or a .json file
    before: String,
    /// Another, or the working tree where it is left out
    after: Option<String>,
    /// Shows changes from so many percent on
    #[arg(long, value_name = "PERCENT", default_value_t = THRESHOLD)]
    threshold: f64,
    /// Only subjects with this in their name
    #[arg(long, default_value = "")]
    filter: String,
}

fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tell(io::stderr(), &format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> Result<()> {
    match arguments.command {
        None => counted(&arguments.count),
        Some(Command::Compare(sides)) => compared(&sides),
        Some(Command::Call { name }) => call(&name),
    }
}

fn counted(arguments: &Count) -> Result<()> {
    let program = std::env::current_exe().context("where this program is")?;
    let told = |name: &str| tell(io::stderr(), name);
    let counts = count(&program, arguments.filter.as_deref().unwrap_or_default(), told)?;
    if let Some(file) = &arguments.json {
        counts.write(file)?;
    }
    tell(io::stdout(), &counts.to_string());
    Ok(())
}

fn compared(Compare { before, after, threshold, filter }: &Compare) -> Result<()> {
    // An interruption goes to what runs just then; this program lives on, and clears up behind it.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
    let _entered = runtime.enter();
    let _interruption = signal(SignalKind::interrupt())?;

    let before = side(Some(before), filter)?;
    let after = side(after.as_deref(), filter)?;
    tell(io::stdout(), &Comparison::new(&before, &after, *threshold).to_string());
    Ok(())
}

/// What was counted before, or is counted now.
fn side(name: Option<&str>, filter: &str) -> Result<Counts> {
    match name {
        Some(file) if file.ends_with(".json") => Counts::read(Path::new(file)),
        Some(revision) => Repository::around(Path::new("."))?.count_revision(revision, filter),
        None => Repository::around(Path::new("."))?.count_working_tree(filter),
    }
}

/// A line; where nobody reads it, it is lost.
fn tell(mut to: impl Write, line: &str) {
    writeln!(to, "{line}").ok();
}
