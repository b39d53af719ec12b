//! PINs, PUKs and administrative codes of the enabled profile (ETSI TS 102 221 §9.5, §11.1.9 to §11.1.13).
#![cfg(test)]

mod common;

use std::sync::atomic::Ordering;

use asn1::SecretOctets;
use asn1::profile::{PinCodes, PinConfiguration, PinList, ProfileElement};
use common::uicc::{LOCAL_PINS, PINS, USIM, Uicc, changed_package, pins_of};
use common::{ICCID, disable, enable, hex};
use euicc_sim::profile_package::{Pin, Secret};

/// Codes of the generated package.
const PIN1: &str = "30303030FFFFFFFF";
const PIN2: &str = "39393939FFFFFFFF";
const PUK1: &str = "3131313131313131";
const ADM1: &str = "3535353535353535";
/// Codes of nobody.
const WRONG: &str = "3132333435363738";
const NEW: &str = "37363534FFFFFFFF";

fn verify(reference: &str, code: &str) -> String {
    format!("0020 00{reference} 08 {code}")
}

fn change(reference: &str, old: &str, new: &str) -> String {
    format!("0024 00{reference} 10 {old}{new}")
}

fn unblock(reference: &str, puk: &str, new: &str) -> String {
    format!("002C 00{reference} 10 {puk}{new}")
}

const DISABLE: &str = "0026 0001 08 30303030FFFFFFFF";
const ENABLE: &str = "0028 0001 08 30303030FFFFFFFF";

/// A code that may be changed and disabled, enabled.
fn code(key_reference: u8, value: &str) -> PinConfiguration {
    PinConfiguration {
        key_reference,
        pin_value: SecretOctets::from(hex(value)),
        unblocking_pin_reference: None,
        pin_attributes: Some(7),
        attempts: Some(0x33),
    }
}

/// A card that asks for PIN 1.
fn card() -> Uicc {
    Uicc::usim(changed_package(|elements| pins_of(elements, PINS)[0].pin_attributes = Some(7)))
}

/// The same with a universal PIN. No package brings one (TCA profile package, PINKeyReferenceValue).
fn card_with_universal_pin() -> Uicc {
    let mut uicc = card().edited(|installed| {
        let pins = &mut installed.pins[0].pins;
        pins.push(Pin { reference: 0x11, value: Secret::from(&[0x36; 8][..]), ..pins[0].clone() });
    });
    uicc.select(USIM);
    uicc
}

/// Reads EF.IMSI, which PIN 1 protects.
fn can_read_imsi(uicc: &mut Uicc) -> bool {
    match uicc.read("6F07") {
        (imsi, 0x9000) => imsi.len() == 9,
        (_, 0x6982) => false,
        (_, status) => panic!("{status:04X}"),
    }
}

#[test]
fn a_file_is_open_once_its_pin_was_presented_on_whatever_channel() {
    let mut uicc = card();
    assert!(!can_read_imsi(&mut uicc));
    // A channel of its own, with nothing selected.
    assert_eq!(uicc.apdu("0070 0000 01"), (hex("02"), 0x9000));
    assert_eq!(uicc.status(&verify("01", PIN1).replacen("00", "02", 1)), 0x9000);
    assert!(can_read_imsi(&mut uicc));
}

#[test]
fn a_reset_and_another_profile_forget_what_was_presented() {
    let mut uicc = card();
    assert_eq!(uicc.status(&verify("01", PIN1)), 0x9000);
    uicc.0.reset();
    uicc.select(USIM);
    assert!(!can_read_imsi(&mut uicc));
    assert_eq!(uicc.status(&verify("01", PIN1)), 0x9000);
    assert_eq!(uicc.0.result(&disable(ICCID, false)), 0);
    assert_eq!(uicc.status(&verify("01", PIN1)), 0x6A88, "no profile, no PIN");
    assert_eq!(uicc.0.result(&enable(ICCID, false)), 0);
    uicc.select(USIM);
    assert!(!can_read_imsi(&mut uicc));
}

#[test]
fn tries_are_counted_across_channels_and_resets_until_the_pin_is_blocked() {
    let mut uicc = card();
    assert_eq!(uicc.status("0020 0001"), 0x63C3);
    assert_eq!(uicc.status(&verify("01", WRONG)), 0x63C2);
    assert_eq!(uicc.apdu("0070 0000 01"), (hex("02"), 0x9000));
    assert_eq!(uicc.status("0220 0001 08 3132333435363738"), 0x63C1);
    let mut uicc = uicc.restarted();
    uicc.select(USIM);
    assert_eq!(uicc.status("0020 0001"), 0x63C1);
    assert_eq!(uicc.status(&verify("01", WRONG)), 0x63C0);
    assert_eq!(uicc.status(&verify("01", PIN1)), 0x6983);
    assert_eq!(uicc.status("0020 0001"), 0x6983);
    for command in [change("01", PIN1, NEW), DISABLE.to_owned()] {
        assert_eq!(uicc.status(&command), 0x6983, "{command}");
    }
    assert!(!can_read_imsi(&mut uicc));
}

