//! Packages with one defect: what differs from the good one, and that nothing else does.

#![cfg(test)]

#[path = "common/bound_package.rs"]
#[allow(dead_code, reason = "other tests look at all of a package")]
mod bound_package;

use std::collections::HashSet;

use asn1::{BoundProfilePackageTlv, TransactionId, tlv};
use bound_package::open;
use crypto::scp03t::SessionKeys;
use crypto::{Curve, Engine, OneTimeKey, SigningKey};
use protocol::bpp::defect::{PackageDefect, Verdict, bind_with};
use protocol::bpp::{self, Binding, BppError, HostId, ProfileElements, ProtectedPackage, segments};
use protocol::profile::{Subscriber, default_profile, ef_iccid_of, iccid_of};
use protocol::trace::{Actor, Tracer};
use protocol::types::Eid;
use zeroize::Zeroizing;

struct Ends {
    eid: Eid,
    transaction_id: TransactionId,
    euicc: OneTimeKey,
    smdp: OneTimeKey,
    signing_key: SigningKey,
    metadata: Vec<u8>,
    package: Zeroizing<Vec<u8>>,
}

fn ends(curve: Curve) -> Ends {
    let one_time = |scalar| OneTimeKey::from_scalar(Engine::RustCrypto, curve, &[scalar; 32]).unwrap();
    let iccid: asn1::Iccid = "8988211000000000017".parse().unwrap();
    let members = [tlv::wrap(0x5A, iccid.bytes()), tlv::wrap(0x91, b"operator"), tlv::wrap(0x92, b"profile")];
    let key = Zeroizing::new([7; 16]);
    let subscriber = Subscriber::new(iccid, "001010000000017".parse().unwrap(), key.clone(), key);
    Ends {
        eid: "89049032123451234512345678901235".parse().unwrap(),
        transaction_id: TransactionId::new([0xAB; 16]).unwrap(),
        euicc: one_time(1),
        smdp: one_time(2),
        signing_key: SigningKey::from_scalar(Engine::RustCrypto, curve, &[3; 32]).unwrap(),
        metadata: tlv::wrap(0xBF25, &members.concat()),
        package: default_profile(&subscriber),
    }
}

fn keys() -> SessionKeys {
    SessionKeys { mac_chaining_value: [0x11; 16], s_enc: [0x22; 16], s_mac: [0x33; 16] }
}

/// How the package is protected.
#[derive(Clone, Copy)]
enum Protection {
    SessionKeys,
    ProfileProtectionKeys,
}

fn protections() -> [Protection; 2] {
    [Protection::SessionKeys, Protection::ProfileProtectionKeys]
}

