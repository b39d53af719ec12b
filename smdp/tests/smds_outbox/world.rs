//! A server whose orders go to an SM-DS.

use std::sync::Arc;
use std::time::Duration;

use protocol::es2plus::{
    CancelOrder, ConfirmOrder, DownloadOrder, Es2Plus, FinalProfileStatus, MatchingIdChoice,
};
use smdp::Config;
use smdp::domain::SmdsEventStage;
use smdp::store::Store;

use crate::common::calls::call;
use crate::common::euicc::eid;
use crate::common::orders::{OPERATOR, iccid, profile};
use crate::common::server::Server;
use crate::common::smds::{SMDS, Smds, events};

pub const OTHER: &str = "other.example.com";

/// A node on a store; ES2+ waits for nobody.
pub fn node<S: Store>(store: &Arc<S>, number: u64) -> Server<S> {
    with(store, number, |_| ())
}

pub fn with<S: Store>(store: &Arc<S>, number: u64, configure: impl FnOnce(&mut Config)) -> Server<S> {
    Server::on(store.clone(), number, |config| {
        config.smds.servers = [SMDS, OTHER].map(|address| address.parse().unwrap()).to_vec();
        config.smds.wait = Duration::ZERO;
        configure(config);
    })
}

pub fn event_id(number: u32) -> String {
    format!("EVENT-{number}")
}

/// Orders profile `number` for the eUICC of that number, and releases it.
pub async fn release<S: Store>(server: &Server<S>, number: u32) {
    release_at(server, number, SMDS).await;
}

pub async fn release_at<S: Store>(server: &Server<S>, number: u32, smds: &str) {
    server.stock(vec![profile(number)]).await;
    let order = DownloadOrder { eid: Some(eid(number)), iccid: Some(iccid(number)), profile_type: None };
    server.smdp.download_order(OPERATOR, call(order)).await.unwrap();
    let confirm = ConfirmOrder {
        iccid: iccid(number),
        eid: None,
        matching_id: MatchingIdChoice::Given(event_id(number).parse().unwrap()),
        confirmation_code: None,
        smds_address: Some(smds.parse().unwrap()),
        release_flag: true,
    };
    server.smdp.confirm_order(OPERATOR, call(confirm)).await.unwrap();
}

pub async fn cancel<S: Store>(server: &Server<S>, number: u32) {
    let cancel = CancelOrder {
        iccid: iccid(number),
        eid: Some(eid(number)),
        matching_id: Some(event_id(number)),
        final_profile_status: FinalProfileStatus::Available,
    };
    server.smdp.cancel_order(OPERATOR, call(cancel)).await.unwrap();
}

/// Where an event has come to; `None` where it was dropped.
pub async fn stage_of<S: Store>(server: &Server<S>, number: u32) -> Option<SmdsEventStage> {
    let events = events(server.store()).await;
    events.iter().find(|event| event.event_id.as_str() == event_id(number)).map(|event| event.stage)
}

/// Until something has happened at the SM-DS, without turning the clock.
pub async fn until(happened: impl Fn() -> bool) {
    for _ in 0..20_000 {
        if happened() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    panic!("it never happened");
}

/// No event was registered or deleted twice, and none deleted that was not registered.
#[track_caller]
pub fn assert_each_once(smds: &Smds) {
    for record in smds.records() {
        assert!(record.registered <= 1 && record.deleted <= record.registered, "{record:?}");
    }
}
