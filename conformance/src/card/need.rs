//! What a case needs of the card, of the way to it, and of the user's leave.

use std::fmt;

use asn1::profile::Service;
use asn1::{PprIds, RspCapability};

use super::Way;
use super::properties::Properties;

/// What a case needs. Where it is not there the case is skipped, and the report says why.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Need {
    /// The way to the card carries MANAGE CHANNEL and SELECT.
    Channels,
    /// The way to the card carries any bytes, also what is no APDU.
    AnyBytes,
    /// The card has keys under both Certificate Issuers of the directory.
    BothCurves,
    /// The card supports revocation lists.
    Crl,
    /// The card does not support revocation lists.
    NoCrl,
    /// The card supports Test Profiles.
    TestProfiles,
    /// The card announces this service of profile packages.
    Service(Service),
    /// There is room for so many profiles.
    Room(u32),
    /// Its Rules Authorisation Table allows this rule to the judge's profile owner.
    Allows(usize),
    /// Its Rules Authorisation Table has no entry for this rule.
    Forbids(usize),
    /// None of the profiles that were there before is enabled, or the user allows to disable it for a while.
    NothingEnabled,
    /// There was no Operational Profile on the card before.
    NoOperationalProfile,
    /// There was no profile on the card before.
    NoProfiles,
    /// There is no LPA in the eUICC.
    NoLpae,
    /// The user allows what cannot be undone: `--destructive`.
    Destructive,
}

impl Need {
    /// Says what is missing.
    ///
    /// # Errors
    /// The reason for which the case is skipped.
    pub fn verify(self, card: &Properties, way: Way, curves: usize, destructive: bool) -> Result<(), String> {
        let there = match self {
            Self::Channels => Ok(way.channels),
            Self::AnyBytes => Ok(way.any_bytes),
            Self::BothCurves => Ok(curves > 1),
            Self::Crl => card.supports(RspCapability::CRL_SUPPORT),
            Self::NoCrl => card.supports(RspCapability::CRL_SUPPORT).map(|supported| !supported),
            Self::TestProfiles => card.supports(RspCapability::TEST_PROFILE_SUPPORT),
            Self::Service(service) => card.has_service(service),
            Self::Room(profiles) => card.has_room_for(profiles),
            Self::Allows(rule) => card.allows(rule),
            Self::Forbids(rule) => card.forbids(rule),
            Self::NothingEnabled => card.has_enabled_profile().map(|enabled| destructive || !enabled),
            Self::NoOperationalProfile => card.has_operational_profile().map(|there| !there),
            Self::NoProfiles => card.profiles.as_ref().map(Vec::is_empty),
            Self::NoLpae => Ok(!card.has_lpae()),
            Self::Destructive => Ok(destructive),
        };
        match there {
            Ok(true) => Ok(()),
            Ok(false) => Err(self.missing()),
            Err(why) => Err(format!("{}; what the card says cannot be read: {why}", self.missing())),
        }
    }

    fn missing(self) -> String {
        match self {
            Self::Channels => "the way to the card opens channels and selects by itself".to_owned(),
            Self::AnyBytes => "the way to the card does not carry what is no APDU".to_owned(),
            Self::BothCurves => "card and certificate directory have one curve in common only".to_owned(),
            Self::Crl => "the card does not support revocation lists".to_owned(),
            Self::NoCrl => "the card supports revocation lists".to_owned(),
            Self::TestProfiles => "the card does not support Test Profiles".to_owned(),
            Self::Service(service) => format!("the card does not announce the service {}", name(service)),
            Self::Room(1) => "the card has no room for a profile".to_owned(),
            Self::Room(profiles) => format!("the card has no room for {profiles} profiles"),
            Self::Allows(rule) => {
                format!("the Rules Authorisation Table does not allow {}", PprIds::of([rule]))
            }
            Self::Forbids(rule) => {
                format!("the Rules Authorisation Table has an entry for {}", PprIds::of([rule]))
            }
            Self::NothingEnabled => {
                "a profile that was there before is enabled; --destructive allows to disable it for a while"
                    .to_owned()
            }
            Self::NoOperationalProfile => "there was an Operational Profile on the card before".to_owned(),
            Self::NoProfiles => "there were profiles on the card before".to_owned(),
            Self::NoLpae => "the eUICC has an LPA of its own".to_owned(),
            Self::Destructive => "it changes the card for good; --destructive allows it".to_owned(),
        }
    }
}

fn name(service: Service) -> &'static str {
    service.name().unwrap_or("of no version of the format")
}

impl fmt::Display for Need {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Channels => f.write_str("a way to the card with MANAGE CHANNEL and SELECT"),
            Self::AnyBytes => f.write_str("a way to the card that carries any bytes"),
            Self::BothCurves => f.write_str("both curves"),
            Self::Crl => f.write_str("crlSupport"),
            Self::NoCrl => f.write_str("no crlSupport"),
            Self::TestProfiles => f.write_str("testProfileSupport"),
            Self::Service(service) => write!(f, "the service {}", name(*service)),
            Self::Room(profiles) => write!(f, "room for {profiles} profiles"),
            Self::Allows(rule) => write!(f, "{} allowed by the RAT", PprIds::of([*rule])),
            Self::Forbids(rule) => write!(f, "{} not in the RAT", PprIds::of([*rule])),
            Self::NothingEnabled => f.write_str("no enabled profile"),
            Self::NoOperationalProfile => f.write_str("no Operational Profile"),
            Self::NoProfiles => f.write_str("no profiles"),
            Self::NoLpae => f.write_str("no LPAe"),
            Self::Destructive => f.write_str("--destructive"),
        }
    }
}
