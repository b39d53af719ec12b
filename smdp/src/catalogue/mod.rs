//! The error catalogue: activation codes that are reserved for one behaviour each, like the test cards of payment systems.
//!
//! An entry is a MatchingID whose order has one fault, the same each time, for every eUICC that asks; its order is as new
//! whenever a session asks for it. What InitiateAuthentication refuses comes before any MatchingID is told, so these entries are
//! [doors](Door): ports of their own. Orders of the catalogue that are in a store are handed out only while the catalogue is open.

mod door;
mod entry;
mod orders;
mod promise;
mod table;

pub use door::Door;
pub use entry::{Act, Entry, Way};
pub use orders::{PROFILE_TYPE, take_orders};
pub use promise::Promise;
pub use table::{CONFIRMATION_CODE, DOORS, entries};

pub(crate) use orders::{is_of_catalogue, rewind};

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use protocol::es9plus::Function;
use protocol::types::Eid;

use crate::faults::{Fault, Involved};

/// The entries of a server whose catalogue is open; none where it is not.
pub(crate) struct Catalogue {
    entries: HashMap<String, Entry>,
    /// How often an entry that acts a few times only has acted on an eUICC.
    acted: Mutex<HashMap<(String, Eid), u32>>,
}

impl Catalogue {
    pub(crate) fn new(open: bool) -> Self {
        let entries = if open { entries() } else { Vec::new() };
        let by_id = entries.into_iter().map(|entry| (entry.id.to_string(), entry));
        Self { entries: by_id.collect(), acted: Mutex::default() }
    }

    /// The fault of the entry that a call is about, if it is one of this function.
    pub(crate) fn draw(&self, function: Function, involved: Involved<'_>) -> Option<Fault> {
        let entry = self.entries.get(involved.matching_id?)?;
        let mut acted = self.acted.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (entry.id.to_string(), involved.eid?);
        if function == Function::AuthenticateClient {
            acted.remove(&key);
        }
        let act = entry.act.as_ref().filter(|act| act.function == function)?;
        if let Some(times) = act.times {
            let before = acted.entry(key).or_default();
            if *before >= times.get() {
                return None;
            }
            *before += 1;
        }
        tracing::warn!(catalogue = %entry.id, fault = %act.fault, function = function.name(), "a fault acts");
        Some(act.fault.clone())
    }

    /// How many entries are open.
    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }
}
