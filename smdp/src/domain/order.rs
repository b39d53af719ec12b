//! The download order and what may happen to it (SGP.22 §3.1.6).

use std::fmt;

use asn1::Iccid;
use protocol::clock::Timestamp;
use protocol::confirmation_code::ConfirmationCodeHash;
use protocol::status::{Refusal, StatusCode};
use protocol::types::{Eid, MatchingId, ServerAddress};

use super::{BoundTo, Event, Happening, NewProfile, PackageProtection, ProfileId, ProfileState};

/// The store's number of an order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct OrderId(pub i64);

impl fmt::Display for OrderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// A profile that enters the store together with a released order for it, as a seed file has them.
#[derive(Clone, Debug)]
pub struct NewOrder {
    /// The profile.
    pub profile: NewProfile,
    /// What the LPA has to present; absent for the default SM-DP+ use case.
    pub matching_id: Option<MatchingId>,
    /// The eUICC, where the operator knows it.
    pub eid: Option<Eid>,
    /// The hash of the confirmation code, where the user has to enter one.
    pub confirmation_code: Option<ConfirmationCodeHash>,
    /// When the order ends by itself.
    pub expires: Option<Timestamp>,
}

/// A download order, with what it needs to know of its profile.
#[derive(Clone, Debug)]
pub struct Order {
    /// The store's number.
    pub id: OrderId,
    /// The profile.
    pub profile: ProfileId,
    /// The number of the profile.
    pub iccid: Iccid,
    /// The operator of the profile.
    pub operator: Option<String>,
    /// The type of the profile.
    pub profile_type: String,
    /// How the package is protected.
    pub protection: PackageProtection,
    /// The Profile Metadata, a StoreMetadataRequest TLV.
    pub metadata: Vec<u8>,
    /// The size of the Unprotected Profile Package in bytes.
    pub package_size: usize,
    /// What the LPA has to present; absent for the default SM-DP+ use case, and until the order is confirmed.
    pub matching_id: Option<MatchingId>,
    /// The eUICC, once it is known.
    pub eid: Option<Eid>,
    /// The hash of the confirmation code.
    pub confirmation_code: Option<ConfirmationCodeHash>,
    /// Where an event waits for the eUICC.
    pub smds_address: Option<ServerAddress>,
    /// When the order ends by itself.
    pub expires: Option<Timestamp>,
    /// The state that the order has its profile in; Available or Unavailable once the order was cancelled.
    pub state: ProfileState,
    /// How often it was tried.
    pub download_attempts: u32,
    /// How often the confirmation code was wrong.
    pub confirmation_code_attempts: u32,
    /// When it was placed.
    pub created: Timestamp,
    /// Counts the changes, so that of two that race one loses.
    pub version: i64,
    /// Whom its package was bound to last.
    pub bound_to: Option<BoundTo>,
    /// What happened since it was read; written with the next change.
    pub happened: Vec<Happening>,
}

impl Order {
    /// The same once the store has written it.
    pub fn written(self) -> Self {
        Self { version: self.version + 1, happened: Vec::new(), ..self }
    }

    /// Whether it still waits for a download.
    pub fn is_pending(&self) -> bool {
        self.state.is_pending()
    }

    /// Goes where the table of transitions leads; false, and no change, where it has no such transition.
    pub fn enter(&mut self, event: Event) -> bool {
        let next = self.state.after(event);
        self.state = next.unwrap_or(self.state);
        next.is_some()
    }

    /// SGP.22 §5.6.3: an order that is linked to an EID is for that eUICC only.
    pub fn check_eid(&self, eid: &Eid) -> Result<(), Refusal> {
        match &self.eid {
            Some(linked) if linked != eid => {
                Err(Refusal::incompatible(StatusCode::EID_REFUSED, "the order is for another EID"))
            }
            _ => Ok(()),
        }
    }

    /// SGP.22 §5.6.2, §5.6.3: an order may have an end.
    pub fn check_not_expired(&self, now: Timestamp) -> Result<(), Refusal> {
        match self.expires {
            Some(expires) if now >= expires => Err(Refusal::incompatible(
                StatusCode::ORDER_EXPIRED,
                format!("the download order expired at {expires}"),
            )),
            _ => Ok(()),
        }
    }

    /// SGP.22 §3.1.3: Released, or Downloaded when an earlier try did not end with a result.
    pub fn check_released(&self) -> Result<(), Refusal> {
        if self.is_pending() {
            return Ok(());
        }
        Err(Refusal::incompatible(
            StatusCode::PROFILE_NOT_RELEASED,
            format!("the profile is in state {}, not Released", self.state),
        ))
    }

    /// Counts a download attempt; one too many ends the order (SGP.22 §3.1.3 step 3).
    pub fn count_download_attempt(&mut self, limit: u32) -> Result<(), Refusal> {
        if self.download_attempts >= limit {
            self.enter(Event::DownloadAttemptsExceeded);
            return Err(Refusal::incompatible(
                StatusCode::DOWNLOAD_ATTEMPTS_EXCEEDED,
                format!("the order was tried {limit} times, which is the limit"),
            ));
        }
        self.download_attempts += 1;
        Ok(())
    }

    /// Whether another confirmation code may be tried; one more than may ends the order, and is not looked at (SGP.22
    /// §3.1.3.2 step 7).
    pub fn check_confirmation_code_attempts(&mut self, limit: u32) -> Result<(), Refusal> {
        if self.confirmation_code_attempts < limit {
            return Ok(());
        }
        self.enter(Event::ConfirmationCodeAttemptsExceeded);
        Err(Refusal::incompatible(
            StatusCode::CONFIRMATION_CODE_ATTEMPTS_EXCEEDED,
            format!("the confirmation code was wrong {limit} times; the order has ended"),
        ))
    }

    /// Counts a wrong confirmation code.
    pub fn count_wrong_confirmation_code(&mut self) {
        self.confirmation_code_attempts = self.confirmation_code_attempts.saturating_add(1);
    }

    /// Whether it waits for this eUICC: an order that was offered to several goes to the first that asks for it.
    pub fn check_available_to(&self, eid: &Eid) -> Result<(), Refusal> {
        if self.is_pending() && self.check_eid(eid).is_ok() {
            return Ok(());
        }
        Err(Refusal::incompatible(
            StatusCode::PROFILE_UNAVAILABLE,
            "the profile went to another eUICC, or its order has ended",
        ))
    }

    /// Links the profile to the eUICC that gets it (SGP.22 §3.1.3.2 step 9) and hands it out.
    pub fn deliver_to(&mut self, eid: Eid) -> Result<(), Refusal> {
        self.check_available_to(&eid)?;
        self.eid = Some(eid);
        self.enter(Event::PackageDelivered);
        Ok(())
    }

    /// The eUICC reported how the installation ended (SGP.22 §3.1.3.3 step 10). A result that comes late does not wake
    /// an order that has ended otherwise.
    pub fn record_installation(&mut self, installed: bool) {
        self.enter(if installed { Event::InstallationSucceeded } else { Event::InstallationFailed });
    }
}
