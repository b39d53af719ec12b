//! Faults that somebody has asked for: what an SM-DP+ does wrong so that an LPA can be seen to bear it.
//!
//! A [`Fault`] is one thing to do wrong, a [`Rule`] says on which calls. Rules are armed at run time ([`Faults`]) and held in
//! memory only: a server that was started anew does nothing wrong. Everything in force is told: in the log, in the metrics and
//! in the answer to `/ready`.

mod armed;
mod call;
mod metadata;
mod rule;
mod status;

pub use armed::{Armed, Faults, RuleId};
pub use rule::{Chance, Rule, RuleError};
pub use status::{UnknownStatusCode, status_code};

pub(crate) use call::{Call, Involved};
pub(crate) use metadata::enlarged;

use std::fmt;
use std::str::FromStr;

use protocol::bpp::defect::PackageDefect;
use protocol::es9plus::Function;
use protocol::status::StatusCode;
use thiserror::Error;
use wire::fault::AnswerFault;

/// One thing that is done wrong.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Fault {
    /// The function is not executed.
    Refuse {
        /// The reason that is given; any, whatever the function.
        code: StatusCode,
        /// What is said to humans; nothing where it is `None`.
        message: Option<String>,
    },
    /// The Bound Profile Package has a defect.
    Package(PackageDefect),
    /// The answer is wrong in HTTP or JSON.
    Answer(AnswerFault),
    /// The profile is offered with metadata as large as it may be, more than one segment of the package.
    LargeMetadata,
}

const LARGE_METADATA: &str = "large-metadata";

impl Fault {
    /// The functions that it can be done in.
    pub fn functions(&self) -> &'static [Function] {
        match self {
            Self::Refuse { .. } | Self::Answer(_) => &Function::ALL,
            Self::Package(_) => &[Function::GetBoundProfilePackage],
            Self::LargeMetadata => &[Function::AuthenticateClient],
        }
    }

    /// What is done, in one sentence without a full stop.
    pub fn description(&self) -> String {
        match self {
            Self::Refuse { code, .. } => format!("the function is refused with {code}: {}", code.meaning),
            Self::Package(defect) => defect.description(),
            Self::Answer(fault) => fault.description().into_owned(),
            Self::LargeMetadata => "the metadata is as large as it may be, which is legal".to_owned(),
        }
    }
}

/// The name: `8.2.6/3.8`, `mac-86-2`, `http-503`, `large-metadata`.
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refuse { code, .. } => code.fmt(f),
            Self::Package(defect) => defect.fmt(f),
            Self::Answer(fault) => fault.fmt(f),
            Self::LargeMetadata => f.write_str(LARGE_METADATA),
        }
    }
}

/// A text that names no fault.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub enum UnknownFault {
    /// It is no status code.
    #[error(transparent)]
    Code(#[from] UnknownStatusCode),
    /// It is no name.
    #[error("there is no fault {0:?}")]
    Name(String),
}

impl FromStr for Fault {
    type Err = UnknownFault;

    /// What [`fmt::Display`] writes; a refusal without a message.
    fn from_str(name: &str) -> Result<Self, UnknownFault> {
        if let Some((subject, reason)) = name.split_once('/') {
            return Ok(Self::Refuse { code: status_code(subject, reason)?, message: None });
        }
        let large = (name == LARGE_METADATA).then_some(Self::LargeMetadata);
        let package = || name.parse().ok().map(Self::Package);
        let answer = || name.parse().ok().map(Self::Answer);
        large.or_else(package).or_else(answer).ok_or_else(|| UnknownFault::Name(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_two_faults_share_a_name() {
        let packages = PackageDefect::ALL.iter().copied().map(Fault::Package);
        let answers = AnswerFault::ALL.iter().copied().map(Fault::Answer);
        let faults: Vec<Fault> = packages.chain(answers).chain([Fault::LargeMetadata]).collect();
        let names: BTreeSet<String> = faults.iter().map(ToString::to_string).collect();
        assert_eq!(names.len(), faults.len());
        for fault in faults {
            assert_eq!(fault.to_string().parse(), Ok(fault));
        }
    }

    #[test]
    fn any_well_formed_status_code_can_be_refused_with() {
        for name in ["8.2.6/3.8", "9.9.9/99.1", "1.6/2.1"] {
            assert_eq!(name.parse::<Fault>().unwrap().to_string(), name);
        }
        for name in ["8.2.6", "8.2.6/", "/3.8", "8..6/3.8", "a/b", "8.2.6/3.8/1", "", "8.2.6 /3.8"] {
            assert!(name.parse::<Fault>().is_err(), "{name}");
        }
    }
}
