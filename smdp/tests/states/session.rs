//! Every message in every stage of a session: it is answered, or it belongs to no session that waits for it.
//!
//! One row a stage, one column a message (SGP.22 §3.1.3, §5.6): the table below is what the tests go by.

use std::sync::Arc;

use asn1::{CancelSessionReason, InitiateAuthenticationOkEs9, TransactionId};
use crypto::Curve;
use protocol::es9plus::Es9Plus;
use protocol::status::Refusal;
use smdp::domain::{OrderId, ProfileState};
use smdp::store::Store;

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
struct World<S> {
    server: Server<S>,
    order: OrderId,
    euicc: Euicc,
    initiated: InitiateAuthenticationOkEs9,
    /// The offer of this session, or of another one where this one got none.
    offered: Offered,
}

impl<S: Store> World<S> {
    /// `number` keeps worlds on one store apart.
    async fn at(stage: Stage, store: &Arc<S>, number: u32) -> Self {
        let server = Server::on(store.clone(), number.into(), |config| config.limits.session_seconds = 100);
        let order = server.add(order(number)).await;
        let euicc = Euicc::new(Curve::P256, number);
        let key = one_time_key(Curve::P256, 1);
        let mut offered = server.offered(&euicc, &matching_id(number)).await;
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

/// What is answered, in the order of [`Message`]: `-` for 8.10.1/3.9 and no change, else the stage that it leads to.
const TABLE: [(Stage, [&str; 3], bool); 10] = [
    // stage                AuthenticateClient  GetBoundProfilePackage  CancelSession     a result counts
    (Stage::None, ["-", "-", "-"], false),
    (Stage::Opened, ["offered", "-", "-"], false),
    (Stage::Offered, ["-", "delivered", "ended"], false),
    (Stage::Delivered, ["-", "-", "ended"], true),
    (Stage::Postponed, ["-", "-", "-"], false),
    (Stage::Refused, ["-", "-", "-"], false),
    (Stage::Installed, ["-", "-", "-"], false),
    (Stage::LapsedOpened, ["-", "-", "-"], false),
    (Stage::LapsedOffered, ["-", "-", "-"], false),
    (Stage::LapsedDelivered, ["-", "-", "-"], true),
];

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Message {
    AuthenticateClient,
    GetBoundProfilePackage,
    CancelSession,
}

impl<S: Store> World<S> {
    async fn send(&self, message: Message, matching_id: &str) -> Result<(), Refusal> {
        let (smdp, tid) = (&self.server.smdp, &self.initiated.transaction_id);
        match message {
            Message::AuthenticateClient => {
                let request = self.euicc.authenticate(&self.initiated, Some(matching_id));
                smdp.authenticate_client(request).await.map(drop)
            }
            Message::GetBoundProfilePackage => {
                let request = self.euicc.prepare(&self.offered.offer, &one_time_key(Curve::P256, 1));
                smdp.get_bound_profile_package(request).await.map(drop)
            }
            Message::CancelSession => {
                smdp.cancel_session(self.euicc.cancel(tid, CancelSessionReason::END_USER_REJECTION)).await
            }
        }
    }
}

pub async fn every_message_in_every_session_state<S: Store>(store: Arc<S>) {
    let mut number = 0;
    for (stage, expected, _) in TABLE {
        let messages = [Message::AuthenticateClient, Message::GetBoundProfilePackage, Message::CancelSession];
        for (message, leads_to) in messages.into_iter().zip(expected) {
            number += 1;
            let world = World::at(stage, &store, number).await;
            let before = world.snapshot().await;
            let outcome = world.send(message, &matching_id(number)).await;
            if leads_to == "-" {
                assert_eq!(refused(outcome), "8.10.1/3.9", "{message:?} in {stage:?}");
                assert_eq!(world.snapshot().await, before, "{message:?} in {stage:?}");
                continue;
            }
            outcome.unwrap();
            let after = world.server.stage(&world.initiated.transaction_id).await;
            assert_eq!(after, leads_to, "{message:?} in {stage:?}");
            if message == Message::CancelSession {
                assert_eq!(world.server.state(world.order).await, ProfileState::Error);
            }
        }
    }
}

/// A result is always acknowledged, and counts for what was delivered in its session.
pub async fn every_result_in_every_session_state<S: Store>(store: Arc<S>) {
    for (number, (stage, _, counts)) in (1..).zip(TABLE) {
        let world = World::at(stage, &store, number).await;
        let before = world.server.state(world.order).await;
        let tid = &world.initiated.transaction_id;
        world.server.smdp.handle_notification(world.euicc.installed(tid, 9)).await.unwrap();
        let expected = if counts { ProfileState::Installed } else { before };
        assert_eq!(world.server.state(world.order).await, expected, "{stage:?}");
    }
}
