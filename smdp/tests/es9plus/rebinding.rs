//! SGP.22 §3.1.3.2 step 9, §5.6.2: a download that is tried again.

use crypto::Curve;
use protocol::clock::Clock;
use protocol::es9plus::Es9Plus;
use smdp::domain::{Bound, Kept, PackageProtection, ProfileState};
use smdp::store::Store;

use crate::common::bound_package::{self, Contents};
use crate::common::euicc::{Euicc, one_time_key};
use crate::common::orders::{matching_id, order, package, protected};
use crate::common::pki::authority;
use crate::common::server::{Delivered, Server, refused};

const PROTECTIONS: [PackageProtection; 2] =
    [PackageProtection::SessionKeys, PackageProtection::ProfileProtectionKeys];

fn open(euicc: &Euicc, delivered: &Delivered, key: &crypto::OneTimeKey) -> Contents {
    let smdp_key = authority(euicc.curve).server.pb.certificate().public_key();
    bound_package::open(delivered.package(), delivered.transaction_id(), &euicc.eid, key, smdp_key)
}

#[tokio::test]
async fn with_the_same_one_time_key_only_the_channel_is_signed_anew() {
    for curve in Curve::ALL {
        for protection in PROTECTIONS {
            let server = Server::new();
            let id = server.add(protected(1, protection)).await;
            let euicc = Euicc::new(curve, 1);
            let key = one_time_key(curve, 1);
            let first = server.delivered(&euicc, &matching_id(1), &key).await;
            let second = server.delivered(&euicc, &matching_id(1), &key).await;
            let third = server.delivered(&euicc, &matching_id(1), &key).await;
            for again in [&second, &third] {
                assert_ne!(first.package(), again.package());
                let (one, other) = (first.package(), again.package());
                assert_eq!(bound_package::without_channel(one), bound_package::without_channel(other));
                // The card opens it in the new session: smdpSign covers the new transactionId.
                let contents = open(&euicc, again, &key);
                assert_eq!(contents.package, package(1));
                assert_eq!(contents.smdp_otpk, open(&euicc, &first, &key).smdp_otpk);
            }
            assert_eq!(server.state(id).await, ProfileState::Downloaded);
            assert_eq!(server.stage(third.transaction_id()).await, "delivered");
        }
    }
}

#[tokio::test]
async fn the_profile_is_not_kept_twice_for_a_retry() {
    for protection in PROTECTIONS {
        let server = Server::new();
        let id = server.add(protected(1, protection)).await;
        server.delivered(&Euicc::new(Curve::P256, 1), &matching_id(1), &one_time_key(Curve::P256, 1)).await;
        let kept = server.store().bound(id).await.unwrap().unwrap().kept;
        let (Kept::Channel(bytes, _) | Kept::Head(bytes) | Kept::Whole(bytes)) = &kept;
        assert!(bytes.len() < package(1).len() / 2, "{kept:?}");
    }
}

#[tokio::test]
async fn a_package_that_an_earlier_version_kept_whole_is_used_again() {
    for protection in PROTECTIONS {
        let server = Server::new();
        let id = server.add(protected(1, protection)).await;
        let (euicc, key) = (Euicc::new(Curve::P256, 1), one_time_key(Curve::P256, 1));
        let first = server.delivered(&euicc, &matching_id(1), &key).await;
        let bound = server.store().bound(id).await.unwrap().unwrap();
        let whole = Bound { kept: Kept::Whole(first.package().to_vec()), ..bound };
        let session = server.store().session(first.transaction_id().clone()).await.unwrap().unwrap();
        server.store().hand_out(server.order(id).await, session, whole).await.unwrap();
        for _ in 0..2 {
            let again = server.delivered(&euicc, &matching_id(1), &key).await;
            let (one, other) = (first.package(), again.package());
            assert_eq!(bound_package::without_channel(one), bound_package::without_channel(other));
            assert_eq!(open(&euicc, &again, &key).package, package(1));
        }
    }
}

