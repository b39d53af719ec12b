//! The same call again: the same answer, and nothing done twice.

use protocol::es2plus::{CancelOrder, ConfirmOrder, Es2Plus};
use smdp::domain::ProfileState;

use super::requests::{cancel, confirm, download, of_type, release, state_of, stocked};
use crate::common::calls::named;
use crate::common::euicc::eid;
use crate::common::orders::{OPERATOR, PROFILE_TYPE, iccid};
use crate::common::server::refused;

#[tokio::test]
async fn every_function_answers_the_same_call_again_as_it_did() {
    let server = stocked(3).await;
    let ordering = || named("1", 1, of_type(PROFILE_TYPE));
    let first = server.smdp.download_order(OPERATOR, ordering()).await.unwrap();
    assert_eq!(server.smdp.download_order(OPERATOR, ordering()).await.unwrap(), first);

    let confirming = || named("2", 2, ConfirmOrder { eid: Some(eid(1)), ..confirm(iccid(1)) });
    let confirmed = server.smdp.confirm_order(OPERATOR, confirming()).await.unwrap();
    let snapshot = server.snapshot(&[], &[]).await;
    assert_eq!(server.smdp.confirm_order(OPERATOR, confirming()).await.unwrap(), confirmed);
    assert_eq!(server.snapshot(&[], &[]).await, snapshot);

    server.smdp.release_profile(OPERATOR, named("3", 3, release(iccid(1)))).await.unwrap();
    let cancelling = || {
        let matching_id = confirmed.matching_id.as_ref().map(ToString::to_string);
        named("4", 4, CancelOrder { eid: Some(eid(1)), matching_id, ..cancel(iccid(1)) })
    };
    server.smdp.cancel_order(OPERATOR, cancelling()).await.unwrap();
    server.smdp.cancel_order(OPERATOR, cancelling()).await.unwrap();
    // Long after, when everything has gone on: still the answer of then.
    assert_eq!(server.smdp.confirm_order(OPERATOR, confirming()).await.unwrap(), confirmed);
    server.smdp.release_profile(OPERATOR, named("3", 3, release(iccid(1)))).await.unwrap();
    assert_eq!(state_of(&server).await, ProfileState::Available);
}

#[tokio::test]
async fn another_call_under_the_same_name_is_refused() {
    let server = stocked(3).await;
    server.smdp.download_order(OPERATOR, named("1", 1, of_type(PROFILE_TYPE))).await.unwrap();
    let snapshot = server.snapshot(&[], &[]).await;
    // Another body, and another function with the same body.
    assert_eq!(
        refused(server.smdp.download_order(OPERATOR, named("1", 2, download(iccid(2), None))).await),
        "1.6/2.1"
    );
    assert_eq!(
        refused(server.smdp.confirm_order(OPERATOR, named("1", 1, confirm(iccid(1)))).await),
        "1.6/2.1"
    );
    assert_eq!(server.snapshot(&[], &[]).await, snapshot);
}

#[tokio::test]
async fn the_name_of_a_call_is_each_requesters_own() {
    let server = stocked(3).await;
    server.smdp.download_order(OPERATOR, named("1", 1, of_type(PROFILE_TYPE))).await.unwrap();
    // Another operator: its call is looked at, and it has no such profile.
    assert_eq!(
        refused(server.smdp.download_order("beta", named("1", 1, of_type(PROFILE_TYPE))).await),
        "8.2.5/1.2"
    );
    // The same operator under another functionRequesterIdentifier.
    let mut other = named("1", 1, of_type(PROFILE_TYPE));
    other.header.function_requester_identifier = "2.999.21".to_owned();
    assert_eq!(server.smdp.download_order(OPERATOR, other).await.unwrap().iccid, iccid(2));
}

#[tokio::test]
async fn a_refused_call_is_looked_at_afresh() {
    let server = stocked(0).await;
    let ordering = || named("1", 1, download(iccid(1), None));
    assert_eq!(refused(server.smdp.download_order(OPERATOR, ordering()).await), "8.2.1/3.9");
    server.stock(vec![crate::common::orders::profile(1)]).await;
    assert!(server.smdp.download_order(OPERATOR, ordering()).await.is_ok());
}
