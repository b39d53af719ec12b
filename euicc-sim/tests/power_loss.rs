//! Power may go between any two writes of the memory: what is found when it comes back is the state before the command
//! or the one after it, and the card goes on from there.
#![cfg(test)]

mod common;

use std::sync::{Arc, Mutex};

use asn1::tlv;
use common::smdp::Download;
use common::{ICCID, OPERATIONAL, Spec, Terminal, delete, disable, enable, hex, new_state, state_with, text};
use euicc_sim::state::{CardState, ProfileClass};
use euicc_sim::{Card, InMemory, MemoryFailure, NonVolatile};
use protocol::trace::{Actor, Tracer};

/// Memory that keeps all it ever took.
#[derive(Clone, Default)]
struct History(Arc<Mutex<Vec<CardState>>>);

impl NonVolatile for History {
    fn commit(&mut self, state: &CardState) -> Result<(), MemoryFailure> {
        self.0.lock().unwrap().push(state.clone());
        Ok(())
    }
}

impl History {
    fn take(&self) -> Vec<CardState> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

fn terminal(state: CardState) -> (Terminal, History) {
    let history = History::default();
    let environment = common::environment_with(Box::new(history.clone()), Tracer::off(Actor::Euicc));
    let card = Card::power_on(state, environment).unwrap();
    (Terminal::with_card(card, InMemory::default()), history)
}

/// The state a card is in once it has power again.
fn powered_up(state: &CardState) -> CardState {
    Terminal::new(state.clone()).card.state().clone()
}

const OTHER: &str = "89000123456789012358";

/// A card with an enabled and a disabled profile, and what each command on it is.
fn commands() -> (CardState, Vec<(&'static str, Vec<u8>)>) {
    let enabled = Spec { enabled: true, ..OPERATIONAL };
    let mut state = state_with(&[enabled, Spec { iccid: OTHER, ..OPERATIONAL }]);
    let mut full = Terminal::new(state);
    // Something to remove.
    assert_eq!(full.result(&disable(ICCID, false)), 0);
    assert_eq!(full.result(&enable(ICCID, false)), 0);
    state = full.card.state().clone();
    let nickname = [common::iccid_tlv(ICCID), tlv::wrap(0x90, b"Work")].concat();
    let commands = vec![
        ("EnableProfile, which disables another", enable(OTHER, false)),
        ("DisableProfile", disable(ICCID, false)),
        ("DeleteProfile", delete(OTHER)),
        ("eUICCMemoryReset", hex("BF3404820205E0")),
        ("SetNickname", tlv::wrap(0xBF29, &nickname)),
        ("SetDefaultDpAddress", hex("BF3F058003612E62")),
        ("RemoveNotificationFromList", hex("BF3003800100")),
    ];
    (state, commands)
}

#[test]
fn a_command_is_one_write() {
    let (state, commands) = commands();
    for (name, command) in commands {
        let (mut terminal, history) = terminal(state.clone());
        let before = text(terminal.card.state());
        assert_eq!(terminal.result(&command), 0, "{name}");
        let written = history.take();
        assert_eq!(written.len(), 1, "{name}");
        assert_ne!(text(&written[0]), before, "{name}");
        // Whatever of it was kept, a card that gets power again finds nothing to mend.
        assert_eq!(text(&powered_up(&written[0])), text(&written[0]), "{name}");
        assert_eq!(text(&powered_up(&state)), text(&state), "{name}");
    }
}

#[test]
fn what_is_refused_writes_nothing() {
    let (state, _) = commands();
    for command in [enable(ICCID, false), disable(OTHER, false), delete(ICCID), hex("BF3003800163")] {
        let (mut terminal, history) = terminal(state.clone());
        assert_ne!(terminal.result(&command), 0);
        assert_eq!(history.take().len(), 0);
    }
}

/// SGP.22 §5.7.16: the change is decided with the command and done with the REFRESH; power that goes between the two
/// stands for the REFRESH.
#[test]
fn a_change_that_waits_for_a_refresh_is_done_by_a_loss_of_power() {
    let (state, _) = commands();
    let (mut terminal, history) = terminal(state);
    assert_eq!(terminal.send(&hex("8010000003FFFFFF")), hex("9000"));
    let (result, status) = terminal.es10(&enable(OTHER, true));
    assert_eq!((result, status & 0xFF00), (hex("BF3103800100"), 0x9100));
    let written = history.take();
    assert_eq!(written.len(), 1);
    let enabled = |state: &CardState| state.enabled_profile().unwrap().iccid.to_string();
    assert_eq!(enabled(&written[0]), ICCID);
    assert_eq!(enabled(&powered_up(&written[0])), OTHER);
}

/// A whole download: at every write there is no profile, until there is all of it with its result.
#[test]
fn a_download_leaves_nothing_or_a_profile_with_its_result() {
    for curve in common::BOTH_CURVES {
        let (terminal, history) = terminal(new_state(curve));
        let mut download = Download::prepare(terminal, curve);
        let binding = download.binding();
        download.install(&binding);
        let written = history.take();
        assert!(written.len() > 3);
        let (last, others) = written.split_last().unwrap();
        assert_eq!((last.profiles.len(), last.notifications.installation_results.len()), (1, 1));
        assert!(last.open_installation.is_none() && last.retained_one_time_key.is_none());
        for state in others {
            assert!(state.profiles.is_empty() && state.notifications.all().is_empty());
            let found = powered_up(state);
            assert!(found.profiles.is_empty() && found.open_installation.is_none());
            // SGP.22 §2.5.6.1: an interruption is reported once it had begun.
            let begun = usize::from(state.open_installation.is_some());
            assert_eq!(found.notifications.installation_results.len(), begun);
            assert_eq!(found.free_memory(), found.memory_size);
            // The next attempt succeeds.
            let mut again = Download::prepare(Terminal::new(found), curve);
            let binding = again.binding();
            again.install(&binding);
        }
    }
}

/// A test profile that is disabled brings the operational one back in the same write.
#[test]
fn no_write_shows_two_enabled_profiles_or_none_between() {
    let test = Spec { iccid: OTHER, class: ProfileClass::Test, ..OPERATIONAL };
    let state = state_with(&[Spec { enabled: true, ..OPERATIONAL }, test]);
    let (mut terminal, history) = terminal(state);
    assert_eq!(terminal.result(&enable(OTHER, false)), 0);
    assert_eq!(terminal.result(&disable(OTHER, false)), 0);
    let enabled: Vec<String> =
        history.take().iter().map(|state| state.enabled_profile().unwrap().iccid.to_string()).collect();
    assert_eq!(enabled, [OTHER, ICCID]);
}
