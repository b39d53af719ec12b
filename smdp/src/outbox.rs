//! What the two outboxes have in common: when to try again, and how it goes with each peer.

use std::collections::HashMap;
use std::time::Duration;

use protocol::clock::Timestamp;

/// How what waits in an outbox is tried again.
#[derive(Clone, Copy, Debug)]
pub struct Schedule {
    /// How often the outbox is looked into.
    pub poll: Duration,
    /// The pause after the first failure; it doubles with each further one.
    pub first_pause: Duration,
    /// The longest pause.
    pub longest_pause: Duration,
    /// The longest time that a peer is left alone because it has failed.
    pub longest_pause_of_one: Duration,
    /// What is older is given up.
    pub give_up_after: Duration,
    /// How long one try may take; as long nobody else tries.
    pub lease: Duration,
    /// How long tries may go on when the server stops.
    pub shutdown: Duration,
    /// How many tries are under way at once.
    pub at_once: u32,
    /// How many of them with one peer.
    pub at_once_to_one: u32,
}

impl Default for Schedule {
    fn default() -> Self {
        Self {
            poll: Duration::from_millis(250),
            first_pause: Duration::from_secs(1),
            longest_pause: Duration::from_secs(15 * 60),
            longest_pause_of_one: Duration::from_secs(60),
            give_up_after: Duration::from_secs(7 * 24 * 60 * 60),
            lease: Duration::from_secs(60),
            shutdown: Duration::from_secs(5),
            at_once: 16,
            at_once_to_one: 4,
        }
    }
}

impl Schedule {
    /// The pause after so many failures and one more.
    pub(crate) fn pause(&self, failures: u32) -> Duration {
        let factor = 1u32.checked_shl(failures.min(30)).unwrap_or(u32::MAX);
        self.first_pause.saturating_mul(factor).min(self.longest_pause)
    }
}

/// How it goes with each peer: one that is slow or gone keeps no other waiting.
#[derive(Default)]
pub(crate) struct Peers(HashMap<String, Standing>);

#[derive(Default)]
struct Standing {
    under_way: u32,
    failures: u32,
    paused_until: Option<Timestamp>,
}

impl Peers {
    /// Those that get nothing now.
    pub(crate) fn closed(&self, now: Timestamp, schedule: &Schedule) -> Vec<String> {
        let is_closed = |standing: &Standing| {
            standing.under_way >= schedule.at_once_to_one
                || standing.paused_until.is_some_and(|until| now < until)
                // One try tells whether a peer that failed is back.
                || (standing.failures > 0 && standing.under_way > 0)
        };
        self.0.iter().filter(|(_, standing)| is_closed(standing)).map(|(peer, _)| peer.clone()).collect()
    }

    /// Those that are left alone because they have failed.
    pub(crate) fn paused(&self, now: Timestamp) -> Vec<String> {
        let is_paused = |standing: &Standing| standing.paused_until.is_some_and(|until| now < until);
        self.0.iter().filter(|(_, standing)| is_paused(standing)).map(|(peer, _)| peer.clone()).collect()
    }

    /// A try with a peer begins.
    pub(crate) fn begin(&mut self, peer: String) {
        self.0.entry(peer).or_default().under_way += 1;
    }

    /// A try has ended; `answered` where the peer is there and well, whatever it said.
    pub(crate) fn end(&mut self, peer: String, answered: bool, now: Timestamp, schedule: &Schedule) {
        let standing = self.0.entry(peer).or_default();
        standing.under_way = standing.under_way.saturating_sub(1);
        standing.failures = if answered { 0 } else { standing.failures.saturating_add(1) };
        standing.paused_until = standing
            .failures
            .checked_sub(1)
            .map(|failures| now.plus(schedule.pause(failures).min(schedule.longest_pause_of_one)));
    }
}
