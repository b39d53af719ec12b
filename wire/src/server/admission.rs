//! What is taken in while much is in work already.
//!
//! A server that takes in more than it can do does less than it could: each request waits until its peer has given up, and what was
//! begun is wasted. So nothing new is begun while what there is has to wait, and what has begun goes on, since an RSP session is
//! worth nothing before its last message.
//!
//! *How long a request waits for a processor* needs to know neither how fast the machine is nor what a request costs: it takes a
//! [`turn`], and the time until that comes is the measure. The wait tells that there is a line, not how long it is. As in CoDel
//! (RFC 8289), a wait over the bound is forgiven for an interval, for a burst or a hiccup of the machine; then everything new that
//! has waited so long is refused, until a second has passed without any. With few in work nobody is refused, however long they
//! wait: then it is not we who keep the machine busy.
//!
//! *How many are in work* bounds what the wait cannot see: the length of the line, memory, and requests that wait for others (a
//! disk, a data base, a Root SM-DS that does not answer) while the processors are free. Its second, higher bound is the only one
//! for what has begun.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::limits::{Limits, processors};
use super::turn::turn;

/// How long waits may be over the bound before that counts.
const INTERVAL: Duration = Duration::from_millis(100);
/// Without a refusal for so long, a wait over the bound is forgiven again.
const MEMORY: Duration = Duration::from_secs(1);
/// So many in work for each processor are few.
const FEW: usize = 16;
/// How many times more may be in work for what goes on.
const RESERVE: usize = 4;

/// What a request is to the work of a server.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Urgency {
    /// It begins something. Refusing it costs nobody more than another try.
    Begins,
    /// It goes on with something that has begun. Refusing it wastes what was done.
    GoesOn,
}

/// The requests in work on one port: received whole, and not yet answered.
pub(super) struct Admission {
    requests: Option<usize>,
    wait: Option<Duration>,
    few: usize,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    in_work: usize,
    /// Since when everyone has waited longer than the bound, and when somebody last did.
    waiting: Option<(Instant, Instant)>,
    refused_at: Option<Instant>,
}

impl Admission {
    pub(super) fn new(limits: &Limits) -> Arc<Self> {
        let requests = limits.requests_in_work.map(Into::into);
        let few = FEW.saturating_mul(processors());
        Arc::new(Self { requests, wait: limits.wait, few, state: Mutex::default() })
    }

    /// Takes a request in when its turn comes, and unless there is too much; it is in work until the returned value is dropped.
    pub(super) async fn admit(self: &Arc<Self>, urgency: Urgency) -> Option<InWork> {
        let in_work = self.enter(urgency)?;
        if self.wait.is_some() {
            let since = Instant::now();
            turn().await;
            self.has_waited(since.elapsed(), urgency).then_some(in_work)
        } else {
            Some(in_work)
        }
    }

    fn enter(self: &Arc<Self>, urgency: Urgency) -> Option<InWork> {
        let most = self.requests.map_or(usize::MAX, |requests| match urgency {
            Urgency::Begins => requests,
            Urgency::GoesOn => requests.saturating_mul(RESERVE),
        });
        let mut state = self.state();
        if state.in_work >= most {
            state.refused_at = Some(Instant::now());
            return None;
        }
        state.in_work += 1;
        Some(InWork(self.clone()))
    }

