//! The log, on standard error.

use std::io::IsTerminal;

use clap::{Args, ValueEnum};
use tracing_subscriber::EnvFilter;

/// How the log is written, on every command.
#[derive(Args)]
pub struct LogArguments {
    /// What is logged: a level, or levels by module (`info,smdp=debug`)
    #[arg(long, global = true, value_name = "FILTER", default_value = "warn", env = "RSP_LOG")]
    log: EnvFilter,
    /// How a line of the log is written
    #[arg(long, global = true, value_enum, default_value = "text", env = "RSP_LOG_FORMAT")]
    log_format: Format,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// One JSON object a line, for machines
    Json,
}

impl LogArguments {
    pub fn start(&self) {
        let log = tracing_subscriber::fmt().with_env_filter(self.log.clone()).with_writer(std::io::stderr);
        // A log on a full disk must not stop the server: the complaint about it, on standard error too, would panic.
        let log = log.log_internal_errors(false);
        match self.log_format {
            Format::Text => log.with_ansi(std::io::stderr().is_terminal()).init(),
            Format::Json => log.json().flatten_event(true).init(),
        }
    }
}
