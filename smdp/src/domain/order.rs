//! The download order and the state of its profile (SGP.22 §3.1.6).

use std::fmt;
use std::str::FromStr;

use asn1::Iccid;
use protocol::clock::Timestamp;
use protocol::confirmation_code::ConfirmationCodeHash;
use protocol::status::{Refusal, StatusCode};
use protocol::types::{Eid, MatchingId};
use zeroize::Zeroizing;

/// The store's number of an order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct OrderId(pub i64);

impl fmt::Display for OrderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// The state of a profile, from the moment on that it can be downloaded (SGP.22 §3.1.6, table 6b).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ProfileState {
    /// May be downloaded.
    Released,
    /// Was handed to an LPA.
    Downloaded,
    /// The eUICC reported the installation.
    Installed,
    /// Given up: limits exceeded, rejected by the user, or not installed.
    Error,
}

impl ProfileState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Released, Self::Downloaded, Self::Installed, Self::Error];

    /// The name in the specification.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Released => "Released",
            Self::Downloaded => "Downloaded",
            Self::Installed => "Installed",
            Self::Error => "Error",
        }
    }
}

impl fmt::Display for ProfileState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for ProfileState {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|state| state.name() == text).ok_or(())
    }
}

/// Which keys protect the profile elements of the bound package.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PackageProtection {
    /// The session keys.
    SessionKeys,
    /// Random profile protection keys (SGP.22 §2.5.3).
    ProfileProtectionKeys,
}

/// An order as it enters the store, with the profile that it is for.
#[derive(Clone, Debug)]
pub struct NewOrder {
    /// The profile.
    pub iccid: Iccid,
    /// What the LPA has to present; absent for the default SM-DP+ use case.
    pub matching_id: Option<MatchingId>,
    /// The eUICC, where the operator knows it.
    pub eid: Option<Eid>,
    /// The hash of the confirmation code, where the user has to enter one.
    pub confirmation_code: Option<ConfirmationCodeHash>,
    /// When the order ends by itself.
    pub expires: Option<Timestamp>,
    /// How the package is protected.
    pub protection: PackageProtection,
    /// The Profile Metadata, a StoreMetadataRequest TLV.
    pub metadata: Vec<u8>,
    /// The Unprotected Profile Package.
    pub package: Package,
}

/// A profile package in the clear: it holds Ki and OPc, so it is not shown, and wiped when dropped.
#[derive(Clone)]
pub struct Package(pub Zeroizing<Vec<u8>>);

impl fmt::Debug for Package {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Package({} bytes)", self.0.len())
    }
}

/// A package bound to an eUICC, kept for a retry with the same one-time key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Bound {
    /// The eUICC.
    pub eid: Eid,
    /// otPK.EUICC.ECKA, 65 bytes.
    pub euicc_otpk: Vec<u8>,
    /// The CI of the identity whose DPpb key signed it.
    pub ci: Vec<u8>,
    /// The Bound Profile Package.
    pub package: Vec<u8>,
}

/// A download order.
#[derive(Clone, Debug)]
pub struct Order {
    /// The store's number.
    pub id: OrderId,
    /// The profile.
    pub iccid: Iccid,
    /// What the LPA has to present.
    pub matching_id: Option<MatchingId>,
    /// The eUICC, once it is known.
    pub eid: Option<Eid>,
    /// The hash of the confirmation code.
    pub confirmation_code: Option<ConfirmationCodeHash>,
    /// When the order ends by itself.
    pub expires: Option<Timestamp>,
    /// How the package is protected.
    pub protection: PackageProtection,
    /// The Profile Metadata, a StoreMetadataRequest TLV.
    pub metadata: Vec<u8>,
    /// The size of the Unprotected Profile Package in bytes.
    pub package_size: usize,
    /// The state of the profile.
    pub state: ProfileState,
    /// How often it was tried.
    pub download_attempts: u32,
    /// How often the confirmation code was wrong.
    pub confirmation_code_attempts: u32,
    /// Counts the changes, so that of two that race one loses.
    pub version: i64,
}

