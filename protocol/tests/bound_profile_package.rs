//! Binding, signing anew and cutting of Bound Profile Packages (SGP.22 §2.5), seen from the eUICC.

#![cfg(test)]

#[path = "common/bound_package.rs"]
mod bound_package;

use asn1::{TransactionId, tlv};
use bound_package::{open, without_channel};
use crypto::scp03t::SessionKeys;
use crypto::{Curve, Engine, OneTimeKey, SigningKey};
use protocol::bpp::{self, Binding, BppError, HostId, ProfileElements, ProtectedPackage, segments};
use protocol::trace::{Actor, Tracer};
use protocol::types::Eid;

const PACKAGE_SIZES: [usize; 6] = [1, 1006, 1007, 1008, 2014, 5000];

struct Ends {
    curve: Curve,
    eid: Eid,
    transaction_id: TransactionId,
    euicc: OneTimeKey,
    smdp: OneTimeKey,
    signing_key: SigningKey,
}

fn ends(curve: Curve) -> Ends {
    let one_time = |scalar| OneTimeKey::from_scalar(Engine::RustCrypto, curve, &[scalar; 32]).unwrap();
    Ends {
        curve,
        eid: "89049032123451234512345678901235".parse().unwrap(),
        transaction_id: TransactionId::new([0xAB; 16]).unwrap(),
        euicc: one_time(1),
        smdp: one_time(2),
        signing_key: SigningKey::from_scalar(Engine::RustCrypto, curve, &[3; 32]).unwrap(),
    }
}

fn protection_keys() -> SessionKeys {
    SessionKeys { mac_chaining_value: [0x11; 16], s_enc: [0x22; 16], s_mac: [0x33; 16] }
}

fn package(size: usize) -> Vec<u8> {
    (0..size).map(|i| i.to_le_bytes()[0] ^ i.to_le_bytes()[1]).collect()
}

fn binding<'a>(
    ends: &'a Ends,
    host_id: &'a HostId,
    metadata: &'a [u8],
    profile: ProfileElements<'a>,
) -> Binding<'a> {
    Binding {
        transaction_id: &ends.transaction_id,
        eid: &ends.eid,
        host_id,
        euicc_otpk: ends.euicc.public_key(),
        one_time_key: &ends.smdp,
        metadata,
        profile,
        signing_key: &ends.signing_key,
    }
}

fn bind(ends: &Ends, metadata: &[u8], profile: ProfileElements<'_>) -> Result<Vec<u8>, BppError> {
    let host_id = HostId::new(b"host").unwrap();
    bpp::bind(binding(ends, &host_id, metadata, profile), &Tracer::off(Actor::Smdp))
}

/// Bound under the session keys.
fn bind_package(ends: &Ends, metadata: &[u8], package: &[u8]) -> Result<Vec<u8>, BppError> {
    bind(ends, metadata, ProfileElements::Unprotected(package))
}

fn protected(size: usize) -> ProtectedPackage {
    ProtectedPackage::protect(&package(size), protection_keys())
}

/// A StoreMetadataRequest TLV by its tag; what is in it does not matter here.
fn metadata(size: usize) -> Vec<u8> {
    tlv::wrap(0xBF25, &package(size))
}

#[test]
fn the_euicc_gets_out_what_was_bound_for_it_whatever_the_sizes() {
    for curve in Curve::ALL {
        let ends = ends(curve);
        for size in PACKAGE_SIZES {
            for protect in [false, true] {
                let (package, protected) = (package(size), protected(size));
                let profile = match protect {
                    true => ProfileElements::Protected(&protected),
                    false => ProfileElements::Unprotected(&package),
                };
                // SGP.22 §2.8.2: with an icon the metadata is longer than one segment.
                let metadata = metadata(size / 2);
                let bound = bind(&ends, &metadata, profile).unwrap();
                let smdp_key = ends.signing_key.public_key();
                let contents = open(&bound, &ends.transaction_id, &ends.eid, &ends.euicc, smdp_key);
                assert_eq!(contents.configure_isdp, [0xBF, 0x24, 0]);
                assert_ne!(contents.protection_keys.as_ref(), Some(&contents.session_keys));
                assert_eq!((contents.metadata, contents.package), (metadata, package));
                assert_eq!(contents.protection_keys, protect.then(protection_keys));
                assert_eq!(contents.smdp_otpk, ends.smdp.public_key().point());
            }
        }
    }
}

