//! Requests at the same time: what may happen once happens once.

use std::sync::Arc;

use asn1::{CancelSessionReason, ErrorReason};
use crypto::Curve;
use protocol::es9plus::Es9Plus;
use protocol::status::Refusal;
use smdp::domain::ProfileState;
use smdp::store::Store;

use crate::common::euicc::{Euicc, one_time_key};
use crate::common::orders::{matching_id, order, order_with_code};
use crate::common::server::Server;

fn codes<T>(outcomes: &[Result<T, Refusal>]) -> Vec<String> {
    outcomes
        .iter()
        .filter_map(|outcome| outcome.as_ref().err())
        .map(|refusal| refusal.code.to_string())
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_euiccs_that_race_for_one_order_exactly_one_gets_it() {
    for round in 0..8 {
        let server = Arc::new(Server::new());
        let id = server.add(order(1)).await;
        let curve = Curve::ALL[round % 2];
        let mut requests = Vec::new();
        for number in 1..=2 {
            let euicc = Euicc::new(curve, number);
            let offered = server.offered(&euicc, &matching_id(1)).await;
            requests.push((euicc.eid, euicc.prepare(&offered.offer, &one_time_key(curve, 1))));
        }
        let mut tasks = Vec::new();
        for (eid, request) in requests {
            let server = server.clone();
            tasks.push(tokio::spawn(
                async move { (eid, server.smdp.get_bound_profile_package(request).await) },
            ));
        }
        let mut winners = Vec::new();
        for task in tasks {
            let (eid, outcome) = task.await.unwrap();
            match outcome {
                Ok(_) => winners.push(eid),
                Err(refusal) => assert_eq!(refusal.code.to_string(), "8.2/3.7"),
            }
        }
        assert_eq!(winners.len(), 1);
        let order = server.order(id).await;
        assert_eq!((order.state, order.eid), (ProfileState::Downloaded, Some(winners[0])));
        assert_eq!(server.store().bound(id).await.unwrap().unwrap().to.eid, winners[0]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_answer_sent_many_times_at_once_is_taken_once() {
    let server = Arc::new(Server::new());
    let id = server.add(order(1)).await;
    let euicc = Euicc::new(Curve::P256, 1);
    let initiated = server.opened(&euicc).await;
    let request = euicc.authenticate(&initiated, Some(&matching_id(1)));
    let tasks: Vec<_> = (0..6)
        .map(|_| {
            let (server, request) = (server.clone(), request.clone());
            tokio::spawn(async move { server.smdp.authenticate_client(request).await })
        })
        .collect();
    let mut outcomes = Vec::new();
    for task in tasks {
        outcomes.push(task.await.unwrap());
    }
    assert_eq!(codes(&outcomes), vec!["8.10.1/3.9"; 5]);
    assert_eq!(server.order(id).await.download_attempts, 1);
    assert_eq!(server.stage(&initiated.transaction_id).await, "offered");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_request_for_a_package_sent_many_times_at_once_is_answered_once() {
    let server = Arc::new(Server::new());
    server.add(order(1)).await;
    let euicc = Euicc::new(Curve::P256, 1);
    let offered = server.offered(&euicc, &matching_id(1)).await;
    let request = euicc.prepare(&offered.offer, &one_time_key(Curve::P256, 1));
    let tasks: Vec<_> = (0..6)
        .map(|_| {
            let (server, request) = (server.clone(), request.clone());
            tokio::spawn(async move { server.smdp.get_bound_profile_package(request).await })
        })
        .collect();
    let mut outcomes = Vec::new();
    for task in tasks {
        outcomes.push(task.await.unwrap());
    }
    assert_eq!(codes(&outcomes), vec!["8.10.1/3.9"; 5]);
}

/// Sessions side by side must not be a way around the limits.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn attempts_and_wrong_codes_in_parallel_sessions_are_all_counted() {
    let server = Arc::new(Server::with(|config| {
        config.limits.confirmation_code_attempts = 2;
        config.limits.download_attempts = 4;
    }));
    let id = server.add(order_with_code(1, "4321")).await;
    let euicc = Arc::new(Euicc::new(Curve::P256, 1));
    let mut requests = Vec::new();
    for _ in 0..4 {
        let offered = server.offered(&euicc, &matching_id(1)).await;
        requests.push(euicc.prepare_with_code(&offered.offer, &one_time_key(Curve::P256, 1), "wrong"));
    }
    assert_eq!(server.order(id).await.download_attempts, 4);
    let tasks: Vec<_> = requests
        .into_iter()
        .map(|request| {
            let server = server.clone();
            tokio::spawn(async move { server.smdp.get_bound_profile_package(request).await })
        })
        .collect();
    let mut outcomes = Vec::new();
    for task in tasks {
        outcomes.push(task.await.unwrap());
    }
    let mut codes = codes(&outcomes);
    codes.sort();
    // Two are forgiven, the third ends the order, the fourth finds it ended.
    assert_eq!(codes, ["8.2.7/3.8", "8.2.7/3.8", "8.2.7/6.4", "8.2/3.7"]);
    let order = server.order(id).await;
    assert_eq!((order.state, order.confirmation_code_attempts), (ProfileState::Error, 2));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_a_delivery_and_a_cancellation_at_once_the_order_keeps_one_story() {
    for _ in 0..8 {
        let server = Arc::new(Server::new());
        let id = server.add(order(1)).await;
        let euicc = Euicc::new(Curve::P256, 1);
        let offered = server.offered(&euicc, &matching_id(1)).await;
        let tid = offered.transaction_id().clone();
        let request = euicc.prepare(&offered.offer, &one_time_key(Curve::P256, 1));
        let cancel = euicc.cancel(&tid, CancelSessionReason::END_USER_REJECTION);
        let (a, b) = (server.clone(), server.clone());
        let delivery = tokio::spawn(async move { a.smdp.get_bound_profile_package(request).await });
        let cancellation = tokio::spawn(async move { b.smdp.cancel_session(cancel).await });
        let (delivery, cancellation) = (delivery.await.unwrap(), cancellation.await.unwrap());
        // A session may be cancelled before and after its delivery, so the cancellation always ends the order.
        assert!(cancellation.is_ok());
        assert_eq!(server.state(id).await, ProfileState::Error);
        assert_eq!(server.stage(&tid).await, "ended");
        if let Err(refusal) = delivery {
            assert_eq!(refusal.code.to_string(), "8.10.1/3.9");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_results_at_once_one_decides() {
    for _ in 0..4 {
        let server = Arc::new(Server::new());
        let id = server.add(order(1)).await;
        let euicc = Euicc::new(Curve::P256, 1);
        let delivered = server.delivered(&euicc, &matching_id(1), &one_time_key(Curve::P256, 1)).await;
        let tid = delivered.transaction_id();
        let messages = [
            euicc.installed(tid, 1),
            euicc.not_installed(tid, 2, ErrorReason::INVALID_SIGNATURE),
            euicc.installed(tid, 1),
        ];
        let tasks: Vec<_> = messages
            .into_iter()
            .map(|message| {
                let server = server.clone();
                tokio::spawn(async move { server.smdp.handle_notification(message).await })
            })
            .collect();
        for task in tasks {
            task.await.unwrap().unwrap();
        }
        assert_ne!(server.state(id).await, ProfileState::Downloaded);
        assert_eq!(server.store().notifications(euicc.eid).await.unwrap().len(), 2);
    }
}
