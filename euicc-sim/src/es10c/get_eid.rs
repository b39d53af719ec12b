//! GetEID (SGP.22 §5.7.20).

use asn1::tlv::{self, Tlv};

use crate::apdu::StatusWord;
use crate::isdr::{Es10Result, Isdr, tag};
use crate::object::{member, members};

pub(crate) fn execute(isdr: &mut Isdr, request: Tlv<'_>) -> Es10Result {
    // SGP.22 §5.7.20: another tag list than that of the EID is an error status word.
    match member(&members(request.value)?, 0x5C)?.value {
        [0x5A] => Ok(tlv::wrap(tag::GET_EID, &tlv::wrap(0x5A, isdr.state().eid.as_bytes()))),
        _ => Err(StatusWord::WRONG_DATA),
    }
}
