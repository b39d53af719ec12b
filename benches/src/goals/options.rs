//! How much is measured.

use std::net::SocketAddr;
use std::path::PathBuf;

/// Sizes, and what only the user can give. [`Options::default`] is what the published results are made with.
#[derive(Clone, Debug)]
pub struct Options {
    /// How often floor and composite are measured in turn; the medians of the ratios count.
    pub rounds: usize,
    /// How often something below HTTP is done in a round.
    pub calls: usize,
    /// Downloads over HTTPS in a round.
    pub downloads: usize,
    /// Connections over which they go.
    pub connections: usize,
    /// Orders of a server that does nothing, and that is started.
    pub idle_orders: u64,
    /// RSP sessions that are left open.
    pub open_sessions: usize,
    /// Downloads over which memory is to stay flat.
    pub flat_downloads: usize,
    /// Orders of the small store, and of the large one.
    pub growth_orders: [u64; 2],
    /// Events of the small SM-DS, and of the large one.
    pub events: [u64; 2],
    /// Seconds of too many requests.
    pub overload_seconds: u64,
    /// Slow connections.
    pub slow_connections: usize,
    /// Whether these are [`Options::quick`]: what is measured is no result.
    pub quick: bool,
    /// Where stores and certificates are made; the system's folder for temporary files unless given.
    pub folder: Option<PathBuf>,
    /// The program `rsp`, where it is not to be built from the sources beside this one's.
    pub rsp: Option<PathBuf>,
    /// The osmo-smdpp to compare with.
    pub osmo: Option<Osmo>,
}

/// An osmo-smdpp that runs.
#[derive(Clone, Debug)]
pub struct Osmo {
    /// How it calls itself, `HOST` or `HOST:PORT`: it compares that with what LPAs take it for.
    pub address: String,
    /// Where it listens.
    pub place: SocketAddr,
    /// The published test certificates of SGP.26, with keys, which it was given too.
    pub certs: PathBuf,
    /// A profile package, and …
    pub profile: PathBuf,
    /// … the MatchingID under which it has the same.
    pub matching_id: String,
    /// For how many seconds it is asked.
    pub seconds: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            rounds: 51,
            calls: 200,
            downloads: 1500,
            connections: 32,
            idle_orders: 100_000,
            open_sessions: 20_000,
            flat_downloads: 100_000,
            growth_orders: [10_000, 10_000_000],
            events: [1000, 1_000_000],
            overload_seconds: 60,
            slow_connections: 10_000,
            quick: false,
            folder: None,
            rsp: None,
            osmo: None,
        }
    }
}

impl Options {
    /// Small numbers, to see that everything can be measured. What they show is no result.
    pub fn quick() -> Self {
        Self {
            rounds: 3,
            calls: 20,
            downloads: 60,
            connections: 8,
            idle_orders: 500,
            open_sessions: 500,
            flat_downloads: 400,
            growth_orders: [200, 2000],
            events: [100, 1000],
            overload_seconds: 3,
            slow_connections: 100,
            quick: true,
            ..Self::default()
        }
    }
}
