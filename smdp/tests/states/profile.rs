//! Every event in every state, as it comes over ES2+ and ES9+: the profile goes where the table of transitions has it,
//! and stays where the table has nothing.

use std::sync::Arc;
use std::time::Duration;

use asn1::{CancelSessionReason, ErrorReason, InitiateAuthenticationOkEs9, PprIds, TransactionId};
use crypto::Curve;
use protocol::clock::Clock;
use protocol::es2plus::{
    CancelOrder, ConfirmOrder, DownloadOrder, Es2Plus, FinalProfileStatus, MatchingIdChoice, ReleaseProfile,
};
use protocol::es9plus::Es9Plus;
use protocol::status::Refusal;
use protocol::types::Eid;
use smdp::Rebinding;
use smdp::domain::{Event, EventTry, NewOrder, Order, OrderId, ProfileState, SmdsEventStage};
use smdp::store::{SmdsEventFilter, Store};

use crate::common::calls::call;
use crate::common::euicc::{Euicc, one_time_key};
use crate::common::orders::{
    OPERATOR, iccid, matching_id, metadata, order, order_for, order_with_code, with_metadata,
};
use crate::common::server::{Offered, Server};
use crate::common::smds::SMDS;

/// A server with a profile that can be put into any state, and a session as far as the event needs one.
struct World<S> {
    server: Server<S>,
    euicc: Euicc,
    number: u32,
    order: OrderId,
    session: Session,
}

enum Session {
    None,
    Opened(Box<InitiateAuthenticationOkEs9>),
    Offered(Box<Offered>),
    Delivered(TransactionId),
}

/// An order on which the event can have its effect.
fn order_of(event: Event, number: u32, euicc: &Euicc) -> NewOrder {
    match event {
        Event::ConfirmationCodeAttemptsExceeded => order_with_code(number, "4321"),
        Event::EligibilityFailed => {
            let mut metadata = metadata(number);
            metadata.profile_policy_rules = Some(PprIds::of([PprIds::PPR1]));
            with_metadata(number, metadata)
        }
        Event::RebindingRefused => order_for(number, euicc.eid),
        _ => order(number),
    }
}

impl<S: Store> World<S> {
    async fn new(store: &Arc<S>, event: Event, number: u32) -> Self {
        Self::with(store, event, number, false).await
    }

    /// `for_smds`: the order has an event that is registered at an SM-DS.
    async fn with(store: &Arc<S>, event: Event, number: u32, for_smds: bool) -> Self {
        let server = Server::on(store.clone(), number.into(), |config| {
            config.smds.wait = Duration::ZERO;
            config.limits.confirmation_code_attempts = 0;
            config.limits.download_attempts = if event == Event::DownloadAttemptsExceeded { 0 } else { 5 };
            config.rebinding = Rebinding::Refuse;
        });
        let mut euicc = Euicc::new(Curve::P256, number);
        if event == Event::EligibilityFailed {
            euicc.info2.forbidden_profile_policy_rules = Some(PprIds::of([PprIds::PPR1]));
        }
        let order = server.add(order_of(event, number, &euicc)).await;
        if for_smds {
            register(&server, order, euicc.eid).await;
        }
        let key = one_time_key(Curve::P256, 1);
        let matching_id = matching_id(number);
        let session = match event {
            Event::PackageDelivered | Event::SessionCancelled | Event::ConfirmationCodeAttemptsExceeded => {
                Session::Offered(Box::new(server.offered(&euicc, &matching_id).await))
            }
            Event::RebindingRefused => {
                server.delivered(&euicc, &matching_id, &key).await;
                Session::Offered(Box::new(server.offered(&euicc, &matching_id).await))
            }
            Event::InstallationSucceeded | Event::InstallationFailed => {
                let delivered = server.delivered(&euicc, &matching_id, &key).await;
                Session::Delivered(delivered.transaction_id().clone())
            }
            Event::EligibilityFailed | Event::DownloadAttemptsExceeded => {
                Session::Opened(Box::new(server.opened(&euicc).await))
            }
            _ => Session::None,
        };
        Self { server, euicc, number, order, session }
    }

    /// Puts the profile into a state, whatever led there.
    async fn force(&self, state: ProfileState) {
        let mut order = Order { state, ..self.server.order(self.order).await };
        match state {
            ProfileState::Linked => order.eid = Some(self.euicc.eid),
            ProfileState::Allocated => order.eid = None,
            _ => {}
        }
        if state.is_ordered() {
            self.server.store().change_order(order, None).await.unwrap();
        } else {
            self.server.store().close_order(order, None).await.unwrap();
        }
    }

    /// The stage of the event that the order had from the beginning.
    async fn stage(&self) -> SmdsEventStage {
        let filter = SmdsEventFilter { order: Some(self.order), ..SmdsEventFilter::default() };
        self.server.store().smds_events(filter).await.unwrap()[0].stage
    }

