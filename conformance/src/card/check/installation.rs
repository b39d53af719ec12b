//! Of the Profile Installation Result, and what stays of an installation (SGP.22 §2.5.6).

use std::fmt;

use asn1::profile::{EuiccResponse, Status};
use asn1::{
    BppCommandId, ErrorReason, FinalResult, NotificationEvent, ProfileInstallationResult, ProfileState, der,
    tlv,
};
use certs::Certificate;

use super::{Check, Finding, Held, Notified, Profiles, hex, holds};
use crate::card::bench::Bench;
use crate::card::profile::Slot;
use crate::card::reply::Reply;
use crate::card::request::{Portion, Request};
use crate::card::session::SERVER_ADDRESS;

/// Of the Profile Installation Result that came last.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Installed {
    /// It has the transactionId of the session.
    NamesTransaction,
    /// smdpOid is that of CERT.DPpb.ECDSA.
    NamesTheServer,
    /// Its notification metadata is that of an installation, for the server that was authenticated.
    MetadataIsRight,
    /// It names the ICCID of the profile.
    NamesIccid,
    /// euiccSignPIR is that of CERT.EUICC.ECDSA over the data object BF27.
    SignatureVerifies,
    /// A successful one has the AID under which the profile is listed.
    NamesAid,
    /// It is kept, and is the same where it is read again.
    IsKept,
    /// Its number is above those of all notifications before.
    NumberIsNew,
    /// Only the last segment was answered with data.
    OnlyAtTheEnd,
    /// A segment more is refused.
    NothingMoreIsTaken,
    /// simaResponse has this status, and says that the installation was given up where it was.
    Tells(Status),
}

/// What every result has to have, whether the profile was installed or not.
const SOUND: [Installed; 7] = [
    Installed::NamesTransaction,
    Installed::NamesTheServer,
    Installed::MetadataIsRight,
    Installed::SignatureVerifies,
    Installed::IsKept,
    Installed::NumberIsNew,
    Installed::NothingMoreIsTaken,
];

impl Installed {
    pub(super) fn hold(self, bench: &mut Bench<'_>) -> Held {
        match self {
            Self::IsKept => return Notified::ResultIsKept.hold(bench),
            Self::NothingMoreIsTaken => return nothing_more_is_taken(bench),
            Self::OnlyAtTheEnd => {
                let early = bench.asked.iter().any(|asked| asked.answer.early);
                return holds(!early, "data came before the last block was sent");
            }
            _ => {}
        }
        let result = result(bench)?;
        let data = &result.profile_installation_result_data;
        let metadata = &data.notification_metadata;
        match self {
            Self::NamesTransaction => {
                let (actual, sent) = (data.transaction_id.bytes(), &bench.session.transaction_id);
                holds(actual == sent, format_args!("{}, sent {}", hex(actual), hex(sent)))
            }
            Self::NamesTheServer => {
                let server = bench.session.server.as_ref().ok_or("there is no session")?;
                let certificate = Certificate::from_der(&server.pb.certificate).map_err(Finding::is)?;
                holds(certificate.registered_ids().iter().any(|id| *id == data.smdp_oid), &data.smdp_oid)
            }
            Self::MetadataIsRight => {
                let event = &metadata.profile_management_operation;
                let install = NotificationEvent::of([NotificationEvent::INSTALL]);
                holds(*event == install, format_args!("the event is {{{event}}}"))?;
                let address = &metadata.notification_address;
                holds(address == SERVER_ADDRESS, format_args!("notificationAddress is {address:?}"))
            }
            Self::NamesIccid => {
                let iccid = bench.profile(Slot::A).iccid;
                holds(metadata.iccid == Some(iccid), format_args!("{:?}", metadata.iccid))
            }
            Self::SignatureVerifies => {
                Ok(bench.session.verify(data.bytes(), result.euicc_sign_pir.bytes())?)
            }
            Self::NamesAid => names_aid(bench, &result),
            Self::Tells(status) => tells(&result, status),
            Self::NumberIsNew => {
                let before = bench.noted.iter().max();
                let number = metadata.seq_number;
                holds(
                    before.is_none_or(|before| number > *before),
                    format_args!("{number}, there was {before:?}"),
                )
            }
            Self::IsKept | Self::NothingMoreIsTaken | Self::OnlyAtTheEnd => Ok(()),
        }
    }
}

fn result(bench: &Bench<'_>) -> Result<ProfileInstallationResult, Finding> {
    if bench.result.is_empty() {
        return Err("there is no Profile Installation Result".into());
    }
    Ok(der::decode(&bench.result)?)
}

fn names_aid(bench: &mut Bench<'_>, result: &ProfileInstallationResult) -> Held {
    let FinalResult::SuccessResult(success) = &result.profile_installation_result_data.final_result else {
        return Err("the profile is not installed".into());
    };
    let iccid = bench.profile(Slot::A).iccid;
    let list = bench.profiles_info(&[0x5A, 0x4F])??;
    let listed = list.into_iter().find(|info| info.iccid == Some(iccid)).and_then(|info| info.isdp_aid);
    holds(listed.as_ref() == Some(&success.aid), format_args!("{}, listed {listed:?}", success.aid))
}

