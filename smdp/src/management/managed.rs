//! An SM-DP+ as the API sees it, whatever its store is: so that the functions of the API, and with them its description,
//! are made once.

use std::fmt;

use asn1::{Iccid, TransactionId};
use axum::http::StatusCode;
use protocol::clock::Timestamp;
use protocol::types::{Eid, MatchingId};
use service::management::{Answer, Operated, Problem, in_time};
use service::metrics::CallMetrics;

use crate::config::Config;
use crate::domain::{
    ExecutedCall, HappeningRecord, NewProfile, Order, OrderId, Profile, ProfileId, SessionRecord, SmdsEvent,
};
use crate::faults::Faults;
use crate::server::Smdp;
use crate::store::{
    HappeningFilter, ImportId, NotificationRecord, OrderFilter, ProfileFilter, Reservation, SmdsEventFilter,
    Store, StoreError, TypeInventory,
};

/// What the API needs of an SM-DP+.
pub(super) trait Managed: Operated {
    fn store(&self) -> &dyn ManagedStore;
    fn config(&self) -> &Config;
    fn faults(&self) -> &Faults;
    fn now(&self) -> Timestamp;
    /// One that nobody comes upon by trying.
    fn new_matching_id(&self) -> Result<MatchingId, Problem>;
}

impl<S: Store> Operated for Smdp<S> {
    fn calls(&self) -> &CallMetrics {
        (**self.metrics()).as_ref()
    }

    fn check_writable(&self) -> Answer<'_, Result<(), StoreError>> {
        Box::pin(self.store().check_writable())
    }

    fn exposition(&self) -> Answer<'_, Result<String, fmt::Error>> {
        Box::pin(async {
            let counts = in_time(self.store().counts()).await;
            self.metrics().text(counts.as_ref())
        })
    }

    fn faults_in_force(&self) -> Vec<String> {
        let armed = Smdp::faults(self).armed();
        let mut faults: Vec<String> = armed.iter().map(|armed| armed.rule.to_string()).collect();
        if self.config().catalogue {
            faults.push(format!("error catalogue: {} activation codes", self.catalogue.len()));
        }
        faults
    }
}

impl<S: Store> Managed for Smdp<S> {
    fn store(&self) -> &dyn ManagedStore {
        &**Smdp::store(self)
    }

    fn config(&self) -> &Config {
        Smdp::config(self)
    }

    fn faults(&self) -> &Faults {
        Smdp::faults(self)
    }

    fn now(&self) -> Timestamp {
        self.clock().now()
    }

    fn new_matching_id(&self) -> Result<MatchingId, Problem> {
        let made = Smdp::new_matching_id(self);
        made.map_err(|_| Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "no MatchingID could be made"))
    }
}

/// Functions of [`Store`] behind a pointer.
macro_rules! managed_store {
    ($($name:ident($($argument:ident: $type:ty),*) -> $output:ty;)*) => {
        /// What the API needs of a store; see [`Store`].
        pub(super) trait ManagedStore: Send + Sync {
            $(fn $name(&self, $($argument: $type),*) -> Answer<'_, Result<$output, StoreError>>;)*
        }

        impl<S: Store> ManagedStore for S {
            $(
                fn $name(&self, $($argument: $type),*) -> Answer<'_, Result<$output, StoreError>> {
                    Box::pin(Store::$name(self, $($argument),*))
                }
            )*
        }
    };
}

managed_store! {
    begin_import(now: Timestamp, abandoned: Timestamp) -> ImportId;
    import_profiles(import: ImportId, now: Timestamp, profiles: Vec<NewProfile>) -> ();
    finish_import(import: ImportId) -> u64;
    abandon_import(import: ImportId) -> ();
    profile(iccid: Iccid) -> Option<Profile>;
    profiles(filter: ProfileFilter) -> Vec<Profile>;
    type_inventory(operator: String, profile_type: String) -> TypeInventory;
    delete_profile(id: ProfileId) -> ();
    retire_profile(id: ProfileId, retired: bool) -> ();
    reserve_profile(reservation: Reservation) -> Option<Order>;
    change_order(order: Order, call: Option<ExecutedCall>) -> ();
    close_order(order: Order, call: Option<ExecutedCall>) -> ();
    delete_order(order: Order) -> ();
    reset_order(order: Order) -> ();
    orders(filter: OrderFilter) -> Vec<Order>;
    order(id: OrderId) -> Option<Order>;
    order_of_matching_id(matching_id: String) -> Option<Order>;
    session(transaction_id: TransactionId) -> Option<SessionRecord>;
    notifications(eid: Eid) -> Vec<NotificationRecord>;
    happenings(filter: HappeningFilter) -> Vec<HappeningRecord>;
    smds_events(filter: SmdsEventFilter) -> Vec<SmdsEvent>;
}
