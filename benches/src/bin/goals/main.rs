//! Measures the goals of speed and size, and prints them as a table.
//!
//!     cargo run --release -p benches --bin goals                          # all of them: more than an hour
//!     cargo run --release -p benches --bin goals -- bind session          # some
//!     cargo run --release -p benches --bin goals -- --quick               # whether everything can be measured

#![expect(clippy::print_stdout, reason = "this is a program that talks to its user")]

#[cfg(target_os = "linux")]
mod command;

/// That of `rsp`, so that what is measured here is what is shipped.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[cfg(target_os = "linux")]
fn main() -> anyhow::Result<std::process::ExitCode> {
    command::run()
}

#[cfg(not(target_os = "linux"))]
fn main() {
    println!("The goals are measured on Linux: processor time, memory and processors are asked of it.");
}
