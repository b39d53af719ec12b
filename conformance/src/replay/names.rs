//! Values that nobody can foresee: a challenge, a TransactionID, a signature.
//!
//! Another server, or the same one another time, draws others. Two sessions are alike if the new values stand wherever the old
//! ones stood, each for one and the same. A value that is there in both was not drawn, and stands for itself from then on.

use std::collections::HashMap;

/// Shorter values say something; it takes as many bytes to be drawn.
const SHORTEST: usize = 4;

/// Which value of then stands for which value of now.
#[derive(Default)]
pub(super) struct Names {
    now_for: HashMap<Vec<u8>, Vec<u8>>,
    then_for: HashMap<Vec<u8>, Vec<u8>>,
}

impl Names {
    /// Whether one can stand for the other: they are equal, or have the same length, and stood for each other wherever they
    /// were seen so far.
    pub(super) fn same(&mut self, then: &[u8], now: &[u8]) -> bool {
        match (self.now_for.get(then), self.then_for.get(now)) {
            (None, None) if then == now || then.len() == now.len() && then.len() >= SHORTEST => {
                self.now_for.insert(then.to_vec(), now.to_vec());
                self.then_for.insert(now.to_vec(), then.to_vec());
                true
            }
            (known_now, known_then) => {
                known_now.is_some_and(|known| known == now) && known_then.is_some_and(|known| known == then)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_stands_for_one_other_everywhere() {
        let mut names = Names::default();
        assert!(names.same(b"transaction-1", b"transaction-7"));
        assert!(names.same(b"transaction-1", b"transaction-7"));
        assert!(!names.same(b"transaction-1", b"transaction-8"), "it stood for another before");
        assert!(!names.same(b"transaction-2", b"transaction-7"), "another stood for it before");
        assert!(names.same(b"transaction-2", b"transaction-2"));
    }

    #[test]
    fn a_value_that_was_the_same_once_stands_for_no_other_later() {
        let mut names = Names::default();
        assert!(names.same(b"travel", b"travel"));
        assert!(!names.same(b"travel", b"office"));
        assert!(!names.same(b"office", b"travel"));
        assert!(names.same(b"travel", b"travel"));
    }

    #[test]
    fn short_values_and_lengths_are_compared_as_they_are() {
        let mut names = Names::default();
        assert!(!names.same(&[1], &[2]));
        assert!(names.same(&[1], &[1]));
        assert!(!names.same(&[0; 16], &[0; 8]));
    }
}
