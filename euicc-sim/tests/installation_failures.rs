//! Packages that are not installed, and that nothing stays of them. `es10_results` has each bppCommandId with each
//! errorReason; here is what several causes have in common.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test reports by panicking"
)]

mod common;

use asn1::{PprIds, ProfileClass, Raw, tlv};
use common::failure::*;
use common::package::request;
use common::smdp::{Binding, Segments, error};
use common::{BOTH_CURVES, ICCID, OPERATIONAL, Terminal, hex, new_state, state_with};
use crypto::Curve;
use euicc_sim::state::Owner;

#[test]
fn a_signature_with_the_key_for_authentication_is_invalid_signature() {
    fails_on_a_new_card(ISC, INVALID_SIGNATURE, |binding| {
        binding.key = common::smdp::identity(common::pki(), binding.curve, certs::Role::DpAuth).key().clone();
    });
}

#[test]
fn a_package_bound_for_another_one_time_key_is_invalid_signature() {
    fails_on_a_new_card(ISC, INVALID_SIGNATURE, |binding| {
        let other =
            crypto::OneTimeKey::from_scalar(crypto::Engine::RustCrypto, binding.curve, &[7; 32]).unwrap();
        binding.euicc_otpk = other.public_key().point().to_vec();
    });
}

#[test]
fn a_host_id_that_is_too_long_is_incorrect_input() {
    fails_on_a_new_card(ISC, INCORRECT_INPUT_VALUES, |binding| binding.host_id = vec![0x31; 17]);
}

#[test]
fn dp_proprietary_data_above_128_bytes_is_incorrect_input() {
    let data = |length: usize| {
        let padding = tlv::wrap(0x81, &vec![0; length - 2 - 5 - 2]);
        tlv::wrap(0xBF24, &tlv::wrap(0xB8, &[hex("800388370A"), padding].concat()))
    };
    // 127 content bytes and two of tag and length are 129.
    fails_on_a_new_card(CONFIGURE_ISDP, INCORRECT_INPUT_VALUES, move |binding| {
        binding.configure_isdp = data(129)
    });
    let mut download = download(new_state(Curve::P256), Curve::P256);
    let binding = Binding { configure_isdp: data(128), ..download.binding() };
    download.install(&binding);
}

#[test]
fn an_icon_without_its_type_is_incorrect_input() {
    let spoil = with_metadata(|metadata| metadata.icon = Some(vec![1, 2, 3].try_into().unwrap()));
    fails_on_a_new_card(STORE_METADATA, INCORRECT_INPUT_VALUES, spoil);
}

#[test]
fn policy_rules_that_the_table_does_not_allow_are_refused() {
    let of_owner = |mcc_mnc, ppr1, ppr2| {
        with_metadata(move |metadata| {
            metadata.profile_owner = Some(owner(mcc_mnc));
            metadata.profile_policy_rules = Some(rules(ppr1, ppr2));
        })
    };
    const OWNER: [u8; 3] = [0x00, 0xF1, 0x10];
    let other = Owner { mcc_mnc: [0x00, 0xF1, 0x20], gid1: None, gid2: None };
    fails(new_state, STORE_METADATA, PPR_NOT_ALLOWED, of_owner(OWNER, true, false));
    fails(new_state, STORE_METADATA, PPR_NOT_ALLOWED, of_owner(OWNER, false, true));
    fails(
        allowing(false, true, vec![Owner::anyone()]),
        STORE_METADATA,
        PPR_NOT_ALLOWED,
        of_owner(OWNER, true, true),
    );
    fails(allowing(true, true, vec![other]), STORE_METADATA, PPR_NOT_ALLOWED, of_owner(OWNER, true, true));
    // A wildcard is no owner.
    let wildcard = of_owner([0x00, 0xFE, 0x10], false, true);
    fails(allowing(true, true, vec![Owner::anyone()]), STORE_METADATA, PPR_NOT_ALLOWED, wildcard);
}

#[test]
fn policy_rules_without_an_owner_are_refused() {
    let spoil = with_metadata(|metadata| metadata.profile_policy_rules = Some(rules(false, true)));
    fails(allowing(true, true, vec![Owner::anyone()]), STORE_METADATA, PPR_NOT_ALLOWED, spoil);
}

