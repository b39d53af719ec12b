//! ReleaseProfile (SGP.22 §5.3.4, table 32).

use crypto::Curve;
use protocol::es2plus::{Es2Plus, MatchingIdChoice};
use smdp::domain::ProfileState;
use smdp::store::{HappeningFilter, Store};

use super::requests::{confirmed, given, ordered, release, state_of, stocked};
use crate::common::calls::call;
use crate::common::euicc::Euicc;
use crate::common::orders::{OPERATOR, iccid};
use crate::common::server::{Server, refused};

async fn happened(server: &Server) -> usize {
    server.store().happenings(HappeningFilter::default()).await.unwrap().len()
}

#[tokio::test]
async fn a_confirmed_profile_is_released_and_can_be_downloaded_from_then_on() {
    let server = confirmed(None, given("OWN-1")).await;
    let euicc = Euicc::new(Curve::P256, 1);
    // SGP.22 §3.1.1.4 step 10.
    assert_eq!(refused(server.try_offer(&euicc, Some("OWN-1")).await), "8.2/1.2");
    server.smdp.release_profile(OPERATOR, call(release(iccid(1)))).await.unwrap();
    assert_eq!(state_of(&server).await, ProfileState::Released);
    assert!(server.try_offer(&euicc, Some("OWN-1")).await.is_ok());
}

/// SGP.22 §5.3.4, note.
#[tokio::test]
async fn a_released_profile_is_released_again_without_a_trace() {
    let server = confirmed(None, MatchingIdChoice::Generate).await;
    server.smdp.release_profile(OPERATOR, call(release(iccid(1)))).await.unwrap();
    let before = happened(&server).await;
    server.smdp.release_profile(OPERATOR, call(release(iccid(1)))).await.unwrap();
    assert_eq!((state_of(&server).await, happened(&server).await), (ProfileState::Released, before));
}

#[tokio::test]
async fn what_is_not_confirmed_unknown_or_anothers_is_not_released() {
    let server = stocked(1).await;
    let code = async |server: &Server, caller: &str, number| {
        refused(server.smdp.release_profile(caller, call(release(iccid(number)))).await)
    };
    assert_eq!(code(&server, OPERATOR, 1).await, "8.2.1/3.5");
    assert_eq!(code(&server, OPERATOR, 9).await, "8.2.1/3.9");
    assert_eq!(code(&ordered(None).await, OPERATOR, 1).await, "8.2.1/3.5");
    let server = confirmed(None, MatchingIdChoice::Generate).await;
    assert_eq!(code(&server, "beta", 1).await, "8.2.1/1.2");
    assert_eq!(state_of(&server).await, ProfileState::Confirmed);
}
