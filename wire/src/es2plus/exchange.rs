//! What a function of ES2+ is to the binding.

use std::future::Future;

use asn1::Iccid;
use protocol::es2plus::{Call, Es2Plus, Function};
use protocol::status::Refusal;
use protocol::types::Eid;

use crate::json::{FieldError, Members, Object};

/// A request together with its answer, in both directions.
pub(super) trait Exchange: Sized + Send {
    /// Which function it is.
    const FUNCTION: Function;
    /// The members of the request, `header` among them.
    const MEMBERS: &'static [&'static str];
    /// The members of the answer, `header` among them.
    const ANSWER_MEMBERS: &'static [&'static str];
    /// What a successful call gives.
    type Answer: Send;

    /// Has a server execute it.
    fn execute<S: Es2Plus>(
        server: &S,
        caller: &str,
        call: Call<Self>,
    ) -> impl Future<Output = Result<Self::Answer, Refusal>> + Send;

    /// The profile it is about.
    fn iccid(&self) -> Option<Iccid>;

    /// The eUICC it names.
    fn eid(&self) -> Option<Eid> {
        None
    }

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
