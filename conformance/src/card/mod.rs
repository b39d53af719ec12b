//! The judge of an eUICC: it plays the SM-DP+ and the LPA, over APDUs.
//!
//! * [`cases`] has the cases, one file a function: data. [`step`] is what a case does, [`request`] which commands there
//!   are, [`expected`] and [`check`] what is asked of the answers, [`need`] what the card has to offer.
//! * [`session`] is the SM-DP+ with the certificates of [`servers`], [`package`] what it binds, [`profile`] what is in it, and
//!   [`elements`] how it is changed.
//! * [`uicc`] is what a phone does with a profile once it is enabled.
//! * [`line`] carries the commands, [`bench`] keeps what came of them.
//!
//! A case assumes nothing of the card but the Certificate Issuers of the directory. It leaves the profiles alone that were
//! there before, and takes away what it brought: profiles, notifications, the default SM-DP+ address.

pub mod bench;
pub mod cases;
pub mod check;
mod clean_up;
pub mod crl;
pub mod elements;
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
pub mod uicc;

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

    /// With words to select by.
    #[must_use]
    const fn tagged(self, tags: &'static [&'static str]) -> Self {
        Self { head: self.head.tagged(tags), ..self }
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
    /// The curves that cases run on. On those that card and judge have not in common they are skipped.
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

/// Runs the cases of a plan, one after the other, and tells `done` of each as soon as it is over. Once the card is gone nothing
/// is asked any more: what is left is blocked, and says why.
///
/// # Errors
/// [`NoJudgement`]: nothing was run.
pub fn judge(
    target: &mut Target<'_>,
    plan: &Plan<'_>,
    mut done: impl FnMut(&CaseReport),
) -> Result<Vec<CaseReport>, NoJudgement> {
    let mut properties = target.properties()?;
    let common: Vec<Curve> =
        properties.curves(&target.roots).into_iter().filter(|curve| plan.curves.contains(curve)).collect();
    if common.is_empty() {
        return Err(NoJudgement::NoCommonRoot);
    }
    let others = plan.curves.iter().filter(|curve| !common.contains(curve));
    let curves: Vec<Curve> = common.iter().chain(others).copied().collect();
    let mut gone: Option<CardError> = None;
    let mut reports = Vec::new();
    for case in cases::all().filter(|case| plan.selection.takes(&case.head)) {
        for variant in case.variants.over(&curves, &[]) {
            let report = match &gone {
                Some(error) => report_of(case, variant, Outcome::blocked(RESTART, error)),
                None => {
                    let (report, reached) = attempt(case, target, &properties, variant, &common, plan);
                    // What was there before is not there any more.
                    let changed = case.needs.contains(&Need::Destructive);
                    gone = match reached {
                        Ok(()) if changed => target.properties().map(|now| properties = now).err(),
                        reached => reached.err(),
                    };
                    report
                }
            };
            done(&report);
            reports.push(report);
        }
    }
    Ok(reports)
}

/// How every case begins.
const RESTART: &str = "reset the card and select its ISD-R";

/// Runs one case in one way. The curves are those that card and judge have in common, the card's favourite first.
pub fn run(
    case: &Case,
    target: &mut Target<'_>,
    properties: &Properties,
    variant: Variant,
    curves: &[Curve],
    plan: &Plan<'_>,
) -> CaseReport {
    attempt(case, target, properties, variant, curves, plan).0
}

/// The same, and whether the card could be reached.
fn attempt(
    case: &Case,
    target: &mut Target<'_>,
    properties: &Properties,
    variant: Variant,
    curves: &[Curve],
    plan: &Plan<'_>,
) -> (CaseReport, Result<(), CardError>) {
    let begun = Instant::now();
    let (evidence, tracer) = Evidence::new(Actor::Lpa, target.clock.clone());
    let outcome = outcome(case, target, properties, variant, curves, plan.seed, tracer);
    let (outcome, reached) = match outcome {
        Ok(outcome) => (outcome, Ok(())),
        Err(error) => (Outcome::blocked(RESTART, &error), Err(error)),
    };
    let mut report = report_of(case, variant, outcome);
    report.seconds = begun.elapsed().as_secs_f64();
    report.keep(&evidence);
    (report, reached)
}

fn report_of(case: &Case, variant: Variant, outcome: Outcome) -> CaseReport {
    let steps = case.steps.iter().map(ToString::to_string).collect();
    CaseReport::new(&case.head, variant, steps, outcome)
}

/// An error says that the card could not be reached before the case began.
fn outcome(
    case: &Case,
    target: &mut Target<'_>,
    properties: &Properties,
    variant: Variant,
    curves: &[Curve],
    seed: Seed,
    tracer: Tracer,
) -> Result<Outcome, CardError> {
    let curve = variant.curve.or_else(|| curves.first().copied());
    let Some(root) = target.roots.iter().find(|root| Some(root.curve) == curve) else {
        return Ok(Outcome::skipped("the certificate directory has no CI on this curve"));
    };
    if !curves.contains(&root.curve) {
        return Ok(Outcome::skipped(
            "the card has no key under the CI of the certificate directory on this curve",
        ));
    }
    for need in case.needs {
        if let Err(why) = need.verify(properties, target.way, curves.len(), target.destructive) {
            return Ok(Outcome::skipped(why));
        }
    }
    let other = target.roots.iter().find(|root| Some(root.curve) != curve && curves.contains(&root.curve));
    let framing = target.framing();
    let mut line = Line::new(&mut *target.card, target.isd_r_aid.clone(), framing, tracer);
    let opened = line.restart()?;
    let rng = seed.of_case(&case.head, variant);
    let mut bench = Bench::new(line, opened, properties, Servers::new(root, other), rng);
    let outcome = play::play(case, &mut bench);
    bench.line.set_framing(framing);
    Ok(match (clean_up::clean_up(&mut bench, target.destructive), outcome) {
        // A card that fails one case may well fail this.
        (Err(why), Outcome::Passed) => Outcome::blocked("take away what the case brought", why),
        (_, outcome) => outcome,
    })
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