#[test]
fn a_policy_rule_that_is_not_known_is_refused() {
    let spoil = with_metadata(|metadata| {
        metadata.profile_owner = Some(owner([0x00, 0xF1, 0x10]));
        metadata.profile_policy_rules = Some(PprIds::of([3]));
    });
    fails(allowing(true, true, vec![Owner::anyone()]), STORE_METADATA, PPR_NOT_ALLOWED, spoil);
}

#[test]
fn ppr1_is_for_the_first_operational_profile_only() {
    let state = |_| {
        let mut state = state_with(&[OPERATIONAL]);
        state.rules_authorisation_table =
            allowing(true, true, vec![Owner::anyone()])(Curve::P256).rules_authorisation_table;
        state
    };
    fails(state, STORE_METADATA, PPR_NOT_ALLOWED, |binding| {
        let mut metadata = request("89000123456789012358");
        metadata.profile_owner = Some(owner([0x00, 0xF1, 0x10]));
        metadata.profile_policy_rules = Some(rules(true, false));
        binding.metadata = vec![Raw::new(metadata).into_bytes()];
    });
}

/// Indices of the segments in a package with profile protection keys and one piece of metadata.
const SEGMENT_OF: [(usize, i64); 6] = [
    (0, ISC),
    (1, CONFIGURE_ISDP),
    (3, STORE_METADATA),
    (4, REPLACE_SESSION_KEYS),
    (6, LOAD_PROFILE_ELEMENTS),
    (7, LOAD_PROFILE_ELEMENTS),
];

#[test]
fn a_flipped_bit_in_a_mac_or_signature_is_found_in_its_segment() {
    for curve in BOTH_CURVES {
        for (index, command) in SEGMENT_OF {
            let mut download = download(new_state(curve), curve);
            let before = download.terminal.card.state().clone();
            let mut segments = with_keys(&download).segments();
            *segments[index].last_mut().unwrap() ^= 0x10;
            let reason = if command == ISC { INVALID_SIGNATURE } else { SECURITY };
            // Nothing is answered before the segment that is wrong.
            assert_eq!(download.load(&segments[..index].to_vec()), (Vec::new(), 0x9000));
            let (result, status) = download.terminal.es10(&segments[index]);
            assert_eq!(status, 0x9000);
            assert_eq!(error(&result, curve), (command, reason));
            nothing_stays(&download, &before);
            for later in &segments[index + 1..] {
                assert_eq!(download.terminal.es10(later), (Vec::new(), 0x6A88));
            }
        }
    }
}

#[test]
fn lists_that_are_empty_too_long_or_do_not_fit_the_package_are_structure_errors() {
    type Edit = fn(&mut Segments);
    let edits: [(&str, i64, Edit); 6] = [
        ("an empty list", CONFIGURE_ISDP, |segments| segments[1] = hex("A000")),
        ("two '87' where one belongs", CONFIGURE_ISDP, |segments| {
            let element = segments[1].split_off(2);
            segments[1] = tlv::wrap(0xA0, &[element.clone(), element].concat());
        }),
        ("a list beyond the package", STORE_METADATA, |segments| segments[2] = hex("A1827FFF")),
        ("an element beyond its list", STORE_METADATA, |segments| segments[2] = hex("A105")),
        ("a last list that is too short", LOAD_PROFILE_ELEMENTS, |segments| segments[5] = hex("A310")),
        ("a TLV above 1020 bytes", LOAD_PROFILE_ELEMENTS, |segments| {
            segments.truncate(5);
            let element = tlv::wrap(0x86, &[0; 1024]);
            segments.push(tlv::wrap(0xA3, &element)[..4].to_vec());
            segments.push(element);
        }),
    ];
    for (name, command, edit) in edits {
        let mut download = download(new_state(Curve::P256), Curve::P256);
        let segments = edited(&with_keys(&download), edit);
        assert_eq!(download.fail(&segments), (command, STRUCTURE), "{name}");
    }
}

