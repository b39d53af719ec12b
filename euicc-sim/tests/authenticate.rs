//! AUTHENTICATE: contexts, conditions, sequence numbers (3GPP TS 31.102 §7.1, TS 31.103 §7.1, TS 33.102 annex C).
#![cfg(test)]

mod common;

use std::sync::atomic::Ordering;

use asn1::SecretOctets;
use asn1::profile::AlgorithmId;
use common::uicc::{PINS, USIM, Uicc, add_services, aka_of, algorithm_of, changed_package, pins_of};
use common::{Terminal, hex, new_state};
use crypto::Curve;
use crypto::aka::{AkaFunctions, Milenage, MilenageConstants, Sqn, TestAlgorithm, autn, gsm, open_auts};
use euicc_sim::profile_package::{
    Authentication, AuthenticationParameters, FilePath, Installed, NetworkAccessApplication, Structure,
};

const RAND: [u8; 16] = [0x5A; 16];
const AMF: [u8; 2] = [0x80, 0x00];
const ISIM: &str = "A0000000871004FFFFFFFF89";
const CSIM: &str = "A0000003431002FFFFFFFF89";

/// The subscriber of the generated package.
fn network() -> Milenage {
    Milenage::new(&[0x5C; 16], &[0xC0; 16], MilenageConstants::default())
}

fn sqn(seq: u64, index: u64) -> Sqn {
    let [_, _, sqn @ ..] = (seq << 5 | index).to_be_bytes();
    sqn
}

/// RAND and AUTN, each behind its length.
fn data(functions: &dyn AkaFunctions, sqn: Sqn, amf: [u8; 2]) -> Vec<u8> {
    let token = autn(functions, &RAND, &sqn, &amf);
    [&[0x10][..], &RAND, &[u8::try_from(token.len()).unwrap()], &token].concat()
}

fn command(p2: u8, data: &[u8]) -> Vec<u8> {
    [&[0x00, 0x88, 0x00, p2, u8::try_from(data.len()).unwrap()], data, &[0x00]].concat()
}

/// What a challenge with this sequence number leads to.
#[derive(Debug, PartialEq)]
enum Outcome {
    Authenticated,
    /// AUTS with this number.
    Resynchronisation(Sqn),
    Refused(u16),
}

use Outcome::{Authenticated, Refused, Resynchronisation};

fn challenge_with(uicc: &mut Uicc, functions: &dyn AkaFunctions, sqn: Sqn, amf: [u8; 2]) -> Outcome {
    match uicc.bytes(&command(0x81, &data(functions, sqn, amf))) {
        (response, 0x9000) if response[0] == 0xDB => Authenticated,
        (response, 0x9000) if response[0] == 0xDC => {
            Resynchronisation(open_auts(functions, &RAND, &response[2..]).unwrap())
        }
        (response, status) => {
            assert!(response.is_empty());
            Refused(status)
        }
    }
}

fn challenge(uicc: &mut Uicc, seq: u64, index: u64) -> Outcome {
    challenge_with(uicc, &network(), sqn(seq, index), AMF)
}

fn card() -> Uicc {
    Uicc::usim(common::package::package())
}

fn card_with_services(services: &[usize]) -> Uicc {
    Uicc::usim(changed_package(|elements| add_services(elements, services)))
}

/// Adds an application to the generated profile.
fn add_application(installed: &mut Installed, kind: &str, aid: &str, authentication: Option<Authentication>) {
    let directory = FilePath::master_file().child(0x7FB0);
    let mut adf =
        installed.files.iter().find(|file| matches!(file.structure, Structure::Adf { .. })).unwrap().clone();
    (adf.path, adf.structure) = (directory.clone(), Structure::Adf { aid: hex(aid) });
    installed.files.push(adf);
    installed.files.sort_by(|one, other| one.path.cmp(&other.path));
    let application = NetworkAccessApplication {
        kind: kind.to_owned(),
        directory,
        authentication,
        aid: hex(aid),
        cdma_authentication_key: None,
    };
    installed.network_access.push(application);
}

fn mapped_to(aid: &str) -> Option<Authentication> {
    Some(Authentication::MappedTo { aid: hex(aid), options: 0x06 })
}

fn own(installed: &mut Installed) -> &mut AuthenticationParameters {
    match &mut installed.network_access[0].authentication {
        Some(Authentication::Own(parameters)) => parameters,
        _ => panic!(),
    }
}

// The answer.

