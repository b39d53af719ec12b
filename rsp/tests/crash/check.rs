//! Compares what a store holds with what the server has acknowledged.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use asn1::Iccid;
use protocol::types::Eid;
use smdp::domain::{Delivery, HappeningRecord, Order, ProfileState};
use smdp::store::{
    HappeningFilter, OrderFilter, PostgresOptions, PostgresStore, SqliteStore, Store, StoreKey,
};

use crate::journal::Heard;
use crate::lab::reports::Reports;
use crate::operator::PROFILE_TYPE;
use crate::run::{Field, KEY};

/// Everything that is wrong with the store of a field.
struct Findings {
    found: Vec<String>,
}

impl Findings {
    fn note(&mut self, is_good: bool, what: impl FnOnce() -> String) {
        if !is_good {
            self.found.push(what());
        }
    }
}

/// The same for a file of SQLite, which has to be whole, too.
pub fn sqlite(field: &Field<'_>, path: &Path) {
    let connection = rusqlite::Connection::open(path).unwrap();
    let verdict: String = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(verdict, "ok", "{}", path.display());
    drop(connection);
    let store = SqliteStore::open_read_only(path, &StoreKey::from_hex(KEY).unwrap()).unwrap();
    in_runtime(judge(field, &store));
}

/// And for a data base of PostgreSQL.
pub fn postgres(field: &Field<'_>, url: &str) {
    in_runtime(async {
        let key = StoreKey::from_hex(KEY).unwrap();
        let store = PostgresStore::connect(url, &key, PostgresOptions::default()).await.unwrap();
        judge(field, &store).await;
    });
}

fn in_runtime(work: impl Future<Output = ()>) {
    tokio::runtime::Runtime::new().unwrap().block_on(work);
}

/// Fails with all that is wrong.
async fn judge<S: Store>(field: &Field<'_>, store: &S) {
    let heard = field.journal.heard().clone();
    let mut findings = Findings { found: heard.complaints.clone() };
    let orders = store.orders(OrderFilter::default()).await.unwrap();
    let mut happenings: BTreeMap<i64, Vec<HappeningRecord>> = BTreeMap::new();
    for record in store.happenings(HappeningFilter::default()).await.unwrap() {
        happenings.entry(record.order.0).or_default().push(record);
    }

    orders_are_all_there(&mut findings, field, &heard, &orders);
    for order in &orders {
        let history = happenings.remove(&order.id.0).unwrap_or_default();
        order_is_as_acknowledged(&mut findings, &heard, order, &history);
        reports_are_where_they_are_said_to_be(&mut findings, &field.reports.reports, &history);
    }
    no_profile_is_on_two_cards(&mut findings, &heard);
    let eids: BTreeSet<Eid> = heard.notifications.iter().map(|(eid, _)| *eid).collect();
    for eid in eids {
        let kept = store.notifications(eid).await.unwrap();
        for (_, sent) in heard.notifications.iter().filter(|(of, _)| *of == eid) {
            let is_kept = kept.iter().any(|record| record.bytes == *sent);
            findings.note(is_kept, || format!("{eid}: an acknowledged notification is lost"));
        }
    }
    let Findings { found } = findings;
    assert!(
        found.is_empty(),
        "RSPLAB_CRASH_SEED={}: {} findings\n{}\n\nthe end of the server's log:\n{}",
        field.seed,
        found.len(),
        found.join("\n"),
        field.server.log()
    );
}