/// Whatever bit travels wrong: no profile.
#[test]
fn a_flipped_bit_anywhere_in_a_package_is_refused() {
    for (curve, step) in [(Curve::P256, 5), (Curve::BrainpoolP256r1, 41)] {
        let length = with_keys(&download(new_state(curve), curve)).segments().concat().len();
        for position in (0..length).step_by(step) {
            let mut download = download(new_state(curve), curve);
            let mut segments = with_keys(&download).segments();
            let mut offset = position;
            let index = segments.iter().position(|segment| {
                let here = offset < segment.len();
                offset -= if here { 0 } else { segment.len() };
                here
            });
            segments[index.unwrap()][offset] ^= 1 << (position % 8);
            let (result, status) = download.load(&segments);
            match (result.is_empty(), status) {
                (false, 0x9000) => {
                    error(&result, curve);
                }
                // An unexpected tag, or a package that never ends.
                (true, 0x6A88 | 0x6A80 | 0x9000) => {}
                other => panic!("{position}: {other:?}"),
            }
            assert!(download.terminal.profiles().is_empty(), "{position}");
        }
    }
}

#[test]
fn a_segment_that_is_left_out_is_refused() {
    let count = with_keys(&download(new_state(Curve::P256), Curve::P256)).segments().len();
    for left_out in 0..count {
        let mut download = download(new_state(Curve::P256), Curve::P256);
        let mut segments = with_keys(&download).segments();
        segments.remove(left_out);
        let (result, status) = download.load(&segments);
        let expected = match left_out {
            // Without the first segment there is no package; without a list or its header the next tag is not expected;
            // without keys or metadata the list behind is not either.
            0..=5 => (true, 0x6A88),
            // Without the last '86' the package never ends; without another one the next MAC is wrong.
            last if last + 1 == count => (true, 0x9000),
            _ => (false, 0x9000),
        };
        // Leaving out the keys is found by the first '86', which the session keys do not open.
        let expected = if left_out == 4 { (false, 0x9000) } else { expected };
        assert_eq!((result.is_empty(), status), expected, "{left_out}");
        assert!(download.terminal.profiles().is_empty());
    }
}

#[test]
fn a_segment_that_comes_twice_is_refused() {
    let count = with_keys(&download(new_state(Curve::P256), Curve::P256)).segments().len();
    for doubled in 0..count {
        let mut download = download(new_state(Curve::P256), Curve::P256);
        let mut segments = with_keys(&download).segments();
        segments.insert(doubled, segments[doubled].clone());
        let mut answers = segments.iter().map(|segment| download.terminal.es10(segment));
        let (result, status) =
            answers.find(|(result, status)| !result.is_empty() || *status != 0x9000).unwrap();
        drop(answers);
        match doubled {
            // Found before anything is opened: the session goes on, and goes well without the second copy.
            0..=5 => assert_eq!((result.len(), status), (0, 0x6A88), "{doubled}"),
            last if last + 1 == count => {}
            // Either it has the wrong MAC, or it does not fit what is left of the package.
            _ if result.is_empty() => assert_eq!(status, 0x6A88, "{doubled}"),
            _ => assert_eq!(error(&result, Curve::P256), (LOAD_PROFILE_ELEMENTS, SECURITY), "{doubled}"),
        }
    }
}

#[test]
fn an_unexpected_segment_does_not_end_the_session() {
    let mut download = download(new_state(Curve::P256), Curve::P256);
    let segments = download.binding().segments();
    for (index, segment) in segments.iter().enumerate() {
        for wrong in ["A4021234", "BF2400", "00", "8802"] {
            // The beginning of what is expected, and what is no command object before the package begins.
            if matches!((index, wrong), (3, "8802") | (0, "00")) {
                continue;
            }
            assert_eq!(download.terminal.es10(&hex(wrong)), (Vec::new(), 0x6A88), "{wrong} before {index}");
        }
        let (_, status) = download.terminal.es10(segment);
        assert_eq!(status, 0x9000);
    }
    assert_eq!(download.terminal.profiles().len(), 1);
}