    /// Whether a request that has waited so long for its turn is taken in.
    fn has_waited(&self, waited: Duration, urgency: Urgency) -> bool {
        let now = Instant::now();
        let mut state = self.state();
        if state.in_work <= self.few || self.wait.is_none_or(|bound| waited < bound) {
            state.waiting = None;
            return true;
        }
        // What was so an interval ago and has not been seen since says nothing of now.
        let since = match state.waiting {
            Some((since, last)) if now - last < INTERVAL => since,
            _ => now,
        };
        state.waiting = Some((since, now));
        let stands = now - since >= INTERVAL;
        let refuses = state.refused_at.is_some_and(|at| now - at < MEMORY);
        let admitted = urgency == Urgency::GoesOn || !(stands || refuses);
        if !admitted {
            state.refused_at = Some(now);
        }
        admitted
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One request in work.
pub(super) struct InWork(Arc<Admission>);

impl Drop for InWork {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.in_work -= 1;
        if state.in_work <= self.0.few {
            state.waiting = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroUsize;

    use Urgency::{Begins, GoesOn};
    use tokio::time::advance;

    use super::*;

    const BOUND: Duration = Duration::from_millis(50);
    const BRIEFLY: Duration = Duration::from_millis(49);

    fn admission(requests_in_work: usize, wait: Option<Duration>) -> Arc<Admission> {
        let requests_in_work = NonZeroUsize::new(requests_in_work);
        Admission::new(&Limits { requests_in_work, wait, ..Limits::default() })
    }

    /// With so many in work, of which one is new, that waits count.
    fn with_many(wait: Option<Duration>) -> (Arc<Admission>, Vec<InWork>) {
        let admission = admission(0, wait);
        let many = (0..=admission.few).map(|_| admission.enter(Begins).unwrap()).collect();
        (admission, many)
    }

    /// Waits over the bound for as long as is forgiven.
    async fn over_the_bound(admission: &Arc<Admission>) {
        for _ in 0..2 {
            assert!(admission.has_waited(BOUND, GoesOn));
            advance(INTERVAL / 2).await;
        }
    }

    #[tokio::test]
    async fn beyond_the_bound_nothing_begins_and_what_has_begun_goes_on_to_four_times_as_many() {
        let admission = admission(2, None);
        let mut in_work = Vec::new();
        for _ in 0..2 {
            in_work.extend(admission.admit(Begins).await);
        }
        assert!(admission.admit(Begins).await.is_none());
        for _ in 2..8 {
            in_work.push(admission.admit(GoesOn).await.unwrap());
        }
        assert!(admission.admit(GoesOn).await.is_none());
        in_work.truncate(2);
        assert!(admission.admit(Begins).await.is_none());
        assert!(admission.admit(GoesOn).await.is_some());
        in_work.truncate(1);
        assert!(admission.admit(Begins).await.is_some());
    }

    #[tokio::test]
    async fn without_a_bound_any_number_is_in_work() {
        let admission = admission(0, None);
        let mut in_work = Vec::new();
        for _ in 0..10_000 {
            in_work.push(admission.admit(Begins).await.unwrap());
        }
    }

    #[tokio::test(start_paused = true)]
    async fn waits_over_the_bound_are_forgiven_for_an_interval_and_for_what_has_begun() {
        let (admission, _many) = with_many(Some(BOUND));
        assert!(admission.has_waited(BOUND, Begins));
        advance(INTERVAL - Duration::from_millis(1)).await;
        assert!(admission.has_waited(BOUND, Begins));
        advance(Duration::from_millis(1)).await;
        assert!(!admission.has_waited(BOUND, Begins));
        assert!(admission.has_waited(BOUND, GoesOn));
        assert!(admission.has_waited(BRIEFLY, Begins));
    }

    #[tokio::test(start_paused = true)]
    async fn a_wait_of_long_ago_does_not_count() {
        let (admission, _many) = with_many(Some(BOUND));
        for _ in 0..3 {
            assert!(admission.has_waited(BOUND, Begins));
            advance(INTERVAL).await;
        }
        assert!(admission.has_waited(BOUND, Begins));
        advance(INTERVAL / 2).await;
        assert!(admission.has_waited(BOUND, Begins));
        advance(INTERVAL / 2).await;
        assert!(!admission.has_waited(BOUND, Begins));
    }

    #[tokio::test(start_paused = true)]
    async fn one_short_wait_ends_the_interval() {
        let (admission, _many) = with_many(Some(BOUND));
        for _ in 0..3 {
            assert!(admission.has_waited(BOUND, GoesOn));
            advance(INTERVAL / 2).await;
            assert!(admission.has_waited(BOUND, Begins));
            advance(INTERVAL / 2).await;
            assert!(admission.has_waited(BRIEFLY, GoesOn));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn an_interval_with_little_to_do_ends_it_too() {
        let (admission, mut many) = with_many(Some(BOUND));
        over_the_bound(&admission).await;
        many.pop();
        many.push(admission.enter(Begins).unwrap());
        assert!(admission.has_waited(BOUND, Begins));
    }

    #[tokio::test(start_paused = true)]
    async fn after_a_refusal_nothing_is_forgiven_for_a_second() {
        let (admission, _many) = with_many(Some(BOUND));
        over_the_bound(&admission).await;
        assert!(!admission.has_waited(BOUND, Begins));
        assert!(admission.has_waited(BRIEFLY, Begins));
        advance(MEMORY - Duration::from_millis(1)).await;
        assert!(!admission.has_waited(BOUND, Begins));
        assert!(admission.has_waited(BRIEFLY, Begins));
        advance(MEMORY).await;
        assert!(admission.has_waited(BOUND, Begins));
    }

    #[tokio::test(start_paused = true)]
    async fn without_a_bound_on_waits_nobody_waits_too_long() {
        let (admission, _many) = with_many(None);
        for _ in 0..3 {
            assert!(admission.has_waited(Duration::from_secs(3600), Begins));
            advance(MEMORY).await;
        }
    }

    #[tokio::test(start_paused = true)]
    async fn while_few_are_in_work_nobody_waits_too_long() {
        let (admission, mut many) = with_many(Some(BOUND));
        over_the_bound(&admission).await;
        assert!(!admission.has_waited(BOUND, Begins));
        many.truncate(admission.few);
        assert!(admission.has_waited(BOUND, Begins));
    }
}
