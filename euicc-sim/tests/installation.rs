//! Installing a profile, from the challenge to the result (SGP.22 §3.1.3).
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test reports by panicking"
)]

mod common;

use asn1::FinalResult;
use common::smdp::{Binding, Download, installation_result, replace_session_keys};
use common::{BOTH_CURVES, ICCID, Terminal, hex, new_state, text};
use crypto::Curve;

fn download(curve: Curve) -> Download {
    Download::prepare(Terminal::new(new_state(curve)), curve)
}

#[test]
fn a_profile_is_installed_disabled_and_its_result_is_signed() {
    for curve in BOTH_CURVES {
        let mut download = download(curve);
        let binding = download.binding();
        let result = download.install(&binding);
        let data = installation_result(&result, curve);
        assert_eq!(data.transaction_id.bytes(), common::smdp::TRANSACTION_ID);
        assert_eq!(data.notification_metadata.seq_number, 0);
        assert_eq!(data.notification_metadata.notification_address, common::smdp::ADDRESS);
        assert_eq!(data.notification_metadata.iccid.unwrap().to_string(), ICCID);
        assert_eq!(data.smdp_oid.to_string(), "2.999.10");
        let FinalResult::SuccessResult(success) = data.final_result else { panic!() };
        assert_eq!(success.aid.bytes(), hex("A0000005591010FFFFFFFF8900001100"));
        assert_eq!(success.sima_response.bytes(), hex("3007A0053003800100"));
        assert_eq!(download.terminal.profiles(), [(ICCID.to_owned(), false)]);
    }
}

#[test]
fn the_result_has_the_bytes_of_real_cards() {
    let mut download = download(Curve::P256);
    let binding = download.binding();
    let result = download.install(&binding);
    let expected = [
        "BF27 60 8010 5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A",
        "BF2F 25 800100 81020780 0C10 736D64702E6578616D706C652E636F6D 5A0A 98001032547698103214",
        "0603 88370A",
        "A21F A01D 4F10 A0000005591010FFFFFFFF8900001100 0409 3007A0053003800100",
        "5F3740",
    ];
    let expected = hex(&expected.concat());
    assert_eq!(result[..4], hex("BF3781A6"));
    assert_eq!(result[4..4 + expected.len()], expected, "{result:02X?}");
}

#[test]
fn the_result_is_followed_by_the_notifications_that_the_metadata_asks_for() {
    let mut download = download(Curve::P256);
    let binding = download.binding();
    let result = download.install(&binding);
    let pending = download.terminal.notifications();
    assert_eq!(pending.len(), 2);
    assert_eq!(pending[0].bytes(), result);
    let install = pending[1].metadata();
    assert_eq!((install.seq_number, install.notification_address.as_str()), (1, "install.example.com"));
}

#[test]
fn profile_protection_keys_replace_the_session_keys() {
    for curve in BOTH_CURVES {
        let mut download = download(curve);
        let binding = Binding { replace_session_keys: Some(replace_session_keys(16)), ..download.binding() };
        download.install(&binding);
    }
}

#[test]
fn metadata_may_come_in_two_pieces() {
    let mut download = download(Curve::P256);
    let mut binding = download.binding();
    let second = binding.metadata[0].split_off(40);
    binding.metadata.push(second);
    download.install(&binding);
}

