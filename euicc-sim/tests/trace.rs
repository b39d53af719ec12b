//! What the card tells the trace (one event for each APDU, check and change of state), and that it is the same each time.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test reports by panicking"
)]

mod common;

use std::sync::{Arc, Mutex};

use common::smdp::{Authentication, Download, replace_session_keys};
use common::uicc::{USIM, Uicc};
use common::{ICCID, Terminal, enable, environment_with, new_state};
use crypto::Curve;
use crypto::aka::{Milenage, MilenageConstants, autn};
use euicc_sim::state::CardState;
use euicc_sim::{Card, InMemory};
use protocol::clock::{FixedClock, Timestamp};
use protocol::trace::{Actor, Event, Sink, Tracer, Verdict, What};

#[derive(Default)]
struct Events(Mutex<Vec<Event>>);

impl Sink for Events {
    fn emit(&self, event: Event) {
        self.0.lock().unwrap().push(event);
    }
}

fn traced(curve: Curve, secrets: bool) -> (Terminal, Arc<Events>) {
    traced_with(new_state(curve), secrets)
}

fn traced_with(state: CardState, secrets: bool) -> (Terminal, Arc<Events>) {
    let events = Arc::new(Events::default());
    let clock = Arc::new(FixedClock(Timestamp::from_unix_seconds(common::NOW)));
    let mut tracer = Tracer::new(Actor::Lpa, clock, events.clone());
    if secrets {
        tracer = tracer.showing_secrets();
    }
    let memory = InMemory::default();
    let environment = environment_with(Box::new(memory.clone()), tracer);
    (Terminal::with_card(Card::power_on(state, environment).unwrap(), memory), events)
}

/// A download with profile protection keys, then an enabling: the trace as JSON lines.
fn download(curve: Curve, secrets: bool) -> Vec<Event> {
    let (terminal, events) = traced(curve, secrets);
    let mut download = Download::prepare(terminal, curve);
    let mut binding = download.binding();
    binding.replace_session_keys = Some(replace_session_keys(16));
    download.install(&binding);
    assert_eq!(download.terminal.result(&enable(ICCID, false)), 0);
    std::mem::take(&mut *events.0.lock().unwrap())
}

fn lines(events: &[Event]) -> Vec<String> {
    events.iter().map(|event| serde_json::to_string(event).unwrap()).collect()
}

#[test]
fn the_same_inputs_give_the_same_trace() {
    for curve in common::BOTH_CURVES {
        assert_eq!(lines(&download(curve, false)), lines(&download(curve, false)));
    }
}

#[test]
fn every_check_names_its_section_and_what_belongs_together_is_tied() {
    let events = download(Curve::P256, false);
    let mut checks = 0;
    for event in &events {
        assert_eq!(event.actor, Actor::Euicc);
        assert_eq!(event.ids.eid.as_deref(), Some("89049032123451234512345678901235"));
        if let What::Check { section, verdict, .. } = &event.what {
            checks += 1;
            assert_eq!(*verdict, Verdict::Passed, "{event:?}");
            assert!(section.starts_with("SGP.22 §") || section.starts_with("RFC 5280 §"), "{section}");
        }
    }
    assert!(checks > 30, "{checks}");
    let untied = events.iter().skip_while(|event| event.ids.transaction_id.is_none());
    let untied = untied.filter(|event| event.ids.transaction_id.is_none());
    // Only what comes after the session: the enabling.
    assert!(untied.clone().all(|event| !matches!(&event.what, What::State { to, .. } if to == "disabled")));
    let transactions = events.iter().filter(|event| event.ids.transaction_id.is_some()).count();
    assert!(transactions > 30);
}

#[test]
fn changes_of_state_are_told() {
    let events = download(Curve::P256, false);
    let changes: Vec<String> = events
        .iter()
        .filter_map(|event| match &event.what {
            What::State { subject, from, to } => Some(format!("{subject}: {from} > {to}")),
            _ => None,
        })
        .collect();
    for expected in [
        "session: challenged > authenticated",
        "session: authenticated > prepared",
        "installation: open > installed",
        "profile 89000123456789012341: absent > disabled",
        "profile 89000123456789012341: disabled > enabled",
        "notification 0: absent > install",
        "notification 2: absent > enable",
    ] {
        assert!(changes.iter().any(|change| change == expected), "{expected} is not among {changes:#?}");
    }
}

#[test]
fn keys_are_redacted_unless_asked_for() {
    let secrets = |shown: bool| -> Vec<(&'static str, String)> {
        let events = download(Curve::P256, shown);
        let secret = |event: &Event| match &event.what {
            What::Secret { name, value } => Some((*name, value.clone())),
            _ => None,
        };
        events.iter().filter_map(secret).collect()
    };
    let hidden = secrets(false);
    let names: Vec<&str> = hidden.iter().map(|(name, _)| *name).collect();
    assert_eq!(
        names,
        ["S-ENC", "S-MAC", "initialMacChainingValue", "PPK-ENC", "PPK-CMAC", "initialMacChainingValue"]
    );
    assert!(hidden.iter().all(|(_, value)| value == "[redacted]"));
    let shown = secrets(true);
    assert_eq!(shown[3], ("PPK-ENC", "20".repeat(16)));
    let text = lines(&download(Curve::P256, false)).concat();
    assert!(shown.iter().all(|(_, value)| !text.contains(value)));
}

