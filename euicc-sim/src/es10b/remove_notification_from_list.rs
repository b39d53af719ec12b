//! RemoveNotificationFromList (SGP.22 §5.7.11).

use asn1::DeleteNotificationStatus;
use asn1::tlv::Tlv;

use crate::isdr::{Es10Result, Isdr, tag};
use crate::object::{member, members, outcome, unsigned};

pub(crate) fn execute(isdr: &mut Isdr, request: Tlv<'_>) -> Es10Result {
    let number = unsigned(member(&members(request.value)?, 0x80)?.value)?;
    let mut draft = isdr.state().clone();
    let removed = number.is_some_and(|number| draft.notifications.remove(number));
    let removed = if removed { Ok(()) } else { Err(DeleteNotificationStatus::NOTHING_TO_DELETE) };
    let status = match isdr.tracer().check("SGP.22 §5.7.11", "the notification is in the list", removed) {
        Ok(()) => isdr.commit(draft).map(|()| DeleteNotificationStatus::OK)?,
        Err(status) => status,
    };
    Ok(outcome(tag::REMOVE_NOTIFICATION_FROM_LIST, status.value()))
}
