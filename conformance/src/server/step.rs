//! One step of a case.

use std::fmt;

use protocol::status::StatusCode;

use super::call::{
    Authenticate, Caller, Cancel, Confirm, Delete, Download, Initiate, Notify, Profile, Register, Reported,
    Reserve, Withdraw,
};
use super::message::Form;
use super::orders::OrderKind;

/// After so many tries a server that sets a limit to them is taken for one that sets none (SGP.22 §3.1.3 leaves the number to
/// the SM-DP+).
pub const TRIES: usize = 30;

/// One step of a case. All but the last have to succeed; what the case asks for is asked of the last.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    /// There is an order of this kind from here on.
    Order(OrderKind),
    /// Another eUICC below the same CI from here on; the session goes with the one before.
    AnotherEuicc,
    /// ES9+ or ES11.
    InitiateAuthentication(Initiate),
    /// ES9+ or ES11.
    AuthenticateClient(Authenticate),
    /// ES9+.
    GetBoundProfilePackage(Download),
    /// ES9+.
    HandleNotification(Notify),
    /// ES9+.
    CancelSession(Cancel),
    /// ES2+.
    DownloadOrder(Reserve),
    /// ES2+.
    ConfirmOrder(Confirm),
    /// ES2+.
    CancelOrder(Withdraw),
    /// ES2+.
    ReleaseProfile(Profile),
    /// ES12 or ES15.
    RegisterEvent(Register),
    /// ES12 or ES15.
    DeleteEvent(Delete),
    /// The last call once more, byte for byte.
    Again,
    /// There is an operator that takes reports.
    TakesReports,
    /// The operator will not take the next report.
    RefuseReport,
    /// The SM-DP+ reports to the operator.
    Report(Reported),
    /// The step, by another caller.
    By(Caller, &'static Step),
    /// The step in another form.
    As(Form, &'static Step),
    /// The step, whatever comes of it.
    Whatever(&'static Step),
    /// Goes on unless the last call was refused with the first code and none before it with the other, which the case waits
    /// for: then one limit hides another.
    UnlessFirst(StatusCode, StatusCode),
    /// These steps again and again until one of them is refused, at most [`TRIES`] times.
    AsOftenAsItGoes(&'static [Step]),
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Order(kind) => write!(f, "there is {kind}"),
            Self::AnotherEuicc => f.write_str("another eUICC takes part"),
            Self::InitiateAuthentication(how) => how.fmt(f),
            Self::AuthenticateClient(how) => how.fmt(f),
            Self::GetBoundProfilePackage(how) => how.fmt(f),
            Self::HandleNotification(how) => how.fmt(f),
            Self::CancelSession(how) => how.fmt(f),
            Self::DownloadOrder(how) => how.fmt(f),
            Self::ConfirmOrder(how) => how.fmt(f),
            Self::CancelOrder(how) => how.fmt(f),
            Self::ReleaseProfile(profile) => write!(f, "ReleaseProfile of {profile}"),
            Self::RegisterEvent(how) => how.fmt(f),
            Self::DeleteEvent(how) => how.fmt(f),
            Self::Again => f.write_str("the same call again"),
            Self::TakesReports => f.write_str("there is an operator that takes reports"),
            Self::RefuseReport => f.write_str("the operator answers the next report with 500"),
            Self::Report(about) => about.fmt(f),
            Self::By(caller, step) => write!(f, "{step}, by {caller}"),
            Self::As(Form::Right, step) => step.fmt(f),
            Self::As(form, step) => write!(f, "{step} {form}"),
            Self::UnlessFirst(first, awaited) => write!(f, "{first} did not come before {awaited}"),
            Self::Whatever(step) => write!(f, "{step}, whatever comes of it"),
            Self::AsOftenAsItGoes(steps) => {
                for (index, step) in steps.iter().enumerate() {
                    write!(f, "{}{step}", if index == 0 { "" } else { " and " })?;
                }
                f.write_str(", again and again")
            }
        }
    }
}
