//! DownloadOrder (SGP.22 §5.3.1).

use std::fmt;

use protocol::es2plus::Function as Es2Plus;

use super::{Known, Profile, Whose, message};
use crate::server::message::{Message, Value};

/// What is ordered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Reserve {
    /// Which profile.
    pub wanted: Wanted,
    /// For which eUICC, if that is said.
    pub eid: Option<Whose>,
}

/// Which profile is ordered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Wanted {
    /// Any of the operator's type.
    AnyOfType,
    /// This one.
    This(Profile),
    /// This one, and its type is said too.
    ThisOfType(Profile),
    /// This one, and another type is said.
    ThisOfOtherType(Profile),
    /// Any of a type that nobody has.
    UnknownType,
    /// Neither ICCID nor type is said.
    Nothing,
}

const UNKNOWN_TYPE: &str = "no-such-type";

impl Reserve {
    /// Any profile of the operator's type.
    pub const ANY: Self = Self::of(Wanted::AnyOfType);

    /// An order without an EID.
    pub const fn of(wanted: Wanted) -> Self {
        Self { wanted, eid: None }
    }

    /// The same for an eUICC.
    #[must_use]
    pub const fn linked(self, whose: Whose) -> Self {
        Self { eid: Some(whose), ..self }
    }

    /// The request.
    pub fn message(self, known: &Known<'_>) -> Message {
        let (iccid, profile_type) = match self.wanted {
            Wanted::AnyOfType => (None, Some(known.profile_type)),
            Wanted::This(profile) => (Some(profile), None),
            Wanted::ThisOfType(profile) => (Some(profile), Some(known.profile_type)),
            Wanted::ThisOfOtherType(profile) => (Some(profile), Some(UNKNOWN_TYPE)),
            Wanted::UnknownType => (None, Some(UNKNOWN_TYPE)),
            Wanted::Nothing => (None, None),
        };
        let mut members = Vec::new();
        members.extend(self.eid.map(|whose| ("eid", Value::Text(whose.eid(known)))));
        members.extend(iccid.map(|profile| ("iccid", Value::Text(profile.iccid(known)))));
        members.extend(profile_type.map(|name| ("profileType", Value::Text(name.to_owned()))));
        message(Es2Plus::DownloadOrder, members)
    }
}

impl fmt::Display for Reserve {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DownloadOrder of ")?;
        match self.wanted {
            Wanted::AnyOfType => f.write_str("any profile of the operator's type")?,
            Wanted::This(profile) => profile.fmt(f)?,
            Wanted::ThisOfType(profile) => write!(f, "{profile} and its type")?,
            Wanted::ThisOfOtherType(profile) => write!(f, "{profile} and another type than its own")?,
            Wanted::UnknownType => f.write_str("a type that nobody has")?,
            Wanted::Nothing => f.write_str("neither a profile nor a type")?,
        }
        self.eid.map_or(Ok(()), |whose| write!(f, " for {whose}"))
    }
}