    async fn happens(&self, event: Event) -> Result<(), Refusal> {
        let smdp = &self.server.smdp;
        let iccid = iccid(self.number);
        let order = self.server.store().order_of_iccid(iccid).await.unwrap();
        match (event, &self.session) {
            (Event::DownloadOrder | Event::DownloadOrderForEid, _) => {
                let eid = (event == Event::DownloadOrderForEid).then_some(self.euicc.eid);
                let content = DownloadOrder { eid, iccid: Some(iccid), profile_type: None };
                smdp.download_order(OPERATOR, call(content)).await.map(drop)
            }
            (Event::ConfirmOrder | Event::ConfirmAndRelease, _) => {
                let content = ConfirmOrder {
                    iccid,
                    eid: None,
                    matching_id: MatchingIdChoice::Generate,
                    confirmation_code: None,
                    smds_address: None,
                    release_flag: event == Event::ConfirmAndRelease,
                };
                smdp.confirm_order(OPERATOR, call(content)).await.map(drop)
            }
            (Event::ReleaseProfile, _) => {
                smdp.release_profile(OPERATOR, call(ReleaseProfile { iccid })).await
            }
            (Event::CancelToAvailable | Event::CancelToUnavailable, _) => {
                let content = CancelOrder {
                    iccid,
                    eid: order.as_ref().and_then(|order| order.eid),
                    matching_id: order.and_then(|order| Some(order.matching_id?.to_string())),
                    final_profile_status: match event {
                        Event::CancelToAvailable => FinalProfileStatus::Available,
                        _ => FinalProfileStatus::Unavailable,
                    },
                };
                smdp.cancel_order(OPERATOR, call(content)).await
            }
            (Event::PackageDelivered, Session::Offered(offered)) => {
                let request = self.euicc.prepare(&offered.offer, &one_time_key(Curve::P256, 1));
                smdp.get_bound_profile_package(request).await.map(drop)
            }
            (Event::RebindingRefused, Session::Offered(offered)) => {
                let request = self.euicc.prepare(&offered.offer, &one_time_key(Curve::P256, 2));
                smdp.get_bound_profile_package(request).await.map(drop)
            }
            (Event::ConfirmationCodeAttemptsExceeded, Session::Offered(offered)) => {
                let key = one_time_key(Curve::P256, 1);
                let request = self.euicc.prepare_with_code(&offered.offer, &key, "wrong");
                smdp.get_bound_profile_package(request).await.map(drop)
            }
            (Event::SessionCancelled, Session::Offered(offered)) => {
                let reason = CancelSessionReason::END_USER_REJECTION;
                smdp.cancel_session(self.euicc.cancel(offered.transaction_id(), reason)).await
            }
            (Event::InstallationSucceeded, Session::Delivered(tid)) => {
                smdp.handle_notification(self.euicc.installed(tid, 1)).await
            }
            (Event::InstallationFailed, Session::Delivered(tid)) => {
                let request = self.euicc.not_installed(tid, 1, ErrorReason::INVALID_SIGNATURE);
                smdp.handle_notification(request).await
            }
            (Event::EligibilityFailed | Event::DownloadAttemptsExceeded, Session::Opened(initiated)) => {
                let request = self.euicc.authenticate(initiated, Some(&matching_id(self.number)));
                smdp.authenticate_client(request).await.map(drop)
            }
            (event, _) => panic!("{event:?} has no session"),
        }
    }
}

/// What the caller is told (SGP.22 §5.3, §5.6); `ok` for a success or an acknowledgement.
fn told(event: Event, state: ProfileState) -> &'static str {
    use ProfileState::{Available, Downloaded, Installed, Unavailable};
    let leads_somewhere = state.after(event).is_some();
    match event {
        Event::DownloadOrder | Event::DownloadOrderForEid if !leads_somewhere => "8.2.1/3.3",
        Event::ConfirmOrder | Event::ConfirmAndRelease | Event::ReleaseProfile if !leads_somewhere => {
            "8.2.1/3.5"
        }
        Event::CancelToAvailable | Event::CancelToUnavailable if !leads_somewhere => match state {
            Downloaded | Installed => "8.2.1/3.3",
            _ => "8.2.1/3.5",
        },
        Event::PackageDelivered if !leads_somewhere => "8.2/3.7",
        Event::RebindingRefused => "8.2/3.7",
        Event::ConfirmationCodeAttemptsExceeded if leads_somewhere => "8.2.7/6.4",
        Event::ConfirmationCodeAttemptsExceeded => "8.2/3.7",
        Event::EligibilityFailed if leads_somewhere => "8.2.5/4.3",
        Event::DownloadAttemptsExceeded if leads_somewhere => "8.8.5/6.4",
        // A cancelled order is found no more.
        Event::EligibilityFailed | Event::DownloadAttemptsExceeded => match state {
            Available | Unavailable => "8.2.6/3.8",
            _ => "8.2/1.2",
        },
        _ => "ok",
    }
}

