//! DownloadOrder (SGP.22 §5.3.1, table 24).

use protocol::es2plus::{DownloadOrder, Es2Plus};
use smdp::domain::{NewProfile, ProfileState};

use super::requests::{download, of_type, order_of, state_of, stocked};
use crate::common::calls::call;
use crate::common::euicc::eid;
use crate::common::orders::{OPERATOR, PROFILE_TYPE, iccid, profile};
use crate::common::server::{Server, refused};

#[tokio::test]
async fn a_profile_is_reserved_by_its_iccid_with_and_without_an_eid() {
    for (target, state) in [(None, ProfileState::Allocated), (Some(eid(1)), ProfileState::Linked)] {
        let server = stocked(1).await;
        let answer = server.smdp.download_order(OPERATOR, call(download(iccid(1), target))).await.unwrap();
        assert_eq!(answer.iccid, iccid(1));
        let order = order_of(&server).await;
        assert_eq!((order.state, order.eid, state_of(&server).await), (state, target, state));
        assert!(order.matching_id.is_none());
    }
}

#[tokio::test]
async fn a_profile_is_picked_by_its_type_until_none_is_left() {
    let server = stocked(2).await;
    for number in 1..=2 {
        let answer = server.smdp.download_order(OPERATOR, call(of_type(PROFILE_TYPE))).await.unwrap();
        assert_eq!(answer.iccid, iccid(number));
    }
    let outcome = server.smdp.download_order(OPERATOR, call(of_type(PROFILE_TYPE))).await;
    assert_eq!(refused(outcome), "8.2.5/3.7");
}

#[tokio::test]
async fn iccid_and_profile_type_have_to_agree_where_both_are_given() {
    let server = stocked(1).await;
    let both = |profile_type: &str| DownloadOrder {
        profile_type: Some(profile_type.to_owned()),
        ..download(iccid(1), None)
    };
    assert_eq!(refused(server.smdp.download_order(OPERATOR, call(both("other"))).await), "8.2.5/3.8");
    assert_eq!(state_of(&server).await, ProfileState::Available);
    assert!(server.smdp.download_order(OPERATOR, call(both(PROFILE_TYPE))).await.is_ok());
}

#[tokio::test]
async fn one_of_iccid_and_profile_type_is_needed() {
    let server = stocked(1).await;
    let neither = DownloadOrder { eid: Some(eid(1)), iccid: None, profile_type: None };
    assert_eq!(refused(server.smdp.download_order(OPERATOR, call(neither)).await), "1.6/2.3");
}

#[tokio::test]
async fn what_is_unknown_or_taken_is_told_apart() {
    let server = stocked(1).await;
    for (request, code) in [
        (download(iccid(9), None), "8.2.1/3.9"),
        (of_type("none"), "8.2.5/3.9"),
        (download(iccid(1), None), "ok"),
        (download(iccid(1), None), "8.2.1/3.3"),
        (of_type(PROFILE_TYPE), "8.2.5/3.7"),
    ] {
        let outcome = server.smdp.download_order(OPERATOR, call(request)).await;
        assert_eq!(outcome.map_or_else(|refusal| refusal.code.to_string(), |_| "ok".to_owned()), code);
    }
}

#[tokio::test]
async fn an_operator_has_no_say_over_profiles_of_another_or_of_none() {
    let server = Server::new();
    let of = |operator: Option<&str>, number| NewProfile {
        operator: operator.map(str::to_owned),
        profile_type: format!("type-{number}"),
        ..profile(number)
    };
    server.stock(vec![of(Some("beta"), 1), of(None, 2)]).await;
    for number in 1..=2 {
        let by_iccid = server.smdp.download_order(OPERATOR, call(download(iccid(number), None))).await;
        assert_eq!(refused(by_iccid), "8.2.1/1.2");
        let by_type = server.smdp.download_order(OPERATOR, call(of_type(&format!("type-{number}")))).await;
        assert_eq!(refused(by_type), "8.2.5/1.2");
        assert_eq!(server.profile_state(iccid(number)).await, ProfileState::Available);
    }
    assert!(server.smdp.download_order("beta", call(download(iccid(1), None))).await.is_ok());
}
