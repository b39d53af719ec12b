//! Whether this process is to be sent requests.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

/// What the parts of a process say of themselves; all clones are one.
#[derive(Clone, Default)]
pub struct Readiness(Arc<Parts>);

#[derive(Default)]
struct Parts {
    /// Whether each interface listens, by its name.
    interfaces: Mutex<BTreeMap<&'static str, bool>>,
    shutting_down: watch::Sender<bool>,
}

impl Readiness {
    /// An interface listens, such as `ES9+`, until what is given back is dropped: by the task that serves it, however
    /// that ends.
    #[must_use = "the interface counts as closed once this is dropped"]
    pub fn listening(&self, interface: &'static str) -> Listening {
        self.interfaces().insert(interface, true);
        Listening { readiness: self.clone(), interface }
    }

    /// The process is about to end: it is not ready any more, and nobody waits for events.
    pub fn shut_down(&self) {
        self.0.shutting_down.send_replace(true);
    }

    /// Whether the process is about to end.
    pub fn is_shutting_down(&self) -> bool {
        *self.0.shutting_down.borrow()
    }

    /// Waits until the process is about to end.
    pub async fn shutting_down(&self) {
        let mut receiver = self.0.shutting_down.subscribe();
        // The sender lives as long as we do.
        let _ = receiver.wait_for(|shutting_down| *shutting_down).await;
    }

    /// Each interface that was ever open, and whether it is now.
    pub(super) fn interfaces_now(&self) -> Vec<(&'static str, bool)> {
        self.interfaces().iter().map(|(name, listens)| (*name, *listens)).collect()
    }

    fn interfaces(&self) -> MutexGuard<'_, BTreeMap<&'static str, bool>> {
        self.0.interfaces.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Stands for an interface that listens.
pub struct Listening {
    readiness: Readiness,
    interface: &'static str,
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.readiness.interfaces().insert(self.interface, false);
    }
}
