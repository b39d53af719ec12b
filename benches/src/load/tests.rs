//! Whole runs against a server without a network.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::Result;
use crypto::{Curve, Engine};
use protocol::es9plus::Function;

use super::arrival::{Rate, Spread};
use super::fake::{Odd, Slow};
use super::fleet::Fleet;
use super::orders::Orders;
use super::plan::{Arrival, Plan, What};
use super::report::histogram;
use super::result::{Ended, LoadResult, OrdersUsed};
use super::run;
use crate::pki::{Authority, NOW};

fn plan(what: What, arrival: Arrival, orders: Orders) -> Plan {
    Plan { what, arrival, warm_up: Duration::ZERO, duration: None, orders, seed: 1 }
}

fn rate(per_second: f64, connections: usize) -> Arrival {
    Arrival::Rate { rate: Rate { per_second, spread: Spread::Even }, connections }
}

fn orders(count: u64) -> Orders {
    Orders::numbered("BENCH-{}".parse().unwrap(), 1, count)
}

const INITIATE: What = What::Function(Function::InitiateAuthentication);

/// Runs a plan against a server with so many orders, each of whose answers takes so long.
fn carried_out(plan: Plan, orders: usize, by: Duration, odd: Option<Odd>) -> Result<LoadResult> {
    in_runtime(async move {
        let slow = Slow::new(orders, by).await.with(odd);
        run(plan, fleet(), slow, std::future::pending(), |_| {}).await
    })
}

fn in_runtime<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap().block_on(work)
}

fn fleet() -> Arc<Fleet> {
    let authority = Authority::new(Curve::P256, Engine::AwsLc).unwrap();
    Arc::new(Fleet::manufacture(&authority.factory, 3, NOW, [1; 32]).unwrap())
}

fn outcome(result: &LoadResult, name: &str) -> u64 {
    result.outcomes.iter().filter(|outcome| outcome.name == name).map(|outcome| outcome.count).sum()
}

#[test]
fn a_run_downloads_every_order_once_and_ends_when_they_run_out() {
    for arrival in [rate(500.0, 8), Arrival::Concurrency(4)] {
        let result =
            carried_out(plan(What::Download, arrival, orders(12)), 12, Duration::ZERO, None).unwrap();
        assert_eq!(result.ended, Ended::Orders);
        assert_eq!(result.orders_used, Some(OrdersUsed { first: 1, last: 12 }));
        assert!((result.throughput - 12.0 / result.plan.seconds).abs() < 1e-6);
        let LoadResult { whole, steps, outcomes, timeline, .. } = &result;
        assert_eq!((whole.succeeded, whole.failed), (12, 0), "{outcomes:?}");
        assert_eq!(outcome(&result, "ok"), 12);
        let names: Vec<_> =
            steps.iter().map(|step| (step.name.as_str(), step.succeeded, step.failed)).collect();
        let expected = What::Download.measured().into_iter().map(|function| (function.name(), 12, 0));
        assert_eq!(names, expected.collect::<Vec<_>>());
        assert_eq!(timeline.iter().map(|second| second.due).sum::<u64>(), 12);
        assert_eq!(timeline.iter().map(|second| second.succeeded).sum::<u64>(), 12);
        assert!(result.generator.euicc_per_attempt > 0.0);
        assert!(result.generator.per_attempt > result.generator.euicc_per_attempt);
    }
}

#[test]
fn each_function_alone_is_measured_and_what_comes_before_it_is_not() {
    for function in Function::ALL {
        let what = What::Function(function);
        let orders = if what.needs_orders() { orders(4) } else { Orders::none(Some(4)) };
        let plan = plan(what, Arrival::Concurrency(2), orders);
        let result = carried_out(plan, 4, Duration::ZERO, None).unwrap();
        assert_eq!(result.ended, Ended::Orders);
        let names: Vec<_> = result.steps.iter().map(|step| step.name.as_str()).collect();
        assert_eq!((names, result.whole.name.as_str()), (vec![function.name()], function.name()));
        assert_eq!((result.steps[0].succeeded, result.whole.succeeded), (4, 4), "{:?}", result.outcomes);
    }
}

