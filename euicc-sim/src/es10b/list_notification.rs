//! ListNotification (SGP.22 §5.7.9).

use asn1::tlv::{self, Tlv};

use crate::apdu::StatusWord;
use crate::isdr::{Es10Result, Isdr, tag};
use crate::object::{first_bits, members, optional};

pub(crate) fn execute(isdr: &mut Isdr, request: Tlv<'_>) -> Es10Result {
    let filter = match optional(&members(request.value)?, 0x81) {
        Some(events) => first_bits(events.value).ok_or(StatusWord::WRONG_DATA)?,
        // SGP.22 §5.7.9: without a filter all are told. A filter that names no event finds none.
        None => 0xFF,
    };
    let all = isdr.state().notifications.all();
    let chosen = all.iter().filter(|notification| notification.event.bit() & filter != 0);
    let list: Vec<u8> = chosen.flat_map(|notification| notification.metadata.iter().copied()).collect();
    Ok(tlv::wrap(tag::LIST_NOTIFICATION, &tlv::wrap(0xA0, &list)))
}
