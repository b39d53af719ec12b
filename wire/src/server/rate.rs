//! How many requests one peer may make.

use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use governor::clock::{Clock, MonotonicClock};
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};

/// After so many requests, peers that have been quiet are forgotten: what is kept stays in proportion to the peers of
/// the last seconds.
const HOUSEKEEPING: u32 = 1024;

type Limiter<C> = RateLimiter<IpAddr, DashMapStateStore<IpAddr>, C, NoOpMiddleware<<C as Clock>::Instant>>;

/// Counts requests by the address they come from.
pub(super) struct Rate<C: Clock = MonotonicClock> {
    limiter: Limiter<C>,
    clock: C,
    requests: AtomicU32,
}

impl<C: Clock + Clone> Rate<C> {
    /// So many a second, and `burst` at once after a pause.
    pub(super) fn new(per_second: NonZeroU32, burst: NonZeroU32, clock: C) -> Self {
        let quota = Quota::per_second(per_second).allow_burst(burst);
        let limiter = RateLimiter::dashmap_with_clock(quota, clock.clone());
        Self { limiter, clock, requests: AtomicU32::new(0) }
    }

    /// Counts a request.
    ///
    /// # Errors
    /// One too many: how long to wait.
    pub(super) fn check(&self, peer: IpAddr) -> Result<(), Duration> {
        if self.requests.fetch_add(1, Ordering::Relaxed) % HOUSEKEEPING == HOUSEKEEPING - 1 {
            self.limiter.retain_recent();
            self.limiter.shrink_to_fit();
        }
        let checked = self.limiter.check_key(&key(peer));
        checked.map_err(|until| until.wait_time_from(self.clock.now()))
    }
}

/// IPv6 hands out networks of 64 bits, so one peer has all addresses of one.
pub(super) fn key(peer: IpAddr) -> IpAddr {
    match peer.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX)).into(),
        address => address,
    }
}

#[cfg(test)]
mod tests {
    use governor::clock::FakeRelativeClock;

    use super::*;

    fn rate(per_second: u32, burst: u32) -> (Rate<FakeRelativeClock>, FakeRelativeClock) {
        let clock = FakeRelativeClock::default();
        let number = |n| NonZeroU32::new(n).unwrap();
        (Rate::new(number(per_second), number(burst), clock.clone()), clock)
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn a_peer_has_its_burst_and_then_its_rate() {
        let (rate, clock) = rate(2, 3);
        let peer = ip("192.0.2.1");
        for _ in 0..3 {
            rate.check(peer).unwrap();
        }
        assert_eq!(rate.check(peer), Err(Duration::from_millis(500)));
        clock.advance(Duration::from_millis(500));
        rate.check(peer).unwrap();
        assert!(rate.check(peer).is_err());
        clock.advance(Duration::from_secs(60));
        for _ in 0..3 {
            rate.check(peer).unwrap();
        }
        assert!(rate.check(peer).is_err());
    }

    #[test]
    fn one_peer_does_not_count_for_another() {
        let (rate, _) = rate(1, 1);
        for peer in ["192.0.2.1", "192.0.2.2", "2001:db8::1", "2001:db8:0:1::1"] {
            rate.check(ip(peer)).unwrap();
            assert!(rate.check(ip(peer)).is_err(), "{peer}");
        }
    }

    #[test]
    fn the_addresses_of_one_ipv6_network_and_both_spellings_of_ipv4_are_one_peer() {
        let (rate, _) = rate(1, 1);
        rate.check(ip("2001:db8::1")).unwrap();
        assert!(rate.check(ip("2001:db8::ffff:2")).is_err());
        rate.check(ip("192.0.2.1")).unwrap();
        assert!(rate.check(ip("::ffff:192.0.2.1")).is_err());
    }

    #[test]
    fn quiet_peers_are_forgotten() {
        let (rate, clock) = rate(1, 1);
        for n in 0..10 * HOUSEKEEPING {
            clock.advance(Duration::from_secs(1));
            rate.check(IpAddr::from(n.to_be_bytes())).unwrap();
        }
        assert!(rate.limiter.len() <= HOUSEKEEPING as usize, "{}", rate.limiter.len());
    }
}
