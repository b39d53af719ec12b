//! Whether the log of a case holds what is expected.

mod device_info;
mod json;
mod notifications;
mod requests;
mod sessions;

use std::time::Duration;

use asn1::ErrorReason;
use protocol::es9plus::Function;
use wire::es9plus::Binding;

use super::case::Case;
use super::driver::Ended;
use super::expectation::Expectation;
use super::log::{Call, Log, Notice, Said};
use super::situation::{Deed, Server};
use super::stage::Told;
use crate::outcome::Outcome;

/// What a case met, besides the log.
pub(super) struct Met<'a> {
    pub case: &'a Case,
    pub log: &'a Log,
    /// The MatchingID of the activation code.
    pub token: &'a str,
    /// What the SM-DS told.
    pub told: &'a [Told],
    /// The name that the server of each call has.
    pub address_of: &'a dyn Fn(Server) -> String,
}

/// Why an expectation is not met.
pub(super) enum Unmet {
    /// The LPA did something else.
    Otherwise(String),
    /// It did not come so far that it could be told.
    NotReached(String),
    /// The question is none for this LPA.
    NotAsked(String),
}

pub(super) type Judgement = Result<(), Unmet>;

/// The outcome of a case.
pub(super) fn judge(met: &Met<'_>) -> Outcome {
    if let Some(outcome) = hindered(met) {
        return outcome;
    }
    for expected in met.case.expected {
        match met.judge(*expected) {
            Ok(()) => {}
            Err(Unmet::Otherwise(actual)) => return Outcome::failed(expected.to_string(), actual),
            Err(Unmet::NotReached(reason)) => return Outcome::blocked(expected, reason),
            Err(Unmet::NotAsked(reason)) => return Outcome::skipped(reason),
        }
    }
    Outcome::Passed
}

/// What decides a case before any expectation does.
fn hindered(met: &Met<'_>) -> Option<Outcome> {
    let acts = &met.case.situation.acts;
    for (act, ended) in acts.iter().zip(&met.log.acts) {
        match ended {
            Ended::NotStarted(why) => return Some(Outcome::blocked(act, why)),
            Ended::Crashed(how) => {
                return Some(Outcome::failed("the LPA does its work or gives up, in good order", how));
            }
            Ended::TimedOut => {
                let actual = format!("it was still at it when the time was over; {}", met.log.summary());
                return Some(Outcome::failed("the LPA comes to an end", actual));
            }
            Ended::InOrder | Ended::Unknown | Ended::ByItself => {}
        }
    }
    if is_installed_before(met) {
        let reason = "the card has this profile from an earlier run: delete it, or take another --seed";
        return Some(Outcome::blocked("the card has not the profile yet", reason));
    }
    not_twisted(met)
}

/// Whether the eUICC has a profile of the case that the case did not install.
fn is_installed_before(met: &Met<'_>) -> bool {
    let exists = ErrorReason::INSTALL_FAILED_DUE_TO_ICCID_ALREADY_EXISTS_ON_EUICC;
    let mut results = met.log.notices().filter_map(|(_, notice)| notice.result.as_ref());
    results.next().is_some_and(|first| first.as_ref().is_err_and(|error| error.error_reason == exists))
}

/// Where no deed fell to any call, nothing was asked of the LPA. One that stops at the first does not come to the others.
fn not_twisted(met: &Met<'_>) -> Option<Outcome> {
    let first = met.case.situation.twists.first()?;
    if met.log.calls.iter().any(|call| call.twisted) {
        return None;
    }
    let in_asn1 = met.log.of(first.function).any(|call| matches!(call.called, Some((_, Binding::Asn1))));
    if in_asn1 && matches!(first.deed, Deed::Answers(_)) {
        return Some(Outcome::skipped("the LPA uses the ASN.1 binding, in which no answer can be like this"));
    }
    let step = format!("the LPA calls {} at {}", first.function.name(), first.server);
    Some(Outcome::blocked(step, met.log.summary()))
}

