//! SGP.22 §5.6.2, §3.1.3.2: the package is bound to the eUICC that was offered it.

use asn1::{EuiccSigned2, Otpk, SignatureTlv, TransactionId};
use crypto::Curve;
use protocol::clock::Timestamp;
use protocol::es9plus::Es9Plus;
use smdp::domain::{NewOrder, PackageProtection, ProfileState};

use crate::common::bound_package;
use crate::common::euicc::{Euicc, one_time_key, package_error, package_request};
use crate::common::orders::{matching_id, metadata, order, package, protected};
use crate::common::pki::{NOW, authority};
use crate::common::server::{Offered, Server, refused};

#[tokio::test]
async fn the_euicc_opens_the_package_that_was_bound_for_it() {
    for curve in Curve::ALL {
        for protection in [PackageProtection::SessionKeys, PackageProtection::ProfileProtectionKeys] {
            let server = Server::new();
            let id = server.add(protected(1, protection)).await;
            let euicc = Euicc::new(curve, 1);
            let key = one_time_key(curve, 1);
            let delivered = server.delivered(&euicc, &matching_id(1), &key).await;
            let tid = delivered.transaction_id();
            assert_eq!(&delivered.answer.transaction_id, tid);
            let smdp_key = authority(curve).server.pb.certificate().public_key();
            let contents = bound_package::open(delivered.package(), tid, &euicc.eid, &key, smdp_key);
            assert_eq!(contents.configure_isdp, [0xBF, 0x24, 0]);
            assert_eq!(contents.metadata, order(1).profile.metadata);
            assert_eq!(contents.package, package(1));
            assert_eq!(
                contents.protection_keys.is_some(),
                protection == PackageProtection::ProfileProtectionKeys
            );
            assert_ne!(contents.protection_keys.as_ref(), Some(&contents.session_keys));
            // SGP.22 §3.1.3.2: linked at step 9, Downloaded at step 11.
            let order = server.order(id).await;
            assert_eq!((order.state, order.eid), (ProfileState::Downloaded, Some(euicc.eid)));
            assert_eq!(server.stage(tid).await, "delivered");
            assert_eq!(delivered.offer.profile_metadata.value(), &metadata(1));
        }
    }
}

#[tokio::test]
async fn an_unknown_transaction_is_refused() {
    let (server, euicc, offered) = offered(Curve::P256).await;
    let before = server.snapshot(&[offered.transaction_id()], &[]).await;
    let mut request = euicc.prepare(&offered.offer, &one_time_key(Curve::P256, 1));
    request.transaction_id = "FF".parse().unwrap();
    assert_eq!(refused(server.smdp.get_bound_profile_package(request).await), "8.10.1/3.9");
    assert_eq!(server.snapshot(&[offered.transaction_id()], &[]).await, before);
}

async fn offered(curve: Curve) -> (Server, Euicc, Offered) {
    let server = Server::new();
    server.add(order(1)).await;
    let euicc = Euicc::new(curve, 1);
    let offered = server.offered(&euicc, &matching_id(1)).await;
    (server, euicc, offered)
}

/// What every refusal here has in common: the session ends, the order stays for the next try, nothing is bound.
async fn assert_refused(
    curve: Curve,
    code: &str,
    answer: impl FnOnce(&Euicc, &Offered) -> asn1::PrepareDownloadResponseOk,
) {
    let (server, euicc, offered) = offered(curve).await;
    let before = server.snapshot(&[], &[]).await;
    let request = package_request(offered.transaction_id(), answer(&euicc, &offered));
    assert_eq!(refused(server.smdp.get_bound_profile_package(request).await), code);
    assert_eq!(server.snapshot(&[], &[]).await, before);
    assert_eq!(server.stage(offered.transaction_id()).await, "ended");
    server.delivered(&euicc, &matching_id(1), &one_time_key(curve, 1)).await;
}

#[tokio::test]
async fn an_euicc_that_refused_the_offer_is_refused_and_the_order_stays() {
    let (server, _, offered) = offered(Curve::P256).await;
    let before = server.snapshot(&[], &[]).await;
    let request = package_error(offered.transaction_id());
    // No code is given; this is the nearest.
    assert_eq!(refused(server.smdp.get_bound_profile_package(request).await), "8.1/6.1");
    assert_eq!(server.snapshot(&[], &[]).await, before);
    assert_eq!(server.stage(offered.transaction_id()).await, "ended");
}

#[tokio::test]
async fn a_signature_of_another_euicc_is_refused() {
    for curve in Curve::ALL {
        assert_refused(curve, "8.1/6.1", |euicc, offered| {
            let signed = euicc.signed2(&offered.offer, &one_time_key(curve, 1));
            Euicc::new(curve, 2).sign2(signed, &offered.offer.smdp_signature2)
        })
        .await;
    }
}

