//! What outlives power, and what happens where the memory fails.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test reports by panicking"
)]

mod common;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use asn1::PendingNotification;
use certs::Certificate;
use certs::chain::verify_euicc_chain;
use common::smdp::{Authentication, Download, Preparation};
use common::{
    BOTH_CURVES, ICCID, OPERATIONAL, Terminal, delete, disable, enable, hex, new_state, pki, state_with, text,
};
use crypto::{Curve, Engine, Signature};
use euicc_sim::state::{CardState, FORMAT, Platform, sealed};
use euicc_sim::{Card, InMemory, MemoryFailure, NonVolatile};

fn restarted(terminal: &Terminal) -> Terminal {
    let kept = text(&terminal.memory.kept().unwrap());
    Terminal::new(serde_json::from_str(&kept).unwrap())
}

#[test]
fn profiles_and_notifications_survive_a_restart() {
    for curve in BOTH_CURVES {
        let mut download = Download::prepare(Terminal::new(new_state(curve)), curve);
        let binding = download.binding();
        download.install(&binding);
        assert_eq!(download.terminal.result(&enable(ICCID, false)), 0);
        let profiles = download.terminal.profiles();
        let notifications = download.terminal.notifications();
        let mut again = restarted(&download.terminal);
        assert_eq!(again.profiles(), profiles);
        assert_eq!(again.notifications(), notifications);
        assert_eq!(text(again.card.state()), text(download.terminal.card.state()));
    }
}

#[test]
fn sequence_numbers_go_on_after_a_restart_and_a_removal() {
    let mut terminal = Terminal::new(state_with(&[OPERATIONAL]));
    assert_eq!(terminal.result(&enable(ICCID, false)), 0);
    assert_eq!(terminal.result(&hex("BF3003800100")), 0);
    assert_eq!(terminal.result(&hex("BF3003800100")), 1, "it is gone");
    let mut again = restarted(&terminal);
    assert_eq!(again.result(&disable(ICCID, false)), 0);
    assert_eq!(again.notifications()[0].metadata().seq_number, 1);
}

#[test]
fn a_newer_format_is_refused_by_name() {
    let current = format!("\"format\":{FORMAT}");
    let state = text(&new_state(Curve::P256));
    let newer = FORMAT + 1;
    let of_format = |number: u32| state.replacen(&current, &format!("\"format\":{number}"), 1);
    let refusals = |text: &str| {
        let plain = serde_json::from_str::<CardState>(text).unwrap_err().to_string();
        [plain, sealed::read(text.as_bytes()).unwrap_err().to_string()]
    };
    for error in refusals(&of_format(newer)) {
        assert!(error.contains(&format!("format {newer}")) && error.contains("newer"), "{error}");
    }
    for error in refusals(&of_format(0)) {
        assert!(error.contains("does not exist"), "{error}");
    }
}

/// A card as the first version of this program kept it: a profile downloaded and enabled, and a notification of that.
const FORMAT_1: &[u8] = include_bytes!("data/card-format-1.json");

#[test]
fn a_state_of_format_1_still_reads_and_works() {
    let state = sealed::read(FORMAT_1).unwrap();
    assert_eq!((state.platform.clone(), state.quirks.are_none()), (Platform::default(), true));
    assert!(state.revocation.is_empty());
    let sealed = sealed::write(&state).unwrap();
    let plain = text(&state);
    let mut terminal = Terminal::new(state);
    assert_eq!(terminal.profiles(), [("8988211000000000017".to_owned(), true)]);
    assert_eq!(terminal.notifications().len(), 1);
    assert_eq!(terminal.result(&disable("8988211000000000017", false)), 0);
    // What is written is of the format of today, and says the same.
    let again = sealed::read(&sealed).unwrap();
    assert_eq!(text(&again), plain);
    assert!(plain.starts_with(&format!("{{\"format\":{FORMAT},")));
}

#[test]
fn a_state_that_cannot_be_a_cards_is_refused() {
    let power_on = |spoil: fn(&mut CardState)| {
        let mut state = state_with(&[OPERATIONAL]);
        spoil(&mut state);
        Card::power_on(state, common::environment(InMemory::default())).err().map(|error| error.to_string())
    };
    assert_eq!(power_on(|_| ()), None);
    let spoils: [fn(&mut CardState); 4] = [
        |state| state.identities.clear(),
        |state| {
            let (first, second) = state.identities.split_at_mut(1);
            std::mem::swap(&mut first[0].private_key, &mut second[0].private_key);
        },
        |state| state.trusted_ci_certificates[0] = state.identities[0].eum_certificate.clone(),
        |state| {
            let mut profile = state.profiles[0].clone();
            profile.state = euicc_sim::state::ProfileState::Enabled;
            state.profiles = vec![profile.clone(), profile];
        },
    ];
    for (number, spoil) in spoils.into_iter().enumerate() {
        assert!(power_on(spoil).is_some(), "{number}");
    }
}

