//! `header` of a request (SGP.22 §6.5.1.3).

use protocol::function_call::CallHeader;

use crate::json::{FieldError, Members, Object};

pub(crate) const NAME: &str = "header";
const REQUESTER: &str = "functionRequesterIdentifier";
const CALL: &str = "functionCallIdentifier";

/// Reads it; both members are mandatory.
pub(crate) fn read(request: &Object<'_>) -> Result<CallHeader, FieldError> {
    let header = request.object(NAME, &[REQUESTER, CALL])?;
    let identifier = |name| short(name, header.text(name)?.into_owned());
    Ok(CallHeader {
        function_requester_identifier: identifier(REQUESTER)?,
        function_call_identifier: identifier(CALL)?,
    })
}

/// SGP.22 sets no bound; a name that is kept needs one, and names are printed.
pub(crate) fn short(name: &'static str, text: String) -> Result<String, FieldError> {
    const MOST: usize = 255;
    if text.len() > MOST || text.chars().any(char::is_control) {
        return Err(FieldError::malformed(
            name,
            format_args!("up to {MOST} bytes, without control characters"),
        ));
    }
    Ok(text)
}

/// Begins a request with it.
pub(crate) fn write(header: &CallHeader) -> Members {
    let members = Members::new()
        .text(REQUESTER, &header.function_requester_identifier)
        .text(CALL, &header.function_call_identifier);
    Members::new().object(NAME, members)
}