impl Order {
    /// Whether it still waits for a download.
    pub fn is_pending(&self) -> bool {
        matches!(self.state, ProfileState::Released | ProfileState::Downloaded)
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
            self.terminate();
            return Err(Refusal::incompatible(
                StatusCode::DOWNLOAD_ATTEMPTS_EXCEEDED,
                format!("the order was tried {limit} times, which is the limit"),
            ));
        }
        self.download_attempts += 1;
        Ok(())
    }

    /// Counts a wrong confirmation code; one too many ends the order (SGP.22 §3.1.3.2 step 7).
    pub fn count_wrong_confirmation_code(&mut self, limit: u32, refusal: Refusal) -> Refusal {
        self.confirmation_code_attempts = self.confirmation_code_attempts.saturating_add(1);
        if self.confirmation_code_attempts <= limit {
            return refusal;
        }
        self.terminate();
        Refusal::incompatible(
            StatusCode::CONFIRMATION_CODE_ATTEMPTS_EXCEEDED,
            format!("the confirmation code was wrong more than {limit} times; the order has ended"),
        )
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
        self.state = ProfileState::Downloaded;
        Ok(())
    }

    /// The eUICC reported how the installation ended (SGP.22 §3.1.3.3 step 10).
    pub fn record_installation(&mut self, installed: bool) {
        // A result that comes late does not wake an order that has ended otherwise.
        if self.state == ProfileState::Downloaded {
            self.state = if installed { ProfileState::Installed } else { ProfileState::Error };
        }
    }

    /// The user or the eUICC gave up for good (SGP.22 §5.6.5).
    pub fn terminate(&mut self) {
        if self.state != ProfileState::Installed {
            self.state = ProfileState::Error;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(state: ProfileState) -> Order {
        Order {
            id: OrderId(1),
            iccid: "8901000000000000018".parse().unwrap(),
            matching_id: None,
            eid: None,
            confirmation_code: None,
            expires: None,
            protection: PackageProtection::SessionKeys,
            metadata: Vec::new(),
            package_size: 0,
            state,
            download_attempts: 0,
            confirmation_code_attempts: 0,
            version: 0,
        }
    }

    type Event = fn(&mut Order);

    /// SGP.22 §3.1.6, figure 15, for the states from Released on: every event in every state.
    #[test]
    fn a_profile_changes_its_state_as_the_figure_has_it_and_not_otherwise() {
        use ProfileState::{Downloaded, Error, Installed, Released};
        let eid: Eid = "89049032123451234512345678901235".parse().unwrap();
        let deliver = |order: &mut Order| {
            let _ = order.deliver_to("89049032123451234512345678901235".parse().unwrap());
        };
        let too_often = |order: &mut Order| {
            let _ = order.count_download_attempt(0);
        };
        let wrong_code = |order: &mut Order| {
            let refusal = Refusal::incompatible(StatusCode::CONFIRMATION_CODE_REFUSED, "");
            let _ = order.count_wrong_confirmation_code(0, refusal);
        };
        let table: [(&str, Event, [ProfileState; 4]); 6] = [
            ("delivery", deliver, [Downloaded, Downloaded, Installed, Error]),
            ("success", |order| order.record_installation(true), [Released, Installed, Installed, Error]),
            ("failure", |order| order.record_installation(false), [Released, Error, Installed, Error]),
            ("rejection", Order::terminate, [Error, Error, Installed, Error]),
            ("too many attempts", too_often, [Error, Error, Installed, Error]),
            ("too many wrong codes", wrong_code, [Error, Error, Installed, Error]),
        ];
        for (name, event, after) in table {
            for (before, after) in ProfileState::ALL.into_iter().zip(after) {
                let mut order = order(before);
                event(&mut order);
                assert_eq!(order.state, after, "{name} in {before}");
                let delivered = name == "delivery" && order.is_pending();
                assert_eq!(order.eid, delivered.then_some(eid), "{name} in {before}");
            }
        }
    }

    #[test]
    fn a_state_is_read_back_from_its_name_and_no_other() {
        for state in ProfileState::ALL {
            assert_eq!(state.to_string().parse(), Ok(state));
        }
        for other in ["", "released", "Available", "Released "] {
            assert_eq!(other.parse::<ProfileState>(), Err(()));
        }
    }
}
