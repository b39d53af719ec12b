//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, bail, ensure};
use benches::goals::bench::Bench;
use benches::goals::options::{Options, Osmo};
use benches::goals::stock;
use benches::goals::table::Table;
use benches::goals::{SUBJECTS, Subject};
use benches::load::machine;
use clap::Parser;

/// What is wanted of the speed and the size of this project, measured and held against its bounds
#[derive(Parser)]
#[command(max_term_width = 110)]
struct Arguments {
    /// Which goals; all of them unless given
    #[arg(value_name = "GOAL")]
    goals: Vec<String>,
    /// Only say which goals there are
    #[arg(long)]
    list: bool,
    /// Small numbers, to see whether everything can be measured: no result
    #[arg(long)]
    quick: bool,
    /// Also write the table into files of this name, .txt and .json
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    sizes: Sizes,
    #[command(flatten)]
    osmo: OsmoArguments,
}

/// What costs time or space.
#[derive(clap::Args)]
struct Sizes {
    /// Where stores are made; the folder for temporary files unless given. It should be on the disk that is meant
    #[arg(long, value_name = "FOLDER")]
    folder: Option<PathBuf>,
    /// The program to measure; it is built unless given
    #[arg(long, value_name = "FILE")]
    rsp: Option<PathBuf>,
    /// Connections over which is downloaded
    #[arg(long)]
    connections: Option<usize>,
    /// Downloads over which memory is to stay flat
    #[arg(long)]
    downloads: Option<usize>,
    /// Orders of the large store (a million takes 0.6 GB)
    #[arg(long, value_parser = clap::value_parser!(u64).range(100..))]
    growth_orders: Option<u64>,
    /// Events of the large SM-DS
    #[arg(long)]
    events: Option<u64>,
}

/// The osmo-smdpp to compare with.
#[derive(clap::Args)]
struct OsmoArguments {
    /// How it calls itself, which it compares with what LPAs take it for
    #[arg(long, value_name = "HOST[:PORT]", requires_all = ["osmo_at", "osmo_certs", "osmo_profile", "osmo_matching_id"])]
    osmo: Option<String>,
    /// Where it listens
    #[arg(long, value_name = "IP:PORT")]
    osmo_at: Option<SocketAddr>,
    /// The test certificates of SGP.26 that it has, with all keys
    #[arg(long, value_name = "FOLDER")]
    osmo_certs: Option<PathBuf>,
    /// A profile package that it has
    #[arg(long, value_name = "FILE")]
    osmo_profile: Option<PathBuf>,
    /// And under which MatchingID
    #[arg(long, value_name = "ID")]
    osmo_matching_id: Option<String>,
    /// For how many seconds it is asked
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    osmo_seconds: u64,
}

/// Does what the command line says.
///
/// # Errors
/// Where nothing can be measured. What goes wrong with one goal stands in the table.
pub fn run() -> Result<ExitCode> {
    let arguments = Arguments::parse();
    let subjects = chosen(&arguments.goals)?;
    if arguments.list {
        for goal in subjects.iter().flat_map(|subject| subject.goals) {
            println!("{:<20} {:>10}  {}", goal.name, goal.bound.to_string(), goal.what);
        }
        return Ok(ExitCode::SUCCESS);
    }
    let (quick, out) = (arguments.quick, arguments.out.clone());
    if cfg!(debug_assertions) {
        ensure!(
            out.is_none(),
            "what is measured without --release is no result, and is not written to --out"
        );
        eprintln!("This program was built without --release: what it measures is no result.");
    }
    let bench = Bench::new(arguments.options())?;
    let mut table = Table {
        began: stock::now()?.to_string(),
        machine: machine::here(),
        surroundings: bench.surroundings()?,
        quick,
        rows: Vec::new(),
    };
    for subject in subjects {
        eprintln!("{}", subject.name);
        table.rows.extend(subject.measure(&bench));
    }
    let text = table.text();
    println!("{text}");
    if let Some(out) = out {
        let write = |extension: &str, content: &str| {
            let file = out.with_extension(extension);
            std::fs::write(&file, content).with_context(|| format!("cannot write {}", file.display()))
        };
        write("txt", &text)?;
        write("json", &table.json()?)?;
    }
    Ok(if table.is_whole() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn chosen(names: &[String]) -> Result<Vec<&'static Subject>> {
    let unknown = names.iter().find(|name| !SUBJECTS.iter().any(|subject| subject.answers_to(name)));
    if let Some(name) = unknown {
        bail!("there is no goal {name:?}; --list says which there are");
    }
    let is_chosen =
        |subject: &&Subject| names.is_empty() || names.iter().any(|name| subject.answers_to(name));
    Ok(SUBJECTS.iter().filter(is_chosen).collect())
}

impl Arguments {
    fn options(self) -> Options {
        let mut options = if self.quick { Options::quick() } else { Options::default() };
        let Sizes { folder, rsp, connections, downloads, growth_orders, events } = self.sizes;
        (options.folder, options.rsp) = (folder, rsp);
        options.connections = connections.unwrap_or(options.connections);
        options.flat_downloads = downloads.unwrap_or(options.flat_downloads);
        let [few, many] = options.growth_orders;
        options.growth_orders = [few, growth_orders.unwrap_or(many)];
        let [few, many] = options.events;
        options.events = [few, events.unwrap_or(many)];
        options.osmo = self.osmo.given();
        options
    }
}

impl OsmoArguments {
    fn given(self) -> Option<Osmo> {
        Some(Osmo {
            address: self.osmo?,
            place: self.osmo_at?,
            certs: self.osmo_certs?,
            profile: self.osmo_profile?,
            matching_id: self.osmo_matching_id?,
            seconds: self.osmo_seconds,
        })
    }
}
