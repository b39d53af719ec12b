use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::thread::available_parallelism;
use std::time::{Duration, Instant};

use http::request::Parts;
use http::{Request, Response};
use hyper::body::Bytes;
use tokio::task::JoinSet;
use wire::server::Urgency::{Begins, GoesOn};
use wire::server::{Limits, Overload, Received, Service, Urgency};

use crate::support::{BEGIN, GO_ON, Running, urgency};

/// What a request costs.
const WORK: Duration = Duration::from_millis(3);
/// Much longer than a wait over the bound is forgiven.
const FOR: Duration = Duration::from_secs(1);

/// Keeps a processor busy with each request.
#[derive(Clone, Default)]
struct Busy(Arc<Mutex<Vec<Overload>>>);

impl Service for Busy {
    async fn answer(&self, _: Request<Received>) -> Response<Bytes> {
        let begun = Instant::now();
        while begun.elapsed() < WORK {
            std::hint::spin_loop();
        }
        Response::new(Bytes::new())
    }

    fn urgency(&self, head: &Parts, _: &Received) -> Urgency {
        urgency(head)
    }

    fn overloaded(&self, what: Overload) {
        self.0.lock().unwrap().push(what);
    }
}

/// How often each status was answered to many who ask without a pause, and what the service was told.
async fn asked_too_much(limits: Limits) -> (BTreeMap<u16, usize>, Vec<Overload>) {
    let service = Busy::default();
    let server = Running::start(service.clone(), limits).await;
    // More than are few, with those that are between two requests.
    let many = 24 * available_parallelism().unwrap().get() + 60;
    let mut connections = Vec::new();
    for number in 0..many + 20 {
        connections.push((server.connect().await, if number < many { BEGIN } else { GO_ON }));
    }
    let mut asking = JoinSet::new();
    let until = Instant::now() + FOR;
    for (mut connection, path) in connections {
        asking.spawn(async move {
            let mut answers = Vec::new();
            while Instant::now() < until {
                connection.ask(path).await;
                answers.push(connection.status().await);
            }
            answers
        });
    }
    let mut statuses = BTreeMap::new();
    for status in asking.join_all().await.into_iter().flatten() {
        *statuses.entry(status).or_default() += 1;
    }
    // When it is over, it is over.
    assert_eq!(server.ask(BEGIN).await.status().await, 200);
    let told = std::mem::take(&mut *service.0.lock().unwrap());
    (statuses, told)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn where_requests_wait_for_a_processor_nothing_new_begins_and_what_has_begun_goes_on() {
    let (statuses, told) = asked_too_much(Limits::default()).await;
    assert!(statuses[&200] > 0 && statuses[&503] > 0 && statuses.len() == 2, "{statuses:?}");
    assert_eq!(told.len(), statuses[&503]);
    assert!(!told.contains(&Overload::Request(GoesOn)) && told.contains(&Overload::Request(Begins)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn without_bounds_everybody_waits() {
    let limits = Limits { wait: None, requests_in_work: None, ..Limits::default() };
    let (statuses, told) = asked_too_much(limits).await;
    assert_eq!((statuses.len(), told), (1, vec![]));
    assert!(statuses[&200] > 0);
}
