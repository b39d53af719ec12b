//! What a node remembers of its sessions makes no difference: whatever happens between two steps, by another node or by the
//! operator, the one that took the last step answers and leaves the order as one that only has the store.

use std::sync::Arc;

use asn1::{AuthenticateClientOk, CancelSessionReason, TransactionId};
use crypto::Curve;
use protocol::clock::{Clock, Timestamp};
use protocol::es9plus::Es9Plus;
use protocol::status::Refusal;
use smdp::domain::{NewOrder, Order, OrderId, ProfileState};
use smdp::store::{Retention, SqliteStore, Store};

use crate::common::euicc::{Euicc, one_time_key};
use crate::common::orders::{matching_id, order};
use crate::common::server::Server;

const DAY: i64 = 24 * 60 * 60;

/// Two nodes on one store.
struct Nodes([Server; 2]);

/// An order, and a session for it in which the first node has taken all steps.
struct Begun {
    id: OrderId,
    euicc: Euicc,
    transaction_id: TransactionId,
}

#[derive(Clone, Copy, PartialEq, Debug)]
enum Between {
    Nothing,
    ProfileDeleted,
    OrderDeleted,
    OrderCancelled,
    OrderExpired,
    OrderPutOff,
    SessionLapsed,
    SessionPruned,
    TakenByAnother,
    OfferedToAnother,
    Cancelled,
    Postponed,
    SameStep,
}

impl Between {
    const ALL: [Self; 13] = [
        Self::Nothing,
        Self::ProfileDeleted,
        Self::OrderDeleted,
        Self::OrderCancelled,
        Self::OrderExpired,
        Self::OrderPutOff,
        Self::SessionLapsed,
        Self::SessionPruned,
        Self::TakenByAnother,
        Self::OfferedToAnother,
        Self::Cancelled,
        Self::Postponed,
        Self::SameStep,
    ];
}

/// After these the result of the installation changes nothing.
const ENDED: [Between; 4] =
    [Between::ProfileDeleted, Between::OrderDeleted, Between::OrderCancelled, Between::Cancelled];

fn another() -> Euicc {
    Euicc::new(Curve::P256, 2)
}

fn ended<T>(outcome: Result<T, Refusal>) -> String {
    outcome.map_or_else(|refusal| refusal.code.to_string(), |_| "done".to_owned())
}

impl Nodes {
    fn new() -> Self {
        let store = Arc::new(SqliteStore::in_memory().unwrap());
        Self([1, 2].map(|number| Server::on(store.clone(), number, |_| ())))
    }

    fn first(&self) -> &Server {
        &self.0[0]
    }

    fn other(&self) -> &Server {
        &self.0[1]
    }

    fn let_pass(&self, seconds: i64) {
        self.0.iter().for_each(|node| node.clock.advance_seconds(seconds));
    }

    /// Up to the offer.
    async fn begun(&self, expires: Option<Timestamp>) -> (Begun, AuthenticateClientOk) {
        let id = self.first().add(NewOrder { expires, ..order(1) }).await;
        let euicc = Euicc::new(Curve::P256, 1);
        let offer = self.first().offered(&euicc, &matching_id(1)).await.offer;
        (Begun { id, euicc, transaction_id: offer.transaction_id.clone() }, offer)
    }

    async fn change(&self, id: OrderId, change: impl FnOnce(&mut Order)) {
        let mut order = self.other().order(id).await;
        change(&mut order);
        self.other().store().change_order(order, None).await.unwrap();
    }

    async fn happens(&self, between: Between, begun: &Begun) {
        let (store, other) = (self.other().store(), self.other());
        let cancel = async |reason| {
            other.smdp.cancel_session(begun.euicc.cancel(&begun.transaction_id, reason)).await.unwrap();
        };
        let order = other.order(begun.id).await;
        match between {
            // That which was begun does it, for it is another step each time.
            Between::Nothing | Between::SameStep => {}
            Between::ProfileDeleted => store.delete_profile(order.profile).await.unwrap(),
            Between::OrderDeleted => store.delete_order(order).await.unwrap(),
            Between::OrderCancelled => {
                let free = Order { state: ProfileState::Available, ..order };
                store.close_order(free, None).await.unwrap();
            }
            Between::OrderExpired => self.change(begun.id, |order| order.expires = Some(past())).await,
            Between::OrderPutOff => {
                self.let_pass(60);
                let later = self.first().clock.now().plus_seconds(DAY);
                self.change(begun.id, |order| order.expires = Some(later)).await;
            }
            Between::SessionLapsed => self.let_pass(DAY),
            Between::SessionPruned => {
                let now = other.clock.now().plus_seconds(1);
                let retention = Retention { sessions: now, happenings: now, calls: now, notifications: now };
                store.prune(retention).await.unwrap();
            }
            Between::TakenByAnother => {
                other.delivered(&another(), &matching_id(1), &one_time_key(Curve::P256, 2)).await;
            }
            Between::OfferedToAnother => drop(other.offered(&another(), &matching_id(1)).await),
            Between::Cancelled => cancel(CancelSessionReason::END_USER_REJECTION).await,
            Between::Postponed => cancel(CancelSessionReason::POSTPONED).await,
        }
    }