#[test]
fn the_answer_waits_for_get_response() {
    let mut uicc = card();
    let response = uicc.0.send(&command(0x81, &data(&network(), sqn(1, 0), AMF)));
    assert_eq!(response, hex("612C"));
    let response = uicc.0.send(&hex("00C000002C"));
    assert_eq!((&response[..2], &response[0x2C..]), (&hex("DB08")[..], &hex("9000")[..]));
}

#[test]
fn kc_is_there_where_the_usim_has_gsm_access() {
    let keys = network().f2345(&RAND);
    let base = [&[0xDB, 8][..], &keys.res, &[16], &keys.ck, &[16], &keys.ik].concat();
    let with_kc = [&base[..], &[8], &gsm::kc(&keys.ck, &keys.ik).unwrap()].concat();
    let command = command(0x81, &data(&network(), sqn(1, 0), AMF));
    assert_eq!(card().bytes(&command), (base.clone(), 0x9000));
    assert_eq!(card_with_services(&[27]).bytes(&command), (with_kc, 0x9000));
    assert_eq!(card_with_services(&[26, 28, 38]).bytes(&command), (base, 0x9000));
}

#[test]
fn the_gsm_context_gives_sres_and_kc() {
    let keys = network().f2345(&RAND);
    let (sres, kc) = (gsm::sres(&keys.res).unwrap(), gsm::kc(&keys.ck, &keys.ik).unwrap());
    let expected = [&[4][..], &sres, &[8], &kc].concat();
    let challenge = [&[0x10][..], &RAND].concat();
    let mut uicc = card_with_services(&[38]);
    let before = common::text(uicc.0.card.state());
    assert_eq!(uicc.bytes(&command(0x80, &challenge)), (expected, 0x9000));
    assert_eq!(common::text(uicc.0.card.state()), before, "no sequence number is used");
    assert_eq!(card_with_services(&[27]).bytes(&command(0x80, &challenge)).1, 0x9864);
}

// Conditions.

#[test]
fn parameters_that_are_not_defined_are_refused() {
    let mut uicc = card_with_services(&[27, 38]);
    let data = data(&network(), sqn(1, 0), AMF);
    for (p2, status) in [
        // Not the key of the application; bits 7 to 4; contexts that do not exist.
        (0x01, 0x6A86),
        (0x00, 0x6A86),
        (0x91, 0x6A86),
        (0xC1, 0x6A86),
        (0x83, 0x6A86),
        (0x85, 0x6A86),
        (0x86, 0x6A86),
        (0x87, 0x6A86),
        // VGCS/VBS and GBA.
        (0x82, 0x9864),
        (0x84, 0x9864),
    ] {
        assert_eq!(uicc.bytes(&command(p2, &data)), (Vec::new(), status), "{p2:02X}");
    }
    let mut with_p1 = command(0x81, &data);
    with_p1[2] = 0x01;
    assert_eq!(uicc.bytes(&with_p1).1, 0x6A86);
    let mut odd = command(0x81, &data);
    odd[1] = 0x89;
    assert_eq!(uicc.bytes(&odd).1, 0x6D00, "the form for contexts with TLVs");
    let mut proprietary = command(0x81, &data);
    proprietary[0] = 0x80;
    assert_eq!(uicc.bytes(&proprietary).1, 0x6D00);
    assert_eq!(challenge(&mut uicc, 1, 0), Authenticated, "nothing of this used the number");
}

#[test]
fn data_of_a_wrong_form_is_refused() {
    let good = data(&network(), sqn(1, 0), AMF);
    let mut uicc = card();
    let mut status = |data: &[u8]| uicc.bytes(&command(0x81, data)).1;
    for length in [1, 2, 16, 17, 18, 20, 33] {
        assert_eq!(status(&good[..length]), 0x6700, "{length} bytes");
    }
    assert_eq!(status(&[&good[..], &[0]].concat()), 0x6700);
    assert_eq!(status(&[&[0x0F][..], &RAND[..15], &good[17..]].concat()), 0x6A80, "a short RAND");
    assert_eq!(status(&[&good[..17], &[0x0F], &good[18..33]].concat()), 0x6A80, "a short AUTN");
    assert_eq!(status(&[&good[..17], &[0x11], &good[18..], &[0]].concat()), 0x6A80, "a long AUTN");
    assert_eq!(status(&[&good[..17], &[0x00]].concat()), 0x6A80, "no AUTN");
    assert_eq!(uicc.apdu("0088 0081 00").1, 0x6700);
    assert_eq!(uicc.apdu("0088 0081").1, 0x6700);
    assert_eq!(challenge(&mut uicc, 1, 0), Authenticated);
}

