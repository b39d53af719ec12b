//! The connections that a port has at a time.

use std::collections::BTreeMap;
use std::future::pending;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};

/// So long a newcomer keeps its place, to say what it wants.
const SETTLE: Duration = Duration::from_secs(1);
/// So long who was answered keeps it, to fetch the answer and to talk to its card.
const BETWEEN: Duration = Duration::from_secs(30);
/// So many places are kept free for those to come: who leaves takes a moment.
const AHEAD: usize = 32;
/// But no more than this part of all.
const PART: usize = 16;

/// The places of a port.
///
/// When hardly any are left, who has been without a complete request for longer than its time makes room for newcomers: a slow
/// peer costs others nothing, however many there are of it. A connection with a request in work keeps its place.
pub(super) struct Places {
    most: usize,
    ahead: usize,
    state: Mutex<State>,
    /// Something has changed for whoever looks for a place.
    changed: Notify,
}

#[derive(Default)]
struct State {
    taken: usize,
    /// Those of the taken that are about to be left.
    leaving: usize,
    next: u64,
    /// Those without a request in work, in the order in which they have to leave.
    idle: BTreeMap<Due, Arc<Notify>>,
}

/// Until when a place is its own, and a number that no other has.
type Due = (Instant, u64);

impl Places {
    pub(super) fn new(most: usize) -> Arc<Self> {
        let ahead = AHEAD.min(most / PART);
        Arc::new(Self { most, ahead, state: Mutex::default(), changed: Notify::new() })
    }

