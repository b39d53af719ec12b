//! The judge of an eUICC: it plays the SM-DP+ and the LPA, over APDUs.
//!
//! * [`cases`] has the cases, one file a function: data. [`step`] is what a case does, [`request`] which commands there
//!   are, [`expected`] and [`check`] what is asked of the answers, [`need`] what the card has to offer.
//! * [`session`] is the SM-DP+ with the certificates of [`servers`], [`package`] what it binds, [`profile`] what is in it.
//! * [`line`] carries the commands, [`bench`] keeps what came of them.
//!
//! A case assumes nothing of the card but the Certificate Issuers of the directory. It leaves the profiles alone that were
//! there before, and takes away what it brought: profiles, notifications, the default SM-DP+ address.

pub mod bench;
pub mod cases;
pub mod check;
mod clean_up;
pub mod crl;
pub mod expected;
pub mod line;
pub mod need;
pub mod package;
mod play;
pub mod profile;
pub mod properties;
pub mod reply;
pub mod request;
pub mod servers;
pub mod session;
pub mod step;

use std::sync::Arc;
use std::time::Instant;

use crypto::Curve;
use lpa::{Card, CardError};
use protocol::clock::Clock;
use protocol::trace::{Actor, Tracer};
use thiserror::Error;

use crate::case::{Head, Variant, Variants};
use crate::evidence::Evidence;
use crate::outcome::Outcome;
use crate::random::Seed;
use crate::report::CaseReport;
use crate::report::list::Listing;
use crate::selection::Selection;
use bench::Bench;
use expected::Expected;
use line::{Framing, Line};
use need::Need;
use properties::Properties;
use servers::{Root, Servers};
use step::Step;

/// One case for an eUICC.
pub struct Case {
    /// What it is about.
    pub head: Head,
    /// On which curves it is run.
    pub variants: Variants,
    /// What it needs.
    pub needs: &'static [Need],
    /// What is done, in order.
    pub steps: &'static [Step],
    /// What is asked of the answers.
    pub expected: Expected,
}

impl Case {
    /// What a list of cases tells of it.
    pub fn listing(&self) -> Listing {
        Listing {
            head: self.head,
            variants: self.variants,
            needs: self.needs.iter().map(ToString::to_string).collect(),
            steps: self.steps.iter().map(ToString::to_string).collect(),
            expected: self.expected.to_string(),
        }
    }
}

/// What the way to the card can carry.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Way {
    /// MANAGE CHANNEL and SELECT reach the card.
    pub channels: bool,
    /// Bytes that are no APDU reach the card.
    pub any_bytes: bool,
}

/// The eUICC under test.
pub struct Target<'c> {
    /// The card.
    pub card: &'c mut dyn Card,
    /// What the way to it can carry.
    pub way: Way,
    /// The Certificate Issuers that the judge has certificates of.
    pub roots: Vec<Root>,
    /// The AID of the ISD-R.
    pub isd_r_aid: Vec<u8>,
    /// Bytes in one STORE DATA block.
    pub block_size: u8,
    /// Whether what cannot be undone is allowed.
    pub destructive: bool,
    /// The time of what is recorded.
    pub clock: Arc<dyn Clock>,
}

/// What a run is made of, besides its target.
pub struct Plan<'a> {
    /// Which cases.
    pub selection: &'a Selection,
    /// The curves that cases run on; of these the ones that the card has.
    pub curves: &'a [Curve],
    /// What everything random is made from.
    pub seed: Seed,
}

/// Why there is nothing to judge.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub enum NoJudgement {
    /// The card cannot be reached, or has no ISD-R.
    #[error(transparent)]
    Card(#[from] CardError),
    /// The card trusts none of the Certificate Issuers.
    #[error("the card has no key under a Certificate Issuer of the certificate directory")]
    NoCommonRoot,
}

