//! The JSON binding of any function (SGP.22 §6.5).

use protocol::status::Refusal;

use super::ClientError;
use super::exchange::{Exchange, ReadRequest, Unreadable};
use crate::call;
use crate::hop::Written;
use crate::json::{Members, Object, ResponseHeader};

/// Reads a request. Once the body is a JSON object, what is wrong with a member is told by a status code.
pub(super) fn read_request<E: Exchange>(body: &[u8]) -> Result<ReadRequest<E>, Unreadable> {
    let object = Object::parse(body, E::MEMBERS).map_err(|error| Unreadable(error.to_string()))?;
    let transaction_id = object.transaction_id().ok();
    let request = E::from_json(&object).map_err(Refusal::from);
    Ok(ReadRequest { request, transaction_id })
}

/// Writes the answer. A notification has none: accepted is 204, and what is not accepted is an error of HTTP too, since
/// LPAs take any 2xx for an acknowledgement and delete what they sent.
pub(super) fn write_answer<E: Exchange>(outcome: Result<E::Answer, Refusal>) -> Written {
    let members = match outcome {
        Ok(_) if E::acknowledgement().is_some() => return Written::Acknowledged,
        Ok(answer) => E::answer_to_json(&answer, Members::new().with_header(ResponseHeader::success())),
        Err(refusal) => {
            let members = Members::new().with_header(ResponseHeader::failed(&refusal));
            if E::acknowledgement().is_some() {
                return Written::Refused { refusal, body: Some(members.to_json()) };
            }
            members
        }
    };
    Written::Body(members.to_json())
}

/// Reads an answer that came with 200.
pub(super) fn read_answer<E: Exchange>(body: &[u8]) -> Result<E::Answer, ClientError> {
    let object = Object::parse(body, E::ANSWER_MEMBERS)?;
    call::executed(&object)?;
    Ok(E::answer_from_json(&object)?)
}
