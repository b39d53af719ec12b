//! GetEuiccConfiguredAddresses (SGP.22 §5.7.3).

use asn1::tlv::{self, Tlv};

use crate::isdr::{Es10Result, Isdr, tag};
use crate::object::no_input;

pub(crate) fn execute(isdr: &mut Isdr, request: Tlv<'_>) -> Es10Result {
    no_input(&request)?;
    let addresses = &isdr.state().addresses;
    let mut members = Vec::new();
    if let Some(default) = &addresses.default_smdp {
        members.extend(tlv::wrap(0x80, default.as_bytes()));
    }
    members.extend(tlv::wrap(0x81, addresses.root_smds.as_bytes()));
    Ok(tlv::wrap(tag::GET_EUICC_CONFIGURED_ADDRESSES, &members))
}
