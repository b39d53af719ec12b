//! CancelOrder (SGP.22 §5.3.3).

use std::fmt;

use protocol::es2plus::Function as Es2Plus;

use super::{Known, Profile, message};
use crate::server::message::{Message, Value};

/// How an order is taken back.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Withdraw {
    /// Whose profile it is about.
    pub profile: Profile,
    /// matchingId.
    pub matching_id: Given,
    /// eid.
    pub eid: Given,
    /// finalProfileStatusIndicator; `None` leaves it out.
    pub to: Option<&'static str>,
}

/// What is said of what the order has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Given {
    /// What it has, if it has one.
    AsItIs,
    /// Another.
    Another,
    /// Nothing.
    Nothing,
}

/// A MatchingID of no order.
const OTHER_MATCHING_ID: &str = "ANOTHER-ORDER-0";

impl Withdraw {
    /// Back to the inventory.
    pub const AVAILABLE: Self = Self {
        profile: Profile::Last,
        matching_id: Given::AsItIs,
        eid: Given::AsItIs,
        to: Some("Available"),
    };
    /// Never to be used again.
    pub const UNAVAILABLE: Self = Self { to: Some("Unavailable"), ..Self::AVAILABLE };

    /// Of another profile.
    #[must_use]
    pub const fn of(self, profile: Profile) -> Self {
        Self { profile, ..self }
    }

    /// With another MatchingID than the order has, or none.
    #[must_use]
    pub const fn matching_id(self, matching_id: Given) -> Self {
        Self { matching_id, ..self }
    }

    /// With another EID than the order has, or none.
    #[must_use]
    pub const fn eid(self, eid: Given) -> Self {
        Self { eid, ..self }
    }

    /// With this final status, or none.
    #[must_use]
    pub const fn to(self, to: Option<&'static str>) -> Self {
        Self { to, ..self }
    }

    /// The request.
    pub fn message(self, known: &Known<'_>) -> Message {
        let order = known.order;
        let given = |given: Given, own: Option<&String>, other: &str| match given {
            Given::AsItIs => own.cloned(),
            Given::Another => Some(other.to_owned()),
            Given::Nothing => None,
        };
        let eid = given(self.eid, order.and_then(|order| order.eid.as_ref()), known.other_eid);
        let own = order.and_then(|order| order.matching_id.as_ref());
        let matching_id = given(self.matching_id, own, OTHER_MATCHING_ID);
        let mut members = vec![("iccid", Value::Text(self.profile.iccid(known)))];
        members.extend(eid.map(|eid| ("eid", Value::Text(eid))));
        members.extend(matching_id.map(|id| ("matchingId", Value::Text(id))));
        members.extend(self.to.map(|to| ("finalProfileStatusIndicator", Value::Text(to.to_owned()))));
        message(Es2Plus::CancelOrder, members)
    }
}

impl fmt::Display for Withdraw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CancelOrder of {}", self.profile)?;
        match self.to {
            Some(to) => write!(f, ", which becomes {to}")?,
            None => f.write_str(", without a final status")?,
        }
        for (given, what) in [(self.matching_id, "MatchingID"), (self.eid, "EID")] {
            match given {
                Given::AsItIs => {}
                Given::Another => write!(f, ", with another {what}")?,
                Given::Nothing => write!(f, ", without {what}")?,
            }
        }
        Ok(())
    }
}
