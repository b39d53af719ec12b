//! What this node wrote last, at hand for the next step.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How many are kept. They are there for the seconds between two steps of a session; who comes later finds them in the store.
const CAPACITY: usize = 8192;

/// Copies of records as this node wrote them, found by a key whose order is that of time. The oldest goes first.
///
/// A copy is no more than a guess at what the store has: another node may have been faster. So it is given once, and serves only
/// where everything that may follow from it is a write that checks the version it was read at. That write fails where the copy is
/// old, the copy is gone by then, and the next try reads the store.
#[derive(Debug)]
pub struct Recent<K, V>(Mutex<BTreeMap<K, V>>);

impl<K: Ord, V> Recent<K, V> {
    /// Keeps what was written, in place of what was there.
    pub fn put(&self, key: K, written: V) {
        let mut kept = self.kept();
        kept.insert(key, written);
        if kept.len() > CAPACITY {
            kept.pop_first();
        }
    }

    /// Gives what was written, and forgets it.
    pub fn take(&self, key: &K) -> Option<V> {
        self.kept().remove(key)
    }

    fn kept(&self) -> MutexGuard<'_, BTreeMap<K, V>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K, V> Default for Recent<K, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_last_is_given_once() {
        let recent = Recent::default();
        recent.put(1, "opened");
        recent.put(1, "offered");
        assert_eq!(recent.take(&2), None);
        assert_eq!(recent.take(&1), Some("offered"));
        assert_eq!(recent.take(&1), None);
    }

    #[test]
    fn the_oldest_is_forgotten_for_one_too_many() {
        let recent = Recent::default();
        (0..=CAPACITY).for_each(|key| recent.put(key, ()));
        assert_eq!(recent.take(&0), None);
        assert!((1..=CAPACITY).all(|key| recent.take(&key).is_some()));
    }
}
