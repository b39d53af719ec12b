//! The number of confirmation codes that are looked at is exact: in parallel, over a restart, over two nodes.

#![cfg(test)]

#[path = "../common/mod.rs"]
#[allow(dead_code, reason = "not every test binary needs all that the tests share")]
mod common;

use std::collections::BTreeMap;
use std::sync::Arc;

use asn1::GetBoundProfilePackageRequest;
use crypto::Curve;
use protocol::es9plus::Es9Plus;
use smdp::domain::{OrderId, ProfileState};
use smdp::store::{SqliteStore, Store};

use crate::common::euicc::{Euicc, one_time_key};
use crate::common::orders::{matching_id, order_with_code};
use crate::common::server::Server;
use crate::common::{postgres, stores};

const CODE: &str = "4321";
const TRIES: u32 = 100;

type Node<S> = Arc<Server<S>>;

fn node<S: Store>(store: Arc<S>, number: u64, limit: u32) -> Node<S> {
    Arc::new(Server::on(store, number, |config| {
        config.limits.confirmation_code_attempts = limit;
        config.limits.download_attempts = 1000;
    }))
}

/// Sessions that all wait for their code, each at one of the nodes.
async fn offered<S: Store>(
    nodes: &[Node<S>],
    number: u32,
    code: &str,
    sessions: u32,
) -> Vec<(Node<S>, GetBoundProfilePackageRequest)> {
    let euicc = Euicc::new(Curve::P256, number);
    let key = one_time_key(Curve::P256, 1);
    let mut waiting = Vec::new();
    for session in 0..sessions {
        let server = nodes[session as usize % nodes.len()].clone();
        let offered = server.offered(&euicc, &matching_id(number)).await;
        waiting.push((server, euicc.prepare_with_code(&offered.offer, &key, code)));
    }
    waiting
}

/// Sends all at once, and counts the answers.
async fn send<S: Store>(requests: Vec<(Node<S>, GetBoundProfilePackageRequest)>) -> BTreeMap<String, u32> {
    let tasks: Vec<_> = requests
        .into_iter()
        .map(|(server, request)| {
            tokio::spawn(async move { server.smdp.get_bound_profile_package(request).await })
        })
        .collect();
    let mut answers = BTreeMap::new();
    for task in tasks {
        let code = task.await.unwrap().map_or_else(|refusal| refusal.code.to_string(), |_| "ok".to_owned());
        *answers.entry(code).or_default() += 1;
    }
    answers
}

/// `limit` wrong ones are looked at, the next one ends the order, and the rest find it ended.
fn expected(limit: u32) -> BTreeMap<String, u32> {
    BTreeMap::from([
        ("8.2.7/3.8".to_owned(), limit),
        ("8.2.7/6.4".to_owned(), 1),
        ("8.2/3.7".to_owned(), TRIES - limit - 1),
    ])
}

async fn ended<S: Store>(server: &Server<S>, id: OrderId, limit: u32) {
    let order = server.order(id).await;
    assert_eq!((order.state, order.confirmation_code_attempts), (ProfileState::Error, limit));
}

async fn in_parallel<S: Store>(store: impl AsyncFn() -> Vec<Arc<S>>) {
    for (number, limit) in [(1, 1), (2, 3), (3, 10)] {
        let nodes: Vec<_> = (1..)
            .zip(store().await)
            .map(|(at, store)| node(store, at + 10 * u64::from(number), limit))
            .collect();
        let id = nodes[0].add(order_with_code(number, CODE)).await;
        let requests = offered(&nodes, number, "wrong", TRIES).await;
        assert_eq!(send(requests).await, expected(limit), "limit {limit}");
        ended(&nodes[0], id, limit).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_100_wrong_codes_at_once_as_many_are_looked_at_as_may_be() {
    in_parallel(async || vec![Arc::new(SqliteStore::in_memory().unwrap())]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_nodes_look_at_no_more_codes_than_one() {
    let Some(database) = postgres::database() else { return };
    in_parallel(async || {
        vec![Arc::new(stores::node(&database).await), Arc::new(stores::node(&database).await)]
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_forgets_no_wrong_code() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    let open = || Arc::new(SqliteStore::open(&path, &stores::key()).unwrap());
    let limit = 4;
    let id = {
        let server = node(open(), 1, limit);
        let id = server.add(order_with_code(1, CODE)).await;
        let answers = send(offered(&[server], 1, "wrong", 2).await).await;
        assert_eq!(answers, BTreeMap::from([("8.2.7/3.8".to_owned(), 2)]));
        id
    };
    let server = node(open(), 2, limit);
    let requests = offered(std::slice::from_ref(&server), 1, "wrong", TRIES).await;
    let answers = send(requests).await;
    assert_eq!(answers.get("8.2.7/3.8"), Some(&2));
    assert_eq!(answers.get("8.2.7/6.4"), Some(&1));
    ended(&server, id, limit).await;
}

/// The right code among wrong ones, at once: it is looked at or it is not, but never after the order has ended.
#[tokio::test(flavor = "multi_thread")]
async fn the_right_code_among_wrong_ones_delivers_or_comes_too_late() {
    for number in 1..=8 {
        let server = node(Arc::new(SqliteStore::in_memory().unwrap()), number.into(), 3);
        let nodes = [server.clone()];
        let id = server.add(order_with_code(number, CODE)).await;
        let mut requests = offered(&nodes, number, "wrong", 20).await;
        requests.extend(offered(&nodes, number, CODE, 1).await);
        requests.rotate_left(number as usize * 2);
        let answers = send(requests).await;
        let order = server.order(id).await;
        match answers.get("ok") {
            // A package is handed out, and what was wrong afterwards may have ended the order all the same.
            Some(1) => assert!(order.eid.is_some()),
            None => assert_eq!(order.state, ProfileState::Error),
            other => panic!("{other:?} packages"),
        }
        assert!(order.confirmation_code_attempts <= 3);
    }
}
