use std::sync::{Arc, Mutex};

use protocol::clock::FixedClock;
use protocol::trace::{Actor, Event, Sink, Tracer, What};

use super::pki::NOW;

/// Keeps events, and shows them in one line each.
#[derive(Clone, Default)]
pub struct Memory(Arc<Mutex<Vec<Event>>>);

impl Memory {
    pub fn tracer(&self, actor: Actor) -> Tracer {
        Tracer::new(actor, Arc::new(FixedClock(NOW)), Arc::new(self.clone()))
    }

    pub fn events(&self) -> Vec<Event> {
        self.0.lock().unwrap().clone()
    }

    /// `actor message function status transactionId`.
    pub fn lines(&self) -> Vec<String> {
        self.events().into_iter().map(line).collect()
    }
}

fn line(event: Event) -> String {
    let What::Http { message, path, status, .. } = event.what else { panic!("another event") };
    let function = path.rsplit('/').next().unwrap_or_default().to_owned();
    let status = status.map(|status| format!(" {status}")).unwrap_or_default();
    let id = event.ids.transaction_id.unwrap_or("-".to_owned());
    format!("{:?} {message} {function}{status} {id}", event.actor)
}

impl Sink for Memory {
    fn emit(&self, event: Event) {
        self.0.lock().unwrap().push(event);
    }
}