/// Runs the cases of a plan, one after the other, and tells `done` of each as soon as it is over.
///
/// # Errors
/// [`NoJudgement`]: nothing was run, or the card could not be asked any more between two cases.
pub fn judge(
    target: &mut Target<'_>,
    plan: &Plan<'_>,
    mut done: impl FnMut(&CaseReport),
) -> Result<Vec<CaseReport>, NoJudgement> {
    let mut properties = target.properties()?;
    let mut reports = Vec::new();
    let curves = properties.curves(&target.roots);
    let curves: Vec<Curve> = curves.into_iter().filter(|curve| plan.curves.contains(curve)).collect();
    if curves.is_empty() {
        return Err(NoJudgement::NoCommonRoot);
    }
    for case in cases::all().filter(|case| plan.selection.takes(&case.head)) {
        for variant in case.variants.over(&curves, &[]) {
            let report = run(case, target, &properties, variant, &curves, plan);
            done(&report);
            reports.push(report);
            // What was there before is not there any more.
            if case.needs.contains(&Need::Destructive) {
                properties = target.properties()?;
            }
        }
    }
    Ok(reports)
}

/// Runs one case in one way. The curves are those that card and judge have in common, the card's favourite first.
pub fn run(
    case: &Case,
    target: &mut Target<'_>,
    properties: &Properties,
    variant: Variant,
    curves: &[Curve],
    plan: &Plan<'_>,
) -> CaseReport {
    let begun = Instant::now();
    let (evidence, tracer) = Evidence::new(Actor::Lpa, target.clock.clone());
    let outcome = outcome(case, target, properties, variant, curves, plan.seed, tracer);
    let steps = case.steps.iter().map(ToString::to_string).collect();
    let mut report = CaseReport::new(&case.head, variant, steps, outcome);
    report.seconds = begun.elapsed().as_secs_f64();
    report.keep(&evidence);
    report
}

fn outcome(
    case: &Case,
    target: &mut Target<'_>,
    properties: &Properties,
    variant: Variant,
    curves: &[Curve],
    seed: Seed,
    tracer: Tracer,
) -> Outcome {
    for need in case.needs {
        if let Err(why) = need.verify(properties, target.way, curves.len(), target.destructive) {
            return Outcome::skipped(why);
        }
    }
    let curve = variant.curve.or_else(|| curves.first().copied());
    let destructive = target.destructive;
    let framing = target.framing();
    let Target { card, roots, isd_r_aid, .. } = target;
    let Some(root) = roots.iter().find(|root| Some(root.curve) == curve) else {
        return Outcome::skipped("the certificate directory has no CI on this curve");
    };
    let other = roots.iter().find(|root| Some(root.curve) != curve && curves.contains(&root.curve));
    let mut line = Line::new(&mut **card, isd_r_aid.clone(), framing, tracer);
    let opened = match line.restart() {
        Ok(opened) => opened,
        Err(error) => return Outcome::blocked("reset the card and select its ISD-R", error),
    };
    let rng = seed.of_case(&case.head, variant);
    let mut bench = Bench::new(line, opened, properties, Servers::new(root, other), rng);
    let outcome = play::play(case, &mut bench);
    bench.line.set_framing(framing);
    match (clean_up::clean_up(&mut bench, destructive), outcome) {
        // A card that fails one case may well fail this.
        (Err(why), Outcome::Passed) => Outcome::blocked("take away what the case brought", why),
        (_, outcome) => outcome,
    }
}

impl Target<'_> {
    /// What the card says of itself now.
    ///
    /// # Errors
    /// Where it cannot be reached, or has no ISD-R.
    pub fn properties(&mut self) -> Result<Properties, CardError> {
        let (framing, tracer) = (self.framing(), Tracer::off(Actor::Lpa));
        Properties::learn(&mut Line::new(&mut *self.card, self.isd_r_aid.clone(), framing, tracer))
    }

    fn framing(&self) -> Framing {
        Framing { block_size: self.block_size, with_le: true }
    }
}