#[test]
fn the_right_code_gives_all_tries_back() {
    let mut uicc = card();
    assert_eq!(uicc.status(&verify("01", WRONG)), 0x63C2);
    assert_eq!(uicc.status(&verify("01", PIN1)), 0x9000);
    assert_eq!(uicc.status("0020 0001"), 0x63C3);
    assert_eq!(uicc.status(&verify("01", WRONG)), 0x63C2);
    assert!(!can_read_imsi(&mut uicc), "the last presentation counts");
}

#[test]
fn a_blocked_pin_opens_nothing_though_it_was_presented_before() {
    let mut uicc = card();
    assert_eq!(uicc.status(&verify("01", PIN1)), 0x9000);
    for left in [0x63C2, 0x63C1, 0x63C0] {
        assert_eq!(uicc.status(&change("01", WRONG, NEW)), left);
    }
    assert!(!can_read_imsi(&mut uicc));
}

#[test]
fn every_code_is_compared_whole() {
    let mut uicc = card();
    for byte in 0..8 {
        let mut almost = hex(PIN1);
        almost[byte] ^= 0x01;
        let command = [&hex("0020000108")[..], &almost].concat();
        assert_eq!(uicc.bytes(&command).1, 0x63C2, "byte {byte}");
        assert_eq!(uicc.status(&verify("01", PIN1)), 0x9000);
    }
}

#[test]
fn a_changed_pin_outlives_power() {
    let mut uicc = card();
    assert_eq!(uicc.status(&change("01", WRONG, NEW)), 0x63C2);
    assert_eq!(uicc.status(&change("01", PIN1, NEW)), 0x9000);
    assert!(can_read_imsi(&mut uicc), "the old one was presented");
    let mut uicc = uicc.restarted();
    assert_eq!(uicc.status(&verify("01", PIN1)), 0x63C2);
    assert_eq!(uicc.status(&verify("01", NEW)), 0x9000);
    assert_eq!(uicc.status("0020 0001"), 0x63C3);
}

#[test]
fn a_disabled_pin_is_not_asked_for() {
    let mut uicc = card();
    assert_eq!(uicc.status("0026 0001 08 3132333435363738"), 0x63C2);
    assert_eq!(uicc.status(DISABLE), 0x9000);
    let mut uicc = uicc.restarted();
    uicc.select(USIM);
    assert!(can_read_imsi(&mut uicc));
    for command in [verify("01", PIN1), change("01", PIN1, NEW), DISABLE.to_owned()] {
        assert_eq!(uicc.status(&command), 0x6984, "{command}");
    }
    assert_eq!(uicc.status("0020 0001"), 0x63C3, "the tries can still be asked for");
    assert_eq!(uicc.status("0028 0001 08 3132333435363738"), 0x63C2);
    assert_eq!(uicc.status(ENABLE), 0x9000);
    assert!(can_read_imsi(&mut uicc), "it has just been presented");
    assert_eq!(uicc.status(ENABLE), 0x6985, "it is enabled");
    uicc.0.reset();
    uicc.select(USIM);
    assert!(!can_read_imsi(&mut uicc));
}

#[test]
fn the_universal_pin_can_take_the_place_of_a_disabled_one() {
    let mut uicc = card_with_universal_pin();
    assert_eq!(uicc.status(&DISABLE.replacen("0001", "9101", 1)), 0x9000);
    assert!(!can_read_imsi(&mut uicc), "neither PIN 1 nor nothing: the universal PIN");
    let mut uicc = uicc.restarted();
    uicc.select(USIM);
    assert!(!can_read_imsi(&mut uicc));
    assert_eq!(uicc.status("0020 0011 08 3636363636363636"), 0x9000);
    assert!(can_read_imsi(&mut uicc));
    // Disabled itself, it asks for nothing; enabled again, PIN 1 is on its own.
    uicc.0.reset();
    uicc.select(USIM);
    assert_eq!(uicc.status("0026 0011 08 3636363636363636"), 0x9000);
    assert!(can_read_imsi(&mut uicc));
    assert_eq!(uicc.status("0028 0011 08 3636363636363636"), 0x9000);
    assert_eq!(uicc.status(ENABLE), 0x9000);
    uicc.0.reset();
    uicc.select(USIM);
    assert_eq!(uicc.status("0020 0011 08 3636363636363636"), 0x9000);
    assert!(!can_read_imsi(&mut uicc));
}

