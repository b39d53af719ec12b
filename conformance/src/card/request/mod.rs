//! What the card is asked: one command object each.

mod display;

use asn1::tlv::wrap;
use asn1::{NotificationEvent, ResetOptions, TagList, der};
use data_encoding::HEXUPPER_PERMISSIVE;

use super::bench::{Bench, Stop};
use super::crl::Crl;
use super::package::Package;
use super::profile::Slot;
use super::session::{Authentication, Cancellation, Preparation};

/// A command of ES10.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Request {
    /// ES10a.GetEuiccConfiguredAddresses.
    GetEuiccConfiguredAddresses,
    /// ES10a.SetDefaultDpAddress.
    SetDefaultDpAddress(&'static str),
    /// ES10b.GetEUICCChallenge.
    GetEuiccChallenge,
    /// ES10b.GetEUICCInfo, EUICCInfo1.
    GetEuiccInfo1,
    /// ES10b.GetEUICCInfo, EUICCInfo2.
    GetEuiccInfo2,
    /// ES10b.ListNotification, all of them or those of these events.
    ListNotification(Option<&'static [usize]>),
    /// ES10b.RetrieveNotificationsList.
    RetrieveNotificationsList(Search),
    /// ES10b.RemoveNotificationFromList.
    RemoveNotificationFromList(Number),
    /// ES10b.LoadCRL.
    LoadCrl(Crl),
    /// ES10b.AuthenticateServer.
    AuthenticateServer(Authentication),
    /// ES10b.PrepareDownload.
    PrepareDownload(Preparation),
    /// ES10b.LoadBoundProfilePackage: segments of the package that was bound.
    Load(Portion),
    /// ES10b.CancelSession.
    CancelSession(Cancellation),
    /// ES10b.GetRAT.
    GetRat,
    /// LpaeActivation of the option that is not advertised.
    LpaeActivation,
    /// ES10c.GetProfilesInfo.
    GetProfilesInfo(Query),
    /// ES10c.EnableProfile.
    EnableProfile(Change),
    /// ES10c.DisableProfile.
    DisableProfile(Change),
    /// ES10c.DeleteProfile.
    DeleteProfile(Target, Outcome),
    /// ES10c.eUICCMemoryReset with these bits.
    EuiccMemoryReset(&'static [usize]),
    /// ES10c.GetEID.
    GetEid,
    /// ES10c.SetNickname.
    SetNickname(Target, &'static str),
    /// Any bytes: what they are, and they in hexadecimal.
    Bytes(&'static str, &'static str),
}

/// searchCriteria of RetrieveNotificationsList.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Search {
    /// None.
    All,
    /// This number.
    Number(Number),
    /// These events.
    Events(&'static [usize]),
}

/// A sequence number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Number {
    /// That of the newest notification of this case.
    Newest,
    /// That of the oldest notification of this case.
    Oldest,
    /// The highest of those that were noted.
    Noted,
    /// One that no notification has.
    Unknown,
}

/// searchCriteria and tagList of GetProfilesInfo.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Query {
    /// searchCriteria.
    pub criterion: Criterion,
    /// tagList, where there is one.
    pub tags: Option<&'static [u32]>,
}

/// searchCriteria of GetProfilesInfo.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Criterion {
    /// None.
    All,
    /// This profile.
    Profile(Target),
    /// This class.
    Class(u8),
}

/// A profile as a command names it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Target {
    /// By its ICCID.
    Iccid(Slot),
    /// By the AID of its ISD-P.
    Aid(Slot),
    /// An ICCID that no profile has.
    UnknownIccid,
    /// An AID that no ISD-P has.
    UnknownAid,
}

/// Where the outcome is told.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// In the object that the function returns.
    Object,
    /// In the status word: the case 3 form (SGP.22 §5.7.16).
    Status,
}

/// How a profile is enabled or disabled.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Change {
    /// The profile.
    pub target: Target,
    /// refreshFlag.
    pub refresh: bool,
    /// Where the outcome is told.
    pub outcome: Outcome,
}

impl Change {
    /// By ICCID, without REFRESH, the outcome in an object.
    pub const fn of(slot: Slot) -> Self {
        Self::at(Target::Iccid(slot))
    }

    /// Of this target, without REFRESH, the outcome in an object.
    pub const fn at(target: Target) -> Self {
        Self { target, refresh: false, outcome: Outcome::Object }
    }

    /// With the refreshFlag.
    #[must_use]
    pub const fn refreshing(self) -> Self {
        Self { refresh: true, ..self }
    }

    /// With the outcome in the status word.
    #[must_use]
    pub const fn case_3(self) -> Self {
        Self { outcome: Outcome::Status, ..self }
    }
}

/// Which segments of the package are sent.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Portion {
    /// All that are left, until one is answered with data or refused.
    Rest,
    /// The next ones.
    Next(usize),
    /// The one that was sent last.
    Again,
    /// The one after the next; the next one is left out.
    SkipOne,
    /// All from the first, until one is answered with data or refused.
    FromTheStart(Package),
}