impl Met<'_> {
    fn judge(&self, expected: Expectation) -> Judgement {
        use Expectation as E;
        match expected {
            E::Comes(server) => self.comes(server),
            E::Reaches(server, function) => self.reaches(server, function),
            E::SendsNothing(server) => self.sends_nothing(server),
            E::IdleDuring(act) => self.idle(act),
            E::BusyDuring(act) => self.busy(act),
            E::Calls(functions) => self.calls(functions),
            E::Never(function) => self.never(function),
            E::OncePerSession(function) => self.once_per_session(function),
            E::WaitsBefore(function, time) => self.waits(function, time),
            E::Installs => self.installs(1),
            E::InstallsSeveral(count) => self.installs(count),
            E::InstallsNothing => self.installs_nothing(),
            E::ReportsFailure => self.reports_failure(),
            E::Cancels(reasons) => self.cancels(reasons),
            E::CancelsOrReports(reasons) => self.reports_failure().or_else(|_| self.cancels(reasons)),
            E::Every(rule) => self.every(rule),
            E::NamesServer => self.names_server(),
            E::Sends(matching_id) => self.sends(matching_id),
            E::DeviceInfo => self.device_info(),
            E::ConfirmationCodeHash => self.confirmation_code_hash(),
            E::NewSession => self.new_session(),
            E::OffersTls => self.offers_tls(),
            E::DeliversAsSigned => self.delivers_as_signed(),
            E::DeliversOnce => self.delivers_once(),
            E::DeliversAgain => self.delivers_again(),
            E::DeliversInOrder => self.delivers_in_order(),
            E::DeliversOneByOne => self.delivers_one_by_one(),
            E::DeliversTo(server) => self.delivers_to(server),
            E::FollowsEvents => self.follows_events(),
            E::FollowsAlternative => self.follows_alternative(),
        }
    }

    fn comes(&self, server: Server) -> Judgement {
        let came = self.log.hellos.iter().any(|hello| hello.server == server);
        if came || self.log.to(server).next().is_some() { Ok(()) } else { self.not_reached() }
    }

    fn reaches(&self, server: Server, function: Function) -> Judgement {
        let mut calls = self.log.to(server);
        if calls.any(|call| call.is(function)) { Ok(()) } else { self.not_reached() }
    }

    fn sends_nothing(&self, server: Server) -> Judgement {
        let names: Vec<String> = self.log.to(server).map(Call::name).collect();
        if names.is_empty() { Ok(()) } else { otherwise(format!("it called {}", names.join(", "))) }
    }

    fn idle(&self, act: usize) -> Judgement {
        let names: Vec<String> =
            self.log.calls.iter().filter(|call| call.act == act).map(Call::name).collect();
        if names.is_empty() { Ok(()) } else { otherwise(format!("it called {}", names.join(", "))) }
    }

    fn busy(&self, act: usize) -> Judgement {
        if self.log.calls.iter().any(|call| call.act == act) { Ok(()) } else { self.not_reached() }
    }

    fn calls(&self, functions: &[Function]) -> Judgement {
        let called: Vec<Option<Function>> = self.log.to(Server::Smdp).map(Call::function).collect();
        if called.iter().copied().eq(functions.iter().copied().map(Some)) {
            return Ok(());
        }
        otherwise(self.log.summary())
    }

    fn never(&self, function: Function) -> Judgement {
        match self.log.of(function).count() {
            0 => Ok(()),
            count => otherwise(format!("it was called {}; {}", times(count), self.log.summary())),
        }
    }

    fn once_per_session(&self, function: Function) -> Judgement {
        let (calls, sessions) =
            (self.log.of(function).count(), self.log.of(Function::InitiateAuthentication).count());
        match calls {
            0 => self.not_reached(),
            _ if calls <= sessions => Ok(()),
            _ => otherwise(format!("it was called {} in {sessions} sessions", times(calls))),
        }
    }

    fn waits(&self, function: Function, time: Duration) -> Judgement {
        let mut calls = self.log.of(function);
        let Some(first) = calls.next() else { return self.not_reached() };
        let answered = first.answered.unwrap_or(first.at);
        // A header field that speaks of whole seconds is not meant to the millisecond.
        const TOLERANCE: Duration = Duration::from_millis(200);
        match calls.next() {
            Some(second) if second.at + TOLERANCE < answered + time => {
                let waited = second.at.saturating_sub(answered);
                otherwise(format!("it was called again after {:.1} seconds", waited.as_secs_f32()))
            }
            _ => Ok(()),
        }
    }

    fn installs_nothing(&self) -> Judgement {
        match self.installed() {
            0 => Ok(()),
            _ => otherwise("the profile was installed".to_owned()),
        }
    }

    fn installs(&self, count: usize) -> Judgement {
        if self.installed() == count {
            return Ok(());
        }
        let told = self.log.notices().find_map(|(_, notice)| notice.result.as_ref()?.as_ref().err());
        let why = match told {
            Some(error) => {
                format!("the SM-DP+ was told of {} during {}; ", error.error_reason, error.bpp_command_id)
            }
            None => String::new(),
        };
        otherwise(format!("{why}{}", self.log.summary()))
    }

    /// Different profiles, so that one that is told twice counts once.
    fn installed(&self) -> usize {
        let results = self.log.notices().filter(|(_, notice)| matches!(notice.result, Some(Ok(()))));
        let mut numbers: Vec<u64> = results.map(|(_, notice)| notice.sequence).collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers.len()
    }

    fn reports_failure(&self) -> Judgement {
        let failed = |notice: &Notice| matches!(notice.result, Some(Err(_)));
        match self.log.notices().find(|(_, notice)| failed(notice)) {
            Some((_, notice)) => notice.verified.clone().or_else(otherwise),
            None => otherwise(self.log.summary()),
        }
    }

    fn cancels(&self, reasons: &[asn1::CancelSessionReason]) -> Judgement {
        let said = self.log.calls.iter().find_map(|call| match &call.said {
            Some(Said::Cancels(reason)) => Some(reason),
            _ => None,
        });
        match said {
            Some(Ok(reason)) if reasons.contains(reason) => Ok(()),
            Some(Ok(reason)) => otherwise(format!("it was called with {reason}")),
            Some(Err(why)) => otherwise(format!("it was called, and cannot be accepted: {why}")),
            None => otherwise(format!("it was not called; {}", self.log.summary())),
        }
    }

    fn not_reached(&self) -> Judgement {
        Err(Unmet::NotReached(self.log.summary()))
    }

    /// Whether all of it went over the ASN.1 binding.
    fn is_in_asn1(&self) -> bool {
        let mut bindings = self.log.calls.iter().filter_map(|call| call.called).peekable();
        bindings.peek().is_some() && bindings.all(|(_, binding)| binding == Binding::Asn1)
    }
}

fn otherwise(actual: impl Into<String>) -> Judgement {
    Err(Unmet::Otherwise(actual.into()))
}

fn times(count: usize) -> String {
    if count == 1 { "once".to_owned() } else { format!("{count} times") }
}