fn code(outcome: &Result<(), Refusal>) -> String {
    outcome.as_ref().map_or_else(|refusal| refusal.code.to_string(), |()| "ok".to_owned())
}

pub async fn every_event_in_every_state<S: Store>(store: Arc<S>) {
    let mut number = 0;
    for event in Event::ALL {
        for state in ProfileState::ALL {
            number += 1;
            // Without an attempt there is no session to be in.
            let world = World::new(&store, event, number).await;
            world.force(state).await;
            let outcome = world.happens(event).await;
            assert_eq!(code(&outcome), told(event, state), "{event:?} in {state}");
            let expected = state.after(event).unwrap_or(state);
            let after = world.server.profile_state(iccid(number)).await;
            assert_eq!(after, expected, "{event:?} in {state}");
        }
    }
}

/// Makes a released order one for an SM-DS, which was told.
async fn register<S: Store>(server: &Server<S>, id: OrderId, eid: Eid) {
    for state in [ProfileState::Confirmed, ProfileState::Released] {
        let order = server.order(id).await;
        let smds_address = Some(SMDS.parse().unwrap());
        let order = Order { state, smds_address, eid: Some(eid), ..order };
        server.store().change_order(order, None).await.unwrap();
    }
    let now = server.clock.now();
    let claimed = server.store().claim_smds_events(now, now.plus_seconds(60), 1, Vec::new()).await.unwrap();
    let [event] = claimed.try_into().unwrap();
    server.store().note_smds_event_try(event, EventTry::Done, now).await.unwrap();
}

/// SGP.22 §3.6.3 with §3.1.3.3, §5.3.3, §5.6.4 and §5.6.5: the event at the SM-DS is there as long as the order waits for its
/// eUICC, and every way out of that deletes it.
fn stage_after(event: Event, before: ProfileState, after: ProfileState) -> SmdsEventStage {
    match (before.is_pending(), after.is_pending()) {
        (true, true) => SmdsEventStage::Registered,
        // Nobody has deleted it yet, so it is the same again.
        (false, true) if event == Event::ReleaseProfile => SmdsEventStage::Registering,
        // The order is confirmed anew, and for no SM-DS.
        _ => SmdsEventStage::Deleting,
    }
}

pub async fn every_event_in_every_state_of_an_order_for_an_smds<S: Store>(store: Arc<S>) {
    let mut number = 0;
    for event in Event::ALL {
        for state in ProfileState::ALL {
            number += 1;
            let world = World::with(&store, event, number, true).await;
            world.force(state).await;
            let expected =
                if state.is_pending() { SmdsEventStage::Registered } else { SmdsEventStage::Deleting };
            assert_eq!(world.stage().await, expected, "{state}");
            let outcome = world.happens(event).await;
            assert_eq!(code(&outcome), told(event, state), "{event:?} in {state}");
            let after = state.after(event).unwrap_or(state);
            assert_eq!(world.stage().await, stage_after(event, state, after), "{event:?} in {state}");
            // Nobody is told of it here: the next world begins with none due.
            let mut order = world.server.order(world.order).await;
            if order.state.is_ordered() {
                order.state = ProfileState::Error;
                world.server.store().change_order(order, None).await.unwrap();
            }
            let now = world.server.clock.now();
            let due = store.claim_smds_events(now, now.plus_seconds(60), 9, Vec::new()).await.unwrap();
            for event in due {
                store.note_smds_event_try(event, EventTry::Done, now).await.unwrap();
            }
        }
    }
}

pub async fn a_refused_call_leaves_everything_as_it_was<S: Store>(store: Arc<S>) {
    let over_es2plus = |event: &Event| {
        matches!(
            event,
            Event::DownloadOrder
                | Event::DownloadOrderForEid
                | Event::ConfirmOrder
                | Event::ConfirmAndRelease
                | Event::ReleaseProfile
                | Event::CancelToAvailable
                | Event::CancelToUnavailable
        )
    };
    let mut number = 0;
    for event in Event::ALL.into_iter().filter(over_es2plus) {
        for state in ProfileState::ALL.into_iter().filter(|state| state.after(event).is_none()) {
            number += 1;
            let world = World::new(&store, event, number).await;
            world.force(state).await;
            let before = world.server.snapshot(&[], &[]).await;
            world.happens(event).await.unwrap_err();
            assert_eq!(world.server.snapshot(&[], &[]).await, before, "{event:?} in {state}");
        }
    }
}
