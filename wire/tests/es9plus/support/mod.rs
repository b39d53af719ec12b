//! A server that does what it is told, messages, certificates and a raw HTTP client.

pub mod fake;
pub mod messages;
pub mod pki;
pub mod raw;
pub mod running;
pub mod sink;
