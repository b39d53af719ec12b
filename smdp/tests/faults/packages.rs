//! Packages that are wrong, and large metadata.

use crypto::Curve;
use protocol::es9plus::Es9Plus;
use protocol::profile::{Subscriber, default_profile};
use smdp::domain::{NewOrder, NewProfile, Package};
use smdp::faults::Rule;
use zeroize::Zeroizing;

use crate::common::bound_package::{Contents, open};
use crate::common::euicc::{Euicc, one_time_key};
use crate::common::orders::{iccid, matching_id, order};
use crate::common::pki::authority;
use crate::common::server::{Delivered, Server};

fn opened(delivered: &Delivered, euicc: &Euicc, key: u8) -> Contents {
    let server = &authority(euicc.curve).server;
    let key = one_time_key(euicc.curve, key);
    let smdp_key = server.pb.certificate().public_key();
    open(delivered.package(), delivered.transaction_id(), &euicc.eid, &key, smdp_key)
}

fn arm(server: &Server, fault: &str) {
    server.smdp.faults().arm(Rule::always(fault.parse().unwrap())).unwrap();
}

#[tokio::test]
async fn the_package_has_the_defect_and_the_next_one_is_good_again_with_the_same_key() {
    for curve in Curve::ALL {
        let server = Server::new();
        server.add(order(1)).await;
        let euicc = Euicc::new(curve, 1);
        let key = one_time_key(curve, 1);
        arm(&server, "wrong-remote-op-id");
        let spoiled = server.delivered(&euicc, &matching_id(1), &key).await;
        let channel = asn1::tlv::find(asn1::tlv::read(spoiled.package()).unwrap().0.value, 0xBF23).unwrap();
        assert_eq!(asn1::tlv::find(channel.value, 0x82).unwrap().value, [2]);

        server.smdp.faults().disarm_all();
        let good = server.delivered(&euicc, &matching_id(1), &key).await;
        assert_eq!(opened(&good, &euicc, 1).package, crate::common::orders::package(1));
    }
}

#[tokio::test]
async fn a_profile_without_place_for_a_defect_is_delivered_as_it_is() {
    let server = Server::new();
    server.add(order(1)).await;
    let euicc = Euicc::new(Curve::P256, 1);
    arm(&server, "header-missing");
    let delivered = server.delivered(&euicc, &matching_id(1), &one_time_key(Curve::P256, 1)).await;
    assert_eq!(opened(&delivered, &euicc, 1).package, crate::common::orders::package(1));
}

#[tokio::test]
async fn a_defect_of_profile_elements_is_in_the_clear_package() {
    let server = Server::new();
    let key = Zeroizing::new([7; 16]);
    let subscriber = Subscriber::new(iccid(1), "001010000000017".parse().unwrap(), key.clone(), key);
    let package = default_profile(&subscriber);
    let profile = NewProfile { package: Package(package.clone()), ..order(1).profile };
    server.add(NewOrder { profile, ..order(1) }).await;
    let euicc = Euicc::new(Curve::P256, 1);
    arm(&server, "end-missing");
    let delivered = server.delivered(&euicc, &matching_id(1), &one_time_key(Curve::P256, 1)).await;
    let spoiled = opened(&delivered, &euicc, 1).package;
    assert!(package.starts_with(&spoiled) && spoiled.len() < package.len());
}

#[tokio::test]
async fn large_metadata_is_offered_and_bound_alike() {
    let server = Server::new();
    server.add(order(1)).await;
    let euicc = Euicc::new(Curve::P256, 1);
    arm(&server, "large-metadata");
    let delivered = server.delivered(&euicc, &matching_id(1), &one_time_key(Curve::P256, 1)).await;
    let offered = delivered.offer.profile_metadata.bytes();
    assert!(offered.len() > crypto::scp03t::MAX_PLAINTEXT);
    assert_eq!(opened(&delivered, &euicc, 1).metadata, offered);
    let initiated = server.opened(&euicc).await;
    server.smdp.faults().disarm_all();
    let request = euicc.authenticate(&initiated, Some(&matching_id(1)));
    let offer = server.smdp.authenticate_client(request).await.unwrap();
    let small = asn1::Raw::new(crate::common::orders::metadata(1));
    assert_eq!(offer.profile_metadata.bytes(), small.bytes());
}
