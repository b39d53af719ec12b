//! What the store asks of its data base: one SQL that both understand, written once.
//!
//! Each function of [`Store`](super::Store) is a function here, over any [`Transaction`](service::database::Transaction). A
//! back end opens a transaction, calls the function and commits, or undoes everything on an error.

mod calls;
mod happenings;
mod imports;
mod notifications;
mod operation;
mod orders;
mod profiles;
mod sessions;
mod smds_events;

pub use self::calls::earlier_call;
pub use self::happenings::{claim_reports, happenings, report_delivered, report_failed};
pub use self::imports::{abandon_import, begin_import, finish_import, import_profiles};
pub use self::notifications::{accept_notification, notifications};
pub use self::operation::{check_key, check_writable, counts, key_fingerprint, prune, recognise_key};
pub use self::orders::{
    add_orders, bound, change_order, close_order, delete_order, hand_out, order, order_of_iccid,
    order_of_matching_id, orders, orders_of_eid, record_confirmation_code_try, record_refused_attempt,
    reserve_profile, reset_order, take_back_release,
};
pub use self::profiles::{
    delete_profile, package, profile, profiles, retire_profile, stored_package, type_inventory,
};
pub use self::sessions::{end_session, offer, open_session, session, session_with_order};
pub use self::smds_events::{claim_smds_events, note_smds_event_try, smds_events};

/// The functions of [`Store`](super::Store), for a back end: first those that it has to run in a transaction each, then those that
/// write by one statement which may be executed twice, then those that look something up by one statement, then those that read
/// much and may take long.
macro_rules! store_functions {
    ($run:ident) => {
        $run! {{
            begin_import(now: Timestamp, abandoned: Timestamp) -> ImportId;
            import_profiles(import: ImportId, now: Timestamp, profiles: Vec<NewProfile>) -> ();
            finish_import(import: ImportId) -> u64;
            abandon_import(import: ImportId) -> ();
            type_inventory(operator: String, profile_type: String) -> TypeInventory;
            delete_profile(id: ProfileId) -> ();
            retire_profile(id: ProfileId, retired: bool) -> ();
            add_orders(now: Timestamp, orders: Vec<NewOrder>) -> Vec<OrderId>;
            reserve_profile(reservation: Reservation) -> Option<Order>;
            change_order(order: Order, call: Option<ExecutedCall>) -> ();
            close_order(order: Order, call: Option<ExecutedCall>) -> ();
            take_back_release(order: Order, call: CallKey) -> ();
            delete_order(order: Order) -> ();
            reset_order(order: Order) -> ();
            record_refused_attempt(order: Order) -> ();
            offer(order: Order, session: SessionRecord) -> ();
            record_confirmation_code_try(order: Order) -> ();
            hand_out(order: Order, session: SessionRecord, bound: Bound) -> ();
            end_session(session: SessionRecord, order: Option<Order>) -> ();
            accept_notification(
                notification: NotificationRecord,
                session: Option<SessionRecord>,
                order: Option<Order>
            ) -> bool;
            claim_reports(now: Timestamp, until: Timestamp, limit: u32, except: Vec<String>) -> Vec<HappeningRecord>;
            report_delivered(id: HappeningId) -> ();
            report_failed(id: HappeningId, next: Option<Timestamp>) -> ();
            claim_smds_events(
                now: Timestamp,
                until: Timestamp,
                limit: u32,
                except: Vec<String>
            ) -> Vec<SmdsEvent>;
            note_smds_event_try(claimed: SmdsEvent, outcome: EventTry, now: Timestamp) -> ();
            smds_events(filter: SmdsEventFilter) -> Vec<SmdsEvent>;
            prune(retention: Retention) -> Pruned;
        } {
            open_session(session: SessionRecord) -> ();
            check_writable() -> ();
        } {
            profile(iccid: Iccid) -> Option<Profile>;
            earlier_call(key: CallKey) -> Option<EarlierCall>;
            order(id: OrderId) -> Option<Order>;
            order_of_iccid(iccid: Iccid) -> Option<Order>;
            orders_of_eid(eid: Eid) -> Vec<Order>;
            order_of_matching_id(matching_id: String) -> Option<Order>;
            package(id: ProfileId) -> Package;
            stored_package(id: ProfileId) -> StoredPackage;
            bound(id: OrderId) -> Option<Bound>;
            session(transaction_id: TransactionId) -> Option<SessionRecord>;
            session_with_order(transaction_id: TransactionId) -> Option<(SessionRecord, Option<Order>)>;
        } {
            profiles(filter: ProfileFilter) -> Vec<Profile>;
            orders(filter: OrderFilter) -> Vec<Order>;
            notifications(eid: Eid) -> Vec<NotificationRecord>;
            happenings(filter: HappeningFilter) -> Vec<HappeningRecord>;
            counts() -> Counts;
        }}
    };
}
pub(super) use store_functions;
