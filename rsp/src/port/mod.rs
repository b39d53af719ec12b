//! Ways to a simulated card: sockets, pseudo-terminals and pipes below the protocols of [`euicc_sim::port`].
//!
//! All ports reach a card through its [`Slot`], one command at a time.

#[cfg(unix)]
pub mod at;
pub mod http;
mod slot;
pub mod stdio;
pub mod tcp;
pub mod vpcd;

pub use slot::{Shared, Slot};