/// SGP.22 §2.5.6: simaResponse is one EUICCResponse after the other.
fn tells(result: &ProfileInstallationResult, status: Status) -> Held {
    let (told, failed) = match &result.profile_installation_result_data.final_result {
        FinalResult::SuccessResult(success) => (success.sima_response.bytes(), false),
        FinalResult::ErrorResult(error) => {
            let told = error.sima_response.as_ref().ok_or("there is no simaResponse")?;
            (told.bytes(), true)
        }
    };
    let mut responses = Vec::new();
    for response in tlv::children(told) {
        let response = response.map_err(|error| Finding::is(format_args!("simaResponse: {error}")))?;
        responses.push(EuiccResponse::from_der(response.raw).map_err(Finding::is)?);
    }
    let statuses: Vec<Status> =
        responses.iter().flat_map(|response| &response.pe_status).map(|element| element.status).collect();
    holds(statuses.contains(&status), format_args!("simaResponse says {statuses:?}"))?;
    let aborted = responses.iter().any(|response| response.profile_installation_aborted);
    holds(aborted == failed, format_args!("profileInstallationAborted is {aborted}"))
}

fn nothing_more_is_taken(bench: &mut Bench<'_>) -> Held {
    let asked = bench.send(Request::Load(Portion::Again))?;
    match asked.reply {
        Reply::Status(status) if [0x6A88, 0x6985].contains(&status.0) => Ok(()),
        other => Err(Finding::is(format_args!("a segment more is answered with {other}"))),
    }
}

/// A package was refused in this function for one of these reasons: the result is sound, and nothing of the profile stays.
pub fn refused(bench: &mut Bench<'_>, command: BppCommandId, reasons: &[ErrorReason]) -> Held {
    let reply = bench.last().map(|asked| asked.reply.clone());
    match reply {
        Some(Reply::NotInstalled(actual, reason)) if actual == command && reasons.contains(&reason) => {}
        Some(other) => return Err(Finding::is(other)),
        None => return Err("nothing was asked".into()),
    }
    sound(bench)?;
    iccid_where_it_is_known(bench, command)?;
    absent(bench)
}

/// A profile was installed, and its result is sound.
pub fn installed(bench: &mut Bench<'_>) -> Held {
    match bench.last().map(|asked| asked.reply.clone()) {
        Some(Reply::Done) => {}
        Some(other) => return Err(Finding::is(other)),
        None => return Err("nothing was asked".into()),
    }
    sound(bench)?;
    named(Check::Installed(Installed::NamesIccid), bench)?;
    named(Check::Installed(Installed::NamesAid), bench)?;
    named(Check::Profiles(Profiles::State(Slot::A, ProfileState::DISABLED)), bench)
}

/// A package was not installed, however the card says so.
pub fn not_installed(bench: &mut Bench<'_>) -> Held {
    match bench.last().map(|asked| asked.reply.clone()) {
        Some(Reply::NotInstalled(..)) => sound(bench)?,
        Some(Reply::NoData) => {}
        Some(Reply::Status(status)) if status.0 >> 12 == 6 => {}
        Some(other) => return Err(Finding::is(other)),
        None => return Err("nothing was asked".into()),
    }
    absent(bench)
}

/// A package was installed, or not; what the card says of it is true.
pub fn installed_or_not(bench: &mut Bench<'_>) -> Held {
    match bench.last().map(|asked| &asked.reply) {
        Some(Reply::Done) => installed(bench),
        _ => not_installed(bench),
    }
}

fn sound(bench: &mut Bench<'_>) -> Held {
    SOUND.into_iter().try_for_each(|check| named(Check::Installed(check), bench))
}

/// SGP.22 §2.5.6: the ICCID is there where the eUICC knew it, and otherwise not. While the metadata is read both may be.
fn iccid_where_it_is_known(bench: &mut Bench<'_>, command: BppCommandId) -> Held {
    match command {
        BppCommandId::INITIALISE_SECURE_CHANNEL | BppCommandId::CONFIGURE_ISDP => {
            let iccid = result(bench)?.profile_installation_result_data.notification_metadata.iccid;
            holds(iccid.is_none(), format_args!("the result names {iccid:?}, which the card cannot know"))
        }
        BppCommandId::REPLACE_SESSION_KEYS | BppCommandId::LOAD_PROFILE_ELEMENTS => {
            let iccid = result(bench)?.profile_installation_result_data.notification_metadata.iccid;
            holds(iccid.is_some(), "the result names no ICCID")
        }
        _ => Ok(()),
    }
}

fn absent(bench: &mut Bench<'_>) -> Held {
    Slot::ALL
        .into_iter()
        .filter(|slot| !bench.is_installed(*slot))
        .collect::<Vec<_>>()
        .into_iter()
        .try_for_each(|slot| named(Check::Profiles(Profiles::Absent(slot)), bench))
}

/// Holds a check, and says which it was where it does not.
fn named(check: Check, bench: &mut Bench<'_>) -> Held {
    check.hold(bench).map_err(|finding| match finding {
        Finding::Difference(actual) => Finding::Difference(format!("not that {check}: {actual}")),
        stop @ Finding::Stop(_) => stop,
    })
}

impl fmt::Display for Installed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NamesTransaction => "the result has the transactionId of the session",
            Self::NamesTheServer => "smdpOid is that of CERT.DPpb.ECDSA",
            Self::MetadataIsRight => "the result is a notification of an installation to the serverAddress",
            Self::NamesIccid => "the result names the ICCID",
            Self::SignatureVerifies => "euiccSignPIR is that of CERT.EUICC.ECDSA over the data object BF27",
            Self::NamesAid => "the result has the AID that the profile is listed under",
            Self::IsKept => "the result is kept, byte for byte",
            Self::NumberIsNew => "the seqNumber is above all before",
            Self::OnlyAtTheEnd => "data comes with the last segment only",
            Self::Tells(status) => {
                return write!(f, "simaResponse says {}", status.name().unwrap_or("a status"));
            }
            Self::NothingMoreIsTaken => "a segment after the result is refused with 6A88 or 6985",
        })
    }
}