#[test]
fn the_universal_pin_does_not_replace_itself_nor_where_there_is_none() {
    assert_eq!(card_with_universal_pin().status("0026 9111 08 3636363636363636"), 0x6A86);
    let mut without = card();
    assert_eq!(without.status(&DISABLE.replacen("0001", "9101", 1)), 0x6A88);
    assert_eq!(without.status("0020 0001"), 0x63C3, "no try was lost");
}

#[test]
fn attributes_say_what_may_be_done_with_a_code() {
    // ADM 1 and PIN 2 of the package may not be disabled.
    let mut uicc = card();
    assert_eq!(uicc.status(&format!("0026 000A 08 {ADM1}")), 0x6985);
    assert_eq!(uicc.status(&format!("0026 0081 08 {PIN2}")), 0x6985);
    let mut fixed =
        Uicc::usim(changed_package(|elements| pins_of(elements, LOCAL_PINS)[0].pin_attributes = Some(5)));
    assert_eq!(fixed.status(&change("81", PIN2, NEW)), 0x6985);
    assert_eq!(fixed.status("0020 0081"), 0x63C3, "no try was lost");
    assert_eq!(fixed.status(&format!("0026 0081 08 {PIN2}")), 0x9000);
}

#[test]
fn the_puk_unblocks_sets_a_new_pin_enables_and_counts_as_presented() {
    let mut uicc = card();
    for left in [0x63C2, 0x63C1, 0x63C0] {
        assert_eq!(uicc.status(&verify("01", WRONG)), left);
    }
    assert_eq!(uicc.status("002C 0001"), 0x63CA);
    assert_eq!(uicc.status(&unblock("01", WRONG, NEW)), 0x63C9);
    assert_eq!(uicc.status(&verify("01", NEW)), 0x6983, "a wrong PUK does nothing to the PIN");
    assert_eq!(uicc.status(&unblock("01", PUK1, NEW)), 0x9000);
    assert!(can_read_imsi(&mut uicc));
    assert_eq!(uicc.status("002C 0001"), 0x63CA);
    assert_eq!(uicc.status("0020 0001"), 0x63C3);
    let mut uicc = uicc.restarted();
    assert_eq!(uicc.status(&verify("01", NEW)), 0x9000);
}

#[test]
fn the_puk_enables_a_disabled_pin_and_ends_its_replacement() {
    for p1 in ["00", "91"] {
        let mut uicc = card_with_universal_pin();
        assert_eq!(uicc.status(&format!("0026 {p1}01 08 {PIN1}")), 0x9000);
        assert_eq!(uicc.status(&unblock("01", PUK1, NEW)), 0x9000);
        uicc.0.reset();
        uicc.select(USIM);
        assert!(!can_read_imsi(&mut uicc));
        assert_eq!(uicc.status(&verify("01", NEW)), 0x9000);
        assert!(can_read_imsi(&mut uicc));
    }
}

#[test]
fn ten_wrong_puks_block_the_pin_for_ever() {
    let mut uicc = card();
    for left in (0..10).rev() {
        assert_eq!(uicc.status(&unblock("01", WRONG, NEW)), 0x63C0 + left);
    }
    let mut uicc = uicc.restarted();
    assert_eq!(uicc.status(&unblock("01", PUK1, NEW)), 0x6983);
    assert_eq!(uicc.status("002C 0001"), 0x6983);
}

#[test]
fn a_code_without_a_puk_cannot_be_unblocked() {
    let mut uicc = card();
    assert_eq!(uicc.status(&unblock("0A", PUK1, NEW)), 0x6A88);
    assert_eq!(uicc.status("002C 000A"), 0x6A88);
}

#[test]
fn an_administrative_code_has_its_ten_tries() {
    let mut uicc = card();
    assert_eq!(uicc.status("0020 000A"), 0x63CA);
    assert_eq!(uicc.status(&verify("0A", WRONG)), 0x63C9);
    assert_eq!(uicc.status(&verify("0A", ADM1)), 0x9000);
    // EF.IMSI is the operator's to write.
    uicc.select_file("6F07");
    assert_eq!(uicc.status("00D6 0000 09 082964181032547699"), 0x9000);
}

