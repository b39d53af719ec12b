//! Turns for TLS handshakes.

use std::collections::HashSet;
use std::mem::take;
use std::net::IpAddr;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::Instant;

use super::rate::key;

/// A peer is remembered for at least so long, and at most twice as long.
const MEMORY: Duration = Duration::from_secs(300);
/// So many peers are remembered of each such time.
const PEERS: usize = 64 * 1024;

/// Turns for newcomers, and as many for peers that have begun something: some LPAs make a connection for each function, and those
/// of a session that was taken in do not wait among all who would like to begin one.
pub(super) struct Turns {
    newcomers: Semaphore,
    known: Semaphore,
    begun: Mutex<Begun>,
}

struct Begun {
    now: HashSet<IpAddr>,
    before: HashSet<IpAddr>,
    since: Instant,
}

impl Turns {
    /// So many at a time of each kind.
    pub(super) fn new(number: NonZeroUsize) -> Arc<Self> {
        let turns = || Semaphore::new(number.get().min(Semaphore::MAX_PERMITS));
        let begun = Begun { now: HashSet::new(), before: HashSet::new(), since: Instant::now() };
        Arc::new(Self { newcomers: turns(), known: turns(), begun: Mutex::new(begun) })
    }

    /// Those of a peer.
    pub(super) fn of(&self, peer: IpAddr) -> &Semaphore {
        let (peer, begun) = (key(peer), self.begun());
        let is_known = begun.now.contains(&peer) || begun.before.contains(&peer);
        if is_known { &self.known } else { &self.newcomers }
    }

    /// A request of the peer that begins something was taken in.
    pub(super) fn has_begun(&self, peer: IpAddr) {
        let mut begun = self.begun();
        if begun.now.len() < PEERS {
            begun.now.insert(key(peer));
        }
    }

    fn begun(&self) -> MutexGuard<'_, Begun> {
        let mut begun = self.begun.lock().unwrap_or_else(PoisonError::into_inner);
        let age = begun.since.elapsed();
        if age >= MEMORY {
            let last = take(&mut begun.now);
            begun.before = if age < 2 * MEMORY { last } else { HashSet::new() };
            begun.since = Instant::now();
        }
        begun
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn who_has_begun_something_takes_other_turns_for_five_minutes() {
        let turns = Turns::new(NonZeroUsize::MIN);
        let [peer, other] = [[192, 0, 2, 1], [192, 0, 2, 2]].map(IpAddr::from);
        let knows = |peer| std::ptr::eq(turns.of(peer), &raw const turns.known);
        assert!(!knows(peer));
        for _ in 0..2 {
            turns.has_begun(peer);
            advance(MEMORY).await;
            assert!(knows(peer) && !knows(other));
        }
        advance(MEMORY).await;
        assert!(!knows(peer));
        turns.has_begun(peer);
        advance(2 * MEMORY).await;
        assert!(!knows(peer));
    }
}
