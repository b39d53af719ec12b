//! `header` of a request (SGP.22 §6.5.1.3).

use protocol::es2plus::CallHeader;

use crate::json::{FieldError, Members, Object};

pub(super) const NAME: &str = "header";
const REQUESTER: &str = "functionRequesterIdentifier";
const CALL: &str = "functionCallIdentifier";

/// Reads it; both members are mandatory.
pub(super) fn read(request: &Object<'_>) -> Result<CallHeader, FieldError> {
    let header = request.object(NAME, &[REQUESTER, CALL])?;
    Ok(CallHeader {
        function_requester_identifier: header.text(REQUESTER)?.into_owned(),
        function_call_identifier: header.text(CALL)?.into_owned(),
    })
}

/// Begins a request with it.
pub(super) fn write(header: &CallHeader) -> Members {
    let members = Members::new()
        .text(REQUESTER, &header.function_requester_identifier)
        .text(CALL, &header.function_call_identifier);
    Members::new().object(NAME, members)
}
