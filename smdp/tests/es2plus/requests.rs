//! Requests with what a test does not care about filled in.

use asn1::Iccid;
use protocol::es2plus::{
    CancelOrder, ConfirmOrder, DownloadOrder, Es2Plus, FinalProfileStatus, MatchingIdChoice, ReleaseProfile,
};
use protocol::types::Eid;
use smdp::domain::{Order, ProfileState};
use smdp::store::Store;

use crate::common::calls::call;
use crate::common::orders::{OPERATOR, iccid, profile};
use crate::common::server::Server;

pub fn download(iccid: Iccid, eid: Option<Eid>) -> DownloadOrder {
    DownloadOrder { eid, iccid: Some(iccid), profile_type: None }
}

pub fn of_type(profile_type: &str) -> DownloadOrder {
    DownloadOrder { eid: None, iccid: None, profile_type: Some(profile_type.to_owned()) }
}

pub fn confirm(iccid: Iccid) -> ConfirmOrder {
    ConfirmOrder {
        iccid,
        eid: None,
        matching_id: MatchingIdChoice::Generate,
        confirmation_code: None,
        smds_address: None,
        release_flag: false,
    }
}

pub fn given(matching_id: &str) -> MatchingIdChoice {
    MatchingIdChoice::Given(matching_id.parse().unwrap())
}

pub fn cancel(iccid: Iccid) -> CancelOrder {
    CancelOrder { iccid, eid: None, matching_id: None, final_profile_status: FinalProfileStatus::Available }
}

pub fn release(iccid: Iccid) -> ReleaseProfile {
    ReleaseProfile { iccid }
}

/// A server with profiles 1 to `profiles` of the operator in stock.
pub async fn stocked(profiles: u32) -> Server {
    let server = Server::new();
    server.stock((1..=profiles).map(profile).collect()).await;
    server
}

/// A server with profile 1 ordered.
pub async fn ordered(eid: Option<Eid>) -> Server {
    let server = stocked(1).await;
    server.smdp.download_order(OPERATOR, call(download(iccid(1), eid))).await.unwrap();
    server
}

/// A server with profile 1 ordered and confirmed under a MatchingID.
pub async fn confirmed(eid: Option<Eid>, matching_id: MatchingIdChoice) -> Server {
    let server = ordered(eid).await;
    let request = ConfirmOrder { matching_id, ..confirm(iccid(1)) };
    server.smdp.confirm_order(OPERATOR, call(request)).await.unwrap();
    server
}

/// The order of profile 1.
pub async fn order_of(server: &Server) -> Order {
    server.store().order_of_iccid(iccid(1)).await.unwrap().unwrap()
}

pub async fn state_of(server: &Server) -> ProfileState {
    server.profile_state(iccid(1)).await
}
