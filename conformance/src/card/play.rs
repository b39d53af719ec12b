//! A case, step by step.

use super::Case;
use super::bench::{Asked, Bench, Stop};
use super::check::Finding;
use super::line::{Answer, Framing};
use super::package::Package;
use super::profile::{Form, Slot};
use super::reply::Reply;
use super::request::{Change, Portion, Request, bytes};
use super::session::{Authentication, Preparation};
use super::step::Step;
use crate::outcome::Outcome;

/// How a step ended that did not go well.
enum Broken {
    /// It could not be done.
    Stop(Stop),
    /// The card would not do it.
    Refused(String),
    /// It was done, and what came of it is not what has to.
    Different(String),
}

impl<E: Into<Stop>> From<E> for Broken {
    fn from(error: E) -> Self {
        Self::Stop(error.into())
    }
}

/// Does what the case says and judges the answers.
pub(super) fn play(case: &Case, bench: &mut Bench<'_>) -> Outcome {
    for step in case.steps {
        match (perform(*step, bench), step) {
            (Ok(()), _) => {}
            (Err(Broken::Stop(Stop::Unavailable(why))), _) => return Outcome::skipped(why),
            (
                Err(Broken::Stop(Stop::Card(error))),
                Step::Ask(_)
                | Step::AskApdu(..)
                | Step::AskSelect(..)
                | Step::Exchange(_)
                | Step::Challenge(_),
            ) => {
                return Outcome::failed(case.expected.to_string(), error.to_string());
            }
            (Err(Broken::Stop(stop)), _) => return Outcome::blocked(step, stop),
            (Err(Broken::Refused(why)), _) => return Outcome::blocked(step, why),
            (Err(Broken::Different(actual)), _) => return Outcome::failed(step.to_string(), actual),
        }
    }
    match case.expected.verify(bench) {
        Ok(()) => Outcome::Passed,
        Err(Finding::Difference(actual)) => Outcome::failed(case.expected.to_string(), actual),
        Err(Finding::Stop(Stop::Unavailable(why))) => Outcome::skipped(why),
        Err(Finding::Stop(stop)) => Outcome::blocked("judge what came of it", stop),
    }
}

fn perform(step: Step, bench: &mut Bench<'_>) -> Result<(), Broken> {
    match step {
        Step::Reset => bench.restart()?,
        Step::Do(request) => done(request, bench)?,
        Step::Ask(request) => {
            let asked = bench.send(request)?;
            bench.asked.push(asked);
        }
        Step::AskApdu(_, hex) => {
            let answer = bench.line.on_channel(&bytes(hex)?)?;
            bench.asked.push(answered(answer));
        }
        Step::AskSelect(_, aid) => {
            let answer = bench.line.select(&bytes(aid)?)?;
            bench.asked.push(answered(answer));
        }
        Step::CloseChannel => {
            let answer = bench.line.close()?;
            success(&answer, "MANAGE CHANNEL")?;
        }
        Step::Blocks(block_size) => {
            let framing = bench.line.framing();
            bench.line.set_framing(Framing { block_size, ..framing });
        }
        Step::WithoutLe => {
            let framing = bench.line.framing();
            bench.line.set_framing(Framing { with_le: false, ..framing });
        }
        Step::TerminalProfile => {
            let answer = bench.line.send(&[0x80, 0x10, 0, 0, 4, 0xFF, 0xFF, 0xFF, 0xFF])?;
            success(&answer, "TERMINAL PROFILE")?;
        }
        Step::Authenticate => authenticate(bench)?,
        Step::Prepare => prepare(bench)?,
        Step::Bind(package) => bench.bind(package)?,
        Step::Install(slot, form) => install(bench, slot, form)?,
        Step::Use(slot, form) => {
            install(bench, slot, form)?;
            done(Request::EnableProfile(Change::of(slot)), bench)?;
            bench.restart()?;
        }
        Step::Exchange(exchange) => {
            let answer = bench.line.send(&bytes(exchange.command)?)?;
            exchange.wanted.judge(&answer)?.map_err(Broken::Different)?;
        }
        Step::Challenge(challenge) => {
            let functions = bench.profile(Slot::A).functions()?;
            let answer = bench.line.send(&challenge.command(&*functions))?;
            challenge.judge(&*functions, &answer)?.map_err(Broken::Different)?;
        }
        Step::NoteNotifications => {
            let all = bench.notifications()?.map_err(Broken::Refused)?;
            bench.noted = all.iter().map(|notification| notification.metadata().seq_number).collect();
        }
    }
    Ok(())
}

/// An APDU of its own: its data are not an object that somebody knows.
fn answered(answer: Answer) -> Asked {
    let reply = match (answer.status.is_success(), answer.data.is_empty()) {
        (true, true) => Reply::NoData,
        (true, false) => Reply::Done,
        (false, _) => Reply::Status(answer.status),
    };
    Asked { request: None, answer, reply }
}

fn success(answer: &Answer, command: &str) -> Result<(), Broken> {
    if answer.status.is_success() {
        return Ok(());
    }
    Err(Broken::Refused(format!("{command} is answered with {}", answer.status)))
}

fn done(request: Request, bench: &mut Bench<'_>) -> Result<(), Broken> {
    let asked = bench.send(request)?;
    if asked.reply.is_done() { Ok(()) } else { Err(Broken::Refused(format!("{request}: {}", asked.reply))) }
}

fn authenticate(bench: &mut Bench<'_>) -> Result<(), Broken> {
    done(Request::GetEuiccChallenge, bench)?;
    done(Request::AuthenticateServer(Authentication::Good), bench)
}

fn prepare(bench: &mut Bench<'_>) -> Result<(), Broken> {
    authenticate(bench)?;
    done(Request::PrepareDownload(Preparation::Good), bench)
}

fn install(bench: &mut Bench<'_>, slot: Slot, form: Form) -> Result<(), Broken> {
    prepare(bench)?;
    let asked = bench.send(Request::Load(Portion::FromTheStart(Package::Good(slot, form))))?;
    if asked.reply != Reply::Done {
        return Err(Broken::Refused(format!("LoadBoundProfilePackage: {}", asked.reply)));
    }
    Ok(bench.has_installed(slot)?)
}
