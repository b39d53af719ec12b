//! What a function is to the binding.

use asn1::Iccid;
use protocol::status::Refusal;
use protocol::types::{Eid, EventId};

use crate::json::{FieldError, Members, Object};

/// A request together with its answer, in both directions.
pub(crate) trait Exchange: Sized + Send {
    /// The function.
    const NAME: &'static str;
    /// Its path.
    const PATH: &'static str;
    /// The members of the request, `header` among them.
    const MEMBERS: &'static [&'static str];
    /// The members of the answer, `header` among them.
    const ANSWER_MEMBERS: &'static [&'static str];
    /// What a successful call gives.
    type Answer: Send;

    /// What it is about.
    fn about(&self) -> About;

    /// The profile that the answer names.
    fn answered_iccid(_: &Self::Answer) -> Option<Iccid> {
        None
    }

    /// Adds the request's members to those that are there.
    fn to_json(&self, members: Members) -> Members;

    /// Reads the request.
    fn from_json(object: &Object<'_>) -> Result<Self, Refusal>;

    /// Adds the answer's members to those that are there.
    fn answer_to_json(answer: &Self::Answer, members: Members) -> Members;

    /// Reads the members of a successful answer.
    fn answer_from_json(object: &Object<'_>) -> Result<Self::Answer, FieldError>;
}

/// What a call is about, as far as its request says so.
#[derive(Clone, Default)]
pub(crate) struct About {
    /// The profile.
    pub(crate) iccid: Option<Iccid>,
    /// The event.
    pub(crate) event_id: Option<EventId>,
    /// The eUICC.
    pub(crate) eid: Option<Eid>,
}
