//! Packages that are not installed, and what stays of them.

use asn1::{OperatorId, PprIds, StoreMetadataRequest, Unknown};
use crypto::Curve;
use euicc_sim::state::{CardState, Owner, PolicyRules, Rule};

use super::package::request;
use super::smdp::{Binding, Download, Segments, error, outer_header, replace_session_keys};
use super::{BOTH_CURVES, ICCID, Terminal, new_state, text};

pub const ISC: i64 = 0;
pub const CONFIGURE_ISDP: i64 = 1;
pub const STORE_METADATA: i64 = 2;
pub const STORE_METADATA_2: i64 = 3;
pub const REPLACE_SESSION_KEYS: i64 = 4;
pub const LOAD_PROFILE_ELEMENTS: i64 = 5;

pub const INCORRECT_INPUT_VALUES: i64 = 1;
pub const INVALID_SIGNATURE: i64 = 2;
pub const INVALID_TRANSACTION_ID: i64 = 3;
pub const UNSUPPORTED_CRT_VALUES: i64 = 4;
pub const UNSUPPORTED_REMOTE_OPERATION_TYPE: i64 = 5;
pub const UNSUPPORTED_PROFILE_CLASS: i64 = 6;
pub const STRUCTURE: i64 = 7;
pub const SECURITY: i64 = 8;
pub const ICCID_EXISTS: i64 = 9;
pub const MEMORY: i64 = 10;
pub const INTERRUPTION: i64 = 11;
pub const PE_PROCESSING: i64 = 12;
pub const DATA_MISMATCH: i64 = 13;
pub const INVALID_NAA_KEY: i64 = 14;
pub const PPR_NOT_ALLOWED: i64 = 15;

pub const UNKNOWN_ERROR: i64 = 127;

pub fn download(state: CardState, curve: Curve) -> Download {
    Download::prepare(Terminal::new(state), curve)
}

/// What stays of a failed installation: nothing but a notification and a number that is used up.
#[track_caller]
pub fn nothing_stays(download: &Download, before: &CardState) {
    let mut after = download.terminal.card.state().clone();
    assert_eq!(after.notifications.next_sequence_number, before.notifications.next_sequence_number + 1);
    assert_eq!(
        after.notifications.installation_results.len(),
        before.notifications.installation_results.len() + 1
    );
    assert!(after.open_installation.is_none());
    after.notifications = before.notifications.clone();
    after.retained_one_time_key = before.retained_one_time_key.clone();
    assert_eq!(text(&after), text(before));
}

/// A package made from a spoiled binding fails like this, on both curves.
#[track_caller]
pub fn fails(state: impl Fn(Curve) -> CardState, command: i64, reason: i64, spoil: impl Fn(&mut Binding)) {
    for curve in BOTH_CURVES {
        let mut download = download(state(curve), curve);
        let before = download.terminal.card.state().clone();
        let mut binding = download.binding();
        spoil(&mut binding);
        let segments = binding.segments();
        assert_eq!(download.fail(&segments), (command, reason), "{curve}");
        nothing_stays(&download, &before);
        // The session is over.
        assert_eq!(download.terminal.es10(&segments[0]), (Vec::new(), 0x6A88));
        // The result can be had again, and the same bytes.
        let stored = download.terminal.notifications();
        assert_eq!(error(stored.last().unwrap().bytes(), curve), (command, reason));
        assert_eq!(download.terminal.notifications(), stored);
    }
}

#[track_caller]
pub fn fails_on_a_new_card(command: i64, reason: i64, spoil: impl Fn(&mut Binding)) {
    fails(new_state, command, reason, spoil);
}

pub fn with_metadata(change: impl Fn(&mut StoreMetadataRequest)) -> impl Fn(&mut Binding) {
    move |binding| {
        let mut metadata = request(ICCID);
        change(&mut metadata);
        binding.metadata = vec![asn1::der::encode(&metadata)];
    }
}

pub fn owner(mcc_mnc: [u8; 3]) -> OperatorId {
    OperatorId {
        mcc_mnc: mcc_mnc.to_vec().try_into().unwrap(),
        gid1: None,
        gid2: None,
        unknown: Unknown::none(),
    }
}

pub fn rules(ppr1: bool, ppr2: bool) -> PprIds {
    PprIds::of(ppr1.then_some(PprIds::PPR1).into_iter().chain(ppr2.then_some(PprIds::PPR2)))
}

pub fn allowing(ppr1: bool, ppr2: bool, allowed_operators: Vec<Owner>) -> impl Fn(Curve) -> CardState {
    move |curve| {
        let policy_rules = PolicyRules { update_control: false, ppr1, ppr2 };
        let rule =
            Rule { policy_rules, allowed_operators: allowed_operators.clone(), consent_required: true };
        CardState { rules_authorisation_table: vec![rule], ..new_state(curve) }
    }
}

/// Segments with one of them changed and the header of the package made to fit.
pub fn edited(binding: &Binding, edit: impl FnOnce(&mut Segments)) -> Segments {
    let mut segments = binding.segments();
    let header = outer_header(segments.concat().len() - 4).len();
    segments[0].drain(..header);
    edit(&mut segments);
    let outer = outer_header(segments.iter().map(Vec::len).sum());
    segments[0].splice(0..0, outer);
    segments
}

pub fn with_keys(download: &Download) -> Binding {
    Binding { replace_session_keys: Some(replace_session_keys(16)), ..download.binding() }
}
