//! The statements that stand beside the functions of `Store`.

mod calls;
mod crowds;
mod happenings;
mod imports;
mod inventory;
mod notifications;
mod operation;
mod orders;
mod reports;
mod reservations;
mod sessions;
mod smds_deletions;
mod smds_events;

use asn1::TransactionId;
use crypto::Curve;
use crypto::scp03t::SessionKeys;
use protocol::clock::Timestamp;
use protocol::mutual_authentication::Opened;
use protocol::smdp_session::{Authenticated, Offered, Stage};
use smdp::domain::{
    Bound, BoundTo, CallKey, ExecutedCall, Happening, Kept, NewProfile, Order, OrderId, Profile, Report,
    SessionRecord,
};
use smdp::store::{
    HappeningFilter, NotificationRecord, OrderFilter, ProfileFilter, Reservation, SmdsEventFilter, Store,
    Wanted,
};

use crate::common::euicc::{eid, one_time_key};
use crate::common::orders::{OPERATOR, PROFILE_TYPE, iccid, order};

pub use calls::*;
pub use crowds::*;
pub use happenings::*;
pub use imports::*;
pub use inventory::*;
pub use notifications::*;
pub use operation::*;
pub use orders::*;
pub use reports::*;
pub use reservations::*;
pub use sessions::*;
pub use smds_deletions::*;
pub use smds_events::*;

/// When everything happens, unless a promise is about time.
pub const NOW: Timestamp = Timestamp::from_unix_millis(1_795_300_000_000);

pub fn at(millis: i64) -> Timestamp {
    Timestamp::from_unix_millis(millis)
}

pub fn tid(number: u8) -> TransactionId {
    TransactionId::new([number; 16]).unwrap()
}

/// With keys of both curves.
fn stages() -> Vec<Stage> {
    let mut stages = vec![opened(), Stage::Ended(None)];
    for curve in Curve::ALL {
        stages.extend([
            Stage::Offered(offered(curve)),
            Stage::Delivered(offered(curve)),
            Stage::Ended(Some(client(curve))),
            Stage::Postponed(client(curve)),
        ]);
    }
    stages
}

fn client(curve: Curve) -> Authenticated {
    Authenticated { eid: eid(1), key: one_time_key(curve, 3).public_key().clone(), ci: vec![1; 20] }
}

fn offered(curve: Curve) -> Offered {
    Offered {
        client: client(curve),
        confirmation_code_required: true,
        one_time_key_curve: curve.into(),
        smdp_signature2: vec![0x5F; 67],
    }
}

fn opened() -> Stage {
    Stage::Opened(Opened {
        euicc_ci: vec![3; 20],
        server_challenge: vec![7; 16],
        ci: vec![0xC1; 20],
        svn: vec![2, 2, 0],
        server_address: "smdp.example.com".to_owned(),
    })
}

pub async fn add<S: Store>(store: &S, number: u32) -> Order {
    let id = store.add_orders(NOW, vec![order(number)]).await.unwrap()[0];
    store.order(id).await.unwrap().unwrap()
}

pub async fn open<S: Store>(store: &S, number: u8) -> SessionRecord {
    let session = SessionRecord::begin(tid(number), at(1_234_567), opened());
    store.open_session(session).await.unwrap();
    store.session(tid(number)).await.unwrap().unwrap()
}

/// Profiles in the inventory, with no order.
pub async fn stock<S: Store>(store: &S, profiles: Vec<NewProfile>) {
    let import = store.begin_import(NOW, at(0)).await.unwrap();
    store.import_profiles(import, NOW, profiles).await.unwrap();
    store.finish_import(import).await.unwrap();
}

/// The profile of order `number`.
pub async fn profile_of<S: Store>(store: &S, number: u32) -> Profile {
    store.profile(iccid(number)).await.unwrap().unwrap()
}

