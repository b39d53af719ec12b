//! The defects that belong to a case.

use conformance::server::Case;
use conformance::server::expected::Expected;
use conformance::server::message::Form;
use conformance::server::step::Step;

use super::beliefs;
use super::rows::{self, Row};
use super::{Defect, Kind};

/// Every defect that makes this case fail: one at least.
pub fn defects_of(case: &Case) -> Vec<Defect> {
    let last = case.steps.last().expect("a case has a step");
    let calls = calls(case.steps);
    let at = *calls.last().expect("a case has a step");
    let defect = |(name, at, kind): Row| Defect::new(name, at, kind);
    let granted = || Defect::new(format!("executes {last}"), at, Kind::Grants);
    let mut beliefs: Vec<Defect> = beliefs::of(&case.head.id.to_string()).into_iter().map(defect).collect();
    let is_about_an_earlier_call = case.steps.iter().any(|step| matches!(step, Step::Whatever(_)));
    if is_about_an_earlier_call && matches!(case.expected, Expected::Executed) {
        // That the last call is refused whatever came before it would say nothing.
        assert!(!beliefs.is_empty(), "{}: no server believes what it should not", case.head.id);
        return beliefs;
    }
    beliefs.extend(match (&case.expected, form(last)) {
        (_, Form::OuterTag(_)) => {
            vec![defect(("does not look at the outer tag", at, Kind::Mistakes(with_tag_a2)))]
        }
        (_, Form::TrailingByte) => {
            vec![defect(("does not look behind the end of a request", at, Kind::Mistakes(without_last_byte)))]
        }
        (Expected::Refused(_) | Expected::RefusedAs(_), _) => {
            vec![granted(), Defect::new(format!("refuses {last} with another code"), at, Kind::SaysOtherwise)]
        }
        (Expected::RefusedSomehow | Expected::NotExecuted | Expected::HttpRefusal, _) => vec![granted()],
        (Expected::TurnedAway, _) => vec![defect(("lets everybody in", "", Kind::LetsEverybodyIn))],
        (Expected::Executed | Expected::ExecutedOr(_), _) => {
            let number = calls.iter().filter(|call| **call == at).count();
            vec![Defect::new(format!("refuses {last}"), at, Kind::Refuses(number))]
        }
        (Expected::Holds(property) | Expected::Answer(property), _) => {
            let spoiled = rows::spoiled(property.says, at);
            let spoiled = spoiled.unwrap_or_else(|| panic!("no server breaks this: {}", property.says));
            let several = property.says.contains("in the order in which they were registered")
                && calls.iter().filter(|call| call.ends_with("registerEvent")).count() > 1
                // The other event of this case is that of another eUICC, if it is there at all.
                && !case.steps.iter().any(|step| matches!(step, Step::Whatever(_)));
            let reordered = several.then(rows::in_another_order);
            let lost = (property.says == "eventEntries has each event once").then(rows::lost);
            let escapes = (property.says == "no character is escaped that need not be")
                .then(|| rows::escapes_plus_signs(at));
            [Some(spoiled), reordered, lost, escapes].into_iter().flatten().map(defect).collect()
        }
    });
    beliefs
}

/// What is wrong with a server that makes this case fail in the ASN.1 binding: of cases that ask for the number of an error,
/// or that nothing is executed where success has nothing to tell.
pub fn defects_in_asn1(case: &Case) -> Vec<Defect> {
    let Some(last) = case.steps.last().filter(|last| case.variants.bindings && form(last) == Form::Right)
    else {
        return Vec::new();
    };
    let at = called(last);
    if at.is_empty() {
        return Vec::new();
    }
    let (otherwise, granted) = (
        || Defect::new(format!("refuses {last} with another number"), at, Kind::SaysOtherwise),
        || Defect::new(format!("executes {last}"), at, Kind::Grants),
    );
    let has_nothing_to_tell = at.ends_with("handleNotification") || at.ends_with("cancelSession");
    match &case.expected {
        Expected::Refused(_) | Expected::RefusedAs(_) => vec![otherwise()],
        Expected::RefusedSomehow | Expected::NotExecuted if has_nothing_to_tell => vec![granted()],
        _ => Vec::new(),
    }
}

/// What each step calls, as the end of its path; empty where it calls nothing.
fn calls(steps: &[Step]) -> Vec<&'static str> {
    let mut calls = Vec::new();
    for step in steps {
        let call = match bare(step) {
            Step::Again => calls.last().copied().unwrap_or_default(),
            _ => called(step),
        };
        calls.push(call);
    }
    calls
}

/// A step without what is said of its caller and form.
fn bare(step: &Step) -> &Step {
    match step {
        Step::As(_, step) | Step::By(_, step) | Step::Whatever(step) => bare(step),
        step => step,
    }
}

fn form(step: &Step) -> Form {
    match step {
        Step::As(form, _) => *form,
        Step::By(_, step) | Step::Whatever(step) => form(step),
        _ => Form::Right,
    }
}

fn called(step: &Step) -> &'static str {
    if let Form::OtherPath(path) = form(step) {
        return path;
    }
    match bare(step) {
        Step::InitiateAuthentication(_) => "initiateAuthentication",
        Step::AuthenticateClient(_) => "authenticateClient",
        Step::GetBoundProfilePackage(_) => "getBoundProfilePackage",
        Step::HandleNotification(_) => "es9plus/handleNotification",
        Step::CancelSession(_) => "cancelSession",
        Step::DownloadOrder(_) => "es2plus/downloadOrder",
        Step::ConfirmOrder(_) | Step::Order(_) => "es2plus/confirmOrder",
        Step::CancelOrder(_) => "es2plus/cancelOrder",
        Step::ReleaseProfile(_) => "es2plus/releaseProfile",
        Step::RegisterEvent(_) => "es12/registerEvent",
        Step::DeleteEvent(_) => "es12/deleteEvent",
        // Of several, whichever is refused in the end; the others call nothing.
        _ => "",
    }
}

fn with_tag_a2(mut body: Vec<u8>) -> Vec<u8> {
    body[0] = 0xA2;
    body
}

fn without_last_byte(mut body: Vec<u8>) -> Vec<u8> {
    body.pop();
    body
}
