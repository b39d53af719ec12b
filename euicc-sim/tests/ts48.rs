//! The GSMA's generic test profiles (TS.48): downloaded, enabled and used as a phone would.
//!
//! What is to be found is what the packages carry; the keys are those of the test USIM (3GPP TS 34.108 §8).
#![cfg(test)]

mod common;

use std::path::PathBuf;

use asn1::tlv;
use common::hex;
use common::uicc::{Uicc, record_length};
use crypto::aka::{AkaFunctions, Sqn, TestAlgorithm, autn, gsm, open_auts};

/// PIN 1 of these profiles, which is disabled, and ADM 1.
const PIN1: &str = "30303030FFFFFFFF";
const ADM1: &str = "3535353535353535";

fn packages() -> Vec<(String, Vec<u8>)> {
    let directory = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/ts48");
    let Ok(entries) = std::fs::read_dir(&directory) else {
        println!("skipped: the reference data in ../shared/data/ts48 is absent");
        return Vec::new();
    };
    let paths = entries.map(|entry| entry.unwrap().path());
    let packages = paths.filter(|path| path.extension().is_some_and(|extension| extension == "der"));
    packages.map(|path| (path.display().to_string(), std::fs::read(&path).unwrap())).collect()
}

/// A card for each package, with its profile enabled.
fn cards() -> Vec<(String, Uicc)> {
    packages().into_iter().map(|(name, package)| (name, Uicc::with(package))).collect()
}

/// The AIDs of EF_DIR.
fn applications(uicc: &mut Uicc) -> Vec<String> {
    uicc.select_file("3F00");
    let length = record_length(&uicc.select_file("2F00"));
    let mut found = Vec::new();
    for record in 1.. {
        let (content, status) = uicc.apdu(&format!("00B2 {record:02X}04 {length:02X}"));
        if status == 0x6A83 {
            return found;
        }
        assert_eq!((content.len(), status), (usize::from(length), 0x9000));
        if content[0] == 0x61 {
            let (template, _) = tlv::read(&content).unwrap();
            let aid = tlv::find(template.value, 0x4F).unwrap().value;
            found.push(data_encoding::HEXUPPER.encode(aid));
        }
    }
    unreachable!()
}

/// Selects the one application of this kind.
fn select(uicc: &mut Uicc, prefix: &str) {
    let found: Vec<_> = applications(uicc).into_iter().filter(|aid| aid.starts_with(prefix)).collect();
    assert_eq!(found.len(), 1, "{found:?}");
    uicc.select(&found[0]);
}

const USIM: &str = "A0000000871002";
const ISIM: &str = "A0000000871004";
const CSIM: &str = "A0000003431002";

#[test]
fn the_files_of_the_subscription_are_read_back() {
    for (name, mut uicc) in cards() {
        uicc.select_file("3F00");
        assert_eq!(uicc.read("2FE2"), (hex("98001032547698103214"), 0x9000), "{name}: ICCID");
        select(&mut uicc, USIM);
        assert_eq!(uicc.read("6F07"), (hex("080910101032547698"), 0x9000), "{name}: IMSI 001010123456789");
        // "GSMA_TEST" in the GSM alphabet, to be shown.
        let spn = hex("01 47534D411154455354 FFFFFFFFFFFFFF");
        assert_eq!(uicc.read("6F46"), (spn, 0x9000), "{name}: SPN");
        assert_eq!(uicc.read("6F78"), (hex("0001"), 0x9000), "{name}: ACC");
    }
}

#[test]
fn pin_1_guards_the_files_once_it_is_enabled() {
    for (name, mut uicc) in cards() {
        select(&mut uicc, USIM);
        assert_eq!(uicc.status(&format!("0020 0001 08 {PIN1}")), 0x6984, "{name}: it is disabled");
        assert_eq!(uicc.status(&format!("0028 0001 08 {PIN1}")), 0x9000, "{name}");
        uicc.0.reset();
        select(&mut uicc, USIM);
        assert_eq!(uicc.read("6F07").1, 0x6982, "{name}");
        assert_eq!(uicc.status(&format!("0020 0001 08 {PIN1}")), 0x9000, "{name}");
        assert_eq!(uicc.read("6F07").1, 0x9000, "{name}");
        assert_eq!(uicc.status(&format!("0020 000A 08 {ADM1}")), 0x9000, "{name}");
    }
}

const K: [u8; 16] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];
const RAND: [u8; 16] = [0xA7; 16];
const AMF: [u8; 2] = [0x80, 0x00];

fn command(network: &TestAlgorithm, seq: u64) -> Vec<u8> {
    let [_, _, sqn @ ..] = (seq << 5).to_be_bytes();
    let token = autn(network, &RAND, &sqn, &AMF);
    [&[0x00, 0x88, 0x00, 0x81, 0x22, 0x10][..], &RAND, &[0x10], &token, &[0x00]].concat()
}

#[test]
fn usim_and_isim_authenticate_with_the_test_algorithm() {
    let network = TestAlgorithm::new(&K, 16).unwrap();
    let keys = network.f2345(&RAND);
    for (name, mut uicc) in cards() {
        for (prefix, has_gsm_access) in [(USIM, true), (ISIM, false)] {
            select(&mut uicc, prefix);
            let mut wrong = command(&network, 100);
            *wrong.iter_mut().nth_back(1).unwrap() ^= 0x01;
            assert_eq!(uicc.bytes(&wrong), (Vec::new(), 0x9862), "{name}");

            let mut expected = [&[0xDB, 16][..], &keys.res, &[16], &keys.ck, &[16], &keys.ik].concat();
            if has_gsm_access {
                expected.push(8);
                expected.extend(gsm::kc(&keys.ck, &keys.ik).unwrap());
            }
            assert_eq!(uicc.bytes(&command(&network, 100)), (expected, 0x9000), "{name} {prefix}");

            let gsm_context = uicc.bytes(&[&hex("0088008011 10")[..], &RAND, &[0x00]].concat());
            if has_gsm_access {
                let (sres, kc) = (gsm::sres(&keys.res).unwrap(), gsm::kc(&keys.ck, &keys.ik).unwrap());
                assert_eq!(gsm_context, ([&[4][..], &sres, &[8], &kc].concat(), 0x9000), "{name}");
            } else {
                assert_eq!(gsm_context, (Vec::new(), 0x6A86), "{name}");
            }

            let (response, status) = uicc.bytes(&command(&network, 99));
            assert_eq!((&response[..2], status), (&[0xDC, 0x0E][..], 0x9000), "{name}");
            let sqn: Sqn = open_auts(&network, &RAND, &response[2..]).unwrap();
            assert_eq!(sqn, [0, 0, 0, 0, 0x0C, 0x80], "{name}: SEQ 100, IND 0");
        }
    }
}

#[test]
fn the_csim_does_not_authenticate_this_way() {
    let network = TestAlgorithm::new(&K, 16).unwrap();
    for (name, mut uicc) in cards() {
        select(&mut uicc, CSIM);
        assert_eq!(uicc.bytes(&command(&network, 1)), (Vec::new(), 0x6985), "{name}");
    }
}
