//! The judge of LPAs: our LPA passes every case, and for every case there is an LPA with one defect that fails it.

mod broken;
mod defects;
mod good;
mod lab;

use conformance::case::Level;
use conformance::lpa::case::Case;
use conformance::lpa::cases;
use conformance::outcome::Outcome;

use broken::Broken;
use good::Good;
use lab::Lab;

/// Our LPA takes CERT.DP.TLS and CERT.DS.TLS alike: which kind of server it has met it learns from CERT.XXauth alone.
fn is_known(case: &Case) -> bool {
    case.head.id.to_string() == "LPA.TlsCertificate.4.5.2.2-19" && case.head.level == Level::Should
}

fn run(future: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
        .block_on(future);
}

fn is_unasked(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Skipped { .. } | Outcome::Blocked { .. })
}

#[test]
fn our_lpa_passes_every_case_with_one_card() {
    run(async {
        let lab = Lab::new().await;
        let mut judge = lab.judge(Good::new(&lab));
        let mut unmet = Vec::new();
        for case in cases::all() {
            let report = judge.run(case).await;
            if matches!(report.outcome, Outcome::Failed(_)) != is_known(case) || is_unasked(&report.outcome) {
                unmet.push(format!("{} {}: {:?}", report.id, report.requirement, report.outcome));
            }
        }
        assert!(unmet.is_empty(), "{}", unmet.join("\n"));
    });
}

#[test]
fn for_every_case_there_is_an_lpa_that_fails_it() {
    run(async {
        let lab = Lab::new().await;
        let mut unmet = Vec::new();
        for case in cases::all() {
            let defect = defects::of(&case.head.id.to_string());
            let Some(defect) = defect else {
                unmet.push(format!("{} has no defect", case.head.id));
                continue;
            };
            let outcome = lab.judge(Broken::new(&lab, defect)).run(case).await.outcome;
            if !matches!(outcome, Outcome::Failed(_)) {
                unmet.push(format!("{} with {defect:?}: {outcome:?}", case.head.id));
            }
        }
        assert!(unmet.is_empty(), "{}", unmet.join("\n"));
    });
}

/// Otherwise a defect might fail its case by something else that is wrong with the LPA.
#[test]
fn the_lpa_that_is_broken_elsewhere_is_good_without_its_defect() {
    run(async {
        let lab = Lab::new().await;
        let mut unmet = Vec::new();
        for case in cases::all() {
            let outcome = lab.judge(Broken::new(&lab, defects::Defect::None)).run(case).await.outcome;
            if matches!(outcome, Outcome::Failed(_)) != is_known(case) || is_unasked(&outcome) {
                unmet.push(format!("{}: {outcome:?}", case.head.id));
            }
        }
        assert!(unmet.is_empty(), "{}", unmet.join("\n"));
    });
}

#[test]
fn every_case_has_a_name_of_its_own_and_a_sentence() {
    let mut names: Vec<String> = cases::all().map(|case| case.head.id.to_string()).collect();
    assert!(names.len() >= 20, "{}", names.len());
    assert!(cases::all().all(|case| !case.expected.is_empty() && !case.listing().steps.is_empty()));
    names.sort();
    let all = names.len();
    names.dedup();
    assert_eq!(names.len(), all);
}

/// Of a case that fails what travelled is kept: all of it, the card's share included, follows from two seeds and a clock.
#[test]
fn the_same_seed_makes_the_same_bytes_whatever_ran_before() {
    run(async {
        let lab = Lab::new().await;
        let case = cases::all().find(|case| is_known(case)).unwrap();
        let alone = lab.judge(Good::new(&lab)).run(case).await.messages;
        let another = cases::all().next().unwrap();
        assert_eq!(lab.judge(Good::new(&lab)).run(another).await.outcome, Outcome::Passed);
        let again = lab.judge(Good::new(&lab)).run(case).await.messages;
        assert!(alone.len() > 8, "{}", alone.len());
        assert_eq!(alone, again);
    });
}
