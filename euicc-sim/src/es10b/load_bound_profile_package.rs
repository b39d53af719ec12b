//! LoadBoundProfilePackage (SGP.22 §5.7.6): the bytes of a package, as they come.

use asn1::{BppCommandId, ErrorReason, tlv};

use crate::apdu::StatusWord;
use crate::es8plus::{Failure, Installation, Reached, StreamError, conclude};
use crate::isdr::{self, Es10Result, Isdr, tag};
use crate::session::RspSession;
use crate::state::OpenInstallation;

/// Whether a command is a piece of a package rather than an object of its own.
pub(crate) fn concerns(isdr: &Isdr, command: &[u8]) -> bool {
    let header = tlv::header(command).ok().flatten();
    match &isdr.session {
        // SGP.22 §3.1.5: while a package comes in, a session may be begun or cancelled at any time. Inside a TLV all
        // other bytes belong to that TLV.
        Some(RspSession::Loading(installation)) => match header.map(|header| header.tag.0) {
            Some(tag::GET_EUICC_CHALLENGE | tag::CANCEL_SESSION)
                if tlv::read(command).is_ok_and(|(_, rest)| rest.is_empty()) =>
            {
                false
            }
            Some(tag) if installation.is_between_objects() => !isdr::is_function(tag),
            _ => true,
        },
        Some(RspSession::Prepared(..)) if command == [0xBF] => true,
        _ => command.starts_with(&[0xBF, 0x36]),
    }
}

/// Why loading stops.
enum Stop {
    /// The bytes are not taken; the session goes on.
    Refused(StatusWord),
    /// The installation has failed.
    Failed(Failure),
    /// The memory failed; session and installation are lost, as with power.
    MemoryFailed(StatusWord),
}

impl From<StreamError> for Stop {
    fn from(error: StreamError) -> Self {
        match error {
            // SGP.22 §5.7.6, §3.1.5.
            StreamError::Unexpected => Self::Refused(StatusWord::REFERENCED_DATA_NOT_FOUND),
            StreamError::NoPackage => Self::Refused(StatusWord::WRONG_DATA),
            StreamError::Failed(failure) => Self::Failed(failure),
        }
    }
}

pub(crate) fn execute(isdr: &mut Isdr, bytes: &[u8]) -> Es10Result {
    let (challenge, mut installation) = match isdr.session.take() {
        Some(RspSession::Loading(installation)) => (None, installation),
        Some(RspSession::Prepared(challenge, server, download)) => {
            (Some(challenge), Box::new(Installation::new(server, download)))
        }
        // SGP.22 §5.7.6: without a session that is prepared for it, a package is not known.
        other => {
            isdr.session = other;
            isdr.tracer().refused("SGP.22 §5.7.6", "a download is prepared", &"it is not");
            return Err(StatusWord::REFERENCED_DATA_NOT_FOUND);
        }
    };
    match load(isdr, &mut installation, bytes) {
        // SGP.22 §2.5.6: no data before the end or an error.
        Ok(Progress::More) => {
            isdr.session = Some(RspSession::Loading(installation));
            Ok(Vec::new())
        }
        Ok(Progress::End) => conclude(isdr, *installation, Ok(())),
        Err(Stop::Failed(failure)) => conclude(isdr, *installation, Err(failure)),
        Err(Stop::Refused(status)) => {
            isdr.session = Some(match challenge {
                Some(challenge) if installation.is_untouched() => {
                    RspSession::Prepared(challenge, installation.server, installation.download)
                }
                _ => RspSession::Loading(installation),
            });
            isdr.tracer().refused(
                "SGP.22 §5.7.6",
                "the TLV is expected at this place of the package",
                &status,
            );
            Err(status)
        }
        Err(Stop::MemoryFailed(status)) => Err(status),
    }
}

/// Ends the installation that is prepared or under way with an error result that the package gave no cause for.
/// Without `command` it names the function that the next byte belongs to.
///
/// # Errors
/// 6A88 where there is no installation, 6581 where the memory fails.
pub(crate) fn fail(isdr: &mut Isdr, command: Option<u8>, reason: u8) -> Es10Result {
    let installation = match isdr.session.take() {
        Some(RspSession::Loading(installation)) => *installation,
        Some(RspSession::Prepared(_, server, download)) => Installation::new(server, download),
        other => {
            isdr.session = other;
            return Err(StatusWord::REFERENCED_DATA_NOT_FOUND);
        }
    };
    let command = command.map_or(installation.command(), |command| BppCommandId(i64::from(command)));
    conclude(isdr, installation, Err(Failure::new(command, ErrorReason(i64::from(reason)))))
}

enum Progress {
    More,
    End,
}

fn load(isdr: &mut Isdr, installation: &mut Installation, bytes: &[u8]) -> Result<Progress, Stop> {
    let tracer = isdr.tracer().with_transaction(&installation.server.transaction_id);
    installation.receive(bytes)?;
    while let Some(reached) = installation.step(isdr.state(), &tracer)? {
        match reached {
            Reached::More => {}
            Reached::NextFunction => remember(isdr, installation).map_err(Stop::MemoryFailed)?,
            Reached::End => return Ok(Progress::End),
        }
    }
    Ok(Progress::More)
}

/// Keeps what is needed to report an interruption at the next power-up.
fn remember(isdr: &mut Isdr, installation: &Installation) -> Result<(), StatusWord> {
    let mut draft = isdr.state().clone();
    draft.open_installation = Some(OpenInstallation {
        transaction_id: installation.server.transaction_id.clone(),
        server_address: installation.server.server_address.clone(),
        smdp_oid: installation.download.smdp_oid.clone(),
        euicc_ci_pk_id: installation.server.euicc_ci_pk_id.clone(),
        bpp_command_id: u8::try_from(installation.command().value()).unwrap_or(u8::MAX),
        iccid: installation.iccid(),
    });
    // The one-time key is in use now; a retry gets a fresh one.
    draft.retained_one_time_key = None;
    isdr.commit(draft)
}