fn orders_are_all_there(findings: &mut Findings, field: &Field<'_>, heard: &Heard, orders: &[Order]) {
    let mut by_matching_id: BTreeMap<&str, &Order> = BTreeMap::new();
    for order in orders {
        let matching_id = order.matching_id.as_ref().map_or("", |matching_id| matching_id.as_str());
        let twice = by_matching_id.insert(matching_id, order).is_some();
        findings.note(!twice, || format!("two orders have the MatchingID {matching_id:?}"));
    }
    for matching_id in field.size.seeded() {
        let is_there = by_matching_id.contains_key(matching_id.as_str());
        findings.note(is_there, || format!("the order {matching_id} is lost"));
    }
    for (iccid, matching_id) in &heard.confirmed {
        let order = by_matching_id.get(matching_id.as_str());
        let is_there = order.is_some_and(|order| order.iccid == *iccid);
        findings.note(is_there, || format!("the confirmed order {matching_id} of {iccid} is lost"));
    }
    // A call that was repeated because its answer was lost has not reserved a second profile.
    let reserved: BTreeSet<Iccid> = heard.reserved.values().copied().collect();
    findings.note(reserved.len() == heard.reserved.len(), || "two orders got the same profile".to_owned());
    let ordered: BTreeSet<Iccid> =
        orders.iter().filter(|order| order.profile_type == PROFILE_TYPE).map(|order| order.iccid).collect();
    findings.note(ordered == reserved, || {
        format!("{} profiles are ordered, {} orders were acknowledged", ordered.len(), reserved.len())
    });
    findings.note(heard.installed.len() == orders.len(), || {
        format!("{} orders, {} installed profiles", orders.len(), heard.installed.len())
    });
}

/// State, eUICC and counters of an order, and that each step took effect once.
fn order_is_as_acknowledged(
    findings: &mut Findings,
    heard: &Heard,
    order: &Order,
    history: &[HappeningRecord],
) {
    let matching_id = order.matching_id.as_ref().map(ToString::to_string).unwrap_or_default();
    findings.note(order.state == ProfileState::Installed, || format!("{matching_id} is {}", order.state));
    let of_order = |of: &str| of == matching_id;
    let installed = heard.installed.iter().find(|(_, _, of)| of_order(of));
    let is_its_card =
        installed.is_some_and(|(iccid, eid, _)| *iccid == order.iccid && order.eid == Some(*eid));
    findings.note(is_its_card, || format!("{matching_id} has {:?}, installed is {installed:?}", order.eid));
    for (_, eid) in heard.packages.iter().filter(|(of, _)| of_order(of)) {
        findings.note(order.eid == Some(*eid), || format!("{matching_id} was handed to {eid} too"));
    }
    let offers = heard.offers.get(&matching_id).copied().unwrap_or_default();
    let counted = (offers.made..=offers.asked).contains(&order.download_attempts);
    findings
        .note(counted, || format!("{matching_id} counts {} attempts: {offers:?}", order.download_attempts));

    let count = |what: &str| history.iter().filter(|record| record.what == what).count();
    let installations = count("ES9+.HandleNotification: install");
    findings.note(installations == 1, || format!("{matching_id} was installed {installations} times"));
    let handed_out = count("ES9+.GetBoundProfilePackage");
    let acknowledged = heard.packages.iter().filter(|(of, _)| of_order(of)).count();
    findings.note(handed_out >= acknowledged, || {
        format!("{matching_id}: {handed_out} packages in the history, {acknowledged} at the card")
    });
}

/// The operator has what counts as delivered; what it does not have is still to be sent.
fn reports_are_where_they_are_said_to_be(
    findings: &mut Findings,
    reports: &Reports,
    history: &[HappeningRecord],
) {
    let told: BTreeSet<String> = reports.all().into_iter().map(|(identifier, _)| identifier).collect();
    for record in history.iter().filter(|record| record.report.is_some()) {
        let is_told = told.contains(&format!("{}-{}", record.order, record.id));
        let is_right = match record.delivery {
            Delivery::Delivered => is_told,
            Delivery::Due { .. } => true,
            // Profiles of the seed file have no operator.
            Delivery::None => record.operator.is_none(),
            Delivery::GivenUp => false,
        };
        findings.note(is_right, || format!("the report {} is {:?}: {is_told}", record.id, record.delivery));
    }
}

fn no_profile_is_on_two_cards(findings: &mut Findings, heard: &Heard) {
    let mut cards: BTreeMap<String, Eid> = BTreeMap::new();
    for (iccid, eid, matching_id) in &heard.installed {
        let twice = cards.insert(iccid.to_string(), *eid);
        findings.note(twice.is_none(), || format!("{matching_id}: {iccid} is on {eid} and on {twice:?}"));
    }
}
