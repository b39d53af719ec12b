//! Making notifications (SGP.22 §3.5, §5.7.10).

use asn1::{Iccid, NotificationEvent, tlv};

use crate::apdu::StatusWord;
use crate::keyring::Keyring;
use crate::object::integer;
use crate::state::{CardState, Event, Notification, Profile};

/// A NotificationMetadata TLV (BF2F); the ICCID is left out where it is not known (SGP.22 §2.5.6).
pub(crate) fn metadata(sequence_number: u64, event: Event, address: &str, iccid: Option<&Iccid>) -> Vec<u8> {
    let mut members = integer(0x80, i64::try_from(sequence_number).unwrap_or(i64::MAX));
    members.extend(tlv::wrap(0x81, &event.bit_string()));
    members.extend(tlv::wrap(0x0C, address.as_bytes()));
    if let Some(iccid) = iccid {
        members.extend(tlv::wrap(0x5A, iccid.bytes()));
    }
    tlv::wrap(0xBF2F, &members)
}

/// Generates the notifications that the metadata of `profile` asks for after `event`: one for each address.
///
/// # Errors
/// 6F00 where no signature can be made.
pub(crate) fn notify(
    state: &mut CardState,
    keys: &Keyring,
    profile: &Profile,
    event: Event,
) -> Result<(), StatusWord> {
    let bit = match event {
        Event::Install => NotificationEvent::INSTALL,
        Event::Enable => NotificationEvent::ENABLE,
        Event::Disable => NotificationEvent::DISABLE,
        Event::Delete => NotificationEvent::DELETE,
    };
    // SGP.22 §5.5.3: an event may appear several times, each time with another recipient.
    for entry in profile.metadata.notification_configuration_info.iter().flatten() {
        if entry.profile_management_operation.has(bit) {
            let notification =
                other_signed_notification(state, keys, profile, event, &entry.notification_address)?;
            state.notifications.keep_other(notification);
        }
    }
    Ok(())
}

/// OtherSignedNotification (SGP.22 §5.7.10).
fn other_signed_notification(
    state: &mut CardState,
    keys: &Keyring,
    profile: &Profile,
    event: Event,
    address: &str,
) -> Result<Notification, StatusWord> {
    let sequence_number = state.notifications.take_sequence_number();
    let metadata = metadata(sequence_number, event, address, Some(&profile.iccid));
    // SGP.22 §5.7.10: with the credentials of the euiccCiPKIdToBeUsed of this profile's download.
    let identity = keys.identity(&profile.euicc_ci_pk_id).ok_or(StatusWord::TECHNICAL_PROBLEM)?;
    let signature = identity.key.sign(&metadata).map_err(|_| StatusWord::TECHNICAL_PROBLEM)?;
    let mut members = metadata.clone();
    members.extend(tlv::wrap(0x5F37, signature.as_bytes()));
    members.extend_from_slice(&identity.euicc_certificate);
    members.extend_from_slice(&identity.eum_certificate);
    Ok(Notification { sequence_number, event, metadata, pending_notification: tlv::wrap(0x30, &members) })
}
