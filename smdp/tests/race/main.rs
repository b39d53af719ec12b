//! Many want the same thing at the same time, at two nodes on one data base: one gets it.

#![cfg(test)]

#[path = "../common/mod.rs"]
#[allow(dead_code, reason = "not every test binary needs all that the tests share")]
mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crypto::Curve;
use protocol::es2plus::{DownloadOrder, Es2Plus};
use protocol::es9plus::Es9Plus;
use protocol::status::Refusal;
use protocol::types::Eid;
use smdp::domain::ProfileState;
use smdp::store::{SqliteStore, Store};

use crate::common::calls::{call, named};
use crate::common::euicc::{Euicc, one_time_key};
use crate::common::orders::{OPERATOR, PROFILE_TYPE, iccid, matching_id, order, profile};
use crate::common::server::Server;
use crate::common::{postgres, stores};

const EUICCS: u32 = 16;

type Node<S> = Arc<Server<S>>;

fn node<S: Store>(store: S, number: u64) -> Node<S> {
    Arc::new(Server::on(Arc::new(store), number, |config| config.limits.download_attempts = 1000))
}

/// One order, all eUICCs, half of them at each node, each with a whole session.
async fn one_round<S: Store>(nodes: &[Node<S>], euiccs: &[Arc<Euicc>], round: u32) {
    let id = nodes[0].add(order(round)).await;
    let mut sessions = Vec::new();
    for (number, euicc) in euiccs.iter().enumerate() {
        let (server, euicc) = (nodes[number % nodes.len()].clone(), euicc.clone());
        sessions.push(tokio::spawn(async move { (euicc.eid, download(&server, &euicc, round).await) }));
    }
    let mut outcomes: BTreeMap<String, Vec<Eid>> = BTreeMap::new();
    for session in sessions {
        let (eid, outcome) = session.await.unwrap();
        let code = outcome.map_or_else(|refusal| refusal.code.to_string(), |()| "ok".to_owned());
        outcomes.entry(code).or_default().push(eid);
    }
    let winners = outcomes.remove("ok").unwrap_or_default();
    assert_eq!(winners.len(), 1, "round {round}: one bound profile package, and {outcomes:?}");
    // Who came to AuthenticateClient after the winner had it, and who came to GetBoundProfilePackage.
    let codes: BTreeSet<&str> = outcomes.keys().map(String::as_str).collect();
    assert!(codes.is_subset(&BTreeSet::from(["8.1.1/3.8", "8.2/3.7"])), "round {round}: {outcomes:?}");
    let order = nodes[0].order(id).await;
    assert_eq!((order.state, order.eid), (ProfileState::Downloaded, Some(winners[0])), "round {round}");
    assert_eq!(nodes[0].store().bound(id).await.unwrap().unwrap().to.eid, winners[0], "round {round}");
}

async fn download<S: Store>(server: &Server<S>, euicc: &Euicc, round: u32) -> Result<(), Refusal> {
    let offer = server.try_offer(euicc, Some(&matching_id(round))).await?;
    let request = euicc.prepare(&offer, &one_time_key(Curve::P256, 1));
    server.smdp.get_bound_profile_package(request).await.map(drop)
}

async fn race<S: Store>(nodes: &[Node<S>], rounds: u32) {
    let euiccs: Vec<_> = (1..=EUICCS).map(|number| Arc::new(Euicc::new(Curve::P256, number))).collect();
    for round in 1..=rounds {
        one_round(nodes, &euiccs, round).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_sixteen_euiccs_at_two_nodes_one_gets_the_package_in_each_of_200_rounds() {
    let Some(database) = postgres::database() else { return };
    let nodes = [node(stores::node(&database).await, 1), node(stores::node(&database).await, 2)];
    race(&nodes, 200).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_sixteen_euiccs_at_one_node_one_gets_the_package() {
    race(&[node(SqliteStore::in_memory().unwrap(), 1)], 50).await;
}

/// Sixteen calls for the profiles of one type: as many as there are get one each, the others are told that none is left.
async fn orders_of_one_type<S: Store>(nodes: &[Node<S>]) {
    const PROFILES: u32 = 5;
    nodes[0].stock((1..=PROFILES).map(profile).collect()).await;
    let calls = (0..16).map(|number| {
        let server = nodes[number % nodes.len()].clone();
        let content = DownloadOrder { eid: None, iccid: None, profile_type: Some(PROFILE_TYPE.to_owned()) };
        tokio::spawn(async move { server.smdp.download_order(OPERATOR, call(content)).await })
    });
    let calls: Vec<_> = calls.collect();
    let (mut taken, mut refused) = (BTreeSet::new(), 0);
    for call in calls {
        match call.await.unwrap() {
            Ok(answer) => assert!(taken.insert(answer.iccid.to_string()), "{} twice", answer.iccid),
            Err(refusal) => {
                assert_eq!(refusal.code.to_string(), "8.2.5/3.7");
                refused += 1;
            }
        }
    }
    assert_eq!((taken.len(), refused), (PROFILES as usize, 16 - PROFILES as usize));
}

/// The same call at both nodes at once is executed once, and answered alike.
async fn one_call_many_times<S: Store>(nodes: &[Node<S>]) {
    nodes[0].stock((1..=16).map(profile).collect()).await;
    let calls = (0..16).map(|number| {
        let server = nodes[number % nodes.len()].clone();
        let content = DownloadOrder { eid: None, iccid: None, profile_type: Some(PROFILE_TYPE.to_owned()) };
        tokio::spawn(async move { server.smdp.download_order(OPERATOR, named("again", 1, content)).await })
    });
    let calls: Vec<_> = calls.collect();
    let mut answers = BTreeSet::new();
    for call in calls {
        answers.insert(call.await.unwrap().unwrap().iccid.to_string());
    }
    assert_eq!(answers.len(), 1);
    let mut ordered = 0;
    for number in 1..=16 {
        ordered += usize::from(nodes[0].profile_state(iccid(number)).await != ProfileState::Available);
    }
    assert_eq!(ordered, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn profiles_of_a_type_go_to_as_many_callers_as_there_are_profiles() {
    orders_of_one_type(&[node(SqliteStore::in_memory().unwrap(), 1)]).await;
    let Some(database) = postgres::database() else { return };
    orders_of_one_type(&[node(stores::node(&database).await, 1), node(stores::node(&database).await, 2)])
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_comes_sixteen_times_at_once_is_executed_once() {
    one_call_many_times(&[node(SqliteStore::in_memory().unwrap(), 1)]).await;
    let Some(database) = postgres::database() else { return };
    one_call_many_times(&[node(stores::node(&database).await, 1), node(stores::node(&database).await, 2)])
        .await;
}
