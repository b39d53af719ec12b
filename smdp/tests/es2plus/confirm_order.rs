//! ConfirmOrder (SGP.22 §5.3.2, table 27).

use std::collections::BTreeSet;

use protocol::confirmation_code::ConfirmationCodeHash;
use protocol::es2plus::{ConfirmOrder, Es2Plus, MatchingIdChoice};
use smdp::domain::ProfileState;

use super::requests::{cancel, confirm, confirmed, download, given, order_of, ordered, state_of, stocked};
use crate::common::calls::call;
use crate::common::euicc::{ADDRESS, eid};
use crate::common::orders::{OPERATOR, iccid};
use crate::common::server::{Server, refused};

async fn try_confirm(server: &Server, request: ConfirmOrder) -> String {
    let outcome = server.smdp.confirm_order(OPERATOR, call(request)).await;
    outcome.map_or_else(|refusal| refusal.code.to_string(), |_| "ok".to_owned())
}

#[tokio::test]
async fn the_release_flag_decides_between_confirmed_and_released() {
    for (release_flag, state) in [(false, ProfileState::Confirmed), (true, ProfileState::Released)] {
        for target in [None, Some(eid(1))] {
            let server = ordered(target).await;
            let request = ConfirmOrder { release_flag, ..confirm(iccid(1)) };
            let answer = server.smdp.confirm_order(OPERATOR, call(request)).await.unwrap();
            assert_eq!(answer.eid, target);
            assert_eq!(answer.smdp_address.unwrap(), ADDRESS.parse().unwrap());
            assert_eq!(state_of(&server).await, state);
            assert_eq!(order_of(&server).await.matching_id, answer.matching_id);
        }
    }
}

#[tokio::test]
async fn a_matching_id_is_made_where_none_is_given_and_never_twice() {
    let server = stocked(20).await;
    let mut made = BTreeSet::new();
    for number in 1..=20 {
        server.smdp.download_order(OPERATOR, call(download(iccid(number), None))).await.unwrap();
        let answer = server.smdp.confirm_order(OPERATOR, call(confirm(iccid(number)))).await.unwrap();
        let matching_id = answer.matching_id.unwrap().to_string();
        assert!(matching_id.len() >= 20, "{matching_id} can be guessed");
        assert!(made.insert(matching_id));
    }
}

#[tokio::test]
async fn the_operators_matching_id_is_kept() {
    let server = ordered(None).await;
    let request = ConfirmOrder { matching_id: given("OWN-1"), ..confirm(iccid(1)) };
    let answer = server.smdp.confirm_order(OPERATOR, call(request)).await.unwrap();
    assert_eq!(answer.matching_id.unwrap().as_str(), "OWN-1");
}

/// SGP.22 §4.1.1; free again once the order was cancelled.
#[tokio::test]
async fn a_matching_id_belongs_to_one_order_at_a_time() {
    let server = stocked(2).await;
    for number in 1..=2 {
        server.smdp.download_order(OPERATOR, call(download(iccid(number), None))).await.unwrap();
    }
    let under = |number| ConfirmOrder { matching_id: given("OWN-1"), ..confirm(iccid(number)) };
    assert_eq!(try_confirm(&server, under(1)).await, "ok");
    let before = server.snapshot(&[], &[]).await;
    assert_eq!(try_confirm(&server, under(2)).await, "8.2.6/3.3");
    assert_eq!(server.snapshot(&[], &[]).await, before);
    let mut end = cancel(iccid(1));
    end.matching_id = Some("OWN-1".to_owned());
    server.smdp.cancel_order(OPERATOR, call(end)).await.unwrap();
    assert_eq!(try_confirm(&server, under(2)).await, "ok");
}

