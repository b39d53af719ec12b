//! Where orders, sessions and notifications are kept.
//!
//! The trait speaks the words of the domain; what has to be atomic is written beside each function. Every function that
//! changes something returns when the change is durable: only then does the server answer. A change to an order or a
//! session carries the version it was read at; if another change came first, nothing is written and the caller
//! reads again ([`StoreError::Conflict`]).

mod sqlite;

use std::future::Future;

use asn1::TransactionId;
use protocol::types::Eid;
use thiserror::Error;

use crate::domain::{Bound, NewOrder, Order, OrderId, Package, SessionRecord};

pub use sqlite::SqliteStore;

/// Why the store did not do what it was asked to.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub enum StoreError {
    /// Somebody else changed the same order or session first.
    #[error("the record was changed by another request")]
    Conflict,
    /// A value that may exist once only is there already.
    #[error("{0} is already taken")]
    Taken(String),
    /// The data base failed, or holds what this version cannot read.
    #[error("storage: {0}")]
    Storage(String),
}

/// A notification as it was accepted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NotificationRecord {
    /// The eUICC.
    pub eid: Eid,
    /// Its sequence number, which the eUICC gives once (SGP.22 §3.5).
    pub sequence_number: u64,
    /// The bytes as received.
    pub bytes: Vec<u8>,
    /// When it came, milliseconds since the Unix epoch.
    pub received: i64,
}

/// The store of an SM-DP+.
pub trait Store: Send + Sync + 'static {
    /// Takes in orders with their packages.
    ///
    /// Atomic: all of them, or none. An ICCID or MatchingID that exists is [`StoreError::Taken`].
    fn add_orders(
        &self,
        orders: Vec<NewOrder>,
    ) -> impl Future<Output = Result<Vec<OrderId>, StoreError>> + Send;

    /// Every order, in the order of their numbers.
    fn orders(&self) -> impl Future<Output = Result<Vec<Order>, StoreError>> + Send;

    /// One order.
    fn order(&self, id: OrderId) -> impl Future<Output = Result<Option<Order>, StoreError>> + Send;

    /// The orders linked to an EID, in the order of their numbers.
    fn orders_of_eid(&self, eid: Eid) -> impl Future<Output = Result<Vec<Order>, StoreError>> + Send;

    /// The order with a MatchingID.
    fn order_of_matching_id(
        &self,
        matching_id: String,
    ) -> impl Future<Output = Result<Option<Order>, StoreError>> + Send;

    /// The Unprotected Profile Package of an order.
    fn package(&self, id: OrderId) -> impl Future<Output = Result<Package, StoreError>> + Send;

    /// The package that was bound last for an order.
    fn bound(&self, id: OrderId) -> impl Future<Output = Result<Option<Bound>, StoreError>> + Send;

    /// Opens a session. Its TransactionID has never been used: one that exists is [`StoreError::Taken`].
    fn open_session(&self, session: SessionRecord) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// The session of a TransactionID.
    fn session(
        &self,
        transaction_id: TransactionId,
    ) -> impl Future<Output = Result<Option<SessionRecord>, StoreError>> + Send;

    /// Keeps what an attempt that was refused did to its order: its end by too many attempts, or by a check that the
    /// eUICC failed.
    fn record_refused_attempt(&self, order: Order) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Offers an order to the eUICC of a session, the attempt counted.
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
    /// nothing is changed. Known is what came with the same EID, number and bytes: a card of a laboratory that is made anew
    /// begins to count anew, and what it reports is new.
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
}