    /// A place, as soon as there is one.
    pub(super) async fn take(self: &Arc<Self>) -> Arc<Place> {
        loop {
            let look_again = {
                let mut state = self.state();
                let look_again = state.make_room(self.most, 1 + self.ahead);
                if state.taken < self.most {
                    state.taken += 1;
                    let leave = Arc::new(Notify::new());
                    let stay = Stay { in_work: 0, idle: Some(state.enter_idle(leave.clone(), SETTLE)) };
                    return Arc::new(Place { places: self.clone(), leave, stay: Mutex::new(stay) });
                }
                look_again
            };
            tokio::select! {
                () = self.changed.notified() => {}
                () = until(look_again) => {}
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn enter_idle(&mut self, leave: Arc<Notify>, time: Duration) -> Due {
        let due = (Instant::now() + time, self.next);
        self.next += 1;
        self.idle.insert(due, leave);
        due
    }

    /// Has those leave whose time is over, until so many places are free or about to be; gives the time when the next one will
    /// have to, where that was not enough.
    fn make_room(&mut self, most: usize, wanted: usize) -> Option<Instant> {
        while most - self.taken + self.leaving < wanted {
            let first = self.idle.first_entry()?;
            let (due, _) = *first.key();
            if due > Instant::now() {
                return Some(due);
            }
            first.remove().notify_one();
            self.leaving += 1;
        }
        None
    }
}

async fn until(time: Option<Instant>) {
    match time {
        Some(time) => sleep_until(time).await,
        None => pending().await,
    }
}

/// The place of one connection, until it is dropped.
pub(super) struct Place {
    places: Arc<Places>,
    leave: Arc<Notify>,
    /// Locked before the state of all places.
    stay: Mutex<Stay>,
}

struct Stay {
    in_work: usize,
    /// When it is due, where it is among those without a request in work.
    idle: Option<Due>,
}

impl Place {
    /// Ends when another is to have the place.
    pub(super) async fn wanted(&self) {
        self.leave.notified().await;
    }

    /// A request is there and in work until the returned value is dropped; `None` where the place is another's already.
    pub(super) fn work(self: &Arc<Self>) -> Option<Working> {
        let mut stay = self.stay();
        if let Some(due) = stay.idle {
            self.places.state().idle.remove(&due)?;
            stay.idle = None;
        }
        stay.in_work += 1;
        Some(Working(self.clone()))
    }

    fn stay(&self) -> MutexGuard<'_, Stay> {
        self.stay.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let idle = self.stay().idle;
        let mut state = self.places.state();
        state.taken -= 1;
        if idle.is_some_and(|due| state.idle.remove(&due).is_none()) {
            state.leaving -= 1;
        }
        self.places.changed.notify_one();
    }
}

/// A request in work on a connection.
pub(super) struct Working(Arc<Place>);

impl Drop for Working {
    fn drop(&mut self) {
        let mut stay = self.0.stay();
        stay.in_work -= 1;
        if stay.in_work == 0 {
            stay.idle = Some(self.0.places.state().enter_idle(self.0.leave.clone(), BETWEEN));
            self.0.places.changed.notify_one();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use tokio::time::advance;

    use super::*;

    /// What is there now.
    fn now<T>(future: impl Future<Output = T>) -> Option<T> {
        match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(value) => Some(value),
            Poll::Pending => None,
        }
    }

    fn taken(places: &Arc<Places>) -> Arc<Place> {
        now(places.take()).unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn the_newcomer_that_has_said_nothing_for_the_longest_time_leaves() {
        let places = Places::new(3);
        let [first, second, third] = [(); 3].map(|()| taken(&places));
        drop(first.work().unwrap());
        advance(SETTLE).await;
        assert!(now(places.take()).is_none());
        assert!(now(second.wanted()).is_some());
        assert!(now(first.wanted()).is_none() && now(third.wanted()).is_none());
        // Nobody else has to leave while it does.
        assert!(now(places.take()).is_none());
        assert!(now(first.wanted()).is_none() && now(third.wanted()).is_none());
        drop(second);
        let fourth = taken(&places);
        assert!(now(places.take()).is_none());
        assert!(now(third.wanted()).is_some());
        assert!(now(first.wanted()).is_none() && now(fourth.wanted()).is_none());
    }

    #[tokio::test(start_paused = true)]
    async fn a_newcomer_leaves_before_one_that_was_answered_long_before_it_came() {
        let places = Places::new(2);
        let answered = taken(&places);
        drop(answered.work().unwrap());
        advance(BETWEEN / 2).await;
        let newcomer = taken(&places);
        advance(SETTLE).await;
        assert!(now(places.take()).is_none());
        assert!(now(newcomer.wanted()).is_some() && now(answered.wanted()).is_none());
    }

    #[tokio::test(start_paused = true)]
    async fn who_has_come_stays_for_a_second_and_who_was_answered_for_thirty() {
        let places = Places::new(1);
        let place = taken(&places);
        for (answered, time) in [(false, SETTLE), (true, BETWEEN)] {
            if answered {
                drop(place.work().unwrap());
            }
            advance(time - Duration::from_millis(1)).await;
            assert!(now(places.take()).is_none());
            assert!(now(place.wanted()).is_none());
        }
        let newcomer = tokio::spawn({
            let places = places.clone();
            async move { places.take().await }
        });
        place.wanted().await;
        drop(place);
        newcomer.await.unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn of_many_places_some_are_kept_free() {
        let places = Places::new(10 * PART);
        let mut all: Vec<_> = (0..9 * PART).map(|_| taken(&places)).collect();
        advance(SETTLE).await;
        all.extend((0..PART).map(|_| taken(&places)));
        // The last of them has found its place, and ten more are about to be free.
        let leaving = all.iter().filter(|place| now(place.wanted()).is_some()).count();
        assert_eq!((leaving, places.state().taken), (10, 10 * PART));
        assert_eq!(Places::new(1_000_000).ahead, AHEAD);
    }

    #[tokio::test(start_paused = true)]
    async fn one_with_a_request_in_work_never_leaves() {
        let places = Places::new(1);
        let place = taken(&places);
        let (one, other) = (place.work().unwrap(), place.work().unwrap());
        let newcomer = tokio::spawn({
            let places = places.clone();
            async move { places.take().await }
        });
        for request in [one, other] {
            advance(100 * BETWEEN).await;
            assert!(now(place.wanted()).is_none() && !newcomer.is_finished());
            drop(request);
        }
        place.wanted().await;
        assert!(!newcomer.is_finished());
        drop(place);
        newcomer.await.unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn what_comes_on_a_connection_that_is_to_leave_is_not_begun() {
        let places = Places::new(1);
        let place = taken(&places);
        advance(SETTLE).await;
        assert!(now(places.take()).is_none());
        assert!(place.work().is_none());
        drop(place);
        taken(&places);
    }

    #[tokio::test(start_paused = true)]
    async fn places_are_counted_right_whatever_happens_to_them() {
        let places = Places::new(2);
        for _ in 0..3 {
            let (one, other) = (taken(&places), taken(&places));
            let working = one.work();
            advance(SETTLE).await;
            assert!(now(places.take()).is_none());
            drop((one, other, working));
            let state = places.state();
            assert_eq!((state.taken, state.leaving, state.idle.len()), (0, 0, 0));
        }
    }
}
