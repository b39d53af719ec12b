//! What a function of ES9+ is to the bindings.

use std::future::Future;

use asn1::{RemoteProfileProvisioningRequest, RemoteProfileProvisioningResponse, TransactionId};
use protocol::es9plus::{Es9Plus, Function};
use protocol::status::Refusal;

use crate::json::{FieldError, Members, Object};

/// A request together with its answer, in both bindings and both directions.
pub(super) trait Exchange: Sized + Send {
    /// Which function it is.
    const FUNCTION: Function;
    /// The members of the JSON request.
    const MEMBERS: &'static [&'static str];
    /// The members of the JSON answer, `header` among them.
    const ANSWER_MEMBERS: &'static [&'static str];
    /// What a successful call gives.
    type Answer: Send;

    /// Has a server execute it.
    fn execute<S: Es9Plus>(self, server: &S) -> impl Future<Output = Result<Self::Answer, S::Error>> + Send;

    /// The session it belongs to.
    fn transaction_id(&self) -> Option<&TransactionId>;

    /// The session that the answer names.
    fn answered_transaction_id(_: &Self::Answer) -> Option<&TransactionId> {
        None
    }

    /// What 204 means: that a notification was accepted (SGP.22 §6.2, §6.3). `None` for functions that answer.
    fn acknowledgement() -> Option<Self::Answer> {
        None
    }

    /// Writes the JSON request.
    fn to_json(&self) -> Members;

    /// Reads the JSON request.
    fn from_json(object: &Object<'_>) -> Result<Self, FieldError>;

    /// Adds the answer's members to those that are there.
    fn answer_to_json(answer: &Self::Answer, members: Members) -> Members;

    /// Reads the members of a successful answer.
    fn answer_from_json(object: &Object<'_>) -> Result<Self::Answer, FieldError>;

    /// Puts it into the request of the ASN.1 binding.
    fn into_asn1(self) -> RemoteProfileProvisioningRequest;

    /// Takes it out again; `None` when it is another function's.
    fn from_asn1(request: RemoteProfileProvisioningRequest) -> Option<Self>;

    /// The ASN.1 answer; `None` for a notification, which has none.
    fn answer_to_asn1(outcome: Result<Self::Answer, i64>) -> Option<RemoteProfileProvisioningResponse>;

    /// What the ASN.1 answer says.
    fn answer_from_asn1(response: RemoteProfileProvisioningResponse) -> Asn1Answer<Self::Answer>;
}

/// What an answer of the ASN.1 binding says.
pub(super) enum Asn1Answer<T> {
    /// Executed.
    Ok(T),
    /// Not executed, for the reason with this number and, where the specification gives one, this name.
    Error { number: i64, name: Option<&'static str> },
    /// The answer of another function.
    OtherFunction,
}

/// A request as a binding read it.
pub(super) struct ReadRequest<E> {
    /// The request, or why it cannot be executed.
    pub(super) request: Result<E, Refusal>,
    /// Its session, if that much could be read.
    pub(super) transaction_id: Option<TransactionId>,
}

/// A body from which not even the function's members can be told: for HTTP to refuse.
pub(super) struct Unreadable(pub(super) String);
