//! The judge of cards, judged.

mod broken;
mod defects;
mod forge;
mod lab;
mod runs;

use std::collections::BTreeSet;

use broken::{Broken, How, Spoil};
use conformance::card::{Plan, cases, judge};
use conformance::case::Level;
use conformance::outcome::Outcome;
use conformance::pki::{ServerDefect, SigningDefect};
use conformance::random::Seed;
use conformance::selection::Selection;
use crypto::Curve;
use lab::Kind;
use lpa::{Card, CardError};
use protocol::bpp::defect::PackageDefect;
use protocol::trace::What;

#[test]
fn our_own_card_passes_every_case_on_both_curves() {
    let mut passed = BTreeSet::new();
    let mut told = String::new();
    for kind in Kind::ALL {
        let mut card = lab::card(kind, Curve::P256);
        let before = card.0.state().profiles.len();
        let selection = Selection::default();
        let plan = Plan { selection: &selection, curves: &Curve::ALL, seed: lab::SEED };
        let reports = judge(&mut lab::target(kind, &mut card), &plan, |_| ()).unwrap();
        for report in reports {
            match &report.outcome {
                Outcome::Passed => {
                    passed.insert(report.name());
                }
                Outcome::Skipped { .. } => {}
                other => told += &format!("{kind:?} {}: {other:#?}\n", report.name()),
            }
        }
        // What a case brings it takes away.
        assert_eq!(card.0.state().profiles.len(), before, "{kind:?}");
        assert!(card.0.state().notifications.all().is_empty(), "{kind:?}");
    }
    assert!(told.is_empty(), "{told}");
    let all: BTreeSet<String> = cases::all()
        .flat_map(|case| {
            let variants = case.variants.over(&Curve::ALL, &[]);
            variants.into_iter().map(|variant| format!("{} {variant}", case.head.id).trim().to_owned())
        })
        .collect();
    assert_eq!(all.difference(&passed).collect::<Vec<_>>(), Vec::<&String>::new(), "never run");
}

#[test]
fn there_are_many_cases_and_each_has_a_name_of_its_own() {
    let ids: BTreeSet<String> = cases::all().map(|case| case.head.id.to_string()).collect();
    assert_eq!(ids.len(), cases::all().count());
    assert!(ids.len() >= 80, "{}", ids.len());
    assert!(cases::all().filter(|case| case.head.level == Level::Must).count() >= 80);
    for case in cases::all() {
        let requirement = case.head.requirement;
        assert!(requirement.ends_with('.') && requirement.len() < 140, "{requirement}");
        assert!(!case.steps.is_empty() && !case.expected.to_string().is_empty());
    }
}

#[test]
fn for_every_case_there_is_a_broken_card_that_fails_it() {
    let mut told = String::new();
    for case in cases::all() {
        let id = case.head.id;
        let Some(kind) = lab::kind_for(case) else {
            told += &format!("{id}: no card has what it needs\n");
            continue;
        };
        let defect = defects::of(case);
        let mut card = Broken::new(lab::card(kind, Curve::P256), defect.spoil);
        let bad = lab::judge_one(case, kind, &mut card, Curve::P256);
        if !matches!(bad.outcome, Outcome::Failed(_)) {
            told += &format!("{id}, broken so that {}: {:?}\n", defect.name, bad.outcome);
        }
    }
    assert!(told.is_empty(), "{told}");
}

/// What is wrong with one function is not laid at the door of another.
#[test]
fn a_broken_function_fails_no_case_of_another() {
    let functions: BTreeSet<&str> = cases::all().map(|case| case.head.id.function.name).collect();
    let first_of = |function: &str| cases::all().find(|case| case.head.id.function.name == function).unwrap();
    // Functions that no other one needs.
    for function in
        ["SetDefaultDpAddress", "CancelSession", "GetRAT", "SetNickname", "LoadCRL", "eUICCMemoryReset"]
    {
        let tag = defects::last(first_of(function)).map(defects::tag).unwrap();
        let spoil = Spoil { on: tag, from: 1, how: How::Status(0x6A80) };
        for other in functions.iter().filter(|other| **other != function) {
            let case = first_of(other);
            let uses = case.steps.iter().any(|step| step.to_string().starts_with(function));
            let kind = lab::kind_for(case).unwrap();
            let mut card = Broken::new(lab::card(kind, Curve::P256), spoil);
            let outcome = lab::judge_one(case, kind, &mut card, Curve::P256).outcome;
            assert!(
                uses || outcome == Outcome::Passed,
                "{function} is broken, {}: {outcome:?}",
                case.head.id
            );
        }
    }
}

#[test]
fn the_same_seed_sends_the_same_bytes_whichever_cases_run_beside() {
    let case = cases::all().find(|case| case.head.id.to_string() == "ES8+.StoreMetadata.5.5.3-17").unwrap();
    let sent = |seed| {
        let mut card = Recording { card: lab::card(Kind::Plain, Curve::P256), sent: Vec::new() };
        let report = lab::judge_with(case, Kind::Plain, &mut card, Curve::P256, seed);
        assert_eq!(report.outcome, Outcome::Passed);
        card.sent
    };
    let first = sent(lab::SEED);
    assert!(first.len() > 20);
    assert!(first == sent(lab::SEED), "the bytes differ");
    assert!(first != sent(Seed(8)), "another seed sends other bytes");
}

/// Keeps the commands.
struct Recording {
    card: lab::Simulated,
    sent: Vec<Vec<u8>>,
}

impl Card for Recording {
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, CardError> {
        self.sent.push(command.to_vec());
        self.card.transmit(command)
    }

    fn reset(&mut self) -> Result<Vec<u8>, CardError> {
        self.card.reset()
    }
}

#[test]
fn every_defect_of_certificates_and_packages_is_a_case() {
    let steps: Vec<String> =
        cases::all().flat_map(|case| case.steps).map(|step| format!("{step:?}")).collect();
    let mut missing: Vec<String> = Vec::new();
    for defect in ServerDefect::ALL {
        // What revokes a certificate is a list, so that these cases have steps of their own.
        let revoked = [ServerDefect::Auth(SigningDefect::Revoked), ServerDefect::Pb(SigningDefect::Revoked)];
        let wanted =
            if revoked.contains(&defect) { "Revoked".to_owned() } else { format!("Defect({defect:?})") };
        if !steps.iter().any(|step| step.contains(&wanted)) {
            missing.push(wanted);
        }
    }
    for defect in PackageDefect::ALL {
        let wanted = format!("Defect({defect:?})");
        if !steps.iter().any(|step| step.contains(&wanted)) {
            missing.push(wanted);
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn a_case_keeps_what_travelled() {
    let case = cases::all().find(|case| case.head.id.to_string() == "ES10c.GetEID.5.7.20-01").unwrap();
    let report = lab::judge_one(case, Kind::Plain, &mut lab::card(Kind::Plain, Curve::P256), Curve::P256);
    let has = |wanted: fn(&What) -> bool| report.messages.iter().any(|event| wanted(&event.what));
    assert!(has(|what| matches!(what, What::Apdu { .. })));
    assert!(has(|what| matches!(what, What::Object { .. })));
}
