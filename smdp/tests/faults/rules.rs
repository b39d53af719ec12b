//! On which calls a fault acts.

use asn1::CancelSessionReason;
use crypto::Curve;
use protocol::es9plus::{Es9Plus, Function};
use protocol::status::StatusCode;
use smdp::domain::ProfileState;
use smdp::faults::{Chance, Fault, Rule, RuleError};

use crate::common::euicc::{Euicc, eid, one_time_key};
use crate::common::orders::{matching_id, order};
use crate::common::server::{Server, refused};

const CURVE: Curve = Curve::P256;

fn refusal(text: &str) -> Fault {
    text.parse().unwrap()
}

fn rule(function: Function) -> Rule {
    Rule { function: Some(function), ..Rule::always(refusal("8.2.5/4.3")) }
}

/// Which of so many tries to be offered a profile are refused.
async fn refusals(server: &Server, euicc: &Euicc, number: u32, tries: usize) -> Vec<bool> {
    let mut outcomes = Vec::new();
    for _ in 0..tries {
        outcomes.push(server.try_offer(euicc, Some(&matching_id(number))).await.is_err());
    }
    outcomes
}

async fn server_with_orders(count: u32) -> Server {
    let server = Server::with(|config| config.limits.download_attempts = 1000);
    for number in 1..=count {
        server.add(order(number)).await;
    }
    server
}

#[tokio::test]
async fn a_server_on_which_nothing_is_armed_does_nothing_wrong() {
    let server = server_with_orders(1).await;
    assert!(!server.smdp.faults().any());
    assert_eq!(refusals(&server, &Euicc::new(CURVE, 1), 1, 3).await, [false; 3]);
}

#[tokio::test]
async fn a_function_is_refused_with_any_code_until_it_is_disarmed() {
    let server = server_with_orders(1).await;
    let euicc = Euicc::new(CURVE, 1);
    for code in ["8.2.6/3.8", "9.9.9/99.1"] {
        let armed = server.smdp.faults().arm(Rule::always(refusal(code))).unwrap();
        let outcome = server.smdp.initiate_authentication(euicc.initiate()).await;
        assert_eq!(refused(outcome), code);
        assert!(server.smdp.faults().disarm(armed.id));
        assert!(!server.smdp.faults().disarm(armed.id));
    }
    assert_eq!(refusals(&server, &euicc, 1, 1).await, [false]);
}

#[tokio::test]
async fn a_refusal_has_the_message_that_was_given_or_none() {
    let server = server_with_orders(1).await;
    let euicc = Euicc::new(CURVE, 1);
    for message in [None, Some("Grüße".to_owned())] {
        let fault = Fault::Refuse { code: StatusCode::BUSY, message: message.clone() };
        let armed = server.smdp.faults().arm(Rule::always(fault)).unwrap();
        let refusal = server.smdp.initiate_authentication(euicc.initiate()).await.unwrap_err();
        assert_eq!((refusal.code, &*refusal.message), (StatusCode::BUSY, &*message.unwrap_or_default()));
        server.smdp.faults().disarm(armed.id);
    }
}

#[tokio::test]
async fn a_rule_acts_in_its_function_only() {
    let server = server_with_orders(1).await;
    let euicc = Euicc::new(CURVE, 1);
    let code = "8.2.5/4.3";
    server.smdp.faults().arm(rule(Function::GetBoundProfilePackage)).unwrap();
    let offered = server.offered(&euicc, &matching_id(1)).await;
    let request = euicc.prepare(&offered.offer, &one_time_key(CURVE, 1));
    assert_eq!(refused(server.smdp.get_bound_profile_package(request).await), code);
    // SGP.22 §3.1.3.2: a refusal ends the session, whoever asked for it.
    assert_eq!(server.stage(offered.transaction_id()).await, "ended");

    server.smdp.faults().disarm_all();
    server.smdp.faults().arm(rule(Function::CancelSession)).unwrap();
    let offered = server.offered(&euicc, &matching_id(1)).await;
    let cancel = euicc.cancel(offered.transaction_id(), CancelSessionReason::POSTPONED);
    assert_eq!(refused(server.smdp.cancel_session(cancel).await), code);

    server.smdp.faults().disarm_all();
    server.smdp.faults().arm(rule(Function::HandleNotification)).unwrap();
    let delivered = server.delivered(&euicc, &matching_id(1), &one_time_key(CURVE, 1)).await;
    let installed = euicc.installed(delivered.transaction_id(), 5);
    assert_eq!(refused(server.smdp.handle_notification(installed.clone()).await), code);
    server.smdp.faults().disarm_all();
    server.smdp.handle_notification(installed).await.unwrap();
    let orders = server.order(smdp::domain::OrderId(1)).await;
    assert_eq!(orders.state, ProfileState::Installed);
}