/// Real LPAs cut at different places; only the bytes count.
#[test]
fn every_cut_gives_the_same_result() {
    let whole_lists = |segments: &Vec<Vec<u8>>| -> Vec<Vec<u8>> {
        // Header and all elements of a list together, as some terminals send them.
        let header_and_88 = [segments[2].clone(), segments[3].clone()].concat();
        let rest = segments[4..].concat();
        vec![segments[0].clone(), segments[1].clone(), header_and_88, rest]
    };
    let pieces = |size: usize| {
        move |segments: &Vec<Vec<u8>>| -> Vec<Vec<u8>> {
            segments.concat().chunks(size).map(<[u8]>::to_vec).collect()
        }
    };
    type Cut = Box<dyn Fn(&Vec<Vec<u8>>) -> Vec<Vec<u8>>>;
    let cuts: Vec<(&str, Cut, usize)> = vec![
        ("segments in blocks of 255", Box::new(Clone::clone), 255),
        ("segments in blocks of 120", Box::new(Clone::clone), 120),
        ("segments in blocks of 1", Box::new(Clone::clone), 1),
        ("whole lists", Box::new(whole_lists), 255),
        ("commands of 1 byte", Box::new(pieces(1)), 255),
        ("commands of 7 bytes", Box::new(pieces(7)), 255),
        ("commands of 255 bytes", Box::new(pieces(255)), 255),
        ("one command", Box::new(pieces(usize::MAX)), 255),
    ];
    for curve in BOTH_CURVES {
        let mut first: Option<(Vec<u8>, String)> = None;
        for (name, cut, block) in &cuts {
            let mut download = download(curve);
            download.terminal.block = *block;
            let binding = Binding { piece: 150, ..download.binding() };
            let segments = cut(&binding.segments());
            let mut answers =
                segments.iter().map(|segment| download.terminal.es10(segment)).collect::<Vec<_>>();
            let (result, status) = answers.pop().unwrap();
            assert_eq!(status, 0x9000, "{name}");
            assert!(
                answers.iter().all(|answer| *answer == (Vec::new(), 0x9000)),
                "{name}: data only at the end"
            );
            let outcome = (result, text(download.terminal.card.state()));
            assert_eq!(*first.get_or_insert(outcome.clone()), outcome, "{name}");
        }
    }
}

#[test]
fn a_session_can_be_begun_while_a_package_comes_in_and_leaves_nothing_of_it() {
    let mut download = download(Curve::P256);
    let before = text(download.terminal.card.state());
    let segments = download.binding().segments();
    for segment in &segments[..4] {
        assert_eq!(download.terminal.es10(segment), (Vec::new(), 0x9000));
    }
    // In the middle of a TLV, too.
    assert_eq!(download.terminal.es10(&segments[4][..2]), (Vec::new(), 0x9000));
    download.terminal.challenge();
    assert_eq!(download.terminal.es10(&segments[5]), (Vec::new(), 0x6A88));
    let mut after = download.terminal.card.state().clone();
    assert!(after.profiles.is_empty() && after.notifications.all().is_empty());
    after.retained_one_time_key =
        serde_json::from_str::<euicc_sim::state::CardState>(&before).unwrap().retained_one_time_key;
    assert_eq!(text(&after), before);
}

#[test]
fn a_second_profile_gets_the_next_aid() {
    let mut download = download(Curve::P256);
    let binding = download.binding();
    download.install(&binding);
    download.again();
    let other = "89000123456789012358";
    let metadata = vec![asn1::der::encode(&common::package::request(other))];
    let binding = Binding { metadata, package: common::package::package_of(other), ..download.binding() };
    download.install(&binding);
    assert_eq!(download.terminal.profiles(), [(ICCID.to_owned(), false), (other.to_owned(), false)]);
    let aids: Vec<String> =
        download.terminal.card.state().profiles.iter().map(|profile| profile.isdp_aid.to_string()).collect();
    assert_eq!(aids, ["A0000005591010FFFFFFFF8900001100", "A0000005591010FFFFFFFF8900001200"]);
}

#[test]
fn dp_proprietary_data_is_kept_and_told() {
    let mut download = download(Curve::P256);
    let binding = Binding { configure_isdp: hex("BF2407 B805 8003 88370A"), ..download.binding() };
    download.install(&binding);
    let response = download.terminal.ok(&hex("BF2D03 5C01B8"));
    assert_eq!(response, hex("BF2D0B A009 E307 B805 8003 88370A"));
}

#[test]
fn a_package_is_unknown_before_a_download_is_prepared() {
    let mut terminal = Terminal::new(new_state(Curve::P256));
    let download = download(Curve::P256);
    let segments = download.binding().segments();
    assert_eq!(terminal.es10(&segments[0]), (Vec::new(), 0x6A88));
    common::smdp::authenticate(&mut terminal, Curve::P256);
    assert_eq!(terminal.es10(&segments[0]), (Vec::new(), 0x6A88));
}

