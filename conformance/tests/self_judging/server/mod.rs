//! The judge of servers, judged.

mod defects;
mod lab;

use conformance::outcome::Outcome;
use conformance::random::Seed;
use conformance::selection::Selection;
use conformance::server::orders::OrdersFile;
use conformance::server::{Case, Plan, cases, judge, run};
use crypto::Curve;
use wire::es9plus::Binding;

use defects::{Defect, defects_of};
use lab::Lab;

fn plan(selection: &Selection) -> Plan<'_> {
    Plan { selection, curves: &Curve::ALL, bindings: &[Binding::Json, Binding::Asn1], seed: Seed(1) }
}

fn cases_for(lab: &Lab) -> impl Iterator<Item = &'static Case> {
    let kind = lab.target.kind;
    cases::all().filter(move |case| case.of == kind)
}

/// One case in one way, with a server that is good or not.
async fn outcome(
    lab: &Lab,
    case: &Case,
    seed: u64,
    defect: Option<Defect>,
    orders: &mut OrdersFile,
) -> Outcome {
    let variant = case.variants.over(&[Curve::P256], &[Binding::Json])[0];
    let selection = Selection::default();
    let plan = Plan { seed: Seed(seed), ..plan(&selection) };
    lab.switch.set(defect);
    let report = run(case, &lab.target, variant, &plan, orders).await;
    lab.switch.set(None);
    report.outcome
}

async fn is_found_without_fault(lab: Lab) {
    let selection = Selection::default();
    let reports = judge(&lab.target, &plan(&selection), |_| ()).await;
    let wrong = reports.iter().filter(|report| report.outcome != Outcome::Passed);
    let wrong: Vec<String> = wrong
        .map(|report| format!("{}: {} => {:?}", report.name(), report.requirement, report.outcome))
        .collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), reports.len(), wrong.join("\n"));
}

/// With each of its defects a case fails, and is not merely held up on the way.
async fn for_every_case_there_is_a_server_that_fails_it(lab: Lab) {
    let mut orders = lab.target.orders.clone();
    let mut not_failed = Vec::new();
    for case in cases_for(&lab) {
        // Another seed each time: the server remembers calls by their identifiers.
        for (seed, defect) in (2..).zip(defects_of(case)) {
            let name = defect.name.clone();
            let outcome = outcome(&lab, case, seed, Some(defect), &mut orders).await;
            // A server that says nothing at all would fail anything.
            let is_failed =
                matches!(&outcome, Outcome::Failed(why) if !why.actual.starts_with("no answer: "));
            if !is_failed {
                not_failed.push(format!("{} with a server that {name}: {outcome:?}", case.head.id));
            }
        }
    }
    assert!(not_failed.is_empty(), "{}:\n{}", not_failed.len(), not_failed.join("\n"));
}

/// The first case of each other function passes with the defects of the first case of a function that none of them needs.
async fn a_defect_is_found_where_it_is(lab: Lab, functions: &[(&str, &str)]) {
    let mut orders = lab.target.orders.clone();
    let firsts = || cases_for(&lab).filter(|case| case.head.id.number == 1);
    let mut wrong = Vec::new();
    for (seed, (interface, name)) in (1000..).zip(functions) {
        let is_broken = |case: &&Case| {
            (case.head.id.function.interface, case.head.id.function.name) == (*interface, *name)
        };
        let broken = firsts().find(is_broken).unwrap();
        // ES12 and ES15 have functions of the same name, at the same path.
        for case in firsts().filter(|case| case.head.id.function.name != *name) {
            let defect = defects_of(broken).remove(0);
            let what = defect.name.clone();
            let outcome = outcome(&lab, case, seed, Some(defect), &mut orders).await;
            if outcome != Outcome::Passed {
                wrong.push(format!("{} with a server that {what}: {outcome:?}", case.head.id));
            }
        }
    }
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn our_own_smdp_is_found_without_fault() {
    is_found_without_fault(Lab::smdp().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn our_own_smds_is_found_without_fault() {
    is_found_without_fault(Lab::smds().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn for_every_case_there_is_an_smdp_that_fails_it() {
    for_every_case_there_is_a_server_that_fails_it(Lab::smdp().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn for_every_case_there_is_an_smds_that_fails_it() {
    for_every_case_there_is_a_server_that_fails_it(Lab::smds().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_defect_of_an_smdp_is_found_where_it_is() {
    let functions = [
        ("ES9+", "CancelSession"),
        ("ES2+", "ReleaseProfile"),
        ("ES2+", "HandleDownloadProgressInfo"),
        ("ES2+", "TLS"),
    ];
    a_defect_is_found_where_it_is(Lab::smdp().await, &functions).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_defect_of_an_smds_is_found_where_it_is() {
    let functions = [("ES11", "AuthenticateClient"), ("ES12", "DeleteEvent"), ("ES12", "TLS")];
    a_defect_is_found_where_it_is(Lab::smds().await, &functions).await;
}
