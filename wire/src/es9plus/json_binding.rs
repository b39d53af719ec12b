//! The JSON binding of any function (SGP.22 §6.5).

use protocol::status::Refusal;

use super::ClientError;
use super::exchange::{ReadRequest, RequestMessage, ResponseMessage, Unreadable};
use crate::call;
use crate::hop::Written;
use crate::json::{Members, Object, ResponseHeader};

/// Reads a request. Once the body is a JSON object, what is wrong with a member is told by a status code.
pub(super) fn read_request<Q: RequestMessage>(body: &[u8]) -> Result<ReadRequest<Q>, Unreadable> {
    let object = Object::parse(body, Q::MEMBERS).map_err(|error| Unreadable(error.to_string()))?;
    let transaction_id = object.transaction_id().ok();
    let request = Q::from_json(&object).map_err(Refusal::from);
    Ok(ReadRequest { request, transaction_id })
}

/// Writes the answer. A notification has none: accepted is 204, and what is not accepted is an error of HTTP too, since
/// LPAs take any 2xx for an acknowledgement and delete what they sent.
pub(super) fn write_answer<Q, A: ResponseMessage<Q>>(outcome: Result<A, Refusal>) -> Written {
    let members = match outcome {
        Ok(_) if A::acknowledgement().is_some() => return Written::Acknowledged,
        Ok(answer) => answer.to_json(Members::headed(ResponseHeader::success())),
        Err(refusal) => {
            let members = Members::headed(ResponseHeader::failed(&refusal));
            if A::acknowledgement().is_some() {
                return Written::Refused { refusal, body: Some(members.into_json()) };
            }
            members
        }
    };
    Written::Body(members.into_json())
}

/// Reads an answer that came with 200.
pub(super) fn read_answer<Q, A: ResponseMessage<Q>>(body: &[u8]) -> Result<A, ClientError> {
    let object = Object::parse(body, A::MEMBERS)?;
    call::executed(&object)?;
    Ok(A::from_json(&object)?)
}