#[test]
fn an_application_has_to_be_current() {
    let mut uicc = Uicc::with(common::package::package());
    assert_eq!(challenge(&mut uicc, 1, 0), Refused(0x6985));
    uicc.select(USIM);
    uicc.select_file("6F07");
    assert_eq!(challenge(&mut uicc, 1, 0), Authenticated, "an EF of the ADF is no other directory");
    uicc.select_file("3F00");
    assert_eq!(challenge(&mut uicc, 2, 0), Refused(0x6985));
    let mut without_profile = Uicc(Terminal::new(new_state(Curve::P256)));
    assert_eq!(challenge(&mut without_profile, 1, 0), Refused(0x6985));
}

#[test]
fn the_pin_of_the_application_comes_first() {
    let mut uicc =
        Uicc::usim(changed_package(|elements| pins_of(elements, PINS)[0].pin_attributes = Some(7)));
    assert_eq!(challenge(&mut uicc, 1, 0), Refused(0x6982));
    assert_eq!(uicc.status("0020 0081 08 39393939FFFFFFFF"), 0x9000);
    assert_eq!(challenge(&mut uicc, 1, 0), Refused(0x6982), "PIN 2 is not enough");
    assert_eq!(uicc.status("0020 0001 08 30303030FFFFFFFF"), 0x9000);
    assert_eq!(challenge(&mut uicc, 1, 0), Authenticated);
}

// Sequence numbers.

#[test]
fn a_sequence_number_is_accepted_once_for_each_index() {
    let mut uicc = card();
    assert_eq!(challenge(&mut uicc, 0, 0), Resynchronisation(sqn(0, 0)));
    assert_eq!(challenge(&mut uicc, 10, 3), Authenticated);
    assert_eq!(challenge(&mut uicc, 10, 3), Resynchronisation(sqn(10, 3)));
    assert_eq!(challenge(&mut uicc, 9, 3), Resynchronisation(sqn(10, 3)));
    assert_eq!(challenge(&mut uicc, 9, 4), Authenticated, "another index has another past");
    assert_eq!(challenge(&mut uicc, 9, 4), Resynchronisation(sqn(10, 3)), "the highest is told");
    assert_eq!(challenge(&mut uicc, 11, 31), Authenticated);
    let mut uicc = uicc.restarted();
    uicc.select(USIM);
    assert_eq!(challenge(&mut uicc, 10, 3), Resynchronisation(sqn(11, 31)));
}

#[test]
fn the_network_goes_on_after_a_resynchronisation() {
    let mut uicc = card();
    assert_eq!(challenge(&mut uicc, 1000, 5), Authenticated);
    let Resynchronisation([a, b, c, d, e, f]) = challenge(&mut uicc, 7, 5) else { panic!() };
    let highest = u64::from_be_bytes([0, 0, a, b, c, d, e, f]) >> 5;
    assert_eq!(challenge(&mut uicc, highest + 1, 5), Authenticated);
}

#[test]
fn a_wrong_mac_is_told_even_where_the_number_is_old() {
    let mut uicc = card();
    assert_eq!(challenge(&mut uicc, 5, 0), Authenticated);
    let mut token = data(&network(), sqn(1, 0), AMF);
    *token.last_mut().unwrap() ^= 0x80;
    assert_eq!(uicc.bytes(&command(0x81, &token)), (Vec::new(), 0x9862));
    let other = Milenage::new(&[0x5D; 16], &[0xC0; 16], MilenageConstants::default());
    let forged = data(&other, sqn(6, 0), AMF);
    assert_eq!(uicc.bytes(&command(0x81, &forged)), (Vec::new(), 0x9862));
    assert_eq!(challenge(&mut uicc, 6, 0), Authenticated, "a forger uses no numbers up");
}

