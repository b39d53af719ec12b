//! Between those who release orders and those who tell the SM-DSs, within one process: that there is something to tell, and
//! how the first try has ended.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use protocol::types::{EventId, ServerAddress};
use tokio::sync::{Notify, oneshot, watch};

use crate::domain::{CallKey, EventFailure};

/// How the first try to register an event has ended.
pub(crate) enum FirstTry {
    /// The SM-DS has it.
    Registered,
    /// It has not, as far as we know.
    Failed(EventFailure),
}

/// Who waits for what.
#[derive(Default)]
pub(crate) struct EventNews {
    /// Something is due.
    due: Notify,
    waiting: Mutex<Waiters>,
    /// The SM-DSs that are left alone for a while because they were not there.
    paused: Mutex<Vec<String>>,
}

/// As many as there are calls of ES2+ under way that release an order for an SM-DS.
#[derive(Default)]
struct Waiters {
    last: u64,
    all: Vec<Waiter>,
}

struct Waiter {
    number: u64,
    event: EventId,
    call: CallKey,
    /// Until it was told.
    teller: Option<oneshot::Sender<FirstTry>>,
    /// Ends when it waits no more.
    undecided: watch::Receiver<()>,
}

impl EventNews {
    /// Something is due now.
    pub(crate) fn wake(&self) {
        self.due.notify_one();
    }

    /// Until something is due.
    pub(super) async fn something_due(&self) {
        self.due.notified().await;
    }

    /// Begins to wait for the first try to register an event; as long, the call that releases its order is undecided.
    pub(crate) fn wait_for(self: &Arc<Self>, event: EventId, call: CallKey) -> Waiting {
        let (teller, told) = oneshot::channel();
        let (decided, undecided) = watch::channel(());
        let mut waiters = self.waiters();
        waiters.last += 1;
        let number = waiters.last;
        waiters.all.push(Waiter { number, event: event.clone(), call, teller: Some(teller), undecided });
        Waiting { news: self.clone(), number, event, told: Some(told), _decided: decided }
    }

    /// Tells who waits, if anybody does.
    pub(super) fn tell(&self, event: &EventId, outcome: FirstTry) {
        let mut waiters = self.waiters();
        let teller =
            waiters.all.iter_mut().find_map(|waiter| waiter.teller.take_if(|_| waiter.event == *event));
        if let Some(teller) = teller {
            // Whoever has just stopped waiting needs not know.
            let _ = teller.send(outcome);
        }
    }

    /// These SM-DSs are left alone now.
    pub(super) fn left_alone(&self, paused: Vec<String>) {
        *locked(&self.paused) = paused;
    }

    /// Whether an SM-DS is left alone now: nobody will hear of it soon.
    pub(crate) fn is_left_alone(&self, smds: &ServerAddress) -> bool {
        locked(&self.paused).iter().any(|paused| paused == smds.as_str())
    }

    /// Until it is decided whether a call stays executed, where that is not decided yet.
    pub(crate) async fn decided(&self, call: &CallKey) {
        let undecided = self
            .waiters()
            .all
            .iter()
            .find(|waiter| waiter.call == *call)
            .map(|waiter| waiter.undecided.clone());
        if let Some(mut undecided) = undecided {
            // Nothing is ever sent; it ends when the decision has fallen.
            let _ = undecided.changed().await;
        }
    }

    fn waiters(&self) -> MutexGuard<'_, Waiters> {
        locked(&self.waiting)
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Somebody who waits for the first try; nobody does any more when it is dropped.
pub(crate) struct Waiting {
    news: Arc<EventNews>,
    number: u64,
    event: EventId,
    told: Option<oneshot::Receiver<FirstTry>>,
    _decided: watch::Sender<()>,
}

impl Waiting {
    /// Which event.
    pub(crate) fn event(&self) -> &EventId {
        &self.event
    }

    /// How the first try has ended; for ever, where nobody here will tell any more.
    pub(crate) async fn told(&mut self) -> FirstTry {
        if let Some(told) = &mut self.told
            && let Ok(outcome) = told.await
        {
            return outcome;
        }
        self.told = None;
        std::future::pending().await
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.news.waiters().all.retain(|waiter| waiter.number != self.number);
    }
}
