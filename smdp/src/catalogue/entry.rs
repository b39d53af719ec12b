//! One entry.

use std::num::NonZeroU32;

use protocol::activation_code::ActivationCode;
use protocol::es9plus::Function;
use protocol::types::{MatchingId, ServerAddress};

use super::Promise;
use crate::faults::Fault;

/// A reserved activation code.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its name, and the MatchingID of its activation code.
    pub id: MatchingId,
    /// Which port leads to it.
    pub way: Way,
    /// What goes wrong; nothing with a good one.
    pub act: Option<Act>,
    /// What the user has to enter.
    pub confirmation_code: Option<&'static str>,
    /// Whether the package has keys of its own (SGP.22 §2.5.3).
    pub profile_protection_keys: bool,
    /// Whether the metadata is as large as it may be.
    pub large_metadata: bool,
}

/// Which port leads to an entry.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Way {
    /// That of the SM-DP+.
    Main,
    /// A port of its own, by its number among them, from 0.
    Door(u16),
}

/// A fault in a function.
#[derive(Clone, Debug)]
pub struct Act {
    /// What is done wrong.
    pub fault: Fault,
    /// Where.
    pub function: Function,
    /// How often in one download; else each time. What is refused for ever would stay in the eUICC for ever.
    pub times: Option<NonZeroU32>,
}

impl Entry {
    /// What happens, in one sentence without a full stop.
    pub fn what(&self) -> String {
        let Some(act) = &self.act else {
            return match (self.confirmation_code, self.large_metadata, self.profile_protection_keys) {
                (Some(code), ..) => format!("a good profile that asks for the confirmation code {code}"),
                (_, true, _) => "a good profile whose metadata is as large as it may be".to_owned(),
                (_, _, true) => "a good profile under keys of its own".to_owned(),
                _ => "a good profile".to_owned(),
            };
        };
        let often = act.times.map_or_else(String::new, |times| format!(", {times} times in a row"));
        format!("{}: {}{often}", act.function.name(), act.fault.description())
    }

    /// What has to come of it.
    pub fn promise(&self) -> Promise {
        Promise::of(self.act.as_ref())
    }

    /// The activation code at a server whose doors begin at a port.
    pub fn activation_code(&self, server: &ServerAddress, first_door: u16) -> ActivationCode {
        let smdp_address = match self.way {
            Way::Main => server.clone(),
            Way::Door(number) => {
                let door = format!("{}:{}", server.host(), first_door.saturating_add(number));
                // A host with a port is an address again.
                door.parse().unwrap_or_else(|_| server.clone())
            }
        };
        ActivationCode {
            smdp_address,
            matching_id: self.id.to_string(),
            smdp_oid: None,
            confirmation_code_required: self.confirmation_code.is_some(),
        }
    }
}