#[test]
fn the_options_of_the_package_limit_how_far_a_number_may_be_away() {
    let with = |options| {
        Uicc::usim(changed_package(|elements| {
            let aka = aka_of(elements);
            aka.sqn_options = Some(options);
            aka.sqn_delta = Some([0, 0, 0, 0, 1, 0]);
            aka.sqn_age_limit = Some([0, 0, 0, 0, 0, 0x10]);
        }))
    };
    let mut wrap_around = with(0x02);
    assert_eq!(challenge(&mut wrap_around, 0x101, 0), Resynchronisation(sqn(0, 0)));
    assert_eq!(challenge(&mut wrap_around, 0x100, 0), Authenticated);
    assert_eq!(challenge(&mut wrap_around, 0x200, 1), Authenticated);
    assert_eq!(challenge(&mut wrap_around, 0x001, 2), Authenticated, "old, but no limit");
    let mut age = with(0x04);
    assert_eq!(challenge(&mut age, 0x1000, 0), Authenticated, "far, but no limit");
    assert_eq!(challenge(&mut age, 0xFF0, 1), Resynchronisation(sqn(0x1000, 0)));
    assert_eq!(challenge(&mut age, 0xFF1, 1), Authenticated);
    // The default: the protection against wrap-around with a delta of 2^28.
    let mut default = card();
    assert_eq!(challenge(&mut default, (1 << 28) + 1, 0), Resynchronisation(sqn(0, 0)));
    assert_eq!(challenge(&mut default, 1 << 28, 0), Authenticated);
}

#[test]
fn a_number_is_written_down_before_the_answer() {
    let (mut uicc, memory) = card().with_limited_memory();
    uicc.select(USIM);
    memory.writes.store(0, Ordering::SeqCst);
    assert_eq!(challenge(&mut uicc, 1, 0), Refused(0x6581));
    memory.writes.store(1, Ordering::SeqCst);
    assert_eq!(challenge(&mut uicc, 1, 0), Authenticated, "what was not written was not used");
    assert_eq!(memory.writes.load(Ordering::SeqCst), 0);
    assert_eq!(challenge(&mut uicc, 1, 0), Resynchronisation(sqn(1, 0)), "which writes nothing");
    let mut again = Uicc(Terminal::new(memory.kept.kept().unwrap()));
    again.select(USIM);
    assert_eq!(challenge(&mut again, 1, 0), Resynchronisation(sqn(1, 0)));
}

#[test]
fn authentications_are_counted_where_the_package_limits_them() {
    let package = changed_package(|elements| algorithm_of(elements).auth_counter_max = Some([0, 0, 4]));
    let (mut uicc, memory) = Uicc::usim(package).with_limited_memory();
    uicc.select(USIM);
    memory.writes.store(0, Ordering::SeqCst);
    assert_eq!(challenge(&mut uicc, 1, 0), Refused(0x6581), "not begun");
    memory.writes.store(100, Ordering::SeqCst);
    assert_eq!(challenge(&mut uicc, 1, 0), Authenticated);
    assert_eq!(challenge(&mut uicc, 1, 0), Resynchronisation(sqn(1, 0)));
    let mut wrong = data(&network(), sqn(2, 0), AMF);
    wrong[30] ^= 1;
    assert_eq!(uicc.bytes(&command(0x81, &wrong)).1, 0x9862, "this counts as well");
    assert_eq!(challenge(&mut uicc, 2, 0), Authenticated);
    let mut uicc = uicc.restarted();
    uicc.select(USIM);
    assert_eq!(challenge(&mut uicc, 3, 0), Refused(0x6985));
}

// Other algorithms and applications.

/// 3GPP TS 34.108 §8.1.2.2, and PE-AKAParameter: what limits numbers is ignored.
#[test]
fn the_test_algorithm_resynchronises_when_the_network_asks_for_it() {
    let mut uicc = Uicc::usim(changed_package(|elements| {
        let algorithm = algorithm_of(elements);
        algorithm.algorithm_id = AlgorithmId::USIM_TEST_ALGORITHM;
        algorithm.auth_counter_max = Some([0, 0, 0]);
    }));
    let network = TestAlgorithm::new(&[0x5C; 16], 16).unwrap();
    let mut challenge = |seq, amf| challenge_with(&mut uicc, &network, sqn(seq, 0), amf);
    assert_eq!(challenge((1 << 28) + 1, AMF), Authenticated);
    assert_eq!(challenge((1 << 28) + 2, [0xFF, 0xFF]), Resynchronisation(sqn((1 << 28) + 1, 0)));
    assert_eq!(challenge((1 << 28) + 2, AMF), Authenticated);
    assert_eq!(challenge(1, AMF), Resynchronisation(sqn((1 << 28) + 2, 0)));
}

