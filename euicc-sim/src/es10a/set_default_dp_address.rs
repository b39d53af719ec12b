//! SetDefaultDpAddress (SGP.22 §5.7.4).

use asn1::SetDefaultDpAddressResult;
use asn1::tlv::Tlv;

use crate::apdu::StatusWord;
use crate::isdr::{Es10Result, Isdr, tag};
use crate::object::{member, members, outcome};

/// The longest host name (RFC 1035 §3.1), with room for a port.
const MAX_ADDRESS: usize = 255 + ":65535".len();

pub(crate) fn execute(isdr: &mut Isdr, request: Tlv<'_>) -> Es10Result {
    let address = member(&members(request.value)?, 0x80)?.value;
    let address = str::from_utf8(address).map_err(|_| StatusWord::WRONG_DATA)?;
    // No code is given for what cannot be an FQDN.
    if address.len() > MAX_ADDRESS {
        let refusal = SetDefaultDpAddressResult::UNDEFINED_ERROR;
        isdr.tracer().refused("SGP.22 §5.7.4", "the address is an FQDN", &refusal);
        return Ok(outcome(tag::SET_DEFAULT_DP_ADDRESS, refusal.value()));
    }
    let mut draft = isdr.state().clone();
    // SGP.22 §5.7.4: the empty string removes the address.
    draft.addresses.default_smdp = (!address.is_empty()).then(|| address.to_owned());
    isdr.commit(draft)?;
    Ok(outcome(tag::SET_DEFAULT_DP_ADDRESS, SetDefaultDpAddressResult::OK.value()))
}
