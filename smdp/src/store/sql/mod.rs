//! What the store asks of its data base: one SQL that both understand, written once.
//!
//! Each function of [`Store`](super::Store) is a function here, over any [`Transaction`]. A back end opens a transaction,
//! calls the function and commits, or undoes everything on an error. Placeholders are `$1`, `$2` …; numbers are 64-bit
//! integers, truth values 0 and 1, times milliseconds since the Unix epoch.

mod calls;
mod conditions;
mod happenings;
mod imports;
mod notifications;
mod operation;
mod orders;
mod profiles;
mod row;
mod sessions;

use std::future::Future;

use self::conditions::Conditions;
use super::StoreError;
use super::seal::Sealer;

pub use self::calls::earlier_call;
pub use self::happenings::{claim_reports, happenings, report_delivered, report_failed};
pub use self::imports::{abandon_import, begin_import, finish_import, import_profiles};
pub use self::notifications::{accept_notification, notifications};
pub use self::operation::{check_key, check_writable, counts, key_fingerprint, prune, recognise_key};
pub use self::orders::{
    add_orders, bound, change_order, close_order, delete_order, hand_out, order, order_of_iccid,
    order_of_matching_id, orders, orders_of_eid, record_confirmation_code_try, record_refused_attempt,
    reserve_profile, reset_order,
};
pub use self::profiles::{delete_profile, package, profile, profiles, retire_profile, type_inventory};
pub use self::row::{Row, Value};
pub use self::sessions::{end_session, offer, open_session, session};

/// A transaction of a data base.
pub trait Transaction {
    /// What to write behind a SELECT so that nobody else changes its rows; it waits for those who do just now.
    const FOR_UPDATE: &'static str;
    /// The same, but rows that somebody is changing are passed over.
    const SKIP_LOCKED: &'static str;

    /// Seals what is secret.
    fn sealer(&self) -> &Sealer;

    /// The rows that a statement gives.
    fn rows(
        &self,
        sql: &str,
        parameters: &[Value],
    ) -> impl Future<Output = Result<Vec<Row>, StoreError>> + Send;

    /// How many rows a statement has changed. A value that may exist once only and is there already is
    /// [`StoreError::Taken`], told by the name of the violated rule.
    fn execute(
        &self,
        sql: &str,
        parameters: &[Value],
    ) -> impl Future<Output = Result<u64, StoreError>> + Send;
}

/// The one row that a statement gives, if any.
async fn one<T: Transaction>(tx: &T, sql: &str, parameters: &[Value]) -> Result<Option<Row>, StoreError> {
    Ok(tx.rows(sql, parameters).await?.into_iter().next())
}

/// A statement that changes the one row that is still as it was read.
async fn change_one<T: Transaction>(tx: &T, sql: &str, parameters: &[Value]) -> Result<(), StoreError> {
    match tx.execute(sql, parameters).await? {
        1 => Ok(()),
        _ => Err(StoreError::Conflict),
    }
}

/// The functions of [`Store`](super::Store), for a back end that runs each of them in a transaction: first those that change
/// something or answer at once, then those that read much and may take long.
macro_rules! store_functions {
    ($run:ident) => {
        $run! {{
            begin_import(now: Timestamp, abandoned: Timestamp) -> ImportId;
            import_profiles(import: ImportId, now: Timestamp, profiles: Vec<NewProfile>) -> ();
            finish_import(import: ImportId) -> u64;
            abandon_import(import: ImportId) -> ();
            profile(iccid: Iccid) -> Option<Profile>;
            type_inventory(operator: String, profile_type: String) -> TypeInventory;
            delete_profile(id: ProfileId) -> ();
            retire_profile(id: ProfileId, retired: bool) -> ();
            add_orders(now: Timestamp, orders: Vec<NewOrder>) -> Vec<OrderId>;
            reserve_profile(reservation: Reservation) -> Option<Order>;
            change_order(order: Order, call: Option<ExecutedCall>) -> ();
            close_order(order: Order, call: Option<ExecutedCall>) -> ();
            delete_order(order: Order) -> ();
            reset_order(order: Order) -> ();
            earlier_call(key: CallKey) -> Option<EarlierCall>;
            order(id: OrderId) -> Option<Order>;
            order_of_iccid(iccid: Iccid) -> Option<Order>;
            orders_of_eid(eid: Eid) -> Vec<Order>;
            order_of_matching_id(matching_id: String) -> Option<Order>;
            package(id: ProfileId) -> Package;
            bound(id: OrderId) -> Option<Bound>;
            open_session(session: SessionRecord) -> ();
            session(transaction_id: TransactionId) -> Option<SessionRecord>;
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
            prune(retention: Retention) -> Pruned;
            check_writable() -> ();
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
