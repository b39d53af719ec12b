//! What a download asks of its user, and tells them.

use std::fmt;

use asn1::StoreMetadataRequest;
use zeroize::Zeroizing;

use super::policy::AdmittedRule;
use crate::progress::Progress;

/// The profile that the SM-DP+ offers.
#[derive(Clone, Copy, Debug)]
pub struct Offer<'a> {
    /// The Profile Metadata, as the SM-DP+ gave it.
    pub metadata: &'a StoreMetadataRequest,
    /// The Profile Policy Rules that would be in force, and whether the user has to agree to them.
    pub policy_rules: &'a [AdmittedRule],
    /// Whether a confirmation code will be asked for next.
    pub confirmation_code_required: bool,
}

/// What the user says to an offer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Decision {
    /// Yes, to the profile and to its Profile Policy Rules.
    Accept,
    /// No: the SM-DP+ terminates the order.
    Reject,
    /// Not now: the order stays.
    Postpone,
    /// No answer in time: the order stays.
    TimedOut,
}

/// The code that the operator gave the user. Not shown by Debug, wiped when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct ConfirmationCode(Zeroizing<String>);

impl ConfirmationCode {
    /// The code as the user typed it.
    pub fn new(code: impl Into<String>) -> Self {
        Self(Zeroizing::new(code.into()))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ConfirmationCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ConfirmationCode([redacted])")
    }
}

/// The End User, as the download sees one.
pub trait User {
    /// Shows what is offered and asks for consent (SGP.22 §3.1.3 step 8). With Profile Policy Rules that require it,
    /// [`Decision::Accept`] is the consent to them too.
    fn confirm(&mut self, offer: &Offer<'_>) -> Decision;

    /// Asks for the confirmation code. `None` where the user has none at hand: the download is postponed.
    fn confirmation_code(&mut self, offer: &Offer<'_>) -> Option<ConfirmationCode>;

    /// Is told how far it is.
    fn progress(&mut self, progress: Progress) {
        let _ = progress;
    }
}
