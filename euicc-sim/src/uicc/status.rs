//! STATUS in the file system (ETSI TS 102 221 §11.1.2).

use asn1::tlv;

use super::{Position, fcp, files};
use crate::apdu::{Command, Response, StatusWord};
use crate::profile_package::Structure;
use crate::state::CardState;

/// STATUS. What P1 tells of the application's session needs no answer.
///
/// # Errors
/// 6A86 for parameters that are not defined, 6700 for a data field, 6A88 where the name of the application is asked for
/// and none is selected.
pub(crate) fn status(
    state: &CardState,
    position: &Position,
    command: &Command<'_>,
) -> Result<Response, StatusWord> {
    if !command.data.is_empty() {
        return Err(StatusWord::WRONG_LENGTH);
    }
    let files = files(state);
    match command.p2 {
        0x00 => {
            let directory = files.file(&position.directory).ok_or(StatusWord::TECHNICAL_PROBLEM)?;
            Ok(Response::data(command.cut(&fcp::template(files, directory))))
        }
        0x01 => {
            match position.application.as_ref().and_then(|path| files.file(path)).map(|adf| &adf.structure) {
                Some(Structure::Adf { aid }) => Ok(Response::data(command.cut(&tlv::wrap(0x84, aid)))),
                _ => Err(StatusWord::REFERENCED_DATA_NOT_FOUND),
            }
        }
        0x0C => Ok(StatusWord::OK.into()),
        _ => Err(StatusWord::WRONG_P1_P2),
    }
}
