//! An SM-DS as the API sees it, whatever its store and its Root are: so that the functions of the API, and with them its
//! description, are made once.

use std::fmt;

use protocol::clock::Timestamp;
use service::management::{Answer, Operated, in_time};
use service::metrics::CallMetrics;

use crate::domain::{EventNumber, EventRecord, RootDeletion, RootDeletionNumber};
use crate::root::RootSmds;
use crate::server::Smds;
use crate::store::{Ending, EventFilter, Store, StoreError};

/// What the API needs of an SM-DS.
pub(super) trait Managed: Send + Sync {
    fn now(&self) -> Timestamp;
    fn events(&self, filter: EventFilter) -> Answer<'_, Result<Vec<EventRecord>, StoreError>>;
    fn event(&self, number: EventNumber) -> Answer<'_, Result<Option<EventRecord>, StoreError>>;
    fn remove_event(&self, number: EventNumber) -> Answer<'_, Result<bool, StoreError>>;
    fn root_deletions(
        &self,
        after: Option<RootDeletionNumber>,
        limit: u32,
    ) -> Answer<'_, Result<Vec<RootDeletion>, StoreError>>;
}

impl<S: Store, R: RootSmds> Managed for Smds<S, R> {
    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    fn events(&self, filter: EventFilter) -> Answer<'_, Result<Vec<EventRecord>, StoreError>> {
        Box::pin(self.store.events(filter))
    }

    fn event(&self, number: EventNumber) -> Answer<'_, Result<Option<EventRecord>, StoreError>> {
        Box::pin(self.store.event(number))
    }

    fn remove_event(&self, number: EventNumber) -> Answer<'_, Result<bool, StoreError>> {
        Box::pin(self.store.end_event(number, Ending::Removed, self.clock.now()))
    }

    fn root_deletions(
        &self,
        after: Option<RootDeletionNumber>,
        limit: u32,
    ) -> Answer<'_, Result<Vec<RootDeletion>, StoreError>> {
        Box::pin(self.store.root_deletions(after, limit))
    }
}

impl<S: Store, R: RootSmds> Operated for Smds<S, R> {
    fn calls(&self) -> &CallMetrics {
        (*self.metrics).as_ref()
    }

    fn check_writable(&self) -> Answer<'_, Result<(), StoreError>> {
        Box::pin(self.store.check_writable())
    }

    fn exposition(&self) -> Answer<'_, Result<String, fmt::Error>> {
        Box::pin(async {
            let counts = in_time(self.store.counts()).await;
            self.metrics.text(counts.as_ref())
        })
    }
}
