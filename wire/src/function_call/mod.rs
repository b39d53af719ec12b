//! Calls between servers: in JSON only, with a `header` in the request (SGP.22 §6.5.1.3). What ES2+ and ES12 share.

pub(crate) mod header;

mod exchange;
mod incoming;
mod log;
mod outgoing;

pub(crate) use exchange::{About, Exchange};
pub(crate) use incoming::Incoming;
pub(crate) use log::{Called, log};
pub(crate) use outgoing::Outgoing;