#[test]
fn a_refused_check_tells_why() {
    let (mut terminal, events) = traced(Curve::P256, false);
    terminal.ok(&Authentication::new(Curve::P256, &[0; 16]).command());
    let events = events.0.lock().unwrap();
    let refused = events.iter().find_map(|event| match &event.what {
        What::Check { section, subject, verdict: Verdict::Refused, reason } => {
            Some((*section, subject.clone(), reason.clone().unwrap()))
        }
        _ => None,
    });
    let (section, subject, reason) = refused.unwrap();
    assert_eq!((section, subject.as_str()), ("SGP.22 §5.7.13", "a session context exists"));
    assert_eq!(reason, "noSessionContext(4)");
}

#[test]
fn apdus_are_told_with_their_responses() {
    let (mut terminal, events) = traced(Curve::P256, false);
    events.0.lock().unwrap().clear();
    terminal.send(&common::hex("80F2000C00"));
    let events = events.0.lock().unwrap();
    assert_eq!(events.len(), 1);
    let expected = What::Apdu { command: "80F2000C00".to_owned(), response: "9000".to_owned() };
    assert_eq!(events[0].what, expected);
}

/// PINs on their way in and keys on their way out, whatever becomes of the command.
#[test]
fn codes_and_keys_are_told_only_where_secrets_were_asked_for() {
    let pin = "3939393939393939";
    for secrets in [false, true] {
        let (mut terminal, events) = traced(Curve::P256, secrets);
        events.0.lock().unwrap().clear();
        for command in [
            format!("0020000108{pin}"),
            format!("0024000110{pin}{pin}"),
            format!("0026000108{pin}"),
            format!("0028000108{pin}"),
            format!("002C000110{pin}{pin}"),
            // Cut short, and on a channel that is not open.
            format!("00200001FF{pin}"),
            format!("0320000108{pin}"),
            // Under classes that no UICC has it under.
            format!("A020000108{pin}"),
            format!("8020000108{pin}"),
        ] {
            terminal.send(&common::hex(&command));
        }
        for event in events.0.lock().unwrap().iter() {
            let What::Apdu { command, response } = &event.what else { panic!("{event:?}") };
            assert_eq!(command.contains(pin), secrets, "{command}");
            assert_eq!(response.len(), 4, "{response}");
            assert_eq!(command.ends_with("[redacted]"), !secrets, "{command}");
        }
    }
}

#[test]
fn keys_of_an_authentication_are_told_only_where_secrets_were_asked_for() {
    let state = Uicc::with(common::package::package()).0.card.state().clone();
    let network = Milenage::new(&[0x5C; 16], &[0xC0; 16], MilenageConstants::default());
    let token = autn(&network, &[0x5A; 16], &[0, 0, 0, 0, 0x10, 0], &[0x80, 0]);
    let challenge = [&[0, 0x88, 0, 0x81, 0x22, 0x10][..], &[0x5A; 16], &[0x10], &token].concat();
    for secrets in [false, true] {
        let (terminal, events) = traced_with(state.clone(), secrets);
        let mut uicc = Uicc(terminal);
        uicc.select(USIM);
        let (answer, status) = uicc.bytes(&challenge);
        assert_eq!((answer.first(), status), (Some(&0xDB), 0x9000));
        let ck = data_encoding::HEXUPPER.encode(&answer[11..27]);
        let text = lines(&events.0.lock().unwrap()).concat();
        assert!(text.contains("0088008122"));
        assert_eq!(text.contains(&ck), secrets);
        assert_eq!(text.contains("\"response\":\"[redacted]9000\""), !secrets);
    }
}

/// EF.Keys is where a terminal puts CK and IK after an authentication.
#[test]
fn files_with_keys_are_told_only_where_secrets_were_asked_for() {
    let state = Uicc::with(common::package::package()).0.card.state().clone();
    for secrets in [false, true] {
        let (terminal, events) = traced_with(state.clone(), secrets);
        let mut uicc = Uicc(terminal);
        uicc.select(USIM);
        let keys = "05".repeat(33);
        for command in [format!("00D6880021{keys}"), "00B0880000".to_owned(), "00B0870000".to_owned()] {
            uicc.apdu(&command);
        }
        let events = events.0.lock().unwrap();
        let told: Vec<_> = events.iter().rev().take(3).map(|event| event.what.clone()).collect();
        let [
            What::Apdu { response: imsi, .. },
            What::Apdu { response: read, .. },
            What::Apdu { command, .. },
        ] = told.as_slice()
        else {
            panic!("{told:?}")
        };
        assert_eq!(command.contains(&keys), secrets, "{command}");
        assert_eq!(read.contains("[redacted]"), !secrets && !read.ends_with("6982"), "{read}");
        assert!(!imsi.contains("redacted"), "{imsi}");
    }
}

/// A card can be handed to another thread.
#[test]
fn a_card_can_be_sent() {
    fn sendable<T: Send>() {}
    sendable::<Card>();
}
