//! ConfirmOrder (SGP.22 §5.3.2).

use std::fmt;

use protocol::es2plus::Function as Es2Plus;

use super::{CONFIRMATION_CODE, Known, Profile, Whose, message};
use crate::server::message::{Message, Value};

/// What is said of an order.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Confirm {
    /// Whose profile it is about.
    pub profile: Profile,
    /// releaseFlag.
    pub release: bool,
    /// matchingId.
    pub matching_id: Id,
    /// eid, if that is said.
    pub eid: Option<Whose>,
    /// Whether there is a confirmationCode.
    pub code: bool,
    /// smdsAddress, if that is said.
    pub smds: Option<Smds>,
}

/// The MatchingID that is said.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Id {
    /// None: the SM-DP+ makes one.
    Generated,
    /// One that no order has.
    Own,
    /// That of the order before.
    OfTheOrderBefore,
    /// The empty text: the default SM-DP+ use case.
    Empty,
    /// This text.
    Text(&'static str),
}

/// The SM-DS address that is said.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Smds {
    /// That of a host that there is not.
    Nowhere,
    /// A text that is no address.
    NoAddress,
}

impl Confirm {
    /// Confirmed and released, with a MatchingID of the SM-DP+.
    pub const RELEASED: Self = Self {
        profile: Profile::Last,
        release: true,
        matching_id: Id::Generated,
        eid: None,
        code: false,
        smds: None,
    };
    /// The same, and not released.
    pub const KEPT: Self = Self { release: false, ..Self::RELEASED };

    /// Of another profile.
    #[must_use]
    pub const fn of(self, profile: Profile) -> Self {
        Self { profile, ..self }
    }

    /// With this MatchingID.
    #[must_use]
    pub const fn with(self, matching_id: Id) -> Self {
        Self { matching_id, ..self }
    }

    /// For this eUICC.
    #[must_use]
    pub const fn linked(self, whose: Whose) -> Self {
        Self { eid: Some(whose), ..self }
    }

    /// With a confirmation code.
    #[must_use]
    pub const fn with_code(self) -> Self {
        Self { code: true, ..self }
    }

    /// With this SM-DS.
    #[must_use]
    pub const fn at(self, smds: Smds) -> Self {
        Self { smds: Some(smds), ..self }
    }

    /// The request.
    pub fn message(self, known: &Known<'_>) -> Message {
        let text = |text: &str| Value::Text(text.to_owned());
        let matching_id = match self.matching_id {
            Id::Generated => None,
            Id::Own => Some(known.new_matching_id),
            Id::OfTheOrderBefore => Some(known.used_matching_id.unwrap_or_default()),
            Id::Empty => Some(""),
            Id::Text(other) => Some(other),
        };
        let smds = self.smds.map(|smds| match smds {
            Smds::Nowhere => "smds.example.invalid",
            Smds::NoAddress => "no address",
        });
        let mut members = vec![("iccid", Value::Text(self.profile.iccid(known)))];
        members.extend(self.eid.map(|whose| ("eid", Value::Text(whose.eid(known)))));
        members.extend(matching_id.map(|id| ("matchingId", text(id))));
        members.extend(self.code.then(|| ("confirmationCode", text(CONFIRMATION_CODE))));
        members.extend(smds.map(|address| ("smdsAddress", text(address))));
        members.push(("releaseFlag", Value::Flag(self.release)));
        message(Es2Plus::ConfirmOrder, members)
    }
}

impl fmt::Display for Confirm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let released = if self.release { ", released" } else { "" };
        write!(f, "ConfirmOrder of {}{released}", self.profile)?;
        match self.matching_id {
            Id::Generated => {}
            Id::Own => f.write_str(", with a MatchingID of the operator")?,
            Id::OfTheOrderBefore => f.write_str(", with the MatchingID of the order before")?,
            Id::Empty => f.write_str(", with an empty MatchingID")?,
            Id::Text(text) => write!(f, ", with the MatchingID {text:?}")?,
        }
        self.eid.map_or(Ok(()), |whose| write!(f, ", for {whose}"))?;
        if self.code {
            f.write_str(", with a confirmation code")?;
        }
        match self.smds {
            None => Ok(()),
            Some(Smds::Nowhere) => f.write_str(", with an SM-DS that there is not"),
            Some(Smds::NoAddress) => f.write_str(", with an SM-DS address that is none"),
        }
    }
}
