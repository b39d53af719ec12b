//! CancelOrder (SGP.22 §5.3.3, table 30).

use asn1::ErrorReason;
use crypto::Curve;
use protocol::es2plus::{CancelOrder, Es2Plus, FinalProfileStatus, MatchingIdChoice};
use protocol::es9plus::Es9Plus;
use smdp::domain::ProfileState;
use smdp::store::Store;

use super::requests::{
    cancel, confirm, confirmed, download, given, order_of, ordered, release, state_of, stocked,
};
use crate::common::calls::call;
use crate::common::euicc::{Euicc, eid, one_time_key};
use crate::common::orders::{OPERATOR, iccid};
use crate::common::server::{Server, refused};

async fn try_cancel(server: &Server, request: CancelOrder) -> String {
    let outcome = server.smdp.cancel_order(OPERATOR, call(request)).await;
    outcome.map_or_else(|refusal| refusal.code.to_string(), |()| "ok".to_owned())
}

#[tokio::test]
async fn the_final_status_decides_whether_the_profile_can_be_ordered_again() {
    for (status, state, again) in [
        (FinalProfileStatus::Available, ProfileState::Available, "ok"),
        (FinalProfileStatus::Unavailable, ProfileState::Unavailable, "8.2.1/3.3"),
    ] {
        let server = ordered(None).await;
        let request = CancelOrder { final_profile_status: status, ..cancel(iccid(1)) };
        assert_eq!(try_cancel(&server, request).await, "ok");
        assert_eq!(state_of(&server).await, state);
        assert!(server.store().order_of_iccid(iccid(1)).await.unwrap().is_none());
        let outcome = server.smdp.download_order(OPERATOR, call(download(iccid(1), None))).await;
        let told = outcome.map_or_else(|refusal| refusal.code.to_string(), |_| "ok".to_owned());
        assert_eq!(told, again);
    }
}

#[tokio::test]
async fn the_eid_of_the_order_has_to_be_given_and_no_other() {
    for (linked, named, code) in [
        (Some(eid(1)), None, "8.2.1/3.10"),
        (Some(eid(1)), Some(eid(2)), "8.2.1/3.10"),
        (Some(eid(1)), Some(eid(1)), "ok"),
        // §5.3.3 compares with what is associated, and nothing is.
        (None, Some(eid(1)), "ok"),
    ] {
        let server = ordered(linked).await;
        let before = server.snapshot(&[], &[]).await;
        let request = CancelOrder { eid: named, ..cancel(iccid(1)) };
        assert_eq!(try_cancel(&server, request).await, code);
        assert_eq!(server.snapshot(&[], &[]).await == before, code != "ok");
    }
}

#[tokio::test]
async fn the_matching_id_of_the_order_has_to_be_given_and_no_other() {
    for (linked, named, code) in [
        (given("OWN-1"), None, "8.2.6/2.2"),
        (given("OWN-1"), Some(""), "8.2.6/2.2"),
        (given("OWN-1"), Some("OWN-2"), "8.2.6/3.10"),
        (given("OWN-1"), Some("own-1"), "8.2.6/3.10"),
        (given("OWN-1"), Some("OWN-1"), "ok"),
        (MatchingIdChoice::Empty, Some("OWN-1"), "ok"),
        (MatchingIdChoice::Empty, Some(""), "ok"),
        (MatchingIdChoice::Empty, None, "ok"),
    ] {
        let server = confirmed(Some(eid(1)), linked).await;
        let matching_id = named.map(str::to_owned);
        let request = CancelOrder { eid: Some(eid(1)), matching_id, ..cancel(iccid(1)) };
        assert_eq!(try_cancel(&server, request).await, code, "{named:?}");
    }
}

#[tokio::test]
async fn what_is_not_ordered_unknown_or_anothers_is_not_cancelled() {
    let server = stocked(1).await;
    assert_eq!(try_cancel(&server, cancel(iccid(1))).await, "8.2.1/3.5");
    assert_eq!(try_cancel(&server, cancel(iccid(9))).await, "8.2.1/3.9");
    let server = ordered(None).await;
    assert_eq!(refused(server.smdp.cancel_order("beta", call(cancel(iccid(1)))).await), "8.2.1/1.2");
    assert_eq!(state_of(&server).await, ProfileState::Allocated);
}

/// SGP.22 §5.3.3: a download that has begun comes to nothing, and what the eUICC reports later belongs to no order.
#[tokio::test]
async fn a_session_of_a_cancelled_order_gets_no_package() {
    let server = confirmed(None, given("OWN-1")).await;
    server.smdp.release_profile(OPERATOR, call(release(iccid(1)))).await.unwrap();
    let euicc = Euicc::new(Curve::P256, 1);
    let offered = server.offered(&euicc, "OWN-1").await;
    let request = CancelOrder { matching_id: Some("OWN-1".to_owned()), ..cancel(iccid(1)) };
    assert_eq!(try_cancel(&server, request).await, "ok");
    let request = euicc.prepare(&offered.offer, &one_time_key(Curve::P256, 1));
    assert_eq!(refused(server.smdp.get_bound_profile_package(request).await), "8.2/3.7");
    assert_eq!(refused(server.try_offer(&euicc, Some("OWN-1")).await), "8.2.6/3.8");
    assert_eq!(state_of(&server).await, ProfileState::Available);
}

/// A result that comes after the profile was ordered anew is the old order's: it says nothing of the new one.
#[tokio::test]
async fn a_late_result_does_not_touch_the_next_order_of_the_profile() {
    let server = confirmed(None, given("OWN-1")).await;
    server.smdp.release_profile(OPERATOR, call(release(iccid(1)))).await.unwrap();
    let euicc = Euicc::new(Curve::P256, 1);
    let first = server.delivered(&euicc, "OWN-1", &one_time_key(Curve::P256, 1)).await;
    let second = server.delivered(&euicc, "OWN-1", &one_time_key(Curve::P256, 1)).await;
    let failed = euicc.not_installed(first.transaction_id(), 1, ErrorReason::INVALID_SIGNATURE);
    server.smdp.handle_notification(failed).await.unwrap();
    assert_eq!(state_of(&server).await, ProfileState::Error);
    let request =
        CancelOrder { eid: Some(euicc.eid), matching_id: Some("OWN-1".to_owned()), ..cancel(iccid(1)) };
    assert_eq!(try_cancel(&server, request).await, "ok");
    server.smdp.download_order(OPERATOR, call(download(iccid(1), None))).await.unwrap();
    let before = order_of(&server).await.id;
    server.smdp.handle_notification(euicc.installed(second.transaction_id(), 2)).await.unwrap();
    let order = order_of(&server).await;
    assert_eq!((order.id, order.state, order.eid), (before, ProfileState::Allocated, None));
    assert_eq!(server.smdp.confirm_order(OPERATOR, call(confirm(iccid(1)))).await.unwrap().eid, None);
}
