//! Notifications that wait to be delivered (SGP.22 §3.5).

use std::fmt;

use serde::{Deserialize, Serialize};

use super::hex;

/// Notifications each store holds before it gives up its oldest.
pub const CAPACITY: usize = 50;

/// A profile management operation that is notified.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Event {
    /// A profile was installed, or failed to.
    Install,
    /// A profile was enabled.
    Enable,
    /// A profile was disabled.
    Disable,
    /// A profile was deleted.
    Delete,
}

impl Event {
    /// All, in the order of their bits in NotificationEvent.
    pub const ALL: [Self; 4] = [Self::Install, Self::Enable, Self::Disable, Self::Delete];

    /// The bit of NotificationEvent, in the first byte of the BIT STRING.
    pub(crate) fn bit(self) -> u8 {
        match self {
            Self::Install => 0x80,
            Self::Enable => 0x40,
            Self::Disable => 0x20,
            Self::Delete => 0x10,
        }
    }

    /// The value of a BIT STRING in DER with this bit alone: unused bits, then the bits.
    pub(crate) fn bit_string(self) -> [u8; 2] {
        let bit = self.bit();
        // DER drops the zeros behind the last one of a named bit list (X.690 §11.2.2).
        [u8::try_from(bit.trailing_zeros()).unwrap_or(0), bit]
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Install => "install",
            Self::Enable => "enable",
            Self::Disable => "disable",
            Self::Delete => "delete",
        })
    }
}

/// One notification; its bytes are made once and are the same at every read.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notification {
    /// Its number, unique on this card.
    pub sequence_number: u64,
    /// What it tells.
    pub event: Event,
    /// NotificationMetadata, a TLV BF2F.
    #[serde(with = "hex")]
    pub metadata: Vec<u8>,
    /// PendingNotification: a TLV BF37 or 30.
    #[serde(with = "hex")]
    pub pending_notification: Vec<u8>,
}

/// The two stores with their common counter (SGP.22 §3.5).
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NotificationStore {
    /// The number the next notification gets.
    pub next_sequence_number: u64,
    /// Profile Installation Results, oldest first.
    pub installation_results: Vec<Notification>,
    /// All other notifications, oldest first.
    pub others: Vec<Notification>,
}

impl NotificationStore {
    /// Takes a number; it is never given again.
    pub(crate) fn take_sequence_number(&mut self) -> u64 {
        let number = self.next_sequence_number;
        self.next_sequence_number = number.saturating_add(1);
        number
    }

    /// Keeps a Profile Installation Result; a full store gives up its lowest number (SGP.22 §2.5.6).
    pub(crate) fn keep_installation_result(&mut self, notification: Notification) {
        keep(&mut self.installation_results, notification);
    }

    /// Keeps another notification; a full store gives up its lowest number (SGP.22 §3.5).
    pub(crate) fn keep_other(&mut self, notification: Notification) {
        keep(&mut self.others, notification);
    }

    /// All notifications in order of their numbers.
    pub fn all(&self) -> Vec<&Notification> {
        let mut all: Vec<_> = self.installation_results.iter().chain(&self.others).collect();
        all.sort_by_key(|notification| notification.sequence_number);
        all
    }

    /// Removes one by its number; tells whether it was there.
    pub(crate) fn remove(&mut self, sequence_number: u64) -> bool {
        let before = self.installation_results.len() + self.others.len();
        for store in [&mut self.installation_results, &mut self.others] {
            store.retain(|notification| notification.sequence_number != sequence_number);
        }
        self.installation_results.len() + self.others.len() < before
    }
}

fn keep(store: &mut Vec<Notification>, notification: Notification) {
    // Numbers only grow, so the first is the lowest.
    while store.len() >= CAPACITY {
        store.remove(0);
    }
    store.push(notification);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbered(number: u64) -> Notification {
        Notification {
            sequence_number: number,
            event: Event::Install,
            metadata: Vec::new(),
            pending_notification: Vec::new(),
        }
    }

    #[test]
    fn a_full_store_gives_up_its_lowest_number_and_leaves_the_other_store_alone() {
        let mut store = NotificationStore::default();
        for _ in 0..=CAPACITY {
            let number = store.take_sequence_number();
            store.keep_installation_result(numbered(number));
        }
        let number = store.take_sequence_number();
        store.keep_other(numbered(number));
        assert_eq!(store.installation_results.len(), CAPACITY);
        assert_eq!(store.installation_results[0].sequence_number, 1);
        assert_eq!(store.all().last().unwrap().sequence_number, 51);
    }

    #[test]
    fn an_event_is_one_bit_without_trailing_zeros() {
        let strings = Event::ALL.map(Event::bit_string);
        assert_eq!(strings, [[7, 0x80], [6, 0x40], [5, 0x20], [4, 0x10]]);
    }
}
