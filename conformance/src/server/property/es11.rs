//! Of the answer to AuthenticateClient of an SM-DS (SGP.22 §5.8.2, §3.6.2).

use serde_json::Value;

use super::session;
use crate::server::call::RSP_SERVER;
use crate::server::expected::Property;
use crate::server::play::{Event, Player};

/// SGP.22 §5.8.2, table 50.
pub const COMPLETE: Property = Property {
    says: "transactionId and eventEntries are there, and each entry has eventId and rspServerAddress",
    verify: |player| {
        player.last().ok_or("nothing was called")?.1.members()?.octets("transactionId")?;
        entries(player).map(drop)
    },
};

/// SGP.22 §5.8.2.
pub const TRANSACTION: Property = Property {
    says: "transactionId is that of the session",
    verify: |player| {
        let told = player.last().ok_or("nothing was called")?.1.members()?.octets("transactionId")?;
        match told == session(player)?.transaction_id {
            true => Ok(()),
            false => Err(format!("it is {}", data_encoding::HEXUPPER.encode(told))),
        }
    },
};

/// SGP.22 §5.8.2: the list may be empty.
pub const NO_EVENT: Property = Property {
    says: "eventEntries is empty",
    verify: |player| match entries(player)?.len() {
        0 => Ok(()),
        count => Err(format!("it has {count} entries")),
    },
};

/// SGP.22 §3.6.2 step 3: every event of the EID, in the order in which it was registered.
pub const ALL_IN_ORDER: Property = Property {
    says: "eventEntries has the events of this eUICC, in the order in which they were registered",
    verify: |player| {
        let expected = of_this_euicc(player);
        let told: Vec<String> = entries(player)?.into_iter().map(|entry| entry.event_id).collect();
        // Others may have registered events for the same eUICC.
        let ours: Vec<&String> = told.iter().filter(|id| expected.contains(id)).collect();
        match ours.iter().map(|id| id.as_str()).eq(expected.iter().map(String::as_str)) {
            true => Ok(()),
            false => Err(format!("it has {}", list(&told))),
        }
    },
};

/// SGP.22 §5.8.2: the pair of the event that was asked for, and no other.
pub const THE_ONE: Property = Property {
    says: "eventEntries has the event that was asked for and no other",
    verify: |player| {
        let asked_for = player.order.as_ref().and_then(|order| order.matching_id.clone()).unwrap_or_default();
        let told: Vec<String> = entries(player)?.into_iter().map(|entry| entry.event_id).collect();
        match told.as_slice() {
            [one] if *one == asked_for => Ok(()),
            _ => Err(format!("it has {}", list(&told))),
        }
    },
};

/// SGP.22 §5.9.1: the address with which it was registered.
pub const ADDRESS: Property = Property {
    says: "rspServerAddress of every event is the one with which it was registered",
    verify: |player| {
        let expected = of_this_euicc(player);
        let entries = entries(player)?;
        let ours: Vec<&Entry> = entries.iter().filter(|entry| expected.contains(&entry.event_id)).collect();
        if ours.is_empty() {
            return Err("the event is not there".to_owned());
        }
        match ours.iter().find(|entry| !entry.address.eq_ignore_ascii_case(RSP_SERVER)) {
            None => Ok(()),
            Some(entry) => Err(format!("that of {} is {:?}", entry.event_id, entry.address)),
        }
    },
};

/// SGP.22 §3.6.2: the EID of an event is that of the eUICC.
pub const NONE_OF_ANOTHER: Property = Property {
    says: "eventEntries has no event of another eUICC",
    verify: |player| {
        let others: Vec<&Event> =
            player.between.events.iter().filter(|event| event.named.eid != player.euicc.eid()).collect();
        let entries = entries(player)?;
        let of_another = |entry: &&Entry| others.iter().any(|event| event.named.event_id == entry.event_id);
        match entries.iter().find(of_another) {
            None => Ok(()),
            Some(entry) => Err(format!("it has {}", entry.event_id)),
        }
    },
};

/// SGP.22 §5.9.1: however often a registration is tried, there is one record.
pub const EACH_ONCE: Property = Property {
    says: "eventEntries has each event once",
    verify: |player| {
        let mut told: Vec<String> = entries(player)?.into_iter().map(|entry| entry.event_id).collect();
        if let Some(missing) = of_this_euicc(player).iter().find(|event| !told.contains(event)) {
            return Err(format!("{missing} is missing"));
        }
        let count = told.len();
        told.sort_unstable();
        told.dedup();
        match told.len() == count {
            true => Ok(()),
            false => Err(format!("it has {count} entries for {}", list(&told))),
        }
    },
};

/// SGP.22 §5.9.2, §3.6.3.
pub const DELETED_IS_GONE: Property = Property {
    says: "eventEntries has the events that were not deleted, and no other of this eUICC",
    verify: |player| {
        let entries = entries(player)?;
        let told = |event: &&Event| entries.iter().any(|entry| entry.event_id == event.named.event_id);
        for event in player.between.events.iter().filter(|event| event.named.eid == player.euicc.eid()) {
            match (event.deleted, told(&event)) {
                (true, true) => {
                    return Err(format!("{} is there, though it was deleted", event.named.event_id));
                }
                (false, false) => return Err(format!("{} is missing", event.named.event_id)),
                _ => {}
            }
        }
        Ok(())
    },
};

struct Entry {
    event_id: String,
    address: String,
}

/// eventEntries.
fn entries(player: &Player<'_>) -> Result<Vec<Entry>, String> {
    let members = player.last().ok_or("nothing was called")?.1.members()?;
    let entries =
        members.json().get("eventEntries").and_then(Value::as_array).ok_or("eventEntries is missing")?;
    let text = |entry: &Value, name: &str| {
        entry
            .get(name)
            .and_then(Value::as_str)
            .map(str::to_owned)
            .ok_or_else(|| format!("an entry has no {name}"))
    };
    entries
        .iter()
        .map(|entry| {
            Ok(Entry { event_id: text(entry, "eventId")?, address: text(entry, "rspServerAddress")? })
        })
        .collect()
}

/// The EventIDs of what was registered for the eUICC of the case and not deleted, in order.
fn of_this_euicc(player: &Player<'_>) -> Vec<String> {
    let eid = player.euicc.eid();
    let events = player.between.events.iter().filter(|event| !event.deleted && event.named.eid == eid);
    events.map(|event| event.named.event_id.clone()).collect()
}

fn list(ids: &[String]) -> String {
    if ids.is_empty() { "no event".to_owned() } else { ids.join(", ") }
}
