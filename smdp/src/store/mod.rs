//! Where profiles, orders, sessions and notifications are kept.
//!
//! The trait speaks the words of the domain; what has to be atomic is written beside each function. Every function that
//! changes something returns when the change is durable: only then does the server answer. A change to an order or a
//! session carries the version it was read at; if another change came first, nothing is written and the caller
//! reads again ([`StoreError::Conflict`]). What happened to an order ([`Order::happened`]) is written with its change, and
//! with it the reports that the operator is owed: an outbox that is never ahead of the state nor behind it. So it is with the
//! event of an order at an SM-DS: the change that releases an order writes what is to be registered there, and what ends
//! it, by whichever function, writes what is to be deleted.
//!
//! Two data bases stand behind it. What is asked of them is the same SQL, in `sql`; `sqlite` and `postgres` only
//! run it.

mod dump;
mod postgres;
mod query;
mod seal;
mod sql;
mod sqlite;

use std::future::Future;

use asn1::{Iccid, TransactionId};
use protocol::clock::Timestamp;
use protocol::types::Eid;

use crate::domain::{
    Bound, CallKey, EarlierCall, EventTry, ExecutedCall, HappeningId, HappeningRecord, NewOrder, NewProfile,
    Order, OrderId, Package, Profile, ProfileId, SessionRecord, SmdsEvent, StoredPackage,
};

pub use dump::Dumped;
pub use postgres::{PostgresOptions, PostgresStore};
pub use query::{
    Counts, HappeningFilter, NotificationRecord, OrderFilter, ProfileFilter, Pruned, Reservation, Retention,
    SmdsEventFilter, TypeInventory, Wanted, WriteAnswer,
};
pub use seal::{StoreKey, StoreKeyError};
pub use service::database::StoreError;
pub use sqlite::SqliteStore;

/// The store's number of an import that has begun.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ImportId(pub i64);

