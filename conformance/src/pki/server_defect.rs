//! What can be wrong with the two certificates of an SM-DP+ (SGP.22 §5.7.5, §5.7.13).

use std::fmt;
use std::str::FromStr;

use asn1::{AuthenticateErrorCode, DownloadErrorCode};

use super::{SigningDefect, UnknownDefect};
use crate::case::Level;

/// What is wrong with the two certificates of an SM-DP+.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ServerDefect {
    /// CERT.DPauth.ECDSA is bad.
    Auth(SigningDefect),
    /// CERT.DPpb.ECDSA is bad.
    Pb(SigningDefect),
    /// Each is good, and each has an object identifier of its own.
    OidsDiffer,
    /// CERT.DPauth.ECDSA is shown a second time, in place of CERT.DPpb.ECDSA.
    AuthTwice,
}

/// What a card answers: the first code fits best, the others do as well.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CardAnswer {
    /// AuthenticateServer fails (SGP.22 §5.7.13).
    AuthenticateServer(&'static [AuthenticateErrorCode]),
    /// AuthenticateServer succeeds, PrepareDownload fails (SGP.22 §5.7.5).
    PrepareDownload(&'static [DownloadErrorCode]),
}

const SIGNING: usize = SigningDefect::ALL.len();

impl ServerDefect {
    /// All of them.
    pub const ALL: [Self; 2 * SIGNING + 2] = all();

    /// What is wrong, in one sentence.
    #[must_use]
    pub const fn what(self) -> &'static str {
        match self {
            Self::Auth(defect) | Self::Pb(defect) => defect.what(),
            Self::OidsDiffer => "CERT.DPauth.ECDSA and CERT.DPpb.ECDSA hold different object identifiers.",
            Self::AuthTwice => "CERT.DPauth.ECDSA is shown in place of CERT.DPpb.ECDSA as well.",
        }
    }

    /// The section that such certificates do not follow.
    #[must_use]
    pub const fn section(self) -> &'static str {
        match self {
            Self::Auth(defect) | Self::Pb(defect) => defect.section(),
            Self::OidsDiffer => "SGP.22 §5.7.5",
            Self::AuthTwice => "SGP.22 §4.5.2.2",
        }
    }

    /// How strictly the specification asks for the refusal.
    #[must_use]
    pub const fn level(self) -> Level {
        match self {
            Self::Auth(defect) | Self::Pb(defect) => defect.level(),
            Self::OidsDiffer | Self::AuthTwice => Level::Must,
        }
    }

    /// What a card answers.
    #[must_use]
    pub const fn answer(self) -> CardAnswer {
        match self {
            Self::Auth(defect) => CardAnswer::AuthenticateServer(defect.authenticate_server_answers()),
            Self::Pb(defect) => CardAnswer::PrepareDownload(defect.prepare_download_answers()),
            // SGP.22 §5.7.5 has no code of its own for two certificates that do not belong together.
            Self::OidsDiffer => CardAnswer::PrepareDownload(&[
                DownloadErrorCode::INVALID_CERTIFICATE,
                DownloadErrorCode::UNDEFINED_ERROR,
            ]),
            Self::AuthTwice => CardAnswer::PrepareDownload(&[DownloadErrorCode::INVALID_CERTIFICATE]),
        }
    }
}

#[expect(clippy::indexing_slicing, reason = "computed when this is compiled")]
const fn all() -> [ServerDefect; 2 * SIGNING + 2] {
    let mut all = [ServerDefect::OidsDiffer; 2 * SIGNING + 2];
    all[1] = ServerDefect::AuthTwice;
    let mut next = 0;
    while next < SIGNING {
        all[2 + next] = ServerDefect::Auth(SigningDefect::ALL[next]);
        all[2 + SIGNING + next] = ServerDefect::Pb(SigningDefect::ALL[next]);
        next += 1;
    }
    all
}

/// `auth-expired`, `pb-expired`, `oids-differ`.
impl fmt::Display for ServerDefect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Auth(defect) => f.pad(&format!("auth-{defect}")),
            Self::Pb(defect) => f.pad(&format!("pb-{defect}")),
            Self::OidsDiffer => f.pad("oids-differ"),
            Self::AuthTwice => f.pad("auth-twice"),
        }
    }
}

impl FromStr for ServerDefect {
    type Err = UnknownDefect;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|defect| defect.to_string() == name);
        found.ok_or_else(|| UnknownDefect(name.to_owned()))
    }
}