/// Does something with the binding of the package that is protected so.
fn with_binding<T>(ends: &Ends, protection: Protection, work: impl FnOnce(Binding<'_>, &Tracer) -> T) -> T {
    let protected = ProtectedPackage::protect(&ends.package, keys());
    let binding = Binding {
        transaction_id: &ends.transaction_id,
        eid: &ends.eid,
        host_id: &HostId::new(b"host").unwrap(),
        euicc_otpk: ends.euicc.public_key(),
        one_time_key: &ends.smdp,
        metadata: &ends.metadata,
        profile: match protection {
            Protection::SessionKeys => ProfileElements::Unprotected(&ends.package),
            Protection::ProfileProtectionKeys => ProfileElements::Protected(&protected),
        },
        signing_key: &ends.signing_key,
    };
    work(binding, &Tracer::off(Actor::Smdp))
}

fn bind(ends: &Ends, protection: Protection) -> Vec<u8> {
    with_binding(ends, protection, |binding, tracer| bpp::bind(binding, tracer).unwrap())
}

fn spoiled(ends: &Ends, defect: PackageDefect, protection: Protection) -> Result<Vec<u8>, BppError> {
    with_binding(ends, protection, |binding, tracer| bind_with(defect, binding, tracer))
}

#[test]
fn every_defect_gives_another_package_the_same_each_time() {
    for curve in Curve::ALL {
        let ends = ends(curve);
        for with_keys in [0, 1] {
            let protection = || protections().into_iter().nth(with_keys).unwrap();
            let mut seen = HashSet::from([bind(&ends, protection())]);
            for defect in PackageDefect::ALL {
                let package = spoiled(&ends, *defect, protection()).unwrap();
                assert_eq!(spoiled(&ends, *defect, protection()).unwrap(), package, "{defect}");
                // It travels in an answer of ES9+, whatever is inside.
                assert!(BoundProfilePackageTlv::from_der(&package).is_ok(), "{defect}");
                assert!(seen.insert(package), "{defect} gives what another one gives");
            }
        }
    }
}

#[test]
fn what_is_legal_opens_to_what_was_bound() {
    let ends = ends(Curve::P256);
    for protection in 0..2 {
        let legal = PackageDefect::ALL.iter().filter(|defect| {
            defect.verdict() == Verdict::Installed && **defect != PackageDefect::OtherNameInMetadata
        });
        let mut found = 0;
        for defect in legal {
            found += 1;
            let protection = protections().into_iter().nth(protection).unwrap();
            let package = spoiled(&ends, *defect, protection).unwrap();
            let smdp_key = ends.signing_key.public_key();
            let contents = open(&package, &ends.transaction_id, &ends.eid, &ends.euicc, smdp_key);
            assert_eq!(contents.metadata, ends.metadata, "{defect}");
            assert_eq!(ef_iccid_of(&contents.package), ef_iccid_of(&ends.package), "{defect}");
            let same_profile = *contents.package == **ends.package;
            let in_profile =
                [PackageDefect::UnknownOptionalElement, PackageDefect::OtherIccidInHeader].contains(defect);
            assert_eq!(same_profile, !in_profile, "{defect}");
        }
        assert_eq!(found, 5);
    }
}

#[test]
fn an_lpa_can_cut_all_but_what_it_is_said_to_find() {
    let ends = ends(Curve::P256);
    for defect in PackageDefect::ALL {
        let package = spoiled(&ends, *defect, Protection::SessionKeys).unwrap();
        let unfit = defect.found_by_lpa() == Some(asn1::CancelSessionReason::LOAD_BPP_EXECUTION_ERROR);
        assert_eq!(segments(&package).is_err(), unfit, "{defect}");
    }
}

#[test]
fn a_wrong_mac_is_wrong_in_its_last_bit_and_nothing_else_changes() {
    let ends = ends(Curve::P256);
    let good = bind(&ends, Protection::ProfileProtectionKeys);
    for name in ["mac-87-1", "mac-87-2", "mac-88-1", "mac-86-1"] {
        let defect = name.parse().unwrap();
        let package = spoiled(&ends, defect, Protection::ProfileProtectionKeys).unwrap();
        let differing: Vec<usize> = (0..good.len()).filter(|at| good[*at] != package[*at]).collect();
        assert_eq!((package.len(), differing.len()), (good.len(), 1), "{name}");
        assert_eq!(good[differing[0]] ^ package[differing[0]], 1, "{name}");
        let (segment, rest): (Vec<_>, Vec<_>) =
            segments(&package).unwrap().into_iter().partition(|segment| !good_has(&good, segment));
        assert_eq!(segment.len(), 1, "{name}");
        assert!(!rest.is_empty());
    }
}

fn good_has(good: &[u8], segment: &[u8]) -> bool {
    segments(good).unwrap().contains(&segment)
}

#[test]
fn a_package_is_cut_smaller_where_the_defect_is_in_a_later_segment() {
    let ends = ends(Curve::P256);
    for number in [1, 2, 9, 40] {
        let defect = format!("mac-86-{number}").parse().unwrap();
        let package = spoiled(&ends, defect, Protection::SessionKeys).unwrap();
        let of_86 = segments(&package).unwrap().iter().filter(|segment| segment[0] == 0x86).count();
        assert!(of_86 >= number, "{number}: {of_86}");
    }
}

#[test]
fn an_oversized_segment_has_more_than_1024_bytes() {
    let package = spoiled(&ends(Curve::P256), PackageDefect::OversizedSegment, Protection::SessionKeys);
    let package = package.unwrap();
    let longest = segments(&package).unwrap().iter().map(|segment| segment.len()).max().unwrap();
    assert!(longest > 1024, "{longest}");
}

#[test]
fn a_profile_without_place_for_a_defect_is_not_bound() {
    let ends = Ends { package: Zeroizing::new(vec![0x13; 50]), ..ends(Curve::P256) };
    for name in ["other-iccid-in-file", "header-missing", "end-missing", "unsupported-service"] {
        let defect = name.parse().unwrap();
        assert_eq!(spoiled(&ends, defect, Protection::SessionKeys), Err(BppError::Defect(defect)), "{name}");
    }
    assert!(iccid_of(&ends.package).is_err());
}
