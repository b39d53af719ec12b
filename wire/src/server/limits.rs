//! How much one peer may ask of a server.

use std::num::NonZeroU32;
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
    /// Requests a second that one IP address may make (in IPv6, one network of 64 bits); more are answered with 429.
    /// `None` for any number. Not for a server behind a proxy, where all requests come from one address.
    pub requests_per_second: Option<NonZeroU32>,
    /// Requests that it may make at once after a pause. One download takes five or six.
    pub burst: NonZeroU32,
}

const BURST: NonZeroU32 = NonZeroU32::MIN.saturating_add(19);

impl Default for Limits {
    fn default() -> Self {
        Self {
            body: 1024 * 1024,
            connections: 1024,
            handshake_time: Duration::from_secs(10),
            quiet_time: Duration::from_secs(60),
            body_time: Duration::from_secs(30),
            shutdown_time: Duration::from_secs(10),
            requests_per_second: None,
            burst: BURST,
        }
    }
}
