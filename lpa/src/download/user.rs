//! What a download asks of its user, and tells them.

use std::fmt;

use asn1::StoreMetadataRequest;
use zeroize::Zeroizing;

use super::policy::AdmittedRule;

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

/// The steps of a download, in order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Step {
    /// ES10b.GetEUICCInfo and ES10b.GetEUICCChallenge.
    OpenEuiccSession,
    /// ES9+.InitiateAuthentication.
    InitiateAuthentication,
    /// ES10b.AuthenticateServer.
    AuthenticateServer,
    /// ES9+.AuthenticateClient.
    AuthenticateClient,
    /// Profile Policy Rules, the user's decision, the confirmation code.
    Confirm,
    /// ES10b.PrepareDownload.
    PrepareDownload,
    /// ES9+.GetBoundProfilePackage.
    GetBoundProfilePackage,
    /// ES10b.LoadBoundProfilePackage.
    LoadBoundProfilePackage,
}

impl Step {
    /// The name of the function or of what happens.
    pub fn name(self) -> &'static str {
        match self {
            Self::OpenEuiccSession => "ES10b.GetEUICCChallenge",
            Self::InitiateAuthentication => "ES9+.InitiateAuthentication",
            Self::AuthenticateServer => "ES10b.AuthenticateServer",
            Self::AuthenticateClient => "ES9+.AuthenticateClient",
            Self::Confirm => "confirmation by the user",
            Self::PrepareDownload => "ES10b.PrepareDownload",
            Self::GetBoundProfilePackage => "ES9+.GetBoundProfilePackage",
            Self::LoadBoundProfilePackage => "ES10b.LoadBoundProfilePackage",
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// How far the download has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Progress {
    /// This step begins.
    Step(Step),
    /// This many segments of the Bound Profile Package are in the eUICC.
    Segments {
        /// Segments loaded, from 1.
        loaded: usize,
        /// Segments in all.
        of: usize,
    },
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