#[test]
fn a_one_time_key_on_another_curve_is_refused() {
    let mut ends = ends(Curve::P256);
    ends.euicc = OneTimeKey::from_scalar(Engine::RustCrypto, Curve::BrainpoolP256r1, &[1; 32]).unwrap();
    let outcome = bind_package(&ends, &metadata(9), &package(9));
    assert!(matches!(outcome, Err(BppError::Crypto(_))));
}

#[test]
fn signed_anew_the_package_opens_in_the_other_session_and_keeps_the_rest() {
    for curve in Curve::ALL {
        let ends = ends(curve);
        let bound = bind_package(&ends, &metadata(70), &package(3000)).unwrap();
        // A shorter name moves every length before it.
        for other in [TransactionId::new([1; 16]).unwrap(), TransactionId::new([2]).unwrap()] {
            let again =
                bpp::rebind_signature(&bound, &other, ends.euicc.public_key(), &ends.signing_key).unwrap();
            assert_eq!(without_channel(&again), without_channel(&bound));
            let contents = open(&again, &other, &ends.eid, &ends.euicc, ends.signing_key.public_key());
            assert_eq!(contents.package, package(3000));
        }
        let same =
            bpp::rebind_signature(&bound, &ends.transaction_id, ends.euicc.public_key(), &ends.signing_key);
        assert_eq!(same.unwrap(), bound, "RFC 6979 signatures over the same bytes are the same");
        assert_eq!(ends.curve, curve);
    }
}

#[test]
fn what_is_no_package_cannot_be_signed_anew_and_panics_nobody() {
    let ends = ends(Curve::P256);
    let bound = bind_package(&ends, &metadata(70), &package(100)).unwrap();
    let rebind = |bytes: &[u8]| {
        bpp::rebind_signature(bytes, &ends.transaction_id, ends.euicc.public_key(), &ends.signing_key)
    };
    for length in 0..bound.len() {
        assert!(rebind(&bound[..length]).is_err(), "{length}");
    }
    for bytes in [&[][..], &[0x30, 0], &[0xBF, 0x36, 0], &[0xBF, 0x36, 3, 0xBF, 0x23, 0]] {
        assert!(rebind(bytes).is_err());
    }
}

#[test]
fn a_host_id_has_1_to_16_bytes() {
    assert_eq!(HostId::new(&[]), Err(BppError::HostId(0)));
    assert_eq!(HostId::new(&[1; 17]), Err(BppError::HostId(17)));
    assert!(HostId::new(&[1]).is_ok() && HostId::new(&[1; 16]).is_ok());
    let of = |address: &str| HostId::of_server(&address.parse().unwrap()).as_bytes().to_vec();
    assert_eq!(of("a.example:8443"), b"a.example");
    assert_eq!(of("a-very-long-host-name.example.com"), b"a-very-long-host");
}

/// SGP.22 §2.5.5: the header of the package travels with the whole of BF23, that of a sequence of '87' with its first
/// element, those of the other sequences alone.
#[test]
fn the_segments_are_cut_as_the_euicc_expects_them() {
    let ends = ends(Curve::P256);
    let bound = bind(&ends, &metadata(1500), ProfileElements::Protected(&protected(2500))).unwrap();
    let cut = segments(&bound).unwrap();
    assert_eq!(cut.concat(), bound);
    let first_bytes: Vec<u16> =
        cut.iter().map(|segment| u16::from_be_bytes([segment[0], segment[1]])).collect();
    let tags: Vec<u16> =
        first_bytes.iter().map(|two| if *two == 0xBF36 { *two } else { *two >> 8 }).collect();
    assert_eq!(tags, [0xBF36, 0xA0, 0xA1, 0x88, 0x88, 0xA2, 0xA3, 0x86, 0x86, 0x86]);
    // BF36 and its length, then exactly BF23.
    let channel = cut[0].windows(2).position(|two| two == [0xBF, 0x23]).unwrap();
    let (tlv, rest) = tlv::read(&cut[0][channel..]).unwrap();
    assert_eq!((tlv.tag.0, rest.len()), (0xBF23, 0));
    // A1 and A3 are headers only.
    for index in [2, 6] {
        assert!(cut[index].len() <= 4, "{}", cut[index].len());
    }
    // Every element is whole, and fits an eUICC that takes no more than it must.
    for index in [3, 4, 7, 8, 9] {
        let (element, rest) = tlv::read(cut[index]).unwrap();
        assert!(rest.is_empty() && element.raw.len() <= 1020);
    }
}