#[test]
fn secrets_are_not_shown() {
    let state = state_with(&[OPERATIONAL]);
    let shown = format!("{state:?}");
    let key = data_encoding::HEXUPPER.encode(state.identities[0].private_key.expose());
    assert!(!shown.contains(&key) && text(&state).contains(&key));
    assert!(shown.contains("Secret([redacted])"));
}

#[test]
fn the_published_test_certificates_make_a_card() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data/sgp26");
    let mut tree = certs::tree::Tree::new();
    for folder in ["CertificateIssuer", "EUM", "eUICC"] {
        let Ok(files) = std::fs::read_dir(format!("{root}/{folder}")) else {
            println!("skipped: the reference data in ../shared/data is absent");
            return;
        };
        for file in files.map(Result::unwrap) {
            let name = file.file_name().into_string().unwrap();
            tree.insert(format!("{folder}/{name}"), std::fs::read(file.path()).unwrap());
        }
    }
    let pki = certs::tree::Pki::from_tree(&tree).unwrap();
    let state = euicc_sim::state::manufacture(&pki, &Curve::ALL).unwrap();
    assert_eq!(state.eid.to_string(), "89049032123451234512345678901235");
    let mut terminal = Terminal::new(state);
    let info1 = terminal.ok(&hex("BF2000"));
    let list =
        "2C 0414 F54172BDF98A95D65CBEB88A38A1C11D800A85C3 0414 C0BC70BA36929D43B467FF57570530E57AB8FCD8";
    assert_eq!(info1, hex(&format!("BF2061 8203020202 A9{list} AA{list}")));
}

#[test]
fn other_notifications_are_signed_with_the_key_of_their_profiles_download() {
    for curve in BOTH_CURVES {
        // The card prefers the other curve.
        let other = Curve::ALL.into_iter().find(|other| *other != curve).unwrap();
        let mut download = Download::prepare(Terminal::new(new_state(other)), curve);
        let binding = download.binding();
        download.install(&binding);
        let terminal = &mut download.terminal;
        assert_eq!(terminal.result(&enable(ICCID, false)), 0);
        assert_eq!(terminal.result(&disable(ICCID, false)), 0);
        assert_eq!(terminal.result(&delete(ICCID)), 0);
        let pending = terminal.notifications();
        assert_eq!(pending.len(), 5);
        for (number, notification) in pending.iter().enumerate() {
            assert_eq!(notification.metadata().seq_number, u64::try_from(number).unwrap());
            let PendingNotification::OtherSignedNotification(other) = notification.value() else { continue };
            let anchors = pki().trust_anchors(Engine::RustCrypto).unwrap();
            let certificate = Certificate::from_der(other.euicc_certificate.raw()).unwrap();
            let eum = Certificate::from_der(other.eum_certificate.raw()).unwrap();
            let verified = verify_euicc_chain(&anchors, &eum, &certificate, None, &mut |_| ()).unwrap();
            assert_eq!(verified.ci.bytes(), common::smdp::ci_pk_id(curve));
            let signature = Signature::from_bytes(other.euicc_notification_signature.bytes()).unwrap();
            let signed = other.tbs_other_notification.bytes();
            verified.public_key.verify(Engine::RustCrypto, signed, &signature).unwrap();
        }
    }
}

#[test]
fn notifications_are_listed_and_found_by_event_and_number() {
    let mut download = Download::prepare(Terminal::new(new_state(Curve::P256)), Curve::P256);
    let binding = download.binding();
    download.install(&binding);
    let terminal = &mut download.terminal;
    assert_eq!(terminal.result(&enable(ICCID, false)), 0);
    // 0 and 1: installed; 2: enabled.
    let count = |terminal: &mut Terminal, command: &str| {
        let response = terminal.ok(&hex(command));
        let (list, _) = asn1::tlv::read(&response).unwrap();
        let (list, _) = asn1::tlv::read(list.value).unwrap();
        assert_eq!(list.tag.0, 0xA0);
        asn1::tlv::children(list.value).count()
    };
    for (command, expected) in [
        ("BF2800", 3),
        ("BF280481020780", 2),
        ("BF280481020640", 1),
        ("BF2804810206C0", 3),
        ("BF280481020410", 0),
        ("BF2803810100", 0),
        ("BF2B00", 3),
        ("BF2B06A00481020780", 2),
        ("BF2B06A00481020640", 1),
        ("BF2B05A003800102", 1),
        ("BF2B05A003800103", 0),
    ] {
        assert_eq!(count(terminal, command), expected, "{command}");
    }
    assert_eq!(terminal.es10(&hex("BF2B04A0029000")), (Vec::new(), 0x6A80));
    assert_eq!(terminal.result(&hex("BF3003800109")), 1);
}

