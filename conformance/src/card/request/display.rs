//! Requests in words.

use std::fmt;

use asn1::{NotificationEvent, ResetOptions};

use super::{Change, Criterion, Number, Outcome, Portion, Query, Request, Search, Target};

impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::GetEuiccConfiguredAddresses => f.write_str("GetEuiccConfiguredAddresses"),
            Self::SetDefaultDpAddress(address) => write!(f, "SetDefaultDpAddress to {address:?}"),
            Self::GetEuiccChallenge => f.write_str("GetEUICCChallenge"),
            Self::GetEuiccInfo1 => f.write_str("GetEUICCInfo for EUICCInfo1"),
            Self::GetEuiccInfo2 => f.write_str("GetEUICCInfo for EUICCInfo2"),
            Self::ListNotification(None) => f.write_str("ListNotification"),
            Self::ListNotification(Some(events)) => write!(f, "ListNotification of {}", Events(events)),
            Self::RetrieveNotificationsList(search) => write!(f, "RetrieveNotificationsList{search}"),
            Self::RemoveNotificationFromList(number) => write!(f, "RemoveNotificationFromList of {number}"),
            Self::LoadCrl(crl) => write!(f, "LoadCRL of {crl}"),
            Self::AuthenticateServer(form) => form.fmt(f),
            Self::PrepareDownload(form) => form.fmt(f),
            Self::Load(portion) => write!(f, "LoadBoundProfilePackage with {portion}"),
            Self::CancelSession(form) => form.fmt(f),
            Self::GetRat => f.write_str("GetRAT"),
            Self::LpaeActivation => f.write_str("LpaeActivation of the LPAe with CAT"),
            Self::GetProfilesInfo(query) => write!(f, "GetProfilesInfo of {query}"),
            Self::EnableProfile(change) => write!(f, "EnableProfile of {change}"),
            Self::DisableProfile(change) => write!(f, "DisableProfile of {change}"),
            Self::DeleteProfile(target, outcome) => write!(f, "DeleteProfile of {target}{outcome}"),
            Self::EuiccMemoryReset(bits) => {
                write!(f, "eUICCMemoryReset with {}", ResetOptions::of(bits.iter().copied()))
            }
            Self::GetEid => f.write_str("GetEID"),
            Self::SetNickname(target, nickname) => {
                let length = nickname.chars().count();
                write!(f, "SetNickname of {target} to a text of {length} characters")
            }
            Self::Bytes(what, hex) => write!(f, "{what} ({hex})"),
        }
    }
}

struct Events(&'static [usize]);

impl fmt::Display for Events {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            [] => f.write_str("no event"),
            bits => NotificationEvent::of(bits.iter().copied()).fmt(f),
        }
    }
}

impl fmt::Display for Search {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => Ok(()),
            Self::Number(number) => write!(f, " for {number}"),
            Self::Events(events) => write!(f, " of {}", Events(events)),
        }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Newest => "the newest seqNumber",
            Self::Oldest => "the oldest seqNumber of the case",
            Self::Noted => "the highest seqNumber that was noted",
            Self::Unknown => "an unknown seqNumber",
        })
    }
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.criterion {
            Criterion::All => f.write_str("all profiles")?,
            Criterion::Profile(target) => target.fmt(f)?,
            Criterion::Class(class) => write!(f, "profiles of the class {class}")?,
        }
        let Some(tags) = self.tags else { return Ok(()) };
        f.write_str(" with the tags")?;
        tags.iter().try_for_each(|tag| write!(f, " {tag:02X}"))
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Iccid(slot) => slot.fmt(f),
            Self::Aid(slot) => write!(f, "{slot} by AID"),
            Self::UnknownIccid => f.write_str("an unknown ICCID"),
            Self::UnknownAid => f.write_str("an unknown AID"),
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Object => "",
            Self::Status => " as a case 3 command",
        })
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let refresh = if self.refresh { " with the refreshFlag" } else { "" };
        write!(f, "{}{refresh}{}", self.target, self.outcome)
    }
}

impl fmt::Display for Portion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rest => f.write_str("all segments that are left"),
            Self::Next(1) => f.write_str("the next segment"),
            Self::Next(number) => write!(f, "the next {number} segments"),
            Self::Again => f.write_str("the last segment once more"),
            Self::SkipOne => f.write_str("the segment after the next one"),
            Self::FromTheStart(package) => package.fmt(f),
        }
    }
}
