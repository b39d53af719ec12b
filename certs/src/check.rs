//! What was checked: so that a trace or a report can show every step of a verification, not only its end.

use std::fmt;

use crate::{Role, reason::Reason};

/// One check of one certificate, made or passed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// The certificate that was looked at.
    pub certificate: Role,
    /// The section that asks for the check, for example `SGP.22 §4.5.2.2`.
    pub section: &'static str,
    /// What is demanded, as a clause: `the signature is the issuer's`.
    pub what: &'static str,
    /// How it ended.
    pub verdict: Verdict,
}

/// How a check ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The certificate does what is demanded.
    Passed,
    /// It does not; the text says which field, and what was expected.
    Failed(String),
    /// The check could not be made; the text says why.
    Skipped(&'static str),
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Verdict::Passed => f.write_str("passed"),
            Verdict::Failed(why) => write!(f, "failed: {why}"),
            Verdict::Skipped(why) => write!(f, "skipped: {why}"),
        }
    }
}

/// Is told every check in the order they are made. Whoever does not care passes `&mut |_| ()`.
pub type Observer<'a> = dyn FnMut(Check) + 'a;

/// The section that lists the checks of every certificate.
pub(crate) const VERIFICATION: &str = "SGP.22 §4.5.2.2";

/// Tells the observer about checks of one certificate.
pub(crate) struct Examiner<'o, 'f> {
    pub certificate: Role,
    pub observer: &'o mut Observer<'f>,
}

impl Examiner<'_, '_> {
    /// Reports a check that was made, and hands its result on.
    pub fn check(
        &mut self,
        section: &'static str,
        what: &'static str,
        result: Result<(), Reason>,
    ) -> Result<(), Reason> {
        let verdict = match &result {
            Ok(()) => Verdict::Passed,
            Err(reason) => Verdict::Failed(reason.to_string()),
        };
        self.tell(section, what, verdict);
        result
    }

    /// Reports a check.
    pub fn tell(&mut self, section: &'static str, what: &'static str, verdict: Verdict) {
        (self.observer)(Check { certificate: self.certificate, section, what, verdict });
    }
}