#[test]
fn a_local_code_belongs_to_its_directory_and_those_below() {
    let mut uicc = card();
    assert_eq!(uicc.status(&verify("81", PIN2)), 0x9000);
    uicc.select_file("3F00");
    assert_eq!(uicc.status(&verify("81", PIN2)), 0x6A88);
    assert_eq!(uicc.status(&verify("01", PIN1)), 0x9000, "a global one is found from everywhere");
}

#[test]
fn a_directory_can_share_the_codes_of_another() {
    let mut uicc = Uicc::with(changed_package(|elements| {
        pins_of(elements, PINS).push(code(2, "3232323232323232"));
        let ProfileElement::PinCodes(PinCodes { pins, .. }) = &mut elements[LOCAL_PINS] else { panic!() };
        // The USIM has no PIN of its own, but those of the MF; PIN 81 may not protect it then.
        *pins = PinList::SharedWith(Vec::new());
        let ProfileElement::Template(usim) = &mut elements[LOCAL_PINS - 1] else { panic!() };
        let file = &mut usim.files[0].1;
        for item in &mut file.0 {
            if let asn1::profile::FileItem::FileDescriptor(fcp) = item {
                fcp.pin_status_template_do = Some(vec![0x01, 0x0A]);
            }
        }
    }));
    uicc.select(USIM);
    assert_eq!(uicc.status("0020 0081"), 0x6A88);
    assert_eq!(uicc.status("0020 0002 08 3232323232323232"), 0x9000);
}

#[test]
fn what_is_not_in_the_specification_is_refused_and_costs_no_try() {
    let mut uicc = card();
    let before = common::text(uicc.0.card.state());
    for (command, status) in [
        // P1 that is not defined.
        ("0020 0101 08 3132333435363738", 0x6A86),
        ("0024 0101 10 31323334353637383132333435363738", 0x6A86),
        ("0026 8101 08 3132333435363738", 0x6A86),
        ("0028 9101 08 3132333435363738", 0x6A86),
        ("002C 0101 10 31323334353637383132333435363738", 0x6A86),
        // P2 that is no key reference.
        ("0020 0000 08 3132333435363738", 0x6A86),
        ("0020 0080 08 3132333435363738", 0x6A86),
        ("0020 0021 08 3132333435363738", 0x6A86),
        // Codes that this profile does not have.
        ("0020 0002 08 3132333435363738", 0x6A88),
        ("0020 0082", 0x6A88),
        ("0024 001F 10 31323334353637383132333435363738", 0x6A88),
        // Lengths.
        ("0020 0001 04 31323334", 0x6700),
        ("0020 0001 09 313233343536373839", 0x6700),
        ("0024 0001 08 3132333435363738", 0x6700),
        ("0024 0001", 0x6700),
        ("0026 0001", 0x6700),
        ("0028 0001 07 31323334353637", 0x6700),
        ("002C 0001 0F 313233343536373831323334353637", 0x6700),
        // Instructions of another class.
        ("8020 0001 08 3132333435363738", 0x6D00),
    ] {
        assert_eq!(uicc.status(command), status, "{command}");
    }
    assert_eq!(common::text(uicc.0.card.state()), before);
}

#[test]
fn a_try_is_written_down_before_the_code_is_looked_at() {
    let commands = [verify("01", PIN1), change("01", PIN1, NEW), DISABLE.to_owned()];
    for (command, probe) in commands
        .iter()
        .map(|command| (command, "0020 0001"))
        .chain([(&unblock("01", PUK1, NEW), "002C 0001")])
    {
        let (mut uicc, memory) = card().with_limited_memory();
        uicc.select(USIM);
        let tries = uicc.status(probe);
        // The try cannot be written: nothing is told, and nothing lost.
        memory.writes.store(0, Ordering::SeqCst);
        assert_eq!(uicc.status(command), 0x6581);
        assert_eq!(uicc.status(probe), tries);
        // The try is written, its return is not: as if the power had gone in between.
        memory.writes.store(1, Ordering::SeqCst);
        assert_eq!(uicc.status(command), 0x6581, "{command}");
        assert!(!can_read_imsi(&mut uicc), "{command}");
        assert_eq!(uicc.status(probe), tries - 1);
        // Right and wrong cost the same.
        memory.writes.store(1, Ordering::SeqCst);
        let wrong = command.replace(PIN1, WRONG).replace(PUK1, WRONG);
        assert_eq!(uicc.status(&wrong), tries - 2);
        memory.writes.store(2, Ordering::SeqCst);
        assert_eq!(uicc.status(command), 0x9000);
        assert!(can_read_imsi(&mut uicc), "{command}");
    }
}