#[tokio::test]
async fn the_default_smdp_use_case_has_an_eid_and_no_matching_id() {
    let default = |eid| ConfirmOrder { eid, matching_id: MatchingIdChoice::Empty, ..confirm(iccid(1)) };
    // SGP.22 §5.3.2: here or in DownloadOrder.
    assert_eq!(try_confirm(&ordered(None).await, default(None)).await, "8.1.1/2.2");
    for (first, second) in [(None, Some(eid(1))), (Some(eid(1)), None), (Some(eid(1)), Some(eid(1)))] {
        let server = ordered(first).await;
        let answer = server.smdp.confirm_order(OPERATOR, call(default(second))).await.unwrap();
        assert_eq!((answer.eid, answer.matching_id), (Some(eid(1)), None));
        assert_eq!(order_of(&server).await.eid, Some(eid(1)));
    }
}

#[tokio::test]
async fn another_eid_than_that_of_download_order_is_refused() {
    let server = ordered(Some(eid(1))).await;
    let request = ConfirmOrder { eid: Some(eid(2)), ..confirm(iccid(1)) };
    assert_eq!(try_confirm(&server, request).await, "8.1.1/3.10");
    assert_eq!(state_of(&server).await, ProfileState::Linked);
}

#[tokio::test]
async fn an_smds_address_needs_an_eid_a_matching_id_and_an_smds() {
    let address = Some("smds.example.com".parse().unwrap());
    let with = |eid, matching_id| ConfirmOrder {
        eid,
        matching_id,
        smds_address: address.clone(),
        ..confirm(iccid(1))
    };
    let server = ordered(None).await;
    for (request, code) in [
        (with(None, MatchingIdChoice::Generate), "8.1.1/2.2"),
        (with(Some(eid(1)), MatchingIdChoice::Empty), "8.2.6/2.1"),
        (with(Some(eid(1)), MatchingIdChoice::Generate), "8.9/5.1"),
    ] {
        assert_eq!(try_confirm(&server, request).await, code);
        assert_eq!(state_of(&server).await, ProfileState::Allocated);
    }
}

#[tokio::test]
async fn of_the_confirmation_code_only_its_hash_is_kept() {
    let server = ordered(None).await;
    let request = ConfirmOrder { confirmation_code: Some("4321".parse().unwrap()), ..confirm(iccid(1)) };
    server.smdp.confirm_order(OPERATOR, call(request)).await.unwrap();
    let order = order_of(&server).await;
    assert_eq!(order.confirmation_code.unwrap().as_bytes(), ConfirmationCodeHash::of("4321").as_bytes());
}

#[tokio::test]
async fn what_is_not_ordered_unknown_or_anothers_is_not_confirmed() {
    let server = stocked(1).await;
    assert_eq!(try_confirm(&server, confirm(iccid(1))).await, "8.2.1/3.5");
    assert_eq!(try_confirm(&server, confirm(iccid(9))).await, "8.2.1/3.9");
    let server = ordered(None).await;
    assert_eq!(refused(server.smdp.confirm_order("beta", call(confirm(iccid(1)))).await), "8.2.1/1.2");
    let server = confirmed(None, MatchingIdChoice::Generate).await;
    assert_eq!(try_confirm(&server, confirm(iccid(1))).await, "8.2.1/3.5");
}

#[tokio::test]
async fn an_order_expires_where_the_configuration_says_so() {
    for (days, expires) in [(None, false), (Some(30), true)] {
        let server = Server::with(|config| config.limits.order_days = days);
        server.stock(vec![crate::common::orders::profile(1)]).await;
        server.smdp.download_order(OPERATOR, call(download(iccid(1), None))).await.unwrap();
        let request = ConfirmOrder { matching_id: given("OWN-1"), release_flag: true, ..confirm(iccid(1)) };
        server.smdp.confirm_order(OPERATOR, call(request)).await.unwrap();
        server.clock.advance_seconds(30 * 24 * 60 * 60);
        let euicc = crate::common::euicc::Euicc::new(crypto::Curve::P256, 1);
        let outcome = server.try_offer(&euicc, Some("OWN-1")).await;
        match expires {
            true => assert_eq!(refused(outcome), "8.8.5/4.10"),
            false => assert!(outcome.is_ok()),
        }
    }
}
