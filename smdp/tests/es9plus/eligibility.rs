//! SGP.22 §3.1.3 steps 3 to 5, Annex F: whether a profile suits an eUICC.

use asn1::{OperatorId, PprIds};
use crypto::Curve;
use protocol::es9plus::Es9Plus;
use smdp::domain::{NewOrder, ProfileState};

use crate::common::euicc::{Euicc, resources};
use crate::common::orders::{matching_id, metadata, order, package, with_metadata};
use crate::common::server::{Server, refused};

fn order_with_rules(number: u32, rules: &[usize]) -> NewOrder {
    let mut metadata = metadata(number);
    metadata.profile_policy_rules = Some(PprIds::of(rules.iter().copied()));
    metadata.profile_owner = Some(OperatorId {
        mcc_mnc: asn1::MccMnc::new([0x42, 0xF6, 0x18].as_slice()).unwrap(),
        gid1: None,
        gid2: None,
        unknown: Default::default(),
    });
    with_metadata(number, metadata)
}

/// An ineligible profile: its code, the attempt counted, the profile in Error (SGP.22 §3.1.3 step 5), the session ended.
async fn assert_ineligible(order: NewOrder, euicc: &Euicc, code: &str) {
    let server = Server::new();
    let id = server.add(order).await;
    let initiated = server.opened(euicc).await;
    let request = euicc.authenticate(&initiated, Some(&matching_id(1)));
    assert_eq!(refused(server.smdp.authenticate_client(request).await), code);
    let order = server.order(id).await;
    assert_eq!((order.state, order.download_attempts), (ProfileState::Error, 1));
    assert_eq!(server.stage(&initiated.transaction_id).await, "ended");
    assert_eq!(refused(server.try_offer(euicc, Some(&matching_id(1))).await), "8.2/1.2");
}

#[tokio::test]
async fn a_profile_policy_rule_that_the_euicc_forbids_makes_the_profile_ineligible() {
    for rule in [PprIds::PPR1, PprIds::PPR2] {
        let mut euicc = Euicc::new(Curve::P256, 1);
        euicc.info2.forbidden_profile_policy_rules = Some(PprIds::of([rule]));
        assert_ineligible(order_with_rules(1, &[rule]), &euicc, "8.2.5/4.3").await;
        assert_ineligible(order_with_rules(1, &[PprIds::PPR1, PprIds::PPR2]), &euicc, "8.2.5/4.3").await;
    }
}

#[tokio::test]
async fn a_rule_that_is_not_forbidden_and_a_forbidden_one_that_the_profile_lacks_do_no_harm() {
    for (rules, forbidden) in [
        (&[PprIds::PPR2][..], Some(PprIds::of([PprIds::PPR1]))),
        (&[PprIds::PPR1], Some(PprIds::of([]))),
        (&[PprIds::PPR1], None),
        (&[], Some(PprIds::of([PprIds::PPR1, PprIds::PPR2]))),
    ] {
        let server = Server::new();
        server.add(order_with_rules(1, rules)).await;
        let mut euicc = Euicc::new(Curve::P256, 1);
        euicc.info2.forbidden_profile_policy_rules = forbidden;
        assert!(server.try_offer(&euicc, Some(&matching_id(1))).await.is_ok(), "{rules:?}");
    }
}

#[tokio::test]
async fn a_profile_larger_than_the_free_memory_is_refused() {
    let size = u32::try_from(package(1).len()).unwrap();
    let mut euicc = Euicc::new(Curve::P256, 1);
    euicc.info2.ext_card_resource = resources(size - 1);
    assert_ineligible(order(1), &euicc, "8.1/4.8").await;
    euicc.info2.ext_card_resource = resources(0);
    assert_ineligible(order(1), &euicc, "8.1/4.8").await;
}

#[tokio::test]
async fn a_profile_is_offered_where_the_free_memory_suffices_or_is_not_told() {
    let size = u32::try_from(package(1).len()).unwrap();
    for resources in
        [resources(size), resources(u32::MAX), vec![].into(), vec![0x82].into(), vec![0xFF; 9].into()]
    {
        let server = Server::new();
        server.add(order(1)).await;
        let mut euicc = Euicc::new(Curve::P256, 1);
        euicc.info2.ext_card_resource = resources;
        assert!(server.try_offer(&euicc, Some(&matching_id(1))).await.is_ok());
    }
}
