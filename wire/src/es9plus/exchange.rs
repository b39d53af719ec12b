//! What a function of ES9+ or ES11 is to the bindings: a request and what answers it.

use asn1::tlv::Tag;
use asn1::{RemoteProfileProvisioningRequest, RemoteProfileProvisioningResponse, TransactionId};
use protocol::es9plus;
use protocol::status::{Refusal, StatusCode};

use crate::json::{FieldError, Members, Object};

/// The functions of one of the two interfaces, as its server has to know them.
pub(crate) trait LpaFunction: Copy + 'static {
    /// The interface.
    const INTERFACE: &'static str;
    /// All of them.
    const OFFERED: &'static [Self];

    /// The function of ES9+ whose name and path it has.
    fn on_es9plus(self) -> es9plus::Function;

    /// The INTEGER by which its ASN.1 answer says a code.
    fn error_number(self, code: StatusCode) -> i64;

    /// The tag of its request in the ASN.1 binding (SGP.22 §6.6.1).
    fn tag(self) -> Tag {
        match self.on_es9plus() {
            es9plus::Function::InitiateAuthentication => Tag(0xBF39),
            es9plus::Function::GetBoundProfilePackage => Tag(0xBF3A),
            es9plus::Function::AuthenticateClient => Tag(0xBF3B),
            es9plus::Function::HandleNotification => Tag(0xBF3D),
            es9plus::Function::CancelSession => Tag(0xBF41),
        }
    }
}

/// A request, in both bindings and both directions.
pub(crate) trait RequestMessage: Sized + Send {
    /// The function it calls; on ES11 the one of the same name.
    const FUNCTION: es9plus::Function;
    /// Its members in JSON.
    const MEMBERS: &'static [&'static str];

    /// The session it belongs to.
    fn transaction_id(&self) -> Option<&TransactionId>;

    /// Writes it in JSON.
    fn to_json(&self) -> Members;

    /// Reads it in JSON.
    fn from_json(object: &Object<'_>) -> Result<Self, FieldError>;

    /// Puts it into the request of the ASN.1 binding.
    fn into_asn1(self) -> RemoteProfileProvisioningRequest;

    /// Takes it out again; `None` when it is another function's.
    fn from_asn1(request: RemoteProfileProvisioningRequest) -> Option<Self>;
}

/// What a successful call with the request `Q` gives, in both bindings and both directions.
pub(crate) trait ResponseMessage<Q>: Sized + Send {
    /// Its members in JSON, `header` among them.
    const MEMBERS: &'static [&'static str];

    /// The session that it names.
    fn transaction_id(&self) -> Option<&TransactionId> {
        None
    }

    /// What 204 means: that a notification was accepted (SGP.22 §6.2, §6.3). `None` for functions that answer.
    fn acknowledgement() -> Option<Self> {
        None
    }

    /// Adds its members to those that are there.
    fn to_json(&self, members: Members) -> Members;

    /// Reads its members.
    fn from_json(object: &Object<'_>) -> Result<Self, FieldError>;

    /// The ASN.1 answer; `None` for a notification, which has none.
    fn to_asn1(outcome: Result<Self, i64>) -> Option<RemoteProfileProvisioningResponse>;

    /// What the ASN.1 answer says.
    fn from_asn1(response: RemoteProfileProvisioningResponse) -> Asn1Answer<Self>;
}

/// What an answer of the ASN.1 binding says.
pub(crate) enum Asn1Answer<A> {
    /// Executed.
    Ok(A),
    /// Not executed, for the reason with this number and, where the specification gives one, this name.
    Error { number: i64, name: Option<&'static str> },
    /// The answer of another function.
    OtherFunction,
}

/// A request as a binding read it.
pub(super) struct ReadRequest<Q> {
    /// The request, or why it cannot be executed.
    pub(super) request: Result<Q, Refusal>,
    /// Its session, if that much could be read.
    pub(super) transaction_id: Option<TransactionId>,
}

/// A body from which not even the function's members can be told: for HTTP to refuse.
pub(super) struct Unreadable(pub(super) String);
