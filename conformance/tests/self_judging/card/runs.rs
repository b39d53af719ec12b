//! Runs as a whole: what becomes of those that cannot be made, and by which words they are selected.

use conformance::card::need::Need;
use conformance::card::{Plan, Target, cases, judge};
use conformance::case::Level;
use conformance::outcome::Outcome;
use conformance::report::CaseReport;
use conformance::selection::Selection;
use crypto::Curve;
use lpa::{Card, CardError};

use super::lab::{self, Kind, Simulated};

fn judged(target: &mut Target<'_>, ids: &[&str]) -> Vec<CaseReport> {
    let ids = ids.iter().map(ToString::to_string).collect();
    let selection = Selection { ids, ..Selection::default() };
    let plan = Plan { selection: &selection, curves: &Curve::ALL, seed: lab::SEED };
    let mut told = 0;
    let reports = judge(target, &plan, |_| told += 1).unwrap();
    assert_eq!(told, reports.len());
    reports
}

/// A card that is gone after so many resets.
struct Mortal {
    card: Simulated,
    resets: usize,
    /// How often it was asked after that.
    missed: usize,
}

impl Mortal {
    fn with(resets: usize) -> Self {
        Self { card: lab::card(Kind::Plain, Curve::P256), resets, missed: 0 }
    }
}

impl Card for Mortal {
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, CardError> {
        self.card.transmit(command)
    }

    fn reset(&mut self) -> Result<Vec<u8>, CardError> {
        match self.resets.checked_sub(1) {
            Some(left) => {
                self.resets = left;
                self.card.reset()
            }
            None => {
                self.missed += 1;
                Err(CardError("it was pulled out".to_owned()))
            }
        }
    }
}

fn is_blocked_by_that(report: &CaseReport) -> bool {
    matches!(&report.outcome, Outcome::Blocked { reason, .. } if reason.contains("it was pulled out"))
}

#[test]
fn what_was_judged_is_kept_when_the_card_is_gone_and_what_is_left_is_blocked() {
    // What it is, before and after the first case, and before the second one, which resets it.
    let mut card = Mortal::with(4);
    let reports = judged(&mut lab::target(Kind::Plain, &mut card), &["ES10c.GetEID"]);
    assert_eq!(reports.len(), 5);
    assert_eq!(reports[0].outcome, Outcome::Passed);
    assert!(reports[1..].iter().all(is_blocked_by_that), "{reports:#?}");
    // By the second case, after it, and before the third one. Then it is known.
    assert_eq!(card.missed, 3);
}

#[test]
fn a_card_that_does_not_outlive_what_cannot_be_undone_leaves_a_report() {
    let mut card = Mortal::with(3);
    let reports = judged(&mut lab::target(Kind::Plain, &mut card), &["ES10c.eUICCMemoryReset"]);
    assert_eq!(reports[0].outcome, Outcome::Passed);
    assert!(reports.len() > 10 && reports[1..].iter().all(is_blocked_by_that), "{reports:#?}");
    assert_eq!(card.missed, 1);
}

#[test]
fn a_curve_that_is_missing_is_skipped_and_not_forgotten() {
    const CASE: &[&str] = &["ES10b.AuthenticateServer.5.7.13-01"];
    let by_variant = |reports: Vec<CaseReport>| -> Vec<(String, Outcome)> {
        reports.into_iter().map(|report| (report.variant, report.outcome)).collect()
    };
    let nist = ("nist".to_owned(), Outcome::Passed);
    let brainpool = |why: &str| ("brainpool".to_owned(), Outcome::skipped(why));

    let mut card = lab::card_on(Curve::P256);
    let why = "the card has no key under the CI of the certificate directory on this curve";
    let reports = judged(&mut lab::target(Kind::Plain, &mut card), CASE);
    assert_eq!(by_variant(reports), [nist.clone(), brainpool(why)]);

    let mut card = lab::card(Kind::Plain, Curve::P256);
    let mut target = lab::target(Kind::Plain, &mut card);
    target.roots.retain(|root| root.curve == Curve::P256);
    let why = "the certificate directory has no CI on this curve";
    assert_eq!(by_variant(judged(&mut target, CASE)), [nist, brainpool(why)]);
}

#[test]
fn tags_are_words_and_what_cannot_be_undone_has_its_own() {
    for case in cases::all() {
        let id = case.head.id;
        let is_word = |tag: &&str| tag.chars().all(|c| c.is_ascii_lowercase() || c == '-');
        assert!(case.head.tags.iter().all(is_word), "{id}");
        let destructive = case.needs.contains(&Need::Destructive);
        assert_eq!(case.head.tags.contains(&"destructive"), destructive, "{id}");
    }
}

/// A level that is higher than the specification's would fail a card that conforms.
#[test]
fn what_the_specification_leaves_open_is_no_must() {
    let level = |id: &str| cases::all().find(|case| case.head.id.to_string() == id).unwrap().head.level;
    for should in [
        "ES10b.LoadBoundProfilePackage.5.7.6-05",
        "ES10b.LoadBoundProfilePackage.5.7.6-06",
        "ES10b.LoadBoundProfilePackage.5.7.6-07",
        "ES8+.StoreMetadata.5.5.3-12",
    ] {
        assert_eq!(level(should), Level::Should, "{should}");
    }
    assert_eq!(level("ES10b.PrepareDownload.5.7.5-20"), Level::Must);
}
