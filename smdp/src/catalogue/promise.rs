//! What an entry of the catalogue has to lead to.

use asn1::{BppCommandId, CancelSessionReason, ErrorReason};
use protocol::bpp::defect::{PackageDefect, Verdict};
use protocol::es9plus::Function;
use protocol::status::StatusCode;
use wire::fault::{AnswerFault, Effect};

use super::Act;
use crate::faults::Fault;

/// What comes of a download with a good LPA and a good eUICC.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Promise {
    /// The profile is installed.
    Installed,
    /// The server refuses a function.
    Refused {
        /// Which.
        function: Function,
        /// Why.
        code: StatusCode,
    },
    /// A function has no answer to go on with.
    NoAnswer {
        /// Which.
        function: Function,
    },
    /// The LPA ends the session, since the package is not what was offered or cannot be cut.
    Cancelled(CancelSessionReason),
    /// The eUICC ends the installation.
    InstallationFails {
        /// bppCommandId.
        command: BppCommandId,
        /// One of these is errorReason.
        reasons: &'static [ErrorReason],
    },
    /// The profile is not installed; which of the two says so is open.
    NotInstalled,
    /// The profile is installed, and the notification of it is accepted only after some tries.
    NotifiedLate,
    /// The user rejects the profile, and the server does not take that.
    CancellationFails,
    /// It is installed, or it is not, and both is right.
    Open,
}

impl Promise {
    pub(super) fn of(act: Option<&Act>) -> Self {
        let Some(Act { fault, function, .. }) = act else { return Self::Installed };
        match (fault, function) {
            (Fault::LargeMetadata, _) => Self::Installed,
            (Fault::Package(defect), _) => Self::of_package(*defect),
            (Fault::Answer(fault), _) => Self::of_answer(*fault, *function),
            (Fault::Refuse { .. }, Function::CancelSession) => Self::CancellationFails,
            (Fault::Refuse { .. }, Function::HandleNotification) => Self::NotifiedLate,
            (Fault::Refuse { code, .. }, _) => Self::Refused { function: *function, code: *code },
        }
    }

    fn of_package(defect: PackageDefect) -> Self {
        match (defect.found_by_lpa(), defect.verdict()) {
            (Some(reason), _) => Self::Cancelled(reason),
            (None, Verdict::Installed) => Self::Installed,
            (None, Verdict::Refused { command, reasons }) => Self::InstallationFails { command, reasons },
            (None, Verdict::NotInstalled) => Self::NotInstalled,
            (None, Verdict::MayBeInstalled) => Self::Open,
        }
    }

    fn of_answer(fault: AnswerFault, function: Function) -> Self {
        match (fault.effect(), function) {
            (Effect::Fatal, Function::CancelSession) => Self::CancellationFails,
            (Effect::Fatal, Function::HandleNotification) => Self::NotifiedLate,
            (Effect::Harmless, _) => Self::Installed,
            (Effect::Tolerable, _) => Self::Open,
            (Effect::Fatal, _) => Self::NoAnswer { function },
        }
    }

    /// What a good LPA does, in one sentence without a full stop.
    pub fn good_lpa(&self) -> &'static str {
        match self {
            Self::Installed => "installs the profile and reports it",
            Self::Refused { function: Function::InitiateAuthentication, .. } => {
                "tells the user why, and has nothing to cancel: the eUICC knows of no session"
            }
            Self::Refused { .. } => {
                "tells the user why, ends the session in the eUICC, and does not cancel at the server, where it has ended"
            }
            Self::NoAnswer { .. } => {
                "tells the user that the server failed, ends the session in the eUICC, and may try again with the same code"
            }
            Self::Cancelled(CancelSessionReason::METADATA_MISMATCH) => {
                "may see the difference: then it cancels with metadataMismatch; else the eUICC may refuse the package"
            }
            Self::Cancelled(_) => "cancels with loadBppExecutionError",
            Self::InstallationFails { .. } => {
                "stops at the result of the eUICC, sends it as a notification, and tells the user"
            }
            Self::NotInstalled => {
                "stops at the first status word or result that says no, or cancels with loadBppExecutionError where there is none"
            }
            Self::NotifiedLate => {
                "installs the profile, keeps the notification until it is accepted, and does not delete it before"
            }
            Self::CancellationFails => {
                "lets the user reject the profile, and is done with it although the server does not take the cancellation"
            }
            Self::Open => "installs the profile, or ends in good order: both is right",
        }
    }
}