#[test]
fn what_is_no_package_is_not_cut_and_panics_nobody() {
    let ends = ends(Curve::P256);
    let bound = bind_package(&ends, &metadata(70), &package(100)).unwrap();
    for length in 0..bound.len() {
        assert!(segments(&bound[..length]).is_err(), "{length}");
    }
    assert!(segments(&[bound.as_slice(), &[0]].concat()).is_err());
    let mut without_channel_first = without_channel(&bound);
    without_channel_first = tlv::wrap(0xBF36, &without_channel_first);
    assert!(segments(&without_channel_first).is_err());
    for bytes in [&[][..], &[0x30, 0], &[0xBF, 0x36, 0], &[0xBF, 0x36, 2, 0xA0, 0]] {
        assert!(segments(bytes).is_err());
    }
    for bit in 0..bound.len() * 8 {
        let mut changed = bound.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        if let Ok(cut) = segments(&changed) {
            assert_eq!(cut.concat(), changed);
        }
    }
}

#[test]
fn of_its_channel_and_its_keys_a_package_is_made_again() {
    for curve in Curve::ALL {
        let (ends, host_id, metadata) = (ends(curve), HostId::new(b"host").unwrap(), metadata(70));
        let (tracer, profile) = (Tracer::off(Actor::Smdp), package(3000));
        let binding = binding(&ends, &host_id, &metadata, ProfileElements::Unprotected(&profile));
        let (channel, keys) = bpp::open_channel(&binding, &tracer).unwrap();
        let bound = bpp::bind(binding, &tracer).unwrap();
        assert_eq!(bpp::behind_channel(&channel, keys.clone(), &metadata, &profile, &tracer), bound);

        let (other, otpk) = (TransactionId::new([2]).unwrap(), ends.euicc.public_key());
        let channel = bpp::rebind_signature(&channel, &other, otpk, &ends.signing_key).unwrap();
        let again = bpp::behind_channel(&channel, keys, &metadata, &profile, &tracer);
        assert_eq!(again, bpp::rebind_signature(&bound, &other, otpk, &ends.signing_key).unwrap());
        let contents = open(&again, &other, &ends.eid, &ends.euicc, ends.signing_key.public_key());
        assert_eq!(contents.package, profile);
    }
}

#[test]
fn a_package_that_was_protected_ahead_of_time_is_bound_without_being_touched() {
    for curve in Curve::ALL {
        let (ends, host_id, metadata) = (ends(curve), HostId::new(b"host").unwrap(), metadata(70));
        let protected = protected(5000);
        let binding = binding(&ends, &host_id, &metadata, ProfileElements::Protected(&protected));
        let head = bpp::bind_head(binding, &Tracer::off(Actor::Smdp)).unwrap();
        let bound = protected.behind(&head);
        assert!(bpp::is_whole(&bound) && !bpp::is_whole(&head));
        assert!(bound.ends_with(&protected.clone().into_elements()));
        let smdp_key = ends.signing_key.public_key();
        let contents = open(&bound, &ends.transaction_id, &ends.eid, &ends.euicc, smdp_key);
        assert_eq!((contents.metadata, contents.package), (metadata.clone(), package(5000)));
        assert_eq!(contents.protection_keys, Some(protection_keys()));

        // In another session of the same eUICC with the same key, only the channel is signed anew.
        let other = TransactionId::new([2]).unwrap();
        let again = bpp::rebind_signature(&head, &other, ends.euicc.public_key(), &ends.signing_key).unwrap();
        let contents = open(&protected.behind(&again), &other, &ends.eid, &ends.euicc, smdp_key);
        assert_eq!(contents.package, package(5000));
    }
}

#[test]
fn a_protected_package_opens_under_its_own_keys_only() {
    let made = protected(3000);
    assert_eq!(*made.open().unwrap(), package(3000));
    let other = SessionKeys { s_mac: [0x34; 16], ..protection_keys() };
    let elements = made.clone().into_elements();
    assert!(ProtectedPackage::from_parts(other, elements.clone()).open().is_err());
    let cut = elements[..elements.len() - 1].to_vec();
    assert!(ProtectedPackage::from_parts(protection_keys(), cut).open().is_err());
    assert!(!format!("{made:?}").contains("33"), "its keys are not shown");
}
