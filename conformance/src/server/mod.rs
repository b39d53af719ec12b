//! The judge of an SM-DP+ or SM-DS: it plays the LPA and the eUICC, and an operator where ES2+ is offered.
//!
//! * [`cases`] has the cases, one file a function: data.
//! * [`step`] is what a case does, [`expected`] what it asks for; [`call`] has the ways in which a call may be wrong.
//! * [`play`] plays the steps against a [`target`], with messages written by hand in [`message`].

pub mod call;
pub mod cases;
pub mod euicc;
pub mod expected;
mod listing;
pub mod message;
pub mod orders;
pub mod play;
pub mod property;
pub mod step;
pub mod target;

use std::time::Instant;

use crypto::Curve;
use protocol::trace::{Actor, Tracer};
use wire::es9plus::Binding;

use crate::case::{Head, Variant, Variants};
use crate::evidence::Evidence;
use crate::outcome::Outcome;
use crate::random::Seed;
use crate::report::CaseReport;
use crate::selection::Selection;
use expected::Expected;
use orders::OrdersFile;
use play::{Player, Setting, StepError};
use step::Step;
use target::{Kind, Target};

/// One case for a server.
pub struct Case {
    /// What it is about.
    pub head: Head,
    /// Which kind of server it is for.
    pub of: Kind,
    /// On which curves and in which bindings it is run.
    pub variants: Variants,
    /// What is done, in order.
    pub steps: &'static [Step],
    /// What is asked of the last step.
    pub expected: Expected,
}

/// What a run is made of, besides its target.
pub struct Plan<'a> {
    /// Which cases.
    pub selection: &'a Selection,
    /// The curves, the first one for cases that run on one.
    pub curves: &'a [Curve],
    /// The bindings, likewise.
    pub bindings: &'a [Binding],
    /// What everything random is made from.
    pub seed: Seed,
}

/// Runs the cases of a plan, one after the other, and tells `done` of each as soon as it is over.
pub async fn judge(target: &Target, plan: &Plan<'_>, mut done: impl FnMut(&CaseReport)) -> Vec<CaseReport> {
    let mut orders = target.orders.clone();
    let mut reports = Vec::new();
    for case in cases::all().filter(|case| case.of == target.kind && plan.selection.takes(&case.head)) {
        for variant in case.variants.over(plan.curves, plan.bindings) {
            let report = run(case, target, variant, plan, &mut orders).await;
            done(&report);
            reports.push(report);
        }
    }
    reports
}

/// Runs one case in one way.
pub async fn run(
    case: &Case,
    target: &Target,
    variant: Variant,
    plan: &Plan<'_>,
    orders: &mut OrdersFile,
) -> CaseReport {
    let begun = Instant::now();
    let (evidence, tracer) = Evidence::new(Actor::Lpa, target.clock.clone());
    let outcome = outcome(case, target, variant, plan, orders, tracer).await;
    let steps = case.steps.iter().map(ToString::to_string).collect();
    let mut report = CaseReport::new(&case.head, variant, steps, outcome);
    report.seconds = begun.elapsed().as_secs_f64();
    report.keep(&evidence);
    report
}

async fn outcome(
    case: &Case,
    target: &Target,
    variant: Variant,
    plan: &Plan<'_>,
    orders: &mut OrdersFile,
    tracer: Tracer,
) -> Outcome {
    let Some(root) = target.root(variant.curve.or_else(|| plan.curves.first().copied())) else {
        return Outcome::skipped("the certificate directory has no CI on this curve");
    };
    let binding = variant.binding.or_else(|| plan.bindings.first().copied()).unwrap_or_default();
    let rng = plan.seed.of_case(&case.head, variant);
    let mut player = match Player::new(Setting { target, root, orders, binding, rng, tracer }) {
        Ok(player) => player,
        Err(error) => return unplayed(&"the eUICC of the case", &error),
    };
    let outcome = play(case, &mut player).await;
    player.clear_up().await;
    outcome
}

async fn play(case: &Case, player: &mut Player<'_>) -> Outcome {
    let Some((last, before)) = case.steps.split_last() else {
        return Outcome::blocked("no step", "the case asks for nothing");
    };
    for step in before {
        if let Err(error) = player.play(step).await {
            return unplayed(step, &error);
        }
        if let Err(actual) = player.went_well(step) {
            return Outcome::blocked(step, actual);
        }
    }
    match player.play(last).await {
        Ok(()) => match case.expected.verify(player) {
            Ok(()) => Outcome::Passed,
            Err(actual) => Outcome::failed(case.expected.to_string(), actual),
        },
        Err(StepError::Answer(actual)) => Outcome::failed(case.expected.to_string(), actual),
        Err(StepError::Transport(error)) => {
            Outcome::failed(case.expected.to_string(), format!("no answer: {error}"))
        }
        Err(error) => unplayed(last, &error),
    }
}

fn unplayed(step: &impl ToString, error: &StepError) -> Outcome {
    match error {
        StepError::NotOffered(reason) => Outcome::skipped(reason.clone()),
        other => Outcome::blocked(step.to_string(), other),
    }
}
