//! Why a package is not installed, and how the profile installation result says so.

use asn1::ErrorReason;
use asn1::profile::{
    ElementError, ElementFault, EuiccResponse, PackageError, PeHeader, PeStatus, RawElement, Status,
};

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

/// EUICCResponse, `statusMessage`: at most so many characters.
const STATUS_MESSAGE: usize = 64;

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
        let mut response = EuiccResponse::of(statuses, true);
        response.status_message = Some(fault.explanation.chars().take(STATUS_MESSAGE).collect());
        Self { reason, response: Some(response.to_der()), explanation: fault.explanation.clone() }
    }
}

/// What is wrong with a profile element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    pub status: Status,
    /// The mistake's place, where it has one.
    pub place: Option<Place>,
    /// `additional-information`: the number of the service, template or PIN that is missed.
    pub additional: Option<u8>,
    /// The element at fault, where it is not the one that is being carried out.
    pub element: Option<u16>,
    pub explanation: String,
}

/// A place in a profile element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Bytes from the start of the element.
    Offset(u32),
    /// A member of a template element.
    Member(u32),
    /// A command of generic file management, counted from 0.
    Command(usize),
}

impl Fault {
    pub(super) fn new(status: Status, explanation: impl Into<String>) -> Self {
        Self { status, place: None, additional: None, element: None, explanation: explanation.into() }
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

    /// An element that belongs to one that was left out.
    pub(super) fn left_out(explanation: impl Into<String>) -> Self {
        Self::new(Status::FEATURE_NOT_SUPPORTED, explanation)
    }

    /// Says which service, template or PIN is missed.
    pub(super) fn about(self, number: u8) -> Self {
        Self { additional: Some(number), ..self }
    }

    /// Says where, unless that is said more closely already.
    pub(super) fn at(self, place: Place) -> Self {
        Self { place: self.place.or(Some(place)), ..self }
    }

    /// With the place as an offset.
    pub(super) fn located(self, raw: &RawElement<'_>) -> Self {
        let offset = match self.place {
            Some(Place::Member(number)) => raw.offset_of_member(number),
            Some(Place::Command(index)) => raw.offset_of_command(index),
            Some(Place::Offset(_)) | None => return self,
        };
        let offset = offset.and_then(|offset| u32::try_from(offset).ok());
        Self { place: offset.map(Place::Offset), ..self }
    }

    /// Whether the card does not know how to install something, rather than the package being wrong or the memory full. An element that is not mandated
    /// is left out then; a wrong one ends the installation all the same (SGP.22 §5.5.5).
    pub(super) fn is_lack(&self) -> bool {
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
        status.identification = self.element.or(identification);
        status.additional_information = self.additional;
        status.offset = match self.place {
            Some(Place::Offset(offset)) => Some(offset),
            _ => None,
        };
        status
    }
}

impl From<ElementError> for Fault {
    fn from(error: ElementError) -> Self {
        let status = match error.fault {
            ElementFault::UnknownElement(_) => Status::PE_NOT_SUPPORTED,
            _ => Status::BAD_VALUES,
        };
        let fault = Self::new(status, error.to_string());
        Self { place: u32::try_from(error.offset).ok().map(Place::Offset), ..fault }
    }
}

impl From<&PackageError> for Fault {
    fn from(error: &PackageError) -> Self {
        Self::bad_values(error.to_string())
    }
}