/// SGP.22 §5.7.5: the signature covers euiccSigned2 and the data object smdpSignature2, tag and length included.
#[tokio::test]
async fn a_signature_over_anything_but_signed2_and_the_signature_object_is_refused() {
    let key = one_time_key(Curve::P256, 1);
    assert_refused(Curve::P256, "8.1/6.1", |euicc, offered| {
        let mut answer = euicc.sign2(euicc.signed2(&offered.offer, &key), &offered.offer.smdp_signature2);
        answer.euicc_signature2 = euicc.sign(answer.euicc_signed2.bytes());
        answer
    })
    .await;
    assert_refused(Curve::P256, "8.1/6.1", |euicc, offered| {
        let mut answer = euicc.sign2(euicc.signed2(&offered.offer, &key), &offered.offer.smdp_signature2);
        let without_header = [answer.euicc_signed2.bytes(), offered.offer.smdp_signature2.bytes()].concat();
        answer.euicc_signature2 = euicc.sign(&without_header);
        answer
    })
    .await;
    assert_refused(Curve::P256, "8.1/6.1", |euicc, offered| {
        let other = SignatureTlv::new(vec![7; 64]).unwrap();
        euicc.sign2(euicc.signed2(&offered.offer, &key), &other)
    })
    .await;
}

#[tokio::test]
async fn another_transaction_id_within_the_signed_object_is_refused() {
    for curve in Curve::ALL {
        assert_refused(curve, "8.10.1/3.9", |euicc, offered| {
            let mut signed = euicc.signed2(&offered.offer, &one_time_key(curve, 1));
            signed.transaction_id = TransactionId::new(vec![9; 16]).unwrap();
            euicc.sign2(signed, &offered.offer.smdp_signature2)
        })
        .await;
    }
}

/// otPK.EUICC that is no point of the curve of CERT.DPpb, well signed: an invalid-curve attack must not get as far as
/// the key agreement.
#[tokio::test]
async fn a_one_time_key_that_is_no_point_of_the_curve_is_refused() {
    for curve in Curve::ALL {
        let good = one_time_key(curve, 1).public_key().point().to_vec();
        let other_curve = Curve::ALL.into_iter().find(|other| *other != curve).unwrap();
        let mut off_curve = good.clone();
        off_curve[64] ^= 1;
        let mut compressed = good[..33].to_vec();
        compressed[0] = 2 + (good[64] & 1);
        let mut hybrid = good.clone();
        hybrid[0] = 6 + (good[64] & 1);
        let mut beyond_the_field = good.clone();
        beyond_the_field[1..33].fill(0xFF);
        let mut origin = vec![0; 65];
        origin[0] = 4;
        let points = [
            one_time_key(other_curve, 1).public_key().point().to_vec(),
            off_curve,
            compressed,
            hybrid,
            beyond_the_field,
            origin,
            vec![0],
            vec![],
            good[..64].to_vec(),
            [good, vec![0]].concat(),
        ];
        for point in points {
            assert_refused(curve, "1.6/2.1", |euicc, offered| {
                let signed = EuiccSigned2 {
                    euicc_otpk: Otpk::new(point).unwrap(),
                    ..euicc.signed2(&offered.offer, &one_time_key(curve, 1))
                };
                euicc.sign2(signed, &offered.offer.smdp_signature2)
            })
            .await;
        }
    }
}

/// SGP.22 §3.1.3.2 step 3: the one-time key lies on the curve of CERT.DPpb, whatever curve the eUICC signs on.
#[tokio::test]
async fn an_euicc_that_signs_on_one_curve_and_verifies_on_the_other_gets_its_package() {
    for signing in Curve::ALL {
        let verifying = Curve::ALL.into_iter().find(|curve| *curve != signing).unwrap();
        let server = Server::new();
        server.add(order(1)).await;
        let mut euicc = Euicc::new(signing, 1);
        euicc.set_cis(vec![authority(verifying).ci_id()], vec![authority(signing).ci_id()]);
        let key = one_time_key(verifying, 1);
        let offered = server.offered(&euicc, &matching_id(1)).await;
        euicc.verify_offer(&offered.request, &offered.offer, authority(verifying));
        let request = euicc.prepare(&offered.offer, &key);
        let answer = server.smdp.get_bound_profile_package(request).await.unwrap();
        let smdp_key = authority(verifying).server.pb.certificate().public_key();
        let package_tlv = answer.bound_profile_package.raw();
        let contents = bound_package::open(package_tlv, offered.transaction_id(), &euicc.eid, &key, smdp_key);
        assert_eq!(contents.package, package(1));
    }
}

#[tokio::test]
async fn an_order_that_expires_during_the_session_is_refused() {
    let server = Server::new();
    let expires = Some(Timestamp::from_unix_seconds(NOW + 60));
    let id = server.add(NewOrder { expires, ..order(1) }).await;
    let euicc = Euicc::new(Curve::P256, 1);
    let offered = server.offered(&euicc, &matching_id(1)).await;
    server.clock.advance_seconds(60);
    let before = server.snapshot(&[], &[]).await;
    let request = euicc.prepare(&offered.offer, &one_time_key(Curve::P256, 1));
    assert_eq!(refused(server.smdp.get_bound_profile_package(request).await), "8.8.5/4.10");
    assert_eq!(server.snapshot(&[], &[]).await, before);
    assert_eq!(server.state(id).await, ProfileState::Released);
    assert_eq!(server.stage(offered.transaction_id()).await, "ended");
}
