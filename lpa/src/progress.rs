//! How far a procedure has come: for the user, and for the report of one that failed.

use std::fmt;

/// The steps of a download or of an event retrieval, in order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Step {
    /// ES10b.GetEUICCInfo and ES10b.GetEUICCChallenge.
    OpenEuiccSession,
    /// ES9+.InitiateAuthentication. Also at the server of an event, which may turn out to be an SM-DS: the two functions
    /// are the same until it has answered (SGP.22 §5.8.1).
    InitiateAuthentication,
    /// ES11.InitiateAuthentication.
    InitiateAuthenticationEs11,
    /// ES10b.AuthenticateServer.
    AuthenticateServer,
    /// ES9+.AuthenticateClient.
    AuthenticateClient,
    /// ES11.AuthenticateClient.
    AuthenticateClientEs11,
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
            Self::InitiateAuthenticationEs11 => "ES11.InitiateAuthentication",
            Self::AuthenticateServer => "ES10b.AuthenticateServer",
            Self::AuthenticateClient => "ES9+.AuthenticateClient",
            Self::AuthenticateClientEs11 => "ES11.AuthenticateClient",
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

/// How far it has come.
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
