//! What travelled while a case ran.

use std::sync::{Arc, Mutex, PoisonError};

use protocol::clock::Clock;
use protocol::trace::{Actor, Event, Sink, Tracer};

/// Collects the events of one case after the other.
#[derive(Default)]
pub struct Evidence(Mutex<Vec<Event>>);

impl Evidence {
    /// A collector, and a tracer that writes to it.
    pub fn new(actor: Actor, clock: Arc<dyn Clock>) -> (Arc<Self>, Tracer) {
        let evidence = Arc::new(Self::default());
        (evidence.clone(), Tracer::new(actor, clock, evidence))
    }

    /// What was collected since this was asked the last time.
    pub fn take(&self) -> Vec<Event> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Sink for Evidence {
    fn emit(&self, event: Event) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(event);
    }
}