    /// What is left of it: the state of the order, how often it was tried and to whom it is linked, and the stage of the session.
    async fn left(&self, begun: &Begun) -> String {
        let order = self.first().store().order(begun.id).await.unwrap();
        let order = order.map(|order| (order.state, order.download_attempts, order.eid, order.bound_to));
        format!("{order:?}, {}", self.first().stage(&begun.transaction_id).await)
    }
}

fn past() -> Timestamp {
    Timestamp::from_unix_millis(1000)
}

/// The answer to AuthenticateClient, and what is left. `asked` is the node.
async fn authenticated(asked: usize, between: Between) -> (String, String) {
    let nodes = Nodes::new();
    let id = nodes.first().add(order(1)).await;
    let euicc = Euicc::new(Curve::P256, 1);
    let initiated = nodes.first().opened(&euicc).await;
    let request = euicc.authenticate(&initiated, Some(&matching_id(1)));
    let begun = Begun { id, euicc, transaction_id: initiated.transaction_id };
    if between == Between::SameStep {
        nodes.other().smdp.authenticate_client(request.clone()).await.unwrap();
    }
    nodes.happens(between, &begun).await;
    let outcome = ended(nodes.0[asked].smdp.authenticate_client(request).await);
    (outcome, nodes.left(&begun).await)
}

#[tokio::test]
async fn authenticate_client_is_answered_from_the_store_as_it_is() {
    for between in Between::ALL {
        // Without an offer there is nothing to cancel.
        if !matches!(between, Between::Cancelled | Between::Postponed) {
            assert_eq!(authenticated(0, between).await, authenticated(1, between).await, "{between:?}");
        }
    }
}

/// The answer to GetBoundProfilePackage, and what is left. Another than the eUICC may have signed the request.
async fn delivered(asked: usize, between: Between, genuine: bool) -> (String, String) {
    let nodes = Nodes::new();
    let expires = (between == Between::OrderPutOff).then(|| nodes.first().clock.now().plus_seconds(30));
    let (begun, offer) = nodes.begun(expires).await;
    let key = one_time_key(Curve::P256, 1);
    let request = begun.euicc.prepare(&offer, &key);
    if between == Between::SameStep {
        nodes.other().smdp.get_bound_profile_package(request.clone()).await.unwrap();
    }
    nodes.happens(between, &begun).await;
    let request = if genuine { request } else { another().prepare(&offer, &key) };
    let outcome = ended(nodes.0[asked].smdp.get_bound_profile_package(request).await);
    (outcome, nodes.left(&begun).await)
}

#[tokio::test]
async fn get_bound_profile_package_is_answered_from_the_store_as_it_is() {
    for between in Between::ALL {
        let here = delivered(0, between, true).await;
        assert_eq!(here, delivered(1, between, true).await, "{between:?}");
        let expected = match between {
            Between::Nothing | Between::OrderPutOff | Between::OfferedToAnother => "done",
            Between::OrderExpired => "8.8.5/4.10",
            Between::OrderCancelled | Between::TakenByAnother => "8.2/3.7",
            _ => "8.10.1/3.9",
        };
        assert_eq!(here.0, expected, "{between:?}");
        assert_eq!(
            delivered(0, between, false).await,
            delivered(1, between, false).await,
            "{between:?}, not genuine"
        );
    }
}

/// What is left after HandleNotification, which is always acknowledged.
async fn notified(asked: usize, between: Between) -> String {
    let nodes = Nodes::new();
    let (begun, offer) = nodes.begun(None).await;
    let request = begun.euicc.prepare(&offer, &one_time_key(Curve::P256, 1));
    nodes.first().smdp.get_bound_profile_package(request).await.unwrap();
    let notification = begun.euicc.installed(&begun.transaction_id, 1);
    if between == Between::SameStep {
        nodes.other().smdp.handle_notification(notification.clone()).await.unwrap();
    }
    nodes.happens(between, &begun).await;
    nodes.0[asked].smdp.handle_notification(notification).await.unwrap();
    nodes.left(&begun).await
}

#[tokio::test]
async fn handle_notification_acts_on_the_store_as_it_is() {
    for between in Between::ALL {
        // What went to one eUICC is offered to no other.
        if !matches!(between, Between::TakenByAnother | Between::OfferedToAnother) {
            let here = notified(0, between).await;
            assert_eq!(here, notified(1, between).await, "{between:?}");
            assert_eq!(here.contains("Installed"), !ENDED.contains(&between), "{between:?}: {here}");
        }
    }
}
