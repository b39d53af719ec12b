//! What is asked of the answers of a case.

use std::fmt;

use asn1::{AuthenticateErrorCode, BppCommandId, DownloadErrorCode, ErrorReason};
use lpa::apdu::StatusWord;
use protocol::bpp::defect::{PackageDefect, Verdict};

use super::bench::{Bench, Stop};
use super::check::{self, Check, Finding};
use super::reply::{Code, Reply};

/// What is asked of the answers of a case, the last one above all.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Expected {
    /// The last command is done, and all of this holds.
    Done(&'static [Check]),
    /// The last command has one of these results.
    OneOf(&'static [Told]),
    /// The same, and all of this holds.
    OneOfAnd(&'static [Told], &'static [Check]),
    /// AuthenticateServer fails with one of these codes.
    Authenticate(&'static [AuthenticateErrorCode]),
    /// PrepareDownload fails with one of these codes.
    Download(&'static [DownloadErrorCode]),
    /// The package is refused in this function for one of these reasons, and nothing of it stays (SGP.22 §2.5.6).
    Refused(BppCommandId, &'static [ErrorReason]),
    /// What is right to make of a package with this defect.
    Judged(PackageDefect),
    /// Each answer is what its step says; they are judged as they come.
    AsTheStepsSay,
}

/// What an answer may say.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Told {
    /// Done.
    Done,
    /// Done, and no data.
    NoData,
    /// Done, and the list is empty.
    EmptyList,
    /// A result code of the function.
    Code(Code),
    /// Any result but the good one, told in the object that the function returns.
    AnyCode,
    /// A status word.
    Status(u16),
    /// Any status word of an error: 6xxx.
    AnyErrorStatus,
}

impl Told {
    fn is(self, reply: &Reply) -> bool {
        match (self, reply) {
            (Self::Done, Reply::Done) | (Self::NoData, Reply::NoData) | (Self::AnyCode, Reply::Code(_)) => {
                true
            }
            (Self::Code(expected), Reply::Code(code)) => expected == *code,
            (Self::Status(expected), Reply::Status(status)) => expected == status.0,
            (Self::AnyErrorStatus, Reply::Status(status)) => status.0 >> 12 == 6,
            _ => false,
        }
    }
}

impl Expected {
    /// Judges the answers. Checks may ask the card more.
    ///
    /// # Errors
    /// [`Finding::Difference`] says what is otherwise, [`Finding::Stop`] why it could not be found out.
    pub fn verify(self, bench: &mut Bench<'_>) -> Result<(), Finding> {
        let code = |code| Told::Code(code);
        match self {
            Self::Done(checks) => {
                let last = last_reply(bench)?;
                if !last.is_done() {
                    return Err(difference(&last));
                }
                hold(checks, bench)
            }
            Self::OneOf(told) => one_of(told, bench),
            Self::OneOfAnd(told, checks) => {
                one_of(told, bench)?;
                hold(checks, bench)
            }
            Self::Authenticate(codes) => {
                let told: Vec<_> = codes.iter().map(|number| code(Code::Authenticate(*number))).collect();
                one_of(&told, bench)
            }
            Self::Download(codes) => {
                let told: Vec<_> = codes.iter().map(|number| code(Code::Download(*number))).collect();
                one_of(&told, bench)
            }
            Self::Refused(command, reasons) => check::refused(bench, command, reasons),
            Self::Judged(defect) => match defect.verdict() {
                Verdict::Installed => check::installed(bench),
                Verdict::Refused { command, reasons } => check::refused(bench, command, reasons),
                Verdict::NotInstalled => check::not_installed(bench),
                Verdict::MayBeInstalled => check::installed_or_not(bench),
            },
            Self::AsTheStepsSay => Ok(()),
        }
    }
}

fn last_reply(bench: &Bench<'_>) -> Result<Reply, Finding> {
    let last = bench.last().map(|asked| asked.reply.clone());
    last.ok_or_else(|| Finding::Stop(Stop::impossible("the case asks nothing")))
}

/// Whether the last answer is one of these.
fn one_of(told: &[Told], bench: &Bench<'_>) -> Result<(), Finding> {
    let last = last_reply(bench)?;
    let empty = last == Reply::Done && bench.last().is_some_and(|asked| is_empty_list(&asked.answer.data));
    if told.iter().any(|told| told.is(&last) || *told == Told::EmptyList && empty) {
        return Ok(());
    }
    Err(difference(&last))
}

/// A list under A0 that has no entries.
fn is_empty_list(data: &[u8]) -> bool {
    asn1::tlv::read(data).is_ok_and(|(list, _)| list.value == [0xA0, 0])
}

fn difference(reply: &Reply) -> Finding {
    Finding::Difference(reply.to_string())
}

fn hold(checks: &[Check], bench: &mut Bench<'_>) -> Result<(), Finding> {
    for check in checks {
        check.hold(bench).map_err(|finding| match finding {
            Finding::Difference(actual) => Finding::Difference(format!("not that {check}: {actual}")),
            stop @ Finding::Stop(_) => stop,
        })?;
    }
    Ok(())
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Done([]) => f.write_str("done"),
            Self::Done(checks) => joined(f, checks, "; "),
            Self::OneOf(told) => joined(f, told, " or "),
            Self::AsTheStepsSay => f.write_str("the answers that the steps name"),
            Self::OneOfAnd(told, checks) => {
                joined(f, told, " or ")?;
                checks.iter().try_for_each(|check| write!(f, "; {check}"))
            }
            Self::Authenticate(codes) => joined(f, codes, " or "),
            Self::Download(codes) => joined(f, codes, " or "),
            Self::Refused(command, reasons) => refusal(f, *command, reasons),
            Self::Judged(defect) => match defect.verdict() {
                Verdict::Installed => f.write_str("the profile is installed"),
                Verdict::Refused { command, reasons } => refusal(f, command, reasons),
                Verdict::NotInstalled => f.write_str("the profile is not installed"),
                Verdict::MayBeInstalled => f.write_str("the profile is installed, or the package refused"),
            },
        }
    }
}

fn refusal(f: &mut fmt::Formatter<'_>, command: BppCommandId, reasons: &[ErrorReason]) -> fmt::Result {
    write!(f, "a Profile Installation Result with {command}, ")?;
    joined(f, reasons, " or ")?;
    f.write_str(", and nothing of the profile stays")
}

fn joined<T: fmt::Display>(f: &mut fmt::Formatter<'_>, all: &[T], between: &str) -> fmt::Result {
    for (index, one) in all.iter().enumerate() {
        if index > 0 {
            f.write_str(between)?;
        }
        one.fmt(f)?;
    }
    Ok(())
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Done => f.write_str("done"),
            Self::NoData => f.write_str("done, without data"),
            Self::EmptyList => f.write_str("an empty list"),
            Self::Code(code) => code.fmt(f),
            Self::AnyCode => f.write_str("an error code"),
            Self::Status(status) => {
                let status = StatusWord(*status);
                write!(f, "{status} ({})", status.meaning())
            }
            Self::AnyErrorStatus => f.write_str("the status word of an error"),
        }
    }
}
