//! The sequence numbers that a USIM has seen (3GPP TS 33.102 annex C.2, profile of annex C.3).
//!
//! SQN is SEQ ‖ IND. The card keeps the highest SEQ it has accepted for each of the 32 values of IND.

use std::cmp::Reverse;

use crypto::aka::Sqn;

use crate::profile_package::AuthenticationParameters;

/// Bits of IND.
const IND_BITS: u32 = 5;

/// Bits of `sqnOptions`. That bit 2 turns the protection against wrap-around on is what the GSMA says of its own test
/// profile (TS.48: 02, "SQN wrap around"); bit 3 for the age limit follows the order of the parameters.
const CHECK_WRAP_AROUND: u8 = 0x02;
const CHECK_AGE: u8 = 0x04;

/// How far a SEQ may be away from the highest one accepted.
pub(super) struct Limits {
    /// Δ: above it at most by so much (annex C.2.1).
    delta: Option<u64>,
    /// L: below it by less than so much (annex C.2.2).
    age: Option<u64>,
}

impl Limits {
    pub fn none() -> Self {
        Self { delta: None, age: None }
    }

    pub fn of(parameters: &AuthenticationParameters) -> Self {
        let limit = |option, value| (parameters.sqn_options & option != 0).then(|| number(value));
        Self {
            delta: limit(CHECK_WRAP_AROUND, &parameters.sqn_delta),
            age: limit(CHECK_AGE, &parameters.sqn_age_limit),
        }
    }
}

/// Whether a sequence number was not used before, and may be used.
pub(super) fn is_fresh(accepted: &[[u8; 6]], sqn: &Sqn, limits: &Limits) -> bool {
    let (seq, index) = split(sqn);
    let (highest, _) = split(&highest(accepted));
    let leaps = limits.delta.is_some_and(|delta| seq.saturating_sub(highest) > delta);
    let is_old = limits.age.is_some_and(|age| highest.saturating_sub(seq) >= age);
    !leaps && !is_old && accepted.get(index).is_some_and(|last| seq > number(last))
}

/// Notes a sequence number as used.
pub(super) fn accept(accepted: &mut [[u8; 6]], sqn: &Sqn) {
    let (seq, index) = split(sqn);
    if let Some(last) = accepted.get_mut(index) {
        *last = octets(seq);
    }
}

/// SQN_MS: the highest sequence number accepted; of equal ones that with the lowest index.
pub(super) fn highest(accepted: &[[u8; 6]]) -> Sqn {
    let numbers = (0..).zip(accepted).map(|(index, seq): (u64, _)| (number(seq), Reverse(index)));
    let (seq, Reverse(index)) = numbers.max().unwrap_or_default();
    octets(seq << IND_BITS | index)
}

/// SEQ and IND.
fn split(sqn: &Sqn) -> (u64, usize) {
    let number = number(sqn);
    let index = number & ((1 << IND_BITS) - 1);
    (number >> IND_BITS, usize::try_from(index).unwrap_or_default())
}

fn number([a, b, c, d, e, f]: &[u8; 6]) -> u64 {
    u64::from_be_bytes([0, 0, *a, *b, *c, *d, *e, *f])
}

fn octets(number: u64) -> [u8; 6] {
    let [_, _, octets @ ..] = number.to_be_bytes();
    octets
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sqn(seq: u64, index: u64) -> Sqn {
        octets(seq << 5 | index)
    }

    fn limits(delta: u64, age: u64) -> Limits {
        Limits { delta: Some(delta), age: Some(age) }
    }

    fn array() -> Vec<[u8; 6]> {
        let mut accepted = vec![octets(0); 32];
        accept(&mut accepted, &sqn(100, 3));
        accept(&mut accepted, &sqn(90, 31));
        accepted
    }

    #[test]
    fn each_index_has_its_own_past() {
        let fresh = |seq, index| is_fresh(&array(), &sqn(seq, index), &Limits::none());
        assert!(!fresh(100, 3) && !fresh(99, 3) && fresh(101, 3));
        assert!(!fresh(90, 31) && fresh(91, 31));
        assert!(!fresh(0, 0) && fresh(1, 0));
        assert!(fresh((1 << 43) - 1, 0));
    }

    #[test]
    fn what_leaps_too_far_or_is_too_old_is_refused() {
        let fresh = |seq, index| is_fresh(&array(), &sqn(seq, index), &limits(10, 20));
        assert!(fresh(110, 0) && !fresh(111, 0));
        assert!(fresh(81, 0) && !fresh(80, 0));
    }

    #[test]
    fn the_highest_is_told_with_its_index() {
        assert_eq!(highest(&array()), sqn(100, 3));
        assert_eq!(highest(&[octets(7); 32]), sqn(7, 0));
        assert_eq!(highest(&[]), sqn(0, 0));
        assert!(!is_fresh(&[], &sqn(1, 0), &Limits::none()), "no room for it");
    }
}