#[tokio::test]
async fn a_rule_acts_on_its_euicc_or_its_order_only() {
    let server = server_with_orders(2).await;
    let (one, other) = (Euicc::new(CURVE, 1), Euicc::new(CURVE, 2));
    let of_euicc = Rule { eid: Some(eid(1)), ..rule(Function::AuthenticateClient) };
    server.smdp.faults().arm(of_euicc).unwrap();
    assert_eq!(refusals(&server, &one, 1, 1).await, [true]);
    assert_eq!(refusals(&server, &other, 1, 1).await, [false]);
    server.smdp.faults().disarm_all();
    let matching_id = Some(matching_id(2).parse().unwrap());
    server.smdp.faults().arm(Rule { matching_id, ..rule(Function::AuthenticateClient) }).unwrap();
    assert_eq!(refusals(&server, &one, 1, 1).await, [false]);
    assert_eq!(refusals(&server, &one, 2, 1).await, [true]);
}

#[tokio::test]
async fn a_refused_authentication_leaves_the_order_as_it_was() {
    let server = server_with_orders(1).await;
    server.smdp.faults().arm(rule(Function::AuthenticateClient)).unwrap();
    let before = server.snapshot(&[], &[]).await;
    assert_eq!(refusals(&server, &Euicc::new(CURVE, 1), 1, 2).await, [true; 2]);
    assert_eq!(server.snapshot(&[], &[]).await, before);
}

#[tokio::test]
async fn a_rule_for_the_next_calls_is_gone_when_it_has_acted_so_often() {
    let server = server_with_orders(1).await;
    let calls = Some(2.try_into().unwrap());
    server.smdp.faults().arm(Rule { calls, ..rule(Function::AuthenticateClient) }).unwrap();
    let euicc = Euicc::new(CURVE, 1);
    assert_eq!(refusals(&server, &euicc, 1, 1).await, [true]);
    let armed = server.smdp.faults().armed();
    assert_eq!((armed[0].left.unwrap().get(), armed[0].acted), (1, 1));
    assert_eq!(refusals(&server, &euicc, 1, 3).await, [true, false, false]);
    assert!(!server.smdp.faults().any());
}

#[tokio::test]
async fn a_percentage_with_a_seed_acts_on_the_same_calls_each_time() {
    let by_chance = async |percent, seed| {
        let server = server_with_orders(1).await;
        let chance = Some(Chance { percent, seed });
        server.smdp.faults().arm(Rule { chance, ..rule(Function::AuthenticateClient) }).unwrap();
        refusals(&server, &Euicc::new(CURVE, 1), 1, 60).await
    };
    let first = by_chance(30, 7).await;
    assert_eq!(by_chance(30, 7).await, first);
    assert_ne!(by_chance(30, 8).await, first);
    let acted = first.iter().filter(|refused| **refused).count();
    assert!((6..=32).contains(&acted), "{acted} of 60 at 30 percent");
    assert_eq!(by_chance(100, 7).await, [true; 60]);
}

#[tokio::test]
async fn the_first_rule_that_acts_is_the_only_one_and_chances_do_not_disturb_each_other() {
    let server = server_with_orders(1).await;
    let faults = server.smdp.faults();
    let euicc = Euicc::new(CURVE, 1);
    let other = Rule { fault: refusal("8.1.1/3.8"), ..rule(Function::AuthenticateClient) };
    faults.arm(Rule { calls: Some(1.try_into().unwrap()), ..rule(Function::AuthenticateClient) }).unwrap();
    faults.arm(other).unwrap();
    assert_eq!(refused(server.try_offer(&euicc, Some(&matching_id(1))).await), "8.2.5/4.3");
    assert_eq!(refused(server.try_offer(&euicc, Some(&matching_id(1))).await), "8.1.1/3.8");
    assert_eq!(faults.armed()[0].acted, 1);
    assert_eq!(faults.disarm_all(), 1);
}

#[tokio::test]
async fn a_rule_that_could_never_act_is_not_armed() {
    let server = Server::new();
    let faults = server.smdp.faults();
    let defect = Rule { fault: "mac-86-2".parse().unwrap(), ..rule(Function::AuthenticateClient) };
    assert!(matches!(faults.arm(defect), Err(RuleError::NoPlace { .. })));
    let nobody = Rule { eid: Some(eid(1)), ..rule(Function::InitiateAuthentication) };
    assert_eq!(faults.arm(nobody).unwrap_err(), RuleError::NothingKnown);
    for percent in [0, 101] {
        let chance = Some(Chance { percent, seed: 0 });
        let error = faults.arm(Rule { chance, ..rule(Function::AuthenticateClient) }).unwrap_err();
        assert_eq!(error, RuleError::Percent(percent));
    }
    assert!(!faults.any());
}
