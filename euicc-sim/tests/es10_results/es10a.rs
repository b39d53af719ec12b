//! ES10a.

use asn1::tlv;

use super::common::{Terminal, hex};
use super::{forcing, terminal};

fn set_address(address: &str) -> Vec<u8> {
    tlv::wrap(0xBF3F, &tlv::wrap(0x80, address.as_bytes()))
}

fn configured(terminal: &mut Terminal) -> Option<String> {
    let response: asn1::EuiccConfiguredAddressesResponse =
        asn1::der::decode(&terminal.ok(&hex("BF3C00"))).unwrap();
    response.default_dp_address
}

#[test]
fn get_euicc_configured_addresses_tells_the_root_sm_ds_always() {
    assert_eq!(terminal(&[]).ok(&hex("BF3C00"))[..4], hex("BF3C 1A 81"));
}

#[test]
fn set_default_dp_address_ok() {
    let mut terminal = terminal(&[]);
    assert_eq!(terminal.result(&set_address("smdp.example.com:8443")), 0);
    assert_eq!(configured(&mut terminal).as_deref(), Some("smdp.example.com:8443"));
    assert_eq!(terminal.result(&set_address("")), 0);
    assert_eq!(configured(&mut terminal), None);
    assert_eq!(terminal.result(&set_address("")), 0, "what is not there can be removed");
}

#[test]
fn set_default_dp_address_undefined_error() {
    let mut terminal = terminal(&[]);
    assert_eq!(terminal.result(&set_address(&"a".repeat(261))), 0);
    assert_eq!(terminal.result(&set_address(&"b".repeat(262))), 127, "longer than any host name and port");
    assert_eq!(configured(&mut terminal), Some("a".repeat(261)));
}

#[test]
fn set_default_dp_address_undefined_error_when_forced() {
    let mut terminal = forcing("SetDefaultDpAddress", 127);
    assert_eq!(terminal.result(&set_address("smdp.example.com")), 127);
    assert_eq!(configured(&mut terminal), None);
}
