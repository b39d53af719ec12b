//! Of the pending notifications (SGP.22 §5.7.9 to §5.7.11, §3.5).

use std::collections::BTreeMap;
use std::fmt;

use asn1::{
    ListNotificationResponse, NotificationEvent, NotificationMetadata, PendingNotification, Raw,
    RetrieveNotificationsListResponse, der,
};
use certs::Certificate;
use certs::chain::verify_euicc_chain;

use super::{Finding, Held, holds, last_data};
use crate::card::bench::Bench;
use crate::card::profile::{Profile, Slot};
use crate::card::reply::Reply;
use crate::card::request::Request;
use crate::card::session::{self, SERVER_ADDRESS};

/// A notification as it should be there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Note {
    /// The Profile Installation Result of this profile.
    Result(Slot),
    /// This event of this profile, at the address that its metadata has for it.
    Event(usize, Slot),
}

/// Of the pending notifications. Those that were noted before are left out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Notified {
    /// These are pending, in the order of their numbers.
    Are(&'static [Note]),
    /// These are pending.
    AreInAnyOrder(&'static [Note]),
    /// These are among those that are pending.
    HaveAmongThem(&'static [Note]),
    /// Every signature is that of the certificate that comes with it, and the chain is good.
    SignaturesVerify,
    /// ListNotification tells what RetrieveNotificationsList has.
    ListAgrees,
    /// The last list is empty.
    ListIsEmpty,
    /// The last list has all notifications of these events, and no others.
    ListIsOf(&'static [usize]),
    /// The last list is the notification with the highest number, and no other.
    ListIsTheNewest,
    /// The result that came last is kept as it was.
    ResultIsKept,
    /// All numbers are above those that were noted.
    NumbersAreNew,
}

impl Notified {
    pub(super) fn hold(self, bench: &mut Bench<'_>) -> Held {
        match self {
            Self::Are(notes) => are(bench, notes, true),
            Self::AreInAnyOrder(notes) => are(bench, notes, false),
            Self::HaveAmongThem(notes) => have(bench, notes),
            Self::SignaturesVerify => {
                let ours = bench.new_notifications()??;
                holds(!ours.is_empty(), "there is none")?;
                ours.iter().try_for_each(|notification| signature(bench, notification))
            }
            Self::ListAgrees => list_agrees(bench),
            Self::ListIsEmpty => {
                let list = list(last_data(bench)?)?;
                holds(list.is_empty(), format_args!("it has {} entries", list.len()))
            }
            Self::ListIsOf(events) => list_is_of(bench, events),
            Self::ListIsTheNewest => {
                let list = list(last_data(bench)?)?;
                let newest = bench.notifications()??.iter().map(|one| one.metadata().seq_number).max();
                let numbers: Vec<u64> = list.iter().map(|metadata| metadata.seq_number).collect();
                holds(
                    newest.is_some_and(|newest| numbers == [newest]),
                    format_args!("the numbers are {numbers:?}"),
                )
            }
            Self::ResultIsKept => {
                let kept = bench.notifications()??.iter().any(|one| one.bytes() == bench.result);
                holds(kept && !bench.result.is_empty(), "RetrieveNotificationsList does not have it")
            }
            Self::NumbersAreNew => {
                let lowest = bench.new_notifications()??.iter().map(|one| one.metadata().seq_number).min();
                let highest = bench.noted.iter().max();
                let lowest = lowest.ok_or("there is no notification")?;
                holds(
                    highest.is_none_or(|highest| lowest > *highest),
                    format_args!("{lowest}, there was {highest:?}"),
                )
            }
        }
    }
}

fn are(bench: &mut Bench<'_>, notes: &[Note], in_order: bool) -> Held {
    let ours = bench.new_notifications()??;
    let mut actual: Vec<String> = ours.iter().map(|one| described(one)).collect();
    let mut expected: Vec<String> = notes.iter().map(|note| note.described(bench)).collect();
    if !in_order {
        actual.sort();
        expected.sort();
    }
    holds(actual == expected, format_args!("[{}], expected [{}]", actual.join("; "), expected.join("; ")))
}

fn have(bench: &mut Bench<'_>, notes: &[Note]) -> Held {
    let ours = bench.new_notifications()??;
    let actual: Vec<String> = ours.iter().map(|one| described(one)).collect();
    let missing = notes.iter().map(|note| note.described(bench)).find(|note| !actual.contains(note));
    missing
        .map_or(Ok(()), |missing| Err(Finding::is(format_args!("[{}] lacks {missing}", actual.join("; ")))))
}

fn described(notification: &PendingNotification) -> String {
    let metadata = notification.metadata();
    let kind = match notification {
        PendingNotification::ProfileInstallationResult(_) => "result",
        PendingNotification::OtherSignedNotification(_) => "notification",
    };
    let iccid = metadata.iccid.map_or_else(String::new, |iccid| iccid.to_string());
    let event = &metadata.profile_management_operation;
    format!("{kind} {event} of {iccid} to {}", metadata.notification_address)
}

impl Note {
    fn described(self, bench: &Bench<'_>) -> String {
        let (kind, event, slot, address) = match self {
            Self::Result(slot) => ("result", NotificationEvent::INSTALL, slot, SERVER_ADDRESS.to_owned()),
            Self::Event(event, slot) => ("notification", event, slot, Profile::address(event)),
        };
        let event = NotificationEvent::of([event]);
        format!("{kind} {event} of {} to {address}", bench.profile(slot).iccid)
    }
}

fn signature(bench: &Bench<'_>, notification: &PendingNotification) -> Held {
    let PendingNotification::OtherSignedNotification(other) = notification else { return Ok(()) };
    let euicc = Certificate::from_der(other.euicc_certificate.raw()).map_err(Finding::is)?;
    let eum = Certificate::from_der(other.eum_certificate.raw()).map_err(Finding::is)?;
    // SGP.22 §5.7.10: with the credentials of the download that brought the profile.
    let anchor = bench.servers.authority().anchor().clone();
    verify_euicc_chain(&[anchor], &eum, &euicc, None, &mut |_| ()).map_err(Finding::is)?;
    let signature = other.euicc_notification_signature.bytes();
    Ok(session::verify(euicc.public_key(), other.tbs_other_notification.bytes(), signature)?)
}

/// The metadata of a list, whichever of the two functions it is of.
fn list(data: &[u8]) -> Result<Vec<NotificationMetadata>, Finding> {
    if data.starts_with(&[0xBF, 0x28]) {
        return match der::decode(data)? {
            ListNotificationResponse::NotificationMetadataList(list) => Ok(list),
            ListNotificationResponse::ListNotificationsResultError(error) => Err(Finding::is(error)),
        };
    }
    match der::decode(data)? {
        RetrieveNotificationsListResponse::NotificationList(list) => Ok(metadata(&list)),
        RetrieveNotificationsListResponse::NotificationsListResultError(error) => Err(Finding::is(error)),
    }
}

fn metadata(list: &[Raw<PendingNotification>]) -> Vec<NotificationMetadata> {
    list.iter().map(|one| one.metadata().clone()).collect()
}

fn by_number(list: Vec<NotificationMetadata>) -> BTreeMap<u64, NotificationMetadata> {
    list.into_iter().map(|metadata| (metadata.seq_number, metadata)).collect()
}

fn list_agrees(bench: &mut Bench<'_>) -> Held {
    let retrieved = by_number(metadata(&bench.notifications()??));
    let asked = bench.send(Request::ListNotification(None))?;
    if asked.reply != Reply::Done {
        return Err(Finding::is(format_args!("ListNotification is answered with {}", asked.reply)));
    }
    let listed = by_number(list(&asked.answer.data)?);
    holds(listed == retrieved, format_args!("{} are listed, {} retrieved", listed.len(), retrieved.len()))
}

fn list_is_of(bench: &mut Bench<'_>, events: &[usize]) -> Held {
    let actual = by_number(list(last_data(bench)?)?);
    let wanted = |metadata: &NotificationMetadata| {
        events.iter().any(|event| metadata.profile_management_operation.has(*event))
    };
    let all = metadata(&bench.notifications()??);
    let expected = by_number(all.into_iter().filter(wanted).collect());
    let numbers = |list: &BTreeMap<u64, NotificationMetadata>| format!("{:?}", list.keys());
    holds(actual == expected, format_args!("{}, expected {}", numbers(&actual), numbers(&expected)))
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Result(slot) => write!(f, "the result of {slot}"),
            Self::Event(event, slot) => write!(f, "{} of {slot}", NotificationEvent::of([*event])),
        }
    }
}

impl fmt::Display for Notified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let listed = |f: &mut fmt::Formatter<'_>, notes: &[Note]| {
            notes.iter().enumerate().try_for_each(|(index, note)| {
                let between = if index == 0 { "" } else { ", " };
                write!(f, "{between}{note}")
            })
        };
        match self {
            Self::Are([]) | Self::AreInAnyOrder([]) => f.write_str("no notification is pending"),
            Self::Are(notes) => {
                f.write_str("pending in this order are ")?;
                listed(f, notes)
            }
            Self::AreInAnyOrder(notes) => {
                f.write_str("pending are ")?;
                listed(f, notes)
            }
            Self::HaveAmongThem(notes) => {
                f.write_str("pending are, among others, ")?;
                listed(f, notes)
            }
            Self::SignaturesVerify => {
                f.write_str("every notification is signed under the Certificate Issuer of the download")
            }
            Self::ListAgrees => f.write_str("ListNotification tells what RetrieveNotificationsList has"),
            Self::ListIsEmpty => f.write_str("the list is empty"),
            Self::ListIsOf(events) => {
                let events = NotificationEvent::of(events.iter().copied());
                write!(f, "the list has all notifications of {events} and no others")
            }
            Self::ListIsTheNewest => {
                f.write_str("the list has the notification with this number and no other")
            }
            Self::ResultIsKept => f.write_str("RetrieveNotificationsList has the result byte for byte"),
            Self::NumbersAreNew => f.write_str("the numbers are above all before"),
        }
    }
}