#[test]
fn an_empty_list_of_notifications_is_an_empty_list() {
    let mut terminal = Terminal::new(new_state(Curve::P256));
    assert_eq!(terminal.ok(&hex("BF2800")), hex("BF2802A000"));
    assert_eq!(terminal.ok(&hex("BF2B00")), hex("BF2B02A000"));
}

#[test]
fn a_sequence_number_above_127_takes_another_byte() {
    let mut state = state_with(&[OPERATIONAL]);
    state.notifications.next_sequence_number = 200;
    let mut terminal = Terminal::new(state);
    assert_eq!(terminal.result(&enable(ICCID, false)), 0);
    assert_eq!(terminal.notifications()[0].bytes().get(4..12).map(<[u8]>::len), Some(8));
    let list = terminal.ok(&hex("BF2B06A004800200C8"));
    assert_eq!(list[..2], hex("BF2B"));
    assert!(list.windows(7).any(|window| window == hex("800200C8810206")));
    assert_eq!(terminal.result(&hex("BF3004800200C8")), 0);
}

/// Memory that fails as long as it is told to.
#[derive(Clone, Default)]
struct Failing {
    fails: Arc<AtomicBool>,
    memory: InMemory,
}

impl NonVolatile for Failing {
    fn commit(&mut self, state: &CardState) -> Result<(), MemoryFailure> {
        if self.fails.load(Ordering::Relaxed) {
            return Err(MemoryFailure("told to fail".to_owned()));
        }
        self.memory.commit(state)
    }
}

fn with_failing_memory(state: CardState) -> (Terminal, Failing) {
    let failing = Failing::default();
    let tracer = protocol::trace::Tracer::off(protocol::trace::Actor::Euicc);
    let environment = common::environment_with(Box::new(failing.clone()), tracer);
    let card = Card::power_on(state, environment).unwrap();
    (Terminal::with_card(card, failing.memory.clone()), failing)
}

#[test]
fn a_command_that_the_memory_does_not_take_changes_nothing() {
    let nickname = [&hex("BF290F5A0A98001032547698103214900141")[..]].concat();
    for command in
        [enable(ICCID, false), delete(ICCID), nickname, hex("BF3F058003612E62"), hex("BF3404820205E0")]
    {
        let (mut terminal, failing) = with_failing_memory(state_with(&[OPERATIONAL]));
        let before = text(terminal.card.state());
        failing.fails.store(true, Ordering::Relaxed);
        assert_eq!(terminal.es10(&command), (Vec::new(), 0x6581), "{command:02X?}");
        assert_eq!(text(terminal.card.state()), before);
        failing.fails.store(false, Ordering::Relaxed);
        assert_eq!(terminal.result(&command), 0);
        assert_ne!(text(terminal.card.state()), before);
        assert_eq!(text(&failing.memory.kept().unwrap()), text(terminal.card.state()));
    }
}

#[test]
fn an_installation_that_the_memory_does_not_take_leaves_no_profile() {
    let count =
        Download::prepare(Terminal::new(new_state(Curve::P256)), Curve::P256).binding().segments().len();
    // The memory fails from this segment on.
    for from in 0..count {
        let (terminal, failing) = with_failing_memory(new_state(Curve::P256));
        let mut download = Download::prepare(terminal, Curve::P256);
        let segments = download.binding().segments();
        for segment in &segments[..from] {
            assert_eq!(download.terminal.es10(segment), (Vec::new(), 0x9000));
        }
        failing.fails.store(true, Ordering::Relaxed);
        let (result, status) = download.load(&segments[from..].to_vec());
        assert_eq!((result, status), (Vec::new(), 0x6581), "{from}");
        assert!(download.terminal.card.state().profiles.is_empty());
        // With power back, the installation was interrupted, if it had begun.
        failing.fails.store(false, Ordering::Relaxed);
        download.terminal.reset();
        assert!(download.terminal.profiles().is_empty());
        assert_eq!(download.terminal.notifications().len(), usize::from(from > 0), "{from}");
        // And a new attempt succeeds.
        download.again();
        let binding = download.binding();
        download.install(&binding);
    }
}

#[test]
fn a_one_time_key_that_the_memory_does_not_take_is_not_told() {
    let (mut terminal, failing) = with_failing_memory(new_state(Curve::P256));
    let challenge = terminal.challenge();
    let response = terminal.ok(&Authentication::new(Curve::P256, &challenge).command());
    let command = Preparation::new(Curve::P256, common::smdp::euicc_signature1(&response)).command();
    failing.fails.store(true, Ordering::Relaxed);
    assert_eq!(terminal.es10(&command), (Vec::new(), 0x6581));
    failing.fails.store(false, Ordering::Relaxed);
    common::smdp::euicc_otpk(&terminal.ok(&command));
}