#[test]
fn where_the_earlier_steps_are_slow_the_function_alone_is_not() {
    let slow = Duration::from_millis(20);
    let of = |function| {
        let plan = plan(What::Function(function), Arrival::Concurrency(1), orders(5));
        carried_out(plan, 5, slow, None).unwrap().whole.service.min
    };
    // Two answers come before it, and its own: all three take as long.
    assert!(of(Function::GetBoundProfilePackage) < 3 * 20_000);
}

/// One connection, over which attempts come four times as fast as it takes them: each waits longer than the one before.
#[test]
fn a_slow_server_makes_latency_grow_in_an_open_loop_while_service_time_stays() {
    let plan = plan(INITIATE, rate(200.0, 1), Orders::none(Some(20)));
    let result = carried_out(plan, 0, Duration::from_millis(20), None).unwrap();
    let (latency, service) = (result.whole.latency, result.whole.service);
    assert_eq!((result.whole.succeeded, result.corrected_by), (20, None));
    // The last is due 95 ms after the first, and begins after 19 others of 20 ms.
    assert!(latency.max >= 19 * 20_000 + service.min - 95_000, "{latency:?}");
    assert!(latency.max > 5 * service.p50, "{latency:?} {service:?}");
    assert!(service.max < latency.max, "{latency:?} {service:?}");
    assert!(latency.min >= service.min);
}

/// One answer in ten takes as long as twenty others: who comes by the clock meets that more often than who waits for it.
#[test]
fn a_closed_loop_is_corrected_by_what_a_stall_kept_from_beginning() {
    let plan = plan(INITIATE, Arrival::Concurrency(1), Orders::none(Some(20)));
    let result = carried_out(plan, 0, Duration::from_millis(5), Some(Odd::Stall(10))).unwrap();
    assert_eq!(result.whole.succeeded, 20);
    let interval = result.corrected_by.unwrap();
    let stalls = histogram::of(&result.whole).unwrap().len() - 20;
    // Each of the two stands for as many as have an interval each in its time, itself among them.
    assert!(stalls >= 2 * (20 * 5_000 / interval).saturating_sub(2), "{stalls} each {interval} µs");
}

/// The calls that come before the one that is measured take their time, too, and so does the eUICC.
#[test]
fn a_closed_loop_is_corrected_by_whole_turns() {
    let what = What::Function(Function::GetBoundProfilePackage);
    let plan = plan(what, Arrival::Concurrency(1), orders(5));
    let result = carried_out(plan, 5, Duration::from_millis(20), None).unwrap();
    assert!(result.corrected_by.unwrap() >= 3 * 20_000 * 999 / 1000, "{:?}", result.corrected_by);
}

#[test]
fn what_is_due_while_every_connection_is_taken_until_the_end_is_told_as_not_begun() {
    let orders = Orders::none(None);
    let endless = plan(INITIATE, rate(100.0, 1), orders);
    let plan = Plan { duration: Some(Duration::from_millis(300)), ..endless };
    let result = carried_out(plan, 0, Duration::from_millis(100), None).unwrap();
    assert_eq!(result.ended, Ended::Time);
    let not_begun = outcome(&result, "not begun");
    assert!(not_begun > result.whole.succeeded, "{:?}", result.outcomes);
    assert_eq!(not_begun + result.whole.succeeded, 30);
    assert_eq!(result.timeline.iter().map(|second| second.due).sum::<u64>(), 30);
    assert!((result.plan.seconds - 0.3).abs() < f64::EPSILON);
}

#[test]
fn busy_is_an_outcome_of_its_own_and_has_no_latency() {
    let plan = plan(INITIATE, Arrival::Concurrency(1), Orders::none(Some(9)));
    let result = carried_out(plan, 0, Duration::ZERO, Some(Odd::Busy(3))).unwrap();
    assert_eq!((outcome(&result, "ok"), outcome(&result, "busy")), (6, 3));
    assert_eq!((result.whole.succeeded, result.whole.failed), (6, 3));
    assert_eq!(result.timeline.iter().map(|second| second.busy).sum::<u64>(), 3);
    assert_eq!(result.timeline.iter().map(|second| second.failed).sum::<u64>(), 0);
}

