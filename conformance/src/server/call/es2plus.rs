//! ES2+ (SGP.22 §5.3): what an operator says of an order.

mod cancel_order;
mod confirm_order;
mod download_order;
mod report;

pub use cancel_order::{Given, Withdraw};
pub use confirm_order::{Confirm, Id, Smds};
pub use download_order::{Reserve, Wanted};
pub use report::Reported;

use std::fmt;

use protocol::es2plus::Function as Es2Plus;

use crate::server::message::{Function, Message, Value};
use crate::server::orders::Order;

/// Which profile is meant.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Profile {
    /// The last one that DownloadOrder gave in this case.
    Last,
    /// The same, its ICCID written otherwise: with the filler `F`, or without it (SGP.22 §5.2.1).
    LastOtherwiseWritten,
    /// One that nobody has.
    Unknown,
    /// This text in place of an ICCID.
    Text(&'static str),
}

/// Which eUICC is meant.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Whose {
    /// That of the case.
    This,
    /// Another one.
    Another,
    /// This text in place of an EID.
    Text(&'static str),
}

/// What the case knows when it calls.
pub struct Known<'a> {
    /// The ICCID that DownloadOrder gave last.
    pub iccid: Option<&'a str>,
    /// The order that the case is about.
    pub order: Option<&'a Order>,
    /// The EID of the case.
    pub eid: &'a str,
    /// The EID of another eUICC.
    pub other_eid: &'a str,
    /// The type of the operator's profiles.
    pub profile_type: &'a str,
    /// A MatchingID that no order has yet.
    pub new_matching_id: &'a str,
    /// The MatchingID of the order before this one.
    pub used_matching_id: Option<&'a str>,
}

/// Well formed, with the right check digit.
const UNKNOWN_ICCID: &str = "8900000000000009996";

/// The confirmation code of every order that has one.
pub const CONFIRMATION_CODE: &str = "4711";

impl Profile {
    fn iccid(self, known: &Known<'_>) -> String {
        let last = known.iccid.unwrap_or_default();
        match self {
            Self::Last => last.to_owned(),
            Self::LastOtherwiseWritten => match last.strip_suffix('F') {
                Some(without) => without.to_owned(),
                None if last.len() == 19 => format!("{last}F"),
                // Twenty digits are written in one way only.
                None => last.to_owned(),
            },
            Self::Unknown => UNKNOWN_ICCID.to_owned(),
            Self::Text(text) => text.to_owned(),
        }
    }
}

impl Whose {
    fn eid(self, known: &Known<'_>) -> String {
        match self {
            Self::This => known.eid.to_owned(),
            Self::Another => known.other_eid.to_owned(),
            Self::Text(text) => text.to_owned(),
        }
    }
}

/// ReleaseProfile (SGP.22 §5.3.4).
pub fn release(profile: Profile, known: &Known<'_>) -> Message {
    message(Es2Plus::ReleaseProfile, vec![("iccid", Value::Text(profile.iccid(known)))])
}

/// A call that has no name yet.
fn message(function: Es2Plus, members: Vec<(&'static str, Value)>) -> Message {
    Message { function: Function::Es2Plus(function), header: None, members, asn1: None }
}

/// As what follows "of".
impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Last => f.write_str("the profile"),
            Self::LastOtherwiseWritten => {
                f.write_str("the profile, its ICCID with F or without it as it was not before")
            }
            Self::Unknown => f.write_str("a profile that nobody has"),
            Self::Text(text) => write!(f, "the ICCID {text:?}"),
        }
    }
}

/// As what follows "for".
impl fmt::Display for Whose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::This => f.write_str("this eUICC"),
            Self::Another => f.write_str("another eUICC"),
            Self::Text(text) => write!(f, "the EID {text:?}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: Known<'_> = Known {
        iccid: Some("8988211000000000102"),
        order: None,
        eid: "",
        other_eid: "",
        profile_type: "",
        new_matching_id: "",
        used_matching_id: None,
    };

    #[test]
    fn an_iccid_of_19_digits_is_written_with_a_filler_or_without() {
        let otherwise = |iccid| Profile::LastOtherwiseWritten.iccid(&Known { iccid: Some(iccid), ..KNOWN });
        assert_eq!(otherwise("8988211000000000102"), "8988211000000000102F");
        assert_eq!(otherwise("8988211000000000102F"), "8988211000000000102");
        assert_eq!(otherwise("89882110000000001020"), "89882110000000001020");
    }

    #[test]
    fn the_unknown_profile_has_a_good_iccid() {
        assert!(UNKNOWN_ICCID.parse::<asn1::Iccid>().is_ok());
    }
}