#[test]
fn the_result_names_the_iccid_only_once_it_is_known() {
    let result_of = |spoil: fn(&mut Binding)| {
        let mut download = download(new_state(Curve::P256), Curve::P256);
        let mut binding = download.binding();
        spoil(&mut binding);
        let (result, _) = download.load(&binding.segments());
        let data = common::smdp::installation_result(&result, Curve::P256);
        assert_eq!(data.notification_metadata.notification_address, common::smdp::ADDRESS);
        assert_eq!(data.smdp_oid.to_string(), "2.999.10");
        data.notification_metadata.iccid
    };
    assert_eq!(result_of(|binding| binding.spoil_signature = true), None);
    assert_eq!(result_of(|binding| binding.configure_isdp = hex("BF2500")), None);
    assert_eq!(
        result_of(|binding| binding.replace_session_keys = Some(hex("BF2600"))).unwrap().to_string(),
        ICCID
    );
}

#[test]
fn a_loss_of_power_is_reported_as_an_interruption() {
    for curve in BOTH_CURVES {
        for (segments_loaded, command) in
            [(1, CONFIGURE_ISDP), (2, STORE_METADATA), (4, LOAD_PROFILE_ELEMENTS), (7, LOAD_PROFILE_ELEMENTS)]
        {
            let mut download = download(new_state(curve), curve);
            let segments = download.binding().segments();
            assert_eq!(download.load(&segments[..segments_loaded].to_vec()), (Vec::new(), 0x9000));
            // Once with a reset, once with what the memory has kept.
            let mut powered_up = Terminal::new(download.terminal.memory.kept().unwrap());
            download.terminal.reset();
            for terminal in [&mut powered_up, &mut download.terminal] {
                let pending = terminal.notifications();
                assert_eq!(pending.len(), 1);
                assert_eq!(error(pending[0].bytes(), curve), (command, INTERRUPTION));
                assert!(terminal.profiles().is_empty());
                assert_eq!(terminal.es10(&segments[segments_loaded]), (Vec::new(), 0x6A88));
                terminal.reset();
                assert_eq!(terminal.notifications().len(), 1, "it is reported once");
            }
        }
    }
}

#[test]
fn profile_elements_that_cannot_be_processed_are_told_with_their_status() {
    fails_on_a_new_card(LOAD_PROFILE_ELEMENTS, PE_PROCESSING, |binding| binding.package = vec![0x13; 50]);
    fails_on_a_new_card(LOAD_PROFILE_ELEMENTS, PE_PROCESSING, |binding| {
        // Without its last element, `end`.
        let length = binding.package.len();
        binding.package.truncate(length - 9);
    });
    let mut download = download(new_state(Curve::P256), Curve::P256);
    let binding = Binding { package: vec![0x13; 50], ..download.binding() };
    let (result, _) = download.load(&binding.segments());
    let result = common::smdp::installation_result(&result, Curve::P256);
    let asn1::FinalResult::ErrorResult(error) = result.final_result else { panic!() };
    assert!(error.sima_response.is_some());
    assert_eq!(result.notification_metadata.iccid.unwrap().to_string(), ICCID);
}

#[test]
fn a_package_of_another_operator_is_a_data_mismatch() {
    let of_owner =
        |mcc_mnc: [u8; 3]| with_metadata(move |metadata| metadata.profile_owner = Some(owner(mcc_mnc)));
    fails_on_a_new_card(LOAD_PROFILE_ELEMENTS, DATA_MISMATCH, of_owner([0x00, 0xF1, 0x10]));
    let mut download = download(new_state(Curve::P256), Curve::P256);
    let mut binding = download.binding();
    // 246 81, the operator of the IMSI.
    of_owner([0x42, 0xF6, 0x18])(&mut binding);
    download.install(&binding);
}

#[test]
fn a_test_profile_with_the_key_of_a_live_one_is_refused() {
    let as_test = with_metadata(|metadata| metadata.profile_class = Some(ProfileClass::TEST));
    fails_on_a_new_card(LOAD_PROFILE_ELEMENTS, INVALID_NAA_KEY, &as_test);
    let mut download = download(new_state(Curve::P256), Curve::P256);
    let mut binding = download.binding();
    as_test(&mut binding);
    let mut key = [0; 16];
    key[12..].copy_from_slice(&[0xDE, 0xAD, 0xBE, 0xEF]);
    binding.package = common::package::package_with(ICCID, common::package::IMSI, key);
    download.install(&binding);
}
