//! The sessions that this node wrote last, with their orders as it left them: mostly the next step comes to the same node, and need
//! not read them.
//!
//! Another node may have been faster, or the operator. So a copy is used where all that can follow from it is a write that
//! checks the versions of both ([`Recent`](service::recent::Recent)), and where the order has nothing in it that anything else is
//! decided by: whatever else is to be decided about the order reads the store. What the session says of its eUICC never changes.

use asn1::TransactionId;
use protocol::clock::Timestamp;
use protocol::types::Eid;
use service::recent::Recent;

use crate::catalogue::is_of_catalogue;
use crate::domain::{BoundTo, Order, SessionRecord};

/// What is kept of each session.
#[derive(Debug, Default)]
pub(crate) struct AtHand(Recent<TransactionId, Step>);

/// How far the session has come, as this node wrote it.
#[derive(Debug)]
enum Step {
    Opened(SessionRecord),
    Offered(SessionRecord, Order),
    Delivered(SessionRecord, Order),
}

impl AtHand {
    /// InitiateAuthentication has opened this session.
    pub(super) fn opened(&self, session: SessionRecord) {
        self.0.put(session.transaction_id.clone(), Step::Opened(session));
    }

    /// AuthenticateClient has offered this order to this eUICC.
    pub(super) fn offered(&self, session: SessionRecord, order: Order, eid: &Eid) {
        let plain = order.confirmation_code.is_none()
            && order.bound_to.is_none()
            && order.check_available_to(eid).is_ok()
            && !is_of_catalogue(&order);
        if plain {
            let (session, order) = (session.written(), order.written());
            self.0.put(session.transaction_id.clone(), Step::Offered(session, order));
        }
    }

    /// GetBoundProfilePackage has handed this order out.
    pub(super) fn delivered(&self, session: SessionRecord, order: Order, to: BoundTo) {
        if order.confirmation_code.is_none() && !is_of_catalogue(&order) {
            let (session, order) = (session.written(), Order { bound_to: Some(to), ..order.written() });
            self.0.put(session.transaction_id.clone(), Step::Delivered(session, order));
        }
    }

    /// For AuthenticateClient: a session that waits for it.
    pub(super) fn take_opened(&self, transaction_id: &TransactionId) -> Option<SessionRecord> {
        match self.0.take(transaction_id)? {
            Step::Opened(session) => Some(session),
            _ => None,
        }
    }

    /// For GetBoundProfilePackage: a session with an order that this eUICC may have now, without a confirmation code, and that has
    /// been bound to nobody.
    pub(super) fn take_offered(
        &self,
        transaction_id: &TransactionId,
        now: Timestamp,
    ) -> Option<(SessionRecord, Order)> {
        match self.0.take(transaction_id)? {
            Step::Offered(session, order) if order.check_not_expired(now).is_ok() => Some((session, order)),
            _ => None,
        }
    }

    /// For HandleNotification: a session with the order that its eUICC was handed.
    pub(super) fn take_delivered(&self, transaction_id: &TransactionId) -> Option<(SessionRecord, Order)> {
        match self.0.take(transaction_id)? {
            Step::Delivered(session, order) => Some((session, order)),
            _ => None,
        }
    }

    /// For who reads the store.
    pub(super) fn forget(&self, transaction_id: &TransactionId) {
        self.0.take(transaction_id);
    }
}