/// To an eUICC of its own, and kept in one of the three ways.
pub fn bound(number: u8) -> Bound {
    let keys = SessionKeys { mac_chaining_value: [0xC0 ^ number; 16], s_enc: [0x5E; 16], s_mac: [0x5A; 16] };
    Bound {
        to: BoundTo { eid: eid(u32::from(number)), euicc_otpk: vec![number; 65], ci: vec![number; 20] },
        kept: match number % 3 {
            1 => Kept::Channel(vec![0xBF, 0x23, 1, number], keys),
            2 => Kept::Whole(vec![0xBF, 0x36, 1, number]),
            _ => Kept::Head(vec![0xBF, 0x23, 1, number, 0xA0, 0]),
        },
    }
}

/// All of it, which [`Kept`] itself does not show.
fn shown(kept: Kept) -> (Vec<u8>, Option<[u8; 48]>) {
    match kept {
        Kept::Channel(channel, keys) => (channel, Some(*keys.to_key_data())),
        Kept::Head(bytes) | Kept::Whole(bytes) => (bytes, None),
    }
}

pub fn notification(number: u64) -> NotificationRecord {
    NotificationRecord {
        eid: eid(1),
        sequence_number: number,
        digest: [7; 32],
        bytes: vec![0xBF, 0x37, 0],
        received: 99,
    }
}

fn any_of_the_type() -> Wanted {
    Wanted::OfType { operator: OPERATOR.to_owned(), profile_type: PROFILE_TYPE.to_owned() }
}

fn reservation(wanted: Wanted) -> Reservation {
    Reservation { wanted, eid: None, at: NOW, call: None }
}

fn call_key(identifier: &str) -> CallKey {
    CallKey { requester: "alpha/1.2.3".to_owned(), identifier: identifier.to_owned(), digest: [9; 32] }
}

pub fn call(identifier: &str) -> ExecutedCall {
    ExecutedCall { key: call_key(identifier), answer: r#"{"a":1}"#.to_owned(), at: 1000 }
}

/// Something that happened at a time, with a report to the operator or without.
pub fn happening(millis: i64, report: bool) -> Happening {
    let report = report.then(|| Report { point: 3, failure: None, result_data: Some(vec![0xA0, 0]) });
    Happening {
        at: at(millis),
        eid: None,
        what: "ES9+.GetBoundProfilePackage",
        detail: Some("detail".into()),
        report,
    }
}

/// Lets something happen to an order.
pub async fn let_happen<S: Store>(store: &S, id: OrderId, happened: Vec<Happening>) {
    let order = store.order(id).await.unwrap().unwrap();
    store.change_order(Order { happened, ..order }, None).await.unwrap();
}

/// Everything there is, for comparison.
pub async fn everything<S: Store>(store: &S) -> String {
    let orders = store.orders(OrderFilter::default()).await.unwrap();
    let mut all = format!("{orders:?}");
    for order in &orders {
        all +=
            &format!("{:?}", store.bound(order.id).await.unwrap().map(|bound| (bound.to, shown(bound.kept))));
    }
    for profile in store.profiles(ProfileFilter::default()).await.unwrap() {
        all += &format!("{profile:?}{:?}", store.package(profile.id).await.unwrap().0);
    }
    for number in 0..20 {
        all += &format!("{:?}", store.session(tid(number)).await.unwrap());
    }
    for number in 0..4 {
        all += &format!("{:?}", store.notifications(eid(number)).await.unwrap());
    }
    all += &format!("{:?}", store.happenings(HappeningFilter::default()).await.unwrap());
    all += &format!("{:?}", store.smds_events(SmdsEventFilter::default()).await.unwrap());
    for identifier in ["1", "2", "3"] {
        all += &format!("{:?}", store.earlier_call(call_key(identifier)).await.unwrap());
    }
    let mut counts = store.counts().await.unwrap();
    counts.profiles.sort_by_key(|(state, _)| state.name());
    all + &format!("{counts:?}")
}