#[test]
fn a_refusal_is_told_by_its_code() {
    // The server has one order less than is asked for.
    let plan = plan(What::Download, Arrival::Concurrency(1), orders(3));
    let result = carried_out(plan, 2, Duration::ZERO, None).unwrap();
    assert_eq!(
        (outcome(&result, "ok"), outcome(&result, "refused 8.2.6/3.8")),
        (2, 1),
        "{:?}",
        result.outcomes
    );
    let failed: Vec<_> = result.steps.iter().map(|step| step.failed).collect();
    assert_eq!(failed, [0, 1, 0, 0]);
}

#[test]
fn the_warm_up_is_not_measured() {
    let warming = plan(INITIATE, rate(100.0, 8), Orders::none(None));
    let plan =
        Plan { warm_up: Duration::from_millis(100), duration: Some(Duration::from_millis(200)), ..warming };
    let result = carried_out(plan, 0, Duration::ZERO, None).unwrap();
    // On a busy machine the last may come too late to be begun.
    assert_eq!(result.whole.succeeded + outcome(&result, "not begun"), 20);
    assert_eq!(result.timeline.iter().map(|second| second.due).sum::<u64>(), 20);
}

/// A connection that takes 20 ms for each can do 50 a second, of which 200 are due. What succeeds while it is measured was due
/// in the warm-up; what is due while it is measured has no turn before the end.
#[test]
fn an_overloaded_server_has_the_throughput_of_what_it_does_while_it_is_measured() {
    let endless = plan(INITIATE, rate(200.0, 1), Orders::none(None));
    let [warm_up, duration] = [200, 400].map(Duration::from_millis);
    let plan = Plan { warm_up, duration: Some(duration), ..endless };
    let result = carried_out(plan, 0, Duration::from_millis(20), None).unwrap();
    // Twenty fit into it, and one has begun before.
    assert!(result.throughput > 0.0 && result.throughput <= 21.0 / 0.4, "{}", result.throughput);
    assert_eq!(result.whole.succeeded, 0);
    assert_eq!(outcome(&result, "not begun"), 80);
}

#[test]
fn a_run_that_is_stopped_tells_what_came_of_it_so_far() {
    for arrival in [rate(100.0, 4), Arrival::Concurrency(4)] {
        let plan = plan(INITIATE, arrival, Orders::none(Some(1_000_000)));
        let seen = AtomicU64::new(0);
        let result = in_runtime(async {
            let slow = Slow::new(0, Duration::from_millis(10)).await;
            let stop = async {
                while seen.load(Ordering::Relaxed) == 0 {
                    tokio::time::sleep(Duration::from_millis(10)).await;
                }
            };
            run(plan, fleet(), slow, stop, |progress| {
                seen.store(progress.counts.succeeded, Ordering::Relaxed)
            })
            .await
        });
        let result = result.unwrap();
        assert_eq!(result.ended, Ended::Interrupted);
        assert!(result.whole.succeeded >= seen.load(Ordering::Relaxed));
        let all: u64 = result.outcomes.iter().map(|outcome| outcome.count).sum();
        assert_eq!(all, result.timeline.iter().map(|second| second.due).sum::<u64>());
        assert_eq!(all, result.whole.succeeded + result.whole.failed);
    }
}

/// One connection, whose only answer never comes: all others wait for it.
#[test]
fn what_was_due_when_a_run_is_stopped_is_told_whether_it_was_begun_or_not() {
    let plan = plan(INITIATE, rate(100.0, 1), Orders::none(Some(1_000_000)));
    let result = in_runtime(async {
        let slow = Slow::new(0, Duration::from_secs(3600)).await;
        run(plan, fleet(), slow, tokio::time::sleep(Duration::from_millis(200)), |_| {}).await.unwrap()
    });
    assert_eq!((result.ended, outcome(&result, "interrupted")), (Ended::Interrupted, 1));
    let due = (result.plan.seconds * 100.0).ceil() as u64;
    assert!(outcome(&result, "not begun").abs_diff(due - 1) <= 1, "{due}: {:?}", result.outcomes);
    assert_eq!(result.timeline.iter().map(|second| second.due).sum::<u64>(), result.whole.failed);
}

#[test]
fn a_plan_that_cannot_be_carried_out_is_refused() {
    let plan = plan(What::Download, Arrival::Concurrency(1), Orders::none(Some(1)));
    assert!(carried_out(plan, 0, Duration::ZERO, None).is_err());
}
