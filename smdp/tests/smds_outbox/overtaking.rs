//! Orders that end while their event is being registered: the deletion comes after the registration, and does come.

use std::sync::Arc;
use std::time::Duration;

use crypto::Curve;
use protocol::es9plus::Es9Plus;
use protocol::es12::Function;
use smdp::domain::ProfileState;
use smdp::domain::SmdsEventStage::{Deleted, Deleting, GivenUp, Registered};
use smdp::reports::Schedule;
use smdp::store::Store;

use super::world::{cancel, event_id, node, release, stage_of, until, with};
use crate::common::euicc::{Euicc, one_time_key};
use crate::common::orders::iccid;
use crate::common::server::Server;
use crate::common::smds::{GONE, Line, Record, Smds, Worker, until_all_are};

/// A server, its SM-DS, and order 1 in the middle of its registration.
async fn registering<S: Store>(store: &Arc<S>) -> (Server<S>, Arc<Smds>, Worker) {
    let (server, smds) = (node(store, 1), Smds::on(Line::Well));
    smds.next([Line::Held]);
    let worker = Worker::of(&server, &smds);
    release(&server, 1).await;
    until(|| smds.calls(Function::RegisterEvent) == 1).await;
    (server, smds, worker)
}

/// The order has ended; as long as the registration is under way, nothing is deleted.
async fn is_deleted_afterwards<S: Store>(server: &Server<S>, smds: &Smds) {
    tokio::time::sleep(Duration::from_millis(30)).await;
    assert_eq!((stage_of(server, 1).await, smds.calls(Function::DeleteEvent)), (Some(Deleting), 0));
    smds.let_go();
    until_all_are(server, &[Deleted], 0).await;
    assert_eq!(smds.record(&event_id(1)), GONE);
}

pub async fn an_order_that_is_cancelled_while_it_is_registered_is_deleted_after_that<S: Store>(
    store: Arc<S>,
) {
    let (server, smds, _worker) = registering(&store).await;
    cancel(&server, 1).await;
    is_deleted_afterwards(&server, &smds).await;
}

pub async fn an_order_that_is_installed_while_it_is_registered_is_deleted_after_that<S: Store>(
    store: Arc<S>,
) {
    let (server, smds, _worker) = registering(&store).await;
    let euicc = Euicc::new(Curve::P256, 1);
    let delivered = server.delivered(&euicc, &event_id(1), &one_time_key(Curve::P256, 1)).await;
    server.smdp.handle_notification(euicc.installed(delivered.transaction_id(), 1)).await.unwrap();
    assert_eq!(server.profile_state(iccid(1)).await, ProfileState::Installed);
    is_deleted_afterwards(&server, &smds).await;
}

pub async fn an_order_that_is_removed_while_it_is_registered_is_deleted_after_that<S: Store>(store: Arc<S>) {
    let (server, smds, _worker) = registering(&store).await;
    let order = store.order_of_iccid(iccid(1)).await.unwrap().unwrap();
    store.delete_order(order).await.unwrap();
    is_deleted_afterwards(&server, &smds).await;
}

pub async fn an_order_that_expires_is_deleted<S: Store>(store: Arc<S>) {
    let (server, smds) = (with(&store, 1, |config| config.limits.order_days = Some(1)), Smds::on(Line::Well));
    let _worker = Worker::of(&server, &smds);
    release(&server, 1).await;
    until_all_are(&server, &[Registered], 0).await;
    server.clock.advance_seconds(24 * 60 * 60 - 1);
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert_eq!(stage_of(&server, 1).await, Some(Registered));
    server.clock.advance_seconds(1);
    until_all_are(&server, &[Deleted], 0).await;
    assert_eq!(smds.record(&event_id(1)), GONE);
}

/// Not so a registration: its order waits as well.
pub async fn a_deletion_that_never_succeeds_is_given_up<S: Store>(store: Arc<S>) {
    let (server, smds) = (node(&store, 1), Smds::on(Line::Well));
    let schedule = Schedule { give_up_after: Duration::from_secs(3600), ..Schedule::default() };
    let _worker = Worker::with(&server, &smds, schedule);
    release(&server, 1).await;
    until_all_are(&server, &[Registered], 0).await;
    smds.becomes(Line::Down);
    cancel(&server, 1).await;
    release(&server, 2).await;
    for _ in 0..2000 {
        if stage_of(&server, 1).await == Some(GivenUp) {
            break;
        }
        server.clock.advance_seconds(60);
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    assert_eq!(stage_of(&server, 1).await, Some(GivenUp));
    server.clock.advance_seconds(24 * 3600);
    smds.becomes(Line::Well);
    until_all_are(&server, &[Registered, GivenUp], 60).await;
    assert_eq!(smds.record(&event_id(2)), Record { registered: 1, deleted: 0 });
}
