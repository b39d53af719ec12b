//! How much one peer may ask of a server.

use std::time::Duration;

/// Bounds on what peers can occupy. SGP.22 sets none; these are ours.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Bytes of a request body.
    pub body: usize,
    /// Connections at a time; more wait until one ends.
    pub connections: usize,
    /// Until the TLS handshake is done.
    pub handshake_time: Duration,
    /// Without a complete request header, or with an answer that is not fetched, until a connection is closed. An LPA
    /// talks to its card between two requests, so keep it well above what a card takes.
    pub quiet_time: Duration,
    /// Until a body is there.
    pub body_time: Duration,
    /// For requests in flight when the server is told to stop.
    pub shutdown_time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body: 1024 * 1024,
            connections: 1024,
            handshake_time: Duration::from_secs(10),
            quiet_time: Duration::from_secs(60),
            body_time: Duration::from_secs(30),
            shutdown_time: Duration::from_secs(10),
        }
    }
}
