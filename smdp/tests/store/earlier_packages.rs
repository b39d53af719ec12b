//! Packages that came in before they were protected ahead of time: still to be had, though each is protected as it is bound.

use std::sync::Arc;

use crypto::Curve;
use smdp::domain::{PackageProtection, StoredPackage};
use smdp::store::Store;

use crate::common::bound_package;
use crate::common::euicc::{Euicc, one_time_key};
use crate::common::orders::{iccid, matching_id, package, protected};
use crate::common::pki::authority;
use crate::common::server::Server;
use crate::kinds::{self, Place};
use crate::promises::NOW;

#[tokio::test]
async fn they_are_bound_in_sqlite() {
    let (store, place) = kinds::sqlite();
    are_bound(store, place).await;
}

#[tokio::test]
async fn they_are_bound_in_postgresql() {
    let Some((store, place)) = kinds::postgres().await else { return };
    are_bound(store, place).await;
}

async fn are_bound<P: Place>(store: P::Kind, place: P) {
    // Sealed as such packages were.
    store.add_orders(NOW, vec![protected(1, PackageProtection::SessionKeys)]).await.unwrap();
    place.change("UPDATE profile SET protection = 'profile-protection-keys'");
    let profile = store.profile(iccid(1)).await.unwrap().unwrap();
    let kept = store.stored_package(profile.id).await.unwrap();
    assert!(matches!(kept, StoredPackage::Unprotected(_)), "{kept:?}");

    let server = Server::on(Arc::new(store), 1, |_| ());
    let euicc = Euicc::new(Curve::P256, 1);
    let smdp_key = authority(Curve::P256).server.pb.certificate().public_key();
    let mut bound = Vec::new();
    for number in [1, 1, 2] {
        let key = one_time_key(Curve::P256, number);
        let delivered = server.delivered(&euicc, &matching_id(1), &key).await;
        let id = delivered.transaction_id();
        let contents = bound_package::open(delivered.package(), id, &euicc.eid, &key, smdp_key);
        assert_eq!(contents.package, package(1));
        assert!(contents.protection_keys.is_some());
        bound.push(bound_package::without_channel(delivered.package()));
    }
    // With the same one-time key it is the same package; with another, another.
    assert!(bound[0] == bound[1] && bound[1] != bound[2]);
}
