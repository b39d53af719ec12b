//! Who calls ES12 and ES15, and with what.

use std::sync::atomic::{AtomicU32, Ordering};

use certs::oid;
use protocol::es12::{Caller, CallerKind, DeleteEvent, RegisterEvent};
use protocol::function_call::{Call, CallHeader};
use protocol::types::EventId;

use super::euicc::eid;

/// The address that every event of these tests leads to.
pub const SMDP_ADDRESS: &str = "smdp.example.com";

/// An SM-DP+.
pub fn smdp(number: u32) -> Caller {
    Caller { oid: oid::parse(&format!("2.999.10.{number}")).unwrap(), kind: CallerKind::Smdp }
}

/// An Alternative SM-DS.
pub fn smds(number: u32) -> Caller {
    Caller { oid: oid::parse(&format!("2.999.15.{number}")).unwrap(), kind: CallerKind::Smds }
}

pub fn event_id(number: u32) -> EventId {
    format!("EVENT-{number}").parse().unwrap()
}

/// An event for the first eUICC that stays where it is registered.
pub fn event(number: u32) -> RegisterEvent {
    RegisterEvent {
        eid: eid(1),
        rsp_server_address: SMDP_ADDRESS.parse().unwrap(),
        event_id: event_id(number),
        forwarding_indicator: false,
    }
}

/// An event for the first eUICC that goes on to the Root.
pub fn cascaded(number: u32) -> RegisterEvent {
    RegisterEvent { forwarding_indicator: true, ..event(number) }
}

pub fn deletion(number: u32) -> DeleteEvent {
    DeleteEvent { eid: eid(1), event_id: event_id(number) }
}

/// A call that was never made before.
pub fn call<T>(content: T) -> Call<T> {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    named(&format!("call-{}", NUMBER.fetch_add(1, Ordering::Relaxed)), content)
}

/// A call of that name.
pub fn named<T>(name: &str, content: T) -> Call<T> {
    let header = CallHeader {
        function_requester_identifier: "2.999.10".to_owned(),
        function_call_identifier: name.to_owned(),
    };
    Call::new(header, name.as_bytes(), content)
}
