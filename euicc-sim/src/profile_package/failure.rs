//! Why a package is not installed, and how the profile installation result says so.

use asn1::ErrorReason;
use asn1::profile::{ElementError, ElementFault, EuiccResponse, PackageError, PeHeader, PeStatus, Status};

/// An installation that failed (SGP.22 §2.5.6). Nothing of the profile remains.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}: {explanation}")]
pub struct Failure {
    /// The reason in the ErrorResult.
    pub reason: ErrorReason,
    /// `simaResponse` of the ErrorResult: an EUICCResponse.
    pub response: Option<Vec<u8>>,
    /// For logs and traces; holds nothing secret.
    pub explanation: String,
}

impl Failure {
    /// The failure of one profile element. `warnings` are the statuses of elements before it that were skipped.
    pub(super) fn of_element(fault: &Fault, header: Option<PeHeader>, warnings: &[PeStatus]) -> Self {
        // SGP.22 §2.5.6.1, table 4b: only a lack of memory has a reason of its own.
        let reason = match fault.status {
            Status::NOT_ENOUGH_MEMORY => ErrorReason::INSTALL_FAILED_DUE_TO_INSUFFICIENT_MEMORY_FOR_PROFILE,
            _ => ErrorReason::INSTALL_FAILED_DUE_TO_PE_PROCESSING_ERROR,
        };
        Self::new(reason, fault, header.map(|header| header.identification), warnings)
    }

    pub(super) fn new(
        reason: ErrorReason,
        fault: &Fault,
        identification: Option<u16>,
        warnings: &[PeStatus],
    ) -> Self {
        let mut statuses = warnings.to_vec();
        statuses.push(fault.to_status(identification));
        Self {
            reason,
            response: Some(EuiccResponse::of(statuses, true).to_der()),
            explanation: fault.explanation.clone(),
        }
    }
}

/// What is wrong with a profile element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    pub status: Status,
    /// Bytes from the start of the element, where the mistake has a place.
    pub offset: Option<u32>,
    pub explanation: String,
}

impl Fault {
    pub(super) fn new(status: Status, explanation: impl Into<String>) -> Self {
        Self { status, offset: None, explanation: explanation.into() }
    }

    /// A value that no profile may have there.
    pub(super) fn bad_values(explanation: impl Into<String>) -> Self {
        Self::new(Status::BAD_VALUES, explanation)
    }

    /// A value that does not fit the rest of the profile.
    pub(super) fn invalid_parameter(explanation: impl Into<String>) -> Self {
        Self::new(Status::INVALID_PARAMETER, explanation)
    }

    /// An element that may not stand there.
    pub(super) fn invalid_request_format(explanation: impl Into<String>) -> Self {
        Self::new(Status::INVALID_REQUEST_FORMAT, explanation)
    }

    /// Whether the card lacks something, rather than the package being wrong: an element that is not mandated may be
    /// left out then, but a wrong one ends the installation (SGP.22 §5.5.5).
    pub(super) fn is_lack_of_support(&self) -> bool {
        matches!(
            self.status,
            Status::PE_NOT_SUPPORTED
                | Status::RUNTIME_NOT_SUPPORTED
                | Status::LIB_NOT_SUPPORTED
                | Status::TEMPLATE_NOT_SUPPORTED
                | Status::FEATURE_NOT_SUPPORTED
        )
    }

    pub(super) fn to_status(&self, identification: Option<u16>) -> PeStatus {
        let mut status = PeStatus::new(self.status);
        status.identification = identification;
        status.offset = self.offset;
        status
    }
}

impl From<ElementError> for Fault {
    fn from(error: ElementError) -> Self {
        let status = match error.fault {
            ElementFault::UnknownElement(_) => Status::PE_NOT_SUPPORTED,
            _ => Status::BAD_VALUES,
        };
        Self { status, offset: u32::try_from(error.offset).ok(), explanation: error.to_string() }
    }
}

impl From<&PackageError> for Fault {
    fn from(error: &PackageError) -> Self {
        Self::bad_values(error.to_string())
    }
}
