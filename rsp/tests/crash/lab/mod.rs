//! What the tests of crashes and of secrets stand on: cards with EIDs of their own, a server that ends and comes back, an
//! operator that takes reports.

pub mod cards;
pub mod http;
pub mod reports;
pub mod server;

use protocol::clock::{Clock, Timestamp};

/// The clock of the machine: the certificates are made with it.
pub struct Now;

impl Clock for Now {
    fn now(&self) -> Timestamp {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
        Timestamp::from_unix_millis(i64::try_from(since.as_millis()).unwrap())
    }
}
