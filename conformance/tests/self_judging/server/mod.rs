//! The judge of servers, judged.

mod defects;
mod lab;
mod one_thing;

use conformance::outcome::Outcome;
use conformance::random::Seed;
use conformance::selection::Selection;
use conformance::server::orders::OrdersFile;
use conformance::server::{Case, Plan, cases, judge, run};
use crypto::Curve;
use wire::es9plus::Binding;

use defects::{Defect, defects_in_asn1, defects_of};
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
    (binding, seed): (Binding, u64),
    defect: Option<Defect>,
    orders: &mut OrdersFile,
) -> Outcome {
    let variant = case.variants.over(&[Curve::P256], &[binding])[0];
    let selection = Selection::default();
    let plan = Plan { seed: Seed(seed), bindings: &[binding], ..plan(&selection) };
    lab.switch.set(defect);
    let report = run(case, &lab.target, variant, &plan, orders).await;
    lab.switch.set(None);
    report.outcome
}

async fn is_found_without_fault(lab: Lab, bindings: &[Binding]) {
    let selection = Selection::default();
    let plan = Plan { bindings, ..plan(&selection) };
    let reports = judge(&lab.target, &plan, |_| ()).await;
    let wrong = reports.iter().filter(|report| report.outcome != Outcome::Passed);
    let wrong: Vec<String> = wrong
        .map(|report| format!("{}: {} => {:?}", report.name(), report.requirement, report.outcome))
        .collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), reports.len(), wrong.join("\n"));
}

/// With each of its defects a case fails, and is not merely held up on the way.
async fn each_case_fails(
    lab: Lab,
    binding: Binding,
    cases: impl Fn(&Case) -> bool,
    defects: fn(&Case) -> Vec<Defect>,
) {
    let mut orders = lab.target.orders.clone();
    let mut not_failed = Vec::new();
    for case in cases_for(&lab).filter(|case| cases(case)) {
        // Another seed each time: the server remembers calls by their identifiers.
        for (seed, defect) in (2..).zip(defects(case)) {
            let name = defect.name.clone();
            let outcome = outcome(&lab, case, (binding, seed), Some(defect), &mut orders).await;
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
            let outcome = outcome(&lab, case, (Binding::Json, seed), Some(defect), &mut orders).await;
            if outcome != Outcome::Passed {
                wrong.push(format!("{} with a server that {what}: {outcome:?}", case.head.id));
            }
        }
    }
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn our_own_smdp_is_found_without_fault() {
    is_found_without_fault(Lab::smdp().await, &[Binding::Json, Binding::Asn1]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn our_own_smds_is_found_without_fault() {
    is_found_without_fault(Lab::smds().await, &[Binding::Json, Binding::Asn1]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn our_own_servers_are_found_without_fault_where_only_asn1_is_wanted() {
    is_found_without_fault(Lab::smdp().await, &[Binding::Asn1]).await;
    is_found_without_fault(Lab::smds().await, &[Binding::Asn1]).await;
}

/// Each wrong confirmation code is an attempt to download, too.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_lower_limit_hides_is_not_asked_and_fails_nobody() {
    let limits = smdp::Limits { download_attempts: 2, confirmation_code_attempts: 9, ..Default::default() };
    let lab = Lab::smdp_with(limits).await;
    let ids = [
        "ES9+.GetBoundProfilePackage.5.6.2-16",
        "ES9+.GetBoundProfilePackage.5.6.2-17",
        "ES2+.HandleDownloadProgressInfo.5.3.5-18",
    ];
    let selection = Selection { ids: ids.map(str::to_owned).to_vec(), ..Selection::default() };
    let reports = judge(&lab.target, &plan(&selection), |_| ()).await;
    let (asked, hidden): (Vec<_>, Vec<_>) =
        reports.iter().partition(|report| report.id.ends_with("5.6.2-16"));
    assert!(asked.len() == 2 && asked.iter().all(|report| report.outcome == Outcome::Passed), "{asked:?}");
    let is_skipped = |outcome: &Outcome| matches!(outcome, Outcome::Skipped { .. });
    assert!(hidden.len() == 2 && hidden.iter().all(|report| is_skipped(&report.outcome)), "{hidden:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn for_every_case_there_is_an_smdp_that_fails_it() {
    each_case_fails(Lab::smdp().await, Binding::Json, |_| true, defects_of).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn for_every_case_there_is_an_smds_that_fails_it() {
    each_case_fails(Lab::smds().await, Binding::Json, |_| true, defects_of).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_refused_is_looked_at_in_asn1_too() {
    each_case_fails(Lab::smdp().await, Binding::Asn1, |_| true, defects_in_asn1).await;
    each_case_fails(Lab::smds().await, Binding::Asn1, |_| true, defects_in_asn1).await;
}

/// The way in which a server breaks such a case is one of JSON, so the case would pass if it was asked in ASN.1.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_asked_of_json_is_asked_in_json_where_only_asn1_is_wanted() {
    let is_about_json = |case: &Case| {
        case.head.id.function.name == "JSON" || case.head.requirement.contains("hexadecimal digits")
    };
    each_case_fails(Lab::smdp().await, Binding::Asn1, is_about_json, defects_of).await;
    each_case_fails(Lab::smds().await, Binding::Asn1, is_about_json, defects_of).await;
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
