//! `rsp`: an SM-DP+, an SM-DS, an eUICC and an LPA in one program. Parses, composes, prints; the work is in the crates below.

#![expect(clippy::print_stdout, reason = "this is the program that talks to its user")]

mod command;
mod compose;
mod config;
mod io;
mod port;

use std::process::ExitCode;

use clap::Parser;
use mimalloc::MiMalloc;

use crate::command::Command;
use crate::io::printable::Printable;

/// A request is a hundred small pieces of memory, taken and given back: a few hundredths of what a download costs a server.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// An open SM-DP+, SM-DS, eUICC and LPA (GSMA SGP.22) to test against.
#[derive(Parser)]
#[command(version, max_term_width = 110)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    trace: command::TraceArguments,
    #[command(flatten)]
    log: io::log::LogArguments,
}

/// Exit codes: 0 done, 1 failed, 2 arguments that cannot be read; what `rsp conform` found out, it tells by codes of its own.
fn main() -> ExitCode {
    let arguments = Arguments::parse();
    arguments.log.start();
    match arguments.command.run(&arguments.trace) {
        Ok(code) => code,
        Err(error) => match error.downcast::<clap::Error>() {
            Ok(usage) => usage.exit(),
            Err(error) => {
                eprintln!("rsp: {}", Printable(format_args!("{error:#}")));
                ExitCode::FAILURE
            }
        },
    }
}