/// The store of an SM-DP+.
pub trait Store: Send + Sync + 'static {
    // ---- the inventory -------------------------------------------------------------------------------------------

    /// Begins an import. What is imported is seen by nobody until [`Store::finish_import`]; what an import left behind that
    /// died before `abandoned` is removed.
    fn begin_import(
        &self,
        now: Timestamp,
        abandoned: Timestamp,
    ) -> impl Future<Output = Result<ImportId, StoreError>> + Send;

    /// Takes in some profiles of an import.
    ///
    /// Atomic: all of them, or none. An ICCID that exists is [`StoreError::Taken`].
    fn import_profiles(
        &self,
        import: ImportId,
        now: Timestamp,
        profiles: Vec<NewProfile>,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Ends an import: all its profiles are in the inventory from now on. Gives their number.
    ///
    /// Atomic.
    fn finish_import(&self, import: ImportId) -> impl Future<Output = Result<u64, StoreError>> + Send;

    /// Gives an import up; nothing of it is left.
    fn abandon_import(&self, import: ImportId) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// The profile of an ICCID.
    fn profile(&self, iccid: Iccid) -> impl Future<Output = Result<Option<Profile>, StoreError>> + Send;

    /// Profiles, in the order of their numbers.
    fn profiles(
        &self,
        filter: ProfileFilter,
    ) -> impl Future<Output = Result<Vec<Profile>, StoreError>> + Send;

    /// Whether there are profiles of a type, and whether an operator owns some.
    fn type_inventory(
        &self,
        operator: String,
        profile_type: String,
    ) -> impl Future<Output = Result<TypeInventory, StoreError>> + Send;

    /// Removes a profile with its package, its orders and what was bound of it.
    ///
    /// Atomic.
    fn delete_profile(&self, id: ProfileId) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Marks a profile that no order has as Unavailable, or as Available again. [`StoreError::Conflict`] where an order
    /// has it.
    fn retire_profile(
        &self,
        id: ProfileId,
        retired: bool,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    // ---- orders --------------------------------------------------------------------------------------------------

    /// Takes in profiles with a released order each.
    ///
    /// Atomic: all of them, or none. An ICCID or MatchingID that exists is [`StoreError::Taken`].
    fn add_orders(
        &self,
        now: Timestamp,
        orders: Vec<NewOrder>,
    ) -> impl Future<Output = Result<Vec<OrderId>, StoreError>> + Send;

    /// Reserves an available profile for a new order: Allocated, or Linked with an EID. `None` where there is none;
    /// [`StoreError::Conflict`] where so many do at once that the data base ends one of them.
    ///
    /// Atomic: of all that reserve at once, no two get the same profile; the call is remembered with it.
    fn reserve_profile(
        &self,
        reservation: Reservation,
    ) -> impl Future<Output = Result<Option<Order>, StoreError>> + Send;

    /// Writes a change to an order, and the call that asked for it. A MatchingID that an order has is
    /// [`StoreError::Taken`]; one that went to an SM-DS is never free again (SGP.22 §3.6.1), and even the order that had it
    /// is not released with it once more when the SM-DS may have deleted its event.
    ///
    /// Atomic.
    fn change_order(
        &self,
        order: Order,
        call: Option<ExecutedCall>,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Ends a cancelled order: its profile is free again, or retired, as the state of the order says.
    ///
    /// Atomic.
    fn close_order(
        &self,
        order: Order,
        call: Option<ExecutedCall>,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Takes the release of an order back whose event its SM-DS did not take: the order is as `order` has it, `call` was
    /// never made, and the event is dropped, or deleted at the SM-DS where that may know it. [`StoreError::Conflict`], and
    /// nothing of it, where somebody has changed the order since it was released.
    ///
    /// Atomic.
    fn take_back_release(
        &self,
        order: Order,
        call: CallKey,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Removes an order; its profile is available again, and what was bound for it is gone.
    ///
    /// Atomic.
    fn delete_order(&self, order: Order) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Writes an order as a test wants it, and forgets what was bound for it.
    ///
    /// Atomic.
    fn reset_order(&self, order: Order) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// What is known of a call.
    fn earlier_call(
        &self,
        key: CallKey,
    ) -> impl Future<Output = Result<Option<EarlierCall>, StoreError>> + Send;

    /// Orders, in the order of their numbers.
    fn orders(&self, filter: OrderFilter) -> impl Future<Output = Result<Vec<Order>, StoreError>> + Send;

    /// One order.
    fn order(&self, id: OrderId) -> impl Future<Output = Result<Option<Order>, StoreError>> + Send;

    /// The order that has a profile now.
    fn order_of_iccid(&self, iccid: Iccid) -> impl Future<Output = Result<Option<Order>, StoreError>> + Send;

    /// The orders linked to an EID that are not done yet, in the order of their numbers.
    fn orders_of_eid(&self, eid: Eid) -> impl Future<Output = Result<Vec<Order>, StoreError>> + Send;

    /// The order that a MatchingID names now.
    fn order_of_matching_id(
        &self,
        matching_id: String,
    ) -> impl Future<Output = Result<Option<Order>, StoreError>> + Send;

    /// The Unprotected Profile Package of a profile. [`StoreError::Conflict`] where the profile is gone.
    fn package(&self, id: ProfileId) -> impl Future<Output = Result<Package, StoreError>> + Send;

    /// The same as it is kept: a package that is to be handed out under profile protection keys is protected as it comes in.
    fn stored_package(&self, id: ProfileId)
    -> impl Future<Output = Result<StoredPackage, StoreError>> + Send;

    /// The package that was bound last for an order.
    fn bound(&self, id: OrderId) -> impl Future<Output = Result<Option<Bound>, StoreError>> + Send;

    // ---- sessions ------------------------------------------------------------------------------------------------

    // What a download does to an order is its EID, its state, its counters and what happened to it: of an order that these functions
    // are given they write that, and nothing else.

    /// Opens a session. Its TransactionID has never been used: one that exists is [`StoreError::Taken`].
    fn open_session(&self, session: SessionRecord) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// The session of a TransactionID.
    fn session(
        &self,
        transaction_id: TransactionId,
    ) -> impl Future<Output = Result<Option<SessionRecord>, StoreError>> + Send;

    /// The same with the order that it is for, if it is for one yet.
    fn session_with_order(
        &self,
        transaction_id: TransactionId,
    ) -> impl Future<Output = Result<Option<(SessionRecord, Option<Order>)>, StoreError>> + Send;

    /// Keeps what an attempt that was refused did to its order: its end by too many attempts, or by a check that the
    /// eUICC failed.
    fn record_refused_attempt(&self, order: Order) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Offers an order to the eUICC of a session, the attempt counted; of the order nothing else is written.
    ///
    /// Atomic: no offer goes uncounted, and of two AuthenticateClient in one session one wins.
    fn offer(
        &self,
        order: Order,
        session: SessionRecord,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Counts a wrong confirmation code, before the refusal that says so ends the session.
    fn record_confirmation_code_try(
        &self,
        order: Order,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Binds a profile to an eUICC and hands it out.
    ///
    /// Atomic: EID, state, bound package and session change together, so a profile goes to one eUICC only, and what
    /// was handed out can be handed out again.
    fn hand_out(
        &self,
        order: Order,
        session: SessionRecord,
        bound: Bound,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Ends a session, and with a terminal reason its order.
    ///
    /// Atomic.
    fn end_session(
        &self,
        session: SessionRecord,
        order: Option<Order>,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Accepts a notification, with what it means for a session and its order. False if it was known already: then
    /// nothing is changed. Known is what came with the same EID, number and signed content: a card of a laboratory that is
    /// made anew begins to count anew, and what it reports is new.
    ///
    /// Atomic: a notification that is acknowledged has had its effect once.
    fn accept_notification(
        &self,
        notification: NotificationRecord,
        session: Option<SessionRecord>,
        order: Option<Order>,
    ) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// The notifications of an eUICC by sequence number.
    fn notifications(
        &self,
        eid: Eid,
    ) -> impl Future<Output = Result<Vec<NotificationRecord>, StoreError>> + Send;

    // ---- what happened, and the outbox ---------------------------------------------------------------------------

    /// What happened, in the order in which it did.
    fn happenings(
        &self,
        filter: HappeningFilter,
    ) -> impl Future<Output = Result<Vec<HappeningRecord>, StoreError>> + Send;

    /// Takes reports that are due, at most `limit`, of each profile only the oldest, and none for the operators named in
    /// `except`: nobody else gets them until `until`.
    ///
    /// Atomic: of several nodes, one takes a report.
    fn claim_reports(
        &self,
        now: Timestamp,
        until: Timestamp,
        limit: u32,
        except: Vec<String>,
    ) -> impl Future<Output = Result<Vec<HappeningRecord>, StoreError>> + Send;

    /// The operator has acknowledged a report.
    fn report_delivered(&self, id: HappeningId) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// A report could not be delivered: it is tried again at `next`, or never.
    fn report_failed(
        &self,
        id: HappeningId,
        next: Option<Timestamp>,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    // ---- events at SM-DSs ----------------------------------------------------------------------------------------

    /// Takes events that something is to be done about, at most `limit`, and none of the SM-DSs in `except`: nobody else
    /// gets them until `until`. What was registered and has come to the end of its order is to be deleted from then on.
    ///
    /// An event is given as it was before the call that it is claimed for, but for the number of that call in
    /// [`SmdsEvent::attempts`]. That the call may be executed is written already: whoever dies in it leaves nothing at an
    /// SM-DS that the store does not know.
    ///
    /// Atomic: of several nodes, one takes an event.
    fn claim_smds_events(
        &self,
        now: Timestamp,
        until: Timestamp,
        limit: u32,
        except: Vec<String>,
    ) -> impl Future<Output = Result<Vec<SmdsEvent>, StoreError>> + Send;

    /// Keeps how the call has ended that an event was claimed for, and tells the history of its order what is new. An order
    /// that has ended meanwhile stays so: then the event is to be deleted, or dropped where no SM-DS can know it. Who was
    /// taken for dead and comes after another has claimed the event changes nothing; but where it says that a registration
    /// was executed and the event has come to its deletion, it is to be deleted once more.
    ///
    /// Atomic.
    fn note_smds_event_try(
        &self,
        claimed: SmdsEvent,
        outcome: EventTry,
        now: Timestamp,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Events at SM-DSs, in the order of their numbers; those of orders that were removed too.
    fn smds_events(
        &self,
        filter: SmdsEventFilter,
    ) -> impl Future<Output = Result<Vec<SmdsEvent>, StoreError>> + Send;

    // ---- operation -----------------------------------------------------------------------------------------------

    /// Removes some of what is older than it has to be kept, a thousand of each kind at most; nothing is left where it
    /// removes nothing.
    fn prune(&self, retention: Retention) -> impl Future<Output = Result<Pruned, StoreError>> + Send;

    /// How much there is, for metrics.
    fn counts(&self) -> impl Future<Output = Result<Counts, StoreError>> + Send;

    /// Whether the store can be written to.
    fn check_writable(&self) -> impl Future<Output = Result<(), StoreError>> + Send;
}