#[tokio::test]
async fn the_offer_of_a_retry_names_the_key_that_the_package_is_bound_to() {
    for curve in Curve::ALL {
        let server = Server::new();
        server.add(order(1)).await;
        let euicc = Euicc::new(curve, 1);
        for number in [1, 2] {
            let key = one_time_key(curve, number);
            server.delivered(&euicc, &matching_id(1), &key).await;
            let retry = server.offered(&euicc, &matching_id(1)).await;
            let otpk = retry.offer.smdp_signed2.bpp_euicc_otpk.as_ref().unwrap();
            assert_eq!(otpk.bytes(), key.public_key().point());
            euicc.verify_offer(&retry.request, &retry.offer, authority(curve));
        }
    }
}

#[tokio::test]
async fn with_another_one_time_key_the_package_is_bound_anew_under_another_key_of_the_server() {
    for curve in Curve::ALL {
        for protection in PROTECTIONS {
            let server = Server::new();
            server.add(protected(1, protection)).await;
            let euicc = Euicc::new(curve, 1);
            let keys = [one_time_key(curve, 1), one_time_key(curve, 2)];
            let first = server.delivered(&euicc, &matching_id(1), &keys[0]).await;
            let second = server.delivered(&euicc, &matching_id(1), &keys[1]).await;
            let (one, other) = (open(&euicc, &first, &keys[0]), open(&euicc, &second, &keys[1]));
            assert_ne!(one.smdp_otpk, other.smdp_otpk);
            assert_ne!(one.session_keys, other.session_keys);
            // Those of the profile are the profile's: it was protected when it came in.
            assert_eq!(one.protection_keys, other.protection_keys);
            assert_eq!((one.package, other.package), (package(1), package(1)));
            // And the first key once more: its package is gone, so it is bound a third time.
            let third = server.delivered(&euicc, &matching_id(1), &keys[0]).await;
            assert_ne!(open(&euicc, &third, &keys[0]).smdp_otpk, open(&euicc, &first, &keys[0]).smdp_otpk);
        }
    }
}

#[tokio::test]
async fn two_orders_are_never_bound_under_one_key_of_the_server() {
    let server = Server::new();
    server.store().add_orders(server.clock.now(), vec![order(1), order(2)]).await.unwrap();
    let euicc = Euicc::new(Curve::P256, 1);
    let key = one_time_key(Curve::P256, 1);
    let first = server.delivered(&euicc, &matching_id(1), &key).await;
    let second = server.delivered(&euicc, &matching_id(2), &key).await;
    let (one, other) = (open(&euicc, &first, &key), open(&euicc, &second, &key));
    assert_ne!(one.smdp_otpk, other.smdp_otpk);
    assert_eq!((one.package, other.package), (package(1), package(2)));
}

#[tokio::test]
async fn a_profile_that_went_to_one_euicc_goes_to_no_other() {
    for curve in Curve::ALL {
        let server = Server::new();
        let id = server.add(order(1)).await;
        let (euicc, other) = (Euicc::new(curve, 1), Euicc::new(curve, 2));
        let key = one_time_key(curve, 1);
        // The other was offered it before anybody had it.
        let early = server.offered(&other, &matching_id(1)).await;
        server.delivered(&euicc, &matching_id(1), &key).await;
        let before = server.snapshot(&[], &[]).await;
        let request = other.prepare(&early.offer, &key);
        assert_eq!(refused(server.smdp.get_bound_profile_package(request).await), "8.2/3.7");
        assert_eq!(server.stage(early.transaction_id()).await, "ended");
        assert_eq!(refused(server.try_offer(&other, Some(&matching_id(1))).await), "8.1.1/3.8");
        assert_eq!(server.snapshot(&[], &[]).await, before);
        assert_eq!(server.order(id).await.eid, Some(euicc.eid));
    }
}

/// The same eUICC may come under its other CI; then the other identity binds, on the other curve.
#[tokio::test]
async fn a_retry_under_another_ci_is_bound_anew_on_its_curve() {
    let server = Server::new();
    server.add(order(1)).await;
    for curve in [Curve::P256, Curve::BrainpoolP256r1, Curve::P256] {
        let euicc = Euicc::new(curve, 1);
        let key = one_time_key(curve, 1);
        let delivered = server.delivered(&euicc, &matching_id(1), &key).await;
        assert_eq!(open(&euicc, &delivered, &key).package, package(1));
    }
}
