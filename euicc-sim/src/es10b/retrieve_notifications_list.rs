//! RetrieveNotificationsList (SGP.22 §5.7.10).

use asn1::tlv::{self, Tlv};

use crate::apdu::StatusWord;
use crate::isdr::{Es10Result, Isdr, tag};
use crate::object::{first_bits, members, optional, single_object, unsigned};
use crate::state::Notification;

pub(crate) fn execute(isdr: &mut Isdr, request: Tlv<'_>) -> Es10Result {
    let criterion = match optional(&members(request.value)?, 0xA0) {
        Some(choice) => Criterion::read(choice.value)?,
        None => Criterion::All,
    };
    let all = isdr.state().notifications.all();
    let chosen = all.iter().filter(|notification| criterion.fits(notification));
    // Stored once, so that the bytes and the signature in them are the same at every read.
    let list: Vec<u8> =
        chosen.flat_map(|notification| notification.pending_notification.iter().copied()).collect();
    Ok(tlv::wrap(tag::RETRIEVE_NOTIFICATIONS_LIST, &tlv::wrap(0xA0, &list)))
}

/// searchCriteria.
enum Criterion {
    All,
    /// A number no notification can have, where it is none of ours.
    SequenceNumber(Option<u64>),
    Events(u8),
}

impl Criterion {
    fn read(choice: &[u8]) -> Result<Self, StatusWord> {
        let criterion = single_object(choice)?;
        match criterion.tag.0 {
            0x80 => unsigned(criterion.value).map(Self::SequenceNumber),
            0x81 => first_bits(criterion.value).map(Self::Events).ok_or(StatusWord::WRONG_DATA),
            _ => Err(StatusWord::WRONG_DATA),
        }
    }

    fn fits(&self, notification: &Notification) -> bool {
        match self {
            Self::All => true,
            Self::SequenceNumber(number) => *number == Some(notification.sequence_number),
            Self::Events(bits) => notification.event.bit() & bits != 0,
        }
    }
}