impl Request {
    /// The command object.
    ///
    /// # Errors
    /// Where it needs what there is not: a session, an AID, a certificate.
    pub(super) fn object(self, bench: &mut Bench<'_>) -> Result<Vec<u8>, Stop> {
        Ok(match self {
            Self::GetEuiccConfiguredAddresses => vec![0xBF, 0x3C, 0],
            Self::SetDefaultDpAddress(address) => wrap(0xBF3F, &wrap(0x80, address.as_bytes())),
            Self::GetEuiccChallenge => vec![0xBF, 0x2E, 0],
            Self::GetEuiccInfo1 => vec![0xBF, 0x20, 0],
            Self::GetEuiccInfo2 => vec![0xBF, 0x22, 0],
            Self::ListNotification(None) => vec![0xBF, 0x28, 0],
            Self::ListNotification(Some(bits)) => wrap(0xBF28, &events(bits)),
            Self::RetrieveNotificationsList(Search::All) => vec![0xBF, 0x2B, 0],
            Self::RetrieveNotificationsList(Search::Number(number)) => {
                wrap(0xBF2B, &wrap(0xA0, &integer(bench.number(number)?)))
            }
            Self::RetrieveNotificationsList(Search::Events(bits)) => wrap(0xBF2B, &wrap(0xA0, &events(bits))),
            Self::RemoveNotificationFromList(number) => wrap(0xBF30, &integer(bench.number(number)?)),
            Self::LoadCrl(crl) => crl.object(bench)?,
            Self::AuthenticateServer(form) => bench.authenticate_server(form)?,
            Self::PrepareDownload(form) => bench.prepare_download(form)?,
            // A package has many objects; the bench sends them itself.
            Self::Load(_) => Vec::new(),
            Self::CancelSession(form) => form.object(&bench.session, &bench.earlier),
            Self::GetRat => vec![0xBF, 0x43, 0],
            Self::LpaeActivation => wrap(0xBF42, &wrap(0x80, &[7, 0x80])),
            Self::GetProfilesInfo(query) => query.object(bench)?,
            Self::EnableProfile(change) => change.object(0xBF31, bench)?,
            Self::DisableProfile(change) => change.object(0xBF32, bench)?,
            Self::DeleteProfile(target, _) => wrap(0xBF33, &bench.target(target)?),
            Self::EuiccMemoryReset(bits) => {
                let options = der::encode(&ResetOptions::of(bits.iter().copied()));
                wrap(0xBF34, &retagged(0x82, &options))
            }
            Self::GetEid => vec![0xBF, 0x3E, 3, 0x5C, 1, 0x5A],
            Self::SetNickname(target, nickname) => {
                wrap(0xBF29, &[bench.target(target)?, wrap(0x90, nickname.as_bytes())].concat())
            }
            Self::Bytes(_, hex) => bytes(hex)?,
        })
    }

    /// Whether the outcome comes in the status word.
    pub fn is_case_3(self) -> bool {
        let outcome = match self {
            Self::EnableProfile(change) | Self::DisableProfile(change) => change.outcome,
            Self::DeleteProfile(_, outcome) => outcome,
            _ => Outcome::Object,
        };
        outcome == Outcome::Status
    }
}

/// Bytes written in hexadecimal, blanks allowed.
pub(super) fn bytes(hex: &str) -> Result<Vec<u8>, Stop> {
    let digits: String = hex.split_whitespace().collect();
    HEXUPPER_PERMISSIVE.decode(digits.as_bytes()).map_err(|error| Stop::impossible(&error))
}

impl Query {
    /// With the default list.
    pub const fn of(criterion: Criterion) -> Self {
        Self { criterion, tags: None }
    }

    fn object(self, bench: &Bench<'_>) -> Result<Vec<u8>, Stop> {
        let criterion = match self.criterion {
            Criterion::All => Vec::new(),
            Criterion::Profile(target) => wrap(0xA0, &bench.target(target)?),
            Criterion::Class(class) => wrap(0xA0, &wrap(0x95, &[class])),
        };
        let tags = self.tags.map(|tags| der::encode(&TagList::of(tags.iter().copied()))).unwrap_or_default();
        Ok(wrap(0xBF2D, &[criterion, tags].concat()))
    }
}

impl Change {
    fn object(self, tag: u32, bench: &Bench<'_>) -> Result<Vec<u8>, Stop> {
        let target = wrap(0xA0, &bench.target(self.target)?);
        let refresh = wrap(0x81, &[if self.refresh { 0xFF } else { 0 }]);
        Ok(wrap(tag, &[target, refresh].concat()))
    }
}

/// profileManagementOperation `81` with these bits.
fn events(bits: &[usize]) -> Vec<u8> {
    retagged(0x81, &der::encode(&NotificationEvent::of(bits.iter().copied())))
}

fn retagged(tag: u32, object: &[u8]) -> Vec<u8> {
    wrap(tag, asn1::tlv::read(object).map_or(&[][..], |(tlv, _)| tlv.value))
}

/// seqNumber `80`.
fn integer(number: u64) -> Vec<u8> {
    retagged(0x80, &der::encode(&number))
}
