//! How much peers may ask of a server.

use std::num::{NonZeroU32, NonZeroUsize};
use std::thread::available_parallelism;
use std::time::Duration;

/// Bounds on what peers can occupy. SGP.22 sets none; these are ours.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Bytes of a request body.
    pub body: usize,
    /// Bytes of all request bodies that are on their way or in work; a request that needs more is answered with 503. It is at
    /// least `body`, and the first 8 KiB of a body do not count where it is the only one of its connection.
    pub bodies: usize,
    /// Connections at a time, at least one; when hardly any place is left, one that has been without a complete request for a
    /// second, or for 30 after an answer, makes room.
    pub connections: usize,
    /// TLS handshakes at a time that get their share of the processors, and as many of peers that have begun something in the last
    /// minutes; more wait. `None` for any number.
    pub handshakes: Option<NonZeroUsize>,
    /// Until the TLS handshake is done, waiting included.
    pub handshake_time: Duration,
    /// Without a complete request header, or with an answer that is not fetched, until a connection is closed. An LPA
    /// talks to its card between two requests, so keep it well above what a card takes.
    pub quiet_time: Duration,
    /// Until a body is there.
    pub body_time: Duration,
    /// For requests in flight when the server is told to stop.
    pub shutdown_time: Duration,
    /// How long requests may wait for a processor, where sixteen for each are in work, before nothing new is begun: what would
    /// begin something is answered with 503. `None` for any time.
    pub wait: Option<Duration>,
    /// Requests in work, received whole and not yet answered, before nothing new is begun; what goes on with something is
    /// taken up to four times as many. `None` for any number.
    pub requests_in_work: Option<NonZeroUsize>,
    /// Requests a second that one IP address may make (in IPv6, one network of 64 bits); more are answered with 429.
    /// `None` for any number. Not for a server behind a proxy, where all requests come from one address.
    pub requests_per_second: Option<NonZeroU32>,
    /// Requests that it may make at once after a pause. One download takes five or six.
    pub burst: NonZeroU32,
}

const BURST: NonZeroU32 = NonZeroU32::MIN.saturating_add(19);
/// For each processor: enough to keep it busy while others wait for a disk or a data base.
const REQUESTS_IN_WORK: usize = 256;
/// For each processor: so many take turns with all the requests that wait, so that they get a tenth or two of its time.
const HANDSHAKES: usize = 8;

/// How many processors this program has.
pub(super) fn processors() -> usize {
    available_parallelism().map_or(1, NonZeroUsize::get)
}

impl Default for Limits {
    fn default() -> Self {
        let each = |number: usize| NonZeroUsize::new(number.saturating_mul(processors()));
        Self {
            body: 1024 * 1024,
            bodies: 64 * 1024 * 1024,
            connections: 16 * 1024,
            handshakes: each(HANDSHAKES),
            handshake_time: Duration::from_secs(10),
            quiet_time: Duration::from_secs(60),
            body_time: Duration::from_secs(30),
            shutdown_time: Duration::from_secs(10),
            wait: Some(Duration::from_millis(20)),
            requests_in_work: each(REQUESTS_IN_WORK),
            requests_per_second: None,
            burst: BURST,
        }
    }
}
