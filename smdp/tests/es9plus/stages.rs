//! Every message in every stage of a session: it is answered, or it belongs to no session that waits for it.

use asn1::{CancelSessionReason, InitiateAuthenticationOkEs9, TransactionId};
use crypto::Curve;
use protocol::es9plus::Es9Plus;
use smdp::domain::{OrderId, ProfileState};

use crate::common::euicc::{Euicc, one_time_key};
use crate::common::orders::{matching_id, order};
use crate::common::server::{Offered, Server, refused};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Stage {
    None,
    Opened,
    Offered,
    Delivered,
    /// Cancelled before the delivery, the order still waiting.
    Postponed,
    /// Refused in AuthenticateClient.
    Refused,
    /// Installed.
    Installed,
    /// Too old, after each of the three open stages.
    LapsedOpened,
    LapsedOffered,
    LapsedDelivered,
}

/// A server with a session at some stage, and what an eUICC needs to send any message in it.
struct World {
    server: Server,
    order: OrderId,
    euicc: Euicc,
    initiated: InitiateAuthenticationOkEs9,
    /// The offer of this session, or of another one where this one got none.
    offered: Offered,
}

impl World {
    async fn at(stage: Stage) -> Self {
        let server = Server::with(|config| config.limits.session_seconds = 100);
        let order = server.add(order(1)).await;
        let euicc = Euicc::new(Curve::P256, 1);
        let key = one_time_key(Curve::P256, 1);
        let mut offered = server.offered(&euicc, &matching_id(1)).await;
        let mut initiated = offered.initiated.clone();
        let tid = offered.transaction_id().clone();
        match stage {
            Stage::None => {
                let unknown = TransactionId::new([0xEE; 16]).unwrap();
                initiated.transaction_id = unknown.clone();
                let mut signed = initiated.server_signed1.value().clone();
                signed.transaction_id = unknown.clone();
                initiated.server_signed1 = asn1::Raw::new(signed);
                offered.offer.transaction_id = unknown;
            }
            Stage::Opened | Stage::LapsedOpened => {
                initiated = server.opened(&euicc).await;
                offered.offer.transaction_id = initiated.transaction_id.clone();
            }
            Stage::Offered | Stage::LapsedOffered => {}
            Stage::Delivered | Stage::LapsedDelivered | Stage::Installed => {
                let request = euicc.prepare(&offered.offer, &key);
                server.smdp.get_bound_profile_package(request).await.unwrap();
                if stage == Stage::Installed {
                    server.smdp.handle_notification(euicc.installed(&tid, 1)).await.unwrap();
                }
            }
            Stage::Postponed => {
                let request = euicc.cancel(&tid, CancelSessionReason::POSTPONED);
                server.smdp.cancel_session(request).await.unwrap();
            }
            Stage::Refused => {
                initiated = server.opened(&euicc).await;
                let request = euicc.authenticate(&initiated, Some("NONE"));
                server.smdp.authenticate_client(request).await.unwrap_err();
                offered.offer.transaction_id = initiated.transaction_id.clone();
            }
        }
        if matches!(stage, Stage::LapsedOpened | Stage::LapsedOffered | Stage::LapsedDelivered) {
            server.clock.advance_seconds(101);
        }
        Self { server, order, euicc, initiated, offered }
    }

    async fn snapshot(&self) -> String {
        self.server.snapshot(&[&self.initiated.transaction_id], &[&self.euicc]).await
    }
}

const ALL: [Stage; 10] = [
    Stage::None,
    Stage::Opened,
    Stage::Offered,
    Stage::Delivered,
    Stage::Postponed,
    Stage::Refused,
    Stage::Installed,
    Stage::LapsedOpened,
    Stage::LapsedOffered,
    Stage::LapsedDelivered,
];

#[tokio::test]
async fn authenticate_client_is_answered_in_an_opened_session_only() {
    for stage in ALL {
        let world = World::at(stage).await;
        let before = world.snapshot().await;
        let request = world.euicc.authenticate(&world.initiated, Some(&matching_id(1)));
        let outcome = world.server.smdp.authenticate_client(request).await;
        if stage == Stage::Opened {
            assert!(outcome.is_ok());
            assert_eq!(world.server.stage(&world.initiated.transaction_id).await, "offered");
        } else {
            assert_eq!(refused(outcome), "8.10.1/3.9", "{stage:?}");
            assert_eq!(world.snapshot().await, before, "{stage:?}");
        }
    }
}

#[tokio::test]
async fn get_bound_profile_package_is_answered_in_an_offered_session_only() {
    for stage in ALL {
        let world = World::at(stage).await;
        let before = world.snapshot().await;
        let request = world.euicc.prepare(&world.offered.offer, &one_time_key(Curve::P256, 1));
        let outcome = world.server.smdp.get_bound_profile_package(request).await;
        if stage == Stage::Offered {
            assert!(outcome.is_ok());
            assert_eq!(world.server.stage(&world.initiated.transaction_id).await, "delivered");
        } else {
            assert_eq!(refused(outcome), "8.10.1/3.9", "{stage:?}");
            assert_eq!(world.snapshot().await, before, "{stage:?}");
        }
    }
}

#[tokio::test]
async fn cancel_session_is_answered_in_an_offered_and_in_a_delivered_session_only() {
    for stage in ALL {
        let world = World::at(stage).await;
        let before = world.snapshot().await;
        let tid = &world.initiated.transaction_id;
        let request = world.euicc.cancel(tid, CancelSessionReason::END_USER_REJECTION);
        let outcome = world.server.smdp.cancel_session(request).await;
        if matches!(stage, Stage::Offered | Stage::Delivered) {
            assert!(outcome.is_ok());
            assert_eq!(world.server.stage(tid).await, "ended");
            assert_eq!(world.server.state(world.order).await, ProfileState::Error);
        } else {
            assert_eq!(refused(outcome), "8.10.1/3.9", "{stage:?}");
            assert_eq!(world.snapshot().await, before, "{stage:?}");
        }
    }
}

#[tokio::test]
async fn a_result_is_always_acknowledged_and_counts_for_what_was_delivered() {
    for stage in ALL {
        let world = World::at(stage).await;
        let before = world.server.state(world.order).await;
        let tid = &world.initiated.transaction_id;
        world.server.smdp.handle_notification(world.euicc.installed(tid, 9)).await.unwrap();
        let expected = match stage {
            Stage::Delivered | Stage::LapsedDelivered => ProfileState::Installed,
            _ => before,
        };
        assert_eq!(world.server.state(world.order).await, expected, "{stage:?}");
    }
}
