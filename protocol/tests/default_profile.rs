//! The default profile, seen by our own decoder and by one that we did not write.

#![cfg(test)]

use std::process::Command;

use asn1::profile::{ElementKind, ProfileElement, ProfilePackage};
use protocol::profile::{Subscriber, default_profile, iccid_of};
use zeroize::Zeroizing;

fn package() -> Zeroizing<Vec<u8>> {
    default_profile(&Subscriber::new(
        "8988211000000000017".parse().unwrap(),
        "001010000000017".parse().unwrap(),
        Zeroizing::new(std::array::from_fn(|byte| byte as u8)),
        Zeroizing::new(std::array::from_fn(|byte| 0x10 | byte as u8)),
    ))
}

#[test]
fn it_is_a_row_of_elements_in_the_order_that_an_euicc_needs() {
    let package = package();
    let elements = ProfilePackage::parse(&package).unwrap();
    let kinds: Vec<_> = elements.elements().iter().map(|element| element.kind().unwrap()).collect();
    assert_eq!(
        kinds,
        [
            ElementKind::Header,
            ElementKind::Mf,
            ElementKind::PukCodes,
            ElementKind::PinCodes,
            ElementKind::Usim,
            ElementKind::PinCodes,
            ElementKind::AkaParameter,
            ElementKind::OptUsim,
            ElementKind::End,
        ]
    );
    for element in elements.elements() {
        assert_eq!(element.decode().unwrap().to_der(), element.bytes());
    }
}

#[test]
fn ef_iccid_is_swapped_and_the_header_is_not() {
    let package = package();
    assert_eq!(iccid_of(&package).unwrap().to_string(), "8988211000000000017");
    let elements = ProfilePackage::parse(&package).unwrap();
    let ProfileElement::Header(header) = elements.elements()[0].decode().unwrap() else { panic!() };
    assert_eq!(header.iccid, [0x89, 0x88, 0x21, 0x10, 0, 0, 0, 0, 0x01, 0x7F]);
    let swapped = [0x98, 0x88, 0x12, 0x01, 0, 0, 0, 0, 0x10, 0xF7];
    assert!(package.windows(10).any(|window| window == swapped));
}

#[test]
fn what_is_no_package_names_no_profile() {
    assert!(iccid_of(&[]).is_err());
    assert!(iccid_of(&[0xA0, 5, 1]).is_err());
    assert!(iccid_of(&[0x30, 0]).is_err());
}

/// pySim's `saip` reads and validates the package: RSPLAB_PYSIM names its checkout, RSPLAB_PYTHON a Python that has what
/// it needs.
#[test]
fn pysim_decodes_and_validates_it() {
    const PROGRAM: &str = "
import sys
sys.path.insert(0, sys.argv[1])
from pySim.esim.saip import ProfileElementSequence
from pySim.esim.saip.validation import CheckBasicStructure
elements = ProfileElementSequence.from_der(sys.stdin.buffer.read())
CheckBasicStructure().check(elements)
iccid = elements.get_pe_for_type('mf').decoded['ef-iccid'][0][1].hex()
aka = elements.get_pe_for_type('akaParameter').decoded['algoConfiguration'][1]
imsi = elements.get_pe_for_type('usim').decoded['ef-imsi'][0][1].hex()
print(iccid, imsi, aka['key'].hex(), aka['opc'].hex())
";
    let Ok(checkout) = std::env::var("RSPLAB_PYSIM") else {
        println!("skipped: RSPLAB_PYSIM does not name a pySim checkout");
        return;
    };
    let python = std::env::var("RSPLAB_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let mut child = Command::new(python)
        .args(["-c", PROGRAM, &checkout])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), &package()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    assert_eq!(
        String::from_utf8_lossy(&output.stdout).trim(),
        "988812010000000010f7 080910100000000071 000102030405060708090a0b0c0d0e0f 101112131415161718191a1b1c1d1e1f"
    );
}
