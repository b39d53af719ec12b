//! Entries of the catalogue and the orders behind them.

use crypto::Curve;
use protocol::clock::Clock;
use protocol::es9plus::Es9Plus;
use protocol::status::StatusCode;
use smdp::catalogue::{DOORS, Door, PROFILE_TYPE, Way, entries, take_orders};
use smdp::domain::ProfileState;
use smdp::store::{OrderFilter, Store};

use crate::common::euicc::{Euicc, one_time_key};
use crate::common::orders::order;
use crate::common::server::{Server, refused};

const CURVE: Curve = Curve::P256;
const GOOD: &str = "CAT-GOOD-1";

async fn server(open: bool) -> Server {
    let server = Server::with(|config| config.catalogue = open);
    take_orders(server.store(), server.clock.now()).await.unwrap();
    server
}

#[tokio::test]
async fn the_orders_are_put_into_a_store_once() {
    let server = Server::with(|config| config.catalogue = true);
    let behind_orders = entries().iter().filter(|entry| entry.way == Way::Main).count();
    assert_eq!(take_orders(server.store(), server.clock.now()).await, Ok(behind_orders));
    assert_eq!(take_orders(server.store(), server.clock.now()).await, Ok(0));
    let filter = OrderFilter { limit: 1000, ..OrderFilter::default() };
    let orders = server.store().orders(filter).await.unwrap();
    assert_eq!(orders.len(), behind_orders);
    assert!(orders.iter().all(|order| order.profile_type == PROFILE_TYPE && order.operator.is_none()));
    // One that somebody has removed comes back.
    server.store().delete_order(orders[0].clone()).await.unwrap();
    assert_eq!(take_orders(server.store(), server.clock.now()).await, Ok(1));
}

#[tokio::test]
async fn a_matching_id_of_somebody_else_is_left_to_him() {
    let server = Server::with(|config| config.catalogue = true);
    let theirs = smdp::domain::NewOrder { matching_id: Some(GOOD.parse().unwrap()), ..order(1) };
    let id = server.add(theirs).await;
    take_orders(server.store(), server.clock.now()).await.unwrap();
    let found = server.store().order_of_matching_id(GOOD.to_owned()).await.unwrap().unwrap();
    assert_eq!((found.id, found.iccid), (id, order(1).profile.iccid));
}

#[tokio::test]
async fn a_good_entry_is_downloaded_again_and_again_by_any_euicc() {
    let server = server(true).await;
    for round in 1..=2 {
        for number in 1..=2 {
            let euicc = Euicc::new(CURVE, number);
            let delivered = server.delivered(&euicc, GOOD, &one_time_key(CURVE, round)).await;
            let installed = euicc.installed(delivered.transaction_id(), u64::from(round));
            server.smdp.handle_notification(installed).await.unwrap();
            let order = server.store().order_of_matching_id(GOOD.to_owned()).await.unwrap().unwrap();
            assert_eq!((order.state, order.eid), (ProfileState::Installed, Some(euicc.eid)));
        }
    }
}

#[tokio::test]
async fn two_euiccs_at_once_both_get_the_package() {
    let server = server(true).await;
    let (one, other) = (Euicc::new(CURVE, 1), Euicc::new(CURVE, 2));
    let (first, second) = (server.offered(&one, GOOD).await, server.offered(&other, GOOD).await);
    for (euicc, offered) in [(&one, first), (&other, second)] {
        let request = euicc.prepare(&offered.offer, &one_time_key(CURVE, 1));
        server.smdp.get_bound_profile_package(request).await.unwrap();
    }
}

#[tokio::test]
async fn an_entry_has_its_fault_each_time_and_no_other_has_it() {
    let server = server(true).await;
    for number in [1, 2, 1] {
        let euicc = Euicc::new(CURVE, number);
        let refused = refused(server.try_offer(&euicc, Some("CAT-8-1-3-6-3")).await);
        assert_eq!(refused, StatusCode::EUICC_CERTIFICATE_EXPIRED.to_string());
        assert!(server.try_offer(&euicc, Some(GOOD)).await.is_ok());
    }
}

#[tokio::test]
async fn a_notification_is_turned_down_twice_in_each_download() {
    let server = server(true).await;
    let euicc = Euicc::new(CURVE, 1);
    for round in 1..=2 {
        let delivered = server.delivered(&euicc, "CAT-NOTIFY-1-2-4-2", &one_time_key(CURVE, round)).await;
        let installed = euicc.installed(delivered.transaction_id(), u64::from(round));
        for _ in 0..2 {
            assert_eq!(refused(server.smdp.handle_notification(installed.clone()).await), "1.2/4.2");
        }
        server.smdp.handle_notification(installed).await.unwrap();
    }
}

/// The store was opened with the catalogue once, and is opened without it now.
#[tokio::test]
async fn a_closed_catalogue_hands_nothing_out() {
    let server = server(false).await;
    let euicc = Euicc::new(CURVE, 1);
    for name in [GOOD, "CAT-BPP-MAC-86-2"] {
        assert_eq!(refused(server.try_offer(&euicc, Some(name)).await), "8.2.6/3.8");
    }
    // Nor by the EID of an eUICC that had one.
    let mut order = server.store().order_of_matching_id(GOOD.to_owned()).await.unwrap().unwrap();
    order.eid = Some(euicc.eid);
    server.store().reset_order(order).await.unwrap();
    assert_eq!(refused(server.try_offer(&euicc, None).await), "8.1.1/3.8");
}

#[tokio::test]
async fn an_open_catalogue_is_not_found_by_the_eid() {
    let server = server(true).await;
    let euicc = Euicc::new(CURVE, 1);
    server.delivered(&euicc, GOOD, &one_time_key(CURVE, 1)).await;
    assert_eq!(refused(server.try_offer(&euicc, None).await), "8.1.1/3.8");
}

#[tokio::test]
async fn a_door_refuses_every_session_with_its_code() {
    let euicc = Euicc::new(CURVE, 1);
    for code in DOORS {
        let door = Door::new(code, std::sync::Arc::default());
        assert_eq!(refused(door.initiate_authentication(euicc.initiate()).await), code.to_string());
    }
    let listed: Vec<String> = entries()
        .into_iter()
        .filter(|entry| entry.way != Way::Main)
        .map(|entry| entry.act.unwrap().fault.to_string())
        .collect();
    assert_eq!(listed, DOORS.map(|code| code.to_string()));
}