/// The package as the servers of this project bind it, cut as its LPA cuts it.
#[test]
fn a_package_that_our_servers_bind_is_installed() {
    use protocol::bpp::{self, HostId, ProfileElements, ProtectedPackage};
    for curve in BOTH_CURVES {
        let package = common::package::package();
        let protected = ProtectedPackage::protect(&package, common::smdp::ppk());
        for profile in [ProfileElements::Unprotected(&package), ProfileElements::Protected(&protected)] {
            let mut download = download(curve);
            let key = crypto::OneTimeKey::from_scalar(crypto::Engine::AwsLc, curve, &[9; 32]).unwrap();
            let binding = bpp::Binding {
                transaction_id: &common::smdp::TRANSACTION_ID.to_vec().try_into().unwrap(),
                eid: &download.terminal.card.state().eid,
                host_id: &HostId::new(b"host").unwrap(),
                euicc_otpk: &crypto::PublicKey::from_point(curve, &download.euicc_otpk).unwrap(),
                one_time_key: &key,
                metadata: &common::package::metadata(),
                profile,
                signing_key: &download.binding().key,
            };
            let tracer = protocol::trace::Tracer::off(protocol::trace::Actor::Smdp);
            let bound = bpp::bind(binding, &tracer).unwrap();
            let segments = bpp::segments(&bound).unwrap().into_iter().map(<[u8]>::to_vec).collect();
            let (result, status) = download.load(&segments);
            assert_eq!(status, 0x9000);
            let result = installation_result(&result, curve);
            assert!(matches!(result.final_result, FinalResult::SuccessResult(_)), "{result:?}");
        }
    }
}

/// Packages that others made.
#[test]
fn published_packages_are_installed() {
    for name in
        ["session/profile.der", "ts48/ts48-v7-saip2.3-nobertlv.der", "ts48/ts48-v7-saip2.3-bertlv-suci.der"]
    {
        let path = format!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data/{}"), name);
        let Ok(package) = std::fs::read(path) else {
            println!("skipped: the reference data in ../shared/data is absent ({name})");
            continue;
        };
        let mut download = download(Curve::P256);
        let binding = Binding { package, piece: 1007, ..download.binding() };
        download.install(&binding);
        assert_eq!(download.terminal.profiles(), [(ICCID.to_owned(), false)], "{name}");
        let kept = text(&download.terminal.memory.kept().unwrap());
        let again: euicc_sim::state::CardState = serde_json::from_str(&kept).unwrap();
        assert_eq!(again.profiles[0].installed, download.terminal.card.state().profiles[0].installed);
    }
}

#[test]
fn while_a_package_comes_in_only_what_does_not_disturb_it_is_answered() {
    let mut download = download(Curve::P256);
    let segments = download.binding().segments();
    let authentication = common::smdp::Authentication::new(download.curve, &[0; 16]).command();
    let preparation = common::smdp::Preparation::new(download.curve, vec![0; 64]).command();
    for segment in &segments[..3] {
        assert_eq!(download.terminal.es10(segment), (Vec::new(), 0x9000));
        let disturbing = [
            authentication.clone(),
            preparation.clone(),
            common::enable(ICCID, false),
            common::delete(ICCID),
        ];
        for command in disturbing {
            assert_eq!(download.terminal.es10(&command), (Vec::new(), 0x6985));
        }
        assert_eq!(download.terminal.case_3(&common::disable(ICCID, false)), 0x6985);
        assert_eq!(download.terminal.ok(&hex("BF2D00")), hex("BF2D02A000"));
        assert_eq!(download.terminal.ok(&hex("BF3E035C015A"))[..3], hex("BF3E12"));
    }
    let (result, status) = download.load(&segments[3..].to_vec());
    assert_eq!(status, 0x9000);
    assert!(matches!(installation_result(&result, Curve::P256).final_result, FinalResult::SuccessResult(_)));
}
