//! The first difference between a kept session and a new one.

use std::fmt;

use serde_json::Value;

use super::names::Names;
use super::value::{self, Found};
use super::{Recorded, Recording};
use crate::report::CaseReport;

/// Where a new session differs from the kept one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Difference {
    /// The case, and how it was run.
    pub case: String,
    /// The number of the message in the case, from 1; `None` where it is the case as a whole that differs.
    pub message: Option<usize>,
    /// What kind of message it is: a path and a direction, the name of an object, an APDU.
    pub what: String,
    /// The way to the place inside it.
    pub path: Vec<String>,
    /// What stood there.
    pub then: String,
    /// What stands there now.
    pub now: String,
}

/// The first difference; `None` where there is none: in what travelled, or in how a case went.
///
/// Values of four bytes and more may be others, if each stands for one and the same in the whole case: nobody can foresee what
/// a server draws. Words for humans and times are not compared.
pub fn first(recording: &Recording, now: &[CaseReport]) -> Option<Difference> {
    recording.runs.iter().find_map(|recorded| {
        let run = now.iter().find(|run| run.id == recorded.id && run.variant == recorded.variant);
        match run {
            Some(run) => in_case(recorded, run).or_else(|| in_outcome(recorded, run)),
            None => Some(of_case(recorded, "was run", "is not")),
        }
    })
}

/// What travelled is alike, and was judged otherwise: a signature may be another one, but not a wrong one.
fn in_outcome(recorded: &Recorded, run: &CaseReport) -> Option<Difference> {
    let now = run.outcome.word();
    (recorded.outcome != now).then(|| of_case(recorded, &recorded.outcome, now))
}

fn of_case(recorded: &Recorded, then: &str, now: &str) -> Difference {
    Difference {
        case: name(recorded),
        message: None,
        what: "the case".to_owned(),
        path: Vec::new(),
        then: then.to_owned(),
        now: now.to_owned(),
    }
}

fn name(recorded: &Recorded) -> String {
    format!("{} {}", recorded.id, recorded.variant).trim_end().to_owned()
}

fn in_case(recorded: &Recorded, run: &CaseReport) -> Option<Difference> {
    let mut names = Names::default();
    let now: Vec<Value> = run.messages.iter().filter_map(|event| serde_json::to_value(event).ok()).collect();
    let then: Vec<&Value> = recorded.messages.iter().filter(is_compared).collect();
    let now: Vec<&Value> = now.iter().filter(is_compared).collect();
    for (number, then) in (1..).zip(&then) {
        let Some(now) = now.get(number - 1) else {
            return Some(end(recorded, number, label(then), "was there", "nothing more comes"));
        };
        if let Some(Found { path, then: before, now: after }) = event(then, now, &mut names) {
            let (case, message) = (name(recorded), Some(number));
            return Some(Difference { case, message, what: label(then), path, then: before, now: after });
        }
    }
    let surplus = now.get(then.len())?;
    Some(end(recorded, then.len() + 1, label(surplus), "nothing more came", "is there"))
}

fn end(recorded: &Recorded, number: usize, what: String, then: &str, now: &str) -> Difference {
    Difference {
        case: name(recorded),
        message: Some(number),
        what,
        path: Vec::new(),
        then: then.to_owned(),
        now: now.to_owned(),
    }
}

/// Messages, APDUs and the objects in them. Checks follow from these.
fn is_compared(event: &&Value) -> bool {
    matches!(text(event, "kind"), "http" | "apdu" | "object")
}

fn text<'v>(event: &'v Value, member: &str) -> &'v str {
    event.get(member).and_then(Value::as_str).unwrap_or_default()
}

fn label(event: &Value) -> String {
    match text(event, "kind") {
        "http" => format!("{} {}", text(event, "message"), text(event, "path")),
        "object" => text(event, "name").to_owned(),
        _ => format!("APDU {}", text(event, "command").chars().take(10).collect::<String>()),
    }
}

fn event(then: &Value, now: &Value, names: &mut Names) -> Option<Found> {
    let differs = |member: &str| {
        let (then, now) = (then.get(member), now.get(member));
        let shown = |value: Option<&Value>| value.map_or_else(|| "nothing".to_owned(), ToString::to_string);
        (then != now).then(|| Found { path: vec![member.to_owned()], then: shown(then), now: shown(now) })
    };
    let contents = |member: &str, names: &mut Names| {
        value::bodies(text(then, member), text(now, member), names).map(|found| found.inside(member))
    };
    let differs = ["kind", "message", "path", "status", "name"].into_iter().find_map(differs);
    differs.or_else(|| match text(then, "kind") {
        "http" => contents("body", names),
        "object" => contents("der", names),
        _ => apdu(then, now),
    })
}

/// Header and length of the command, length and status word of the response: what the data say is told by the objects that
/// they make, since an object may begin in one APDU and end in the next.
fn apdu(then: &Value, now: &Value) -> Option<Found> {
    const HEADER: usize = 10;
    const STATUS: usize = 4;
    let command = |event: &Value| {
        let command = text(event, "command");
        (command.chars().take(HEADER).collect::<String>(), command.len())
    };
    let response = |event: &Value| {
        let response = text(event, "response");
        let status = response.len().saturating_sub(STATUS);
        (response.get(status..).unwrap_or_default().to_owned(), response.len())
    };
    let same_command = command(then) == command(now);
    if same_command && response(then) == response(now) {
        return None;
    }
    let which = if same_command { "response" } else { "command" };
    let shown = |event: &Value| text(event, which).to_owned();
    Some(Found { path: vec![which.to_owned()], then: shown(then), now: shown(now) })
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.case)?;
        if let Some(message) = self.message {
            write!(f, ", message {message}")?;
        }
        write!(f, ": {}", self.what)?;
        if !self.path.is_empty() {
            write!(f, " › {}", self.path.join(" › "))?;
        }
        write!(f, "\n  then  {}\n  now   {}", self.then, self.now)
    }
}