#[test]
fn the_test_algorithm_has_the_res_that_its_options_say() {
    for (options, length) in [(0x00, 4), (0x01, 8), (0x02, 16)] {
        let mut uicc = Uicc::usim(changed_package(|elements| {
            let algorithm = algorithm_of(elements);
            algorithm.algorithm_id = AlgorithmId::USIM_TEST_ALGORITHM;
            algorithm.algorithm_options = options;
        }));
        let network = TestAlgorithm::new(&[0x5C; 16], length).unwrap();
        let (response, status) = uicc.bytes(&command(0x81, &data(&network, sqn(1, 0), AMF)));
        assert_eq!(status, 0x9000);
        let end = 2 + length;
        assert_eq!(
            response[1..end],
            [&[u8::try_from(length).unwrap()], &network.f2345(&RAND).res[..]].concat()
        );
    }
}

#[test]
fn an_application_can_use_the_parameters_of_another() {
    let mut uicc = card().edited(|installed| add_application(installed, "isim", ISIM, mapped_to(USIM)));
    uicc.select(ISIM);
    assert_eq!(challenge(&mut uicc, 1, 0), Authenticated);
    uicc.select(USIM);
    assert_eq!(challenge(&mut uicc, 1, 0), Resynchronisation(sqn(1, 0)), "they share the sequence numbers");
    assert_eq!(challenge(&mut uicc, 2, 0), Authenticated);
    uicc.select(ISIM);
    assert_eq!(challenge(&mut uicc, 2, 0), Resynchronisation(sqn(2, 0)));
}

#[test]
fn an_isim_has_the_ims_context_only_and_never_kc() {
    let package = changed_package(|elements| add_services(elements, &[27, 38]));
    let mut uicc =
        Uicc::with(package).edited(|installed| add_application(installed, "isim", ISIM, mapped_to(USIM)));
    uicc.select(ISIM);
    let challenge = data(&network(), sqn(1, 0), AMF);
    for (p2, status) in [(0x80, 0x6A86), (0x82, 0x9864), (0x84, 0x9864), (0x83, 0x6A86), (0x01, 0x6A86)] {
        assert_eq!(uicc.bytes(&command(p2, &challenge)).1, status, "{p2:02X}");
    }
    let keys = network().f2345(&RAND);
    let expected = [&[0xDB, 8][..], &keys.res, &[16], &keys.ck, &[16], &keys.ik].concat();
    assert_eq!(uicc.bytes(&command(0x81, &challenge)), (expected, 0x9000));
}

#[test]
fn without_parameters_there_is_no_authentication() {
    for authentication in [None, mapped_to(CSIM), mapped_to("A000000000")] {
        let mut uicc = card().edited(|installed| add_application(installed, "csim", CSIM, authentication));
        uicc.select(CSIM);
        assert_eq!(challenge(&mut uicc, 1, 0), Refused(0x6985));
        assert_eq!(uicc.bytes(&command(0x80, &[&[0x10][..], &RAND].concat())).1, 0x6A86);
    }
}

#[test]
fn parameters_that_the_algorithm_does_not_have_are_refused() {
    let edits: [fn(&mut AuthenticationParameters); 4] = [
        |parameters| parameters.rotation_constants.truncate(4),
        |parameters| parameters.xoring_constants.truncate(79),
        |parameters| parameters.key = (&[0; 15][..]).into(),
        |parameters| parameters.opc = (&[0; 32][..]).into(),
    ];
    for edit in edits {
        let mut uicc = card().edited(|installed| edit(own(installed)));
        uicc.select(USIM);
        assert_eq!(challenge(&mut uicc, 1, 0), Refused(0x6985));
    }
    let mut forgetful = card().edited(|installed| own(installed).sqn.clear());
    forgetful.select(USIM);
    assert_eq!(challenge(&mut forgetful, 1, 0), Resynchronisation(sqn(0, 0)));
}

/// A key of 256 bits has no conversion to a GSM one (3GPP TS 33.102 §6.8.1.2).
#[test]
fn long_keys_have_no_gsm_context() {
    let mut uicc = Uicc::usim(changed_package(|elements| {
        add_services(elements, &[27, 38]);
        let algorithm = algorithm_of(elements);
        algorithm.algorithm_id = AlgorithmId::TUAK;
        algorithm.algorithm_options = 0x40;
        algorithm.key = SecretOctets::from(vec![1; 32]);
        algorithm.opc = SecretOctets::from(vec![2; 32]);
    }));
    assert_eq!(uicc.bytes(&command(0x80, &[&[0x10][..], &RAND].concat())), (Vec::new(), 0x9864));
}
