//! LoadCRL and what follows from it: who is not believed any more, and what time it is (SGP.22 §4.6, §5.7.12).
#![cfg(test)]

mod common;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use asn1::{AuthenticateServerResponse, LoadCrlError, PrepareDownloadResponse, RspCapability};
use certs::workshop::{CrlForm, DescribedEntry, DescribedExtension};
use certs::{Role, UnixTime};
use common::crl::{certificate, command, delta, describe, load, part, publish};
use common::smdp::{Authentication, Preparation, authenticate, euicc_otpk, euicc_signature1, identity};
use common::{NOW, Terminal, hex, new_state, pki, text};
use crypto::Curve;
use euicc_sim::state::CardState;
use euicc_sim::{Card, InMemory, MemoryFailure, NonVolatile};
use protocol::trace::{Actor, Tracer};

const CURVE: Curve = Curve::P256;

fn terminal() -> Terminal {
    Terminal::new(new_state(CURVE))
}

/// The code that a server is refused with; `None` where it is believed.
fn refused(terminal: &mut Terminal, curve: Curve, role: Role) -> Option<i64> {
    let challenge = terminal.challenge();
    let authentication = Authentication::new(curve, &challenge).with(&identity(pki(), curve, role));
    match asn1::der::decode(&terminal.ok(&authentication.command())).unwrap() {
        AuthenticateServerResponse::AuthenticateResponseOk(_) => None,
        AuthenticateServerResponse::AuthenticateResponseError(error) => {
            Some(error.authenticate_error_code.value())
        }
    }
}

const INVALID_CERTIFICATE: Option<i64> = Some(1);

#[test]
fn a_revoked_server_is_not_believed_and_the_others_are() {
    for (revoked, other) in [(Role::DpAuth, Role::DsAuth), (Role::DsAuth, Role::DpAuth)] {
        let mut terminal = terminal();
        assert_eq!(refused(&mut terminal, CURVE, revoked), None);
        assert!(publish(&mut terminal, CrlForm::complete(1), &[&certificate(CURVE, revoked)]).is_empty());
        assert_eq!(refused(&mut terminal, CURVE, revoked), INVALID_CERTIFICATE);
        assert_eq!(refused(&mut terminal, CURVE, other), None);
    }
}

#[test]
fn a_revoked_certificate_binds_no_profile() {
    let mut terminal = terminal();
    let signature1 = authenticate(&mut terminal, CURVE);
    let preparation = Preparation::new(CURVE, signature1).command();
    publish(&mut terminal, CrlForm::complete(1), &[&certificate(CURVE, Role::DpPb)]);
    let PrepareDownloadResponse::DownloadResponseError(error) =
        asn1::der::decode(&terminal.ok(&preparation)).unwrap()
    else {
        panic!()
    };
    assert_eq!(error.download_error_code, asn1::DownloadErrorCode::INVALID_CERTIFICATE);
}

#[test]
fn below_a_revoked_certificate_issuer_nobody_is_believed() {
    let mut terminal = terminal();
    publish(&mut terminal, CrlForm::complete(1), &[&certificate(CURVE, Role::Ci)]);
    assert_eq!(refused(&mut terminal, CURVE, Role::DpAuth), INVALID_CERTIFICATE);
    assert_eq!(refused(&mut terminal, CURVE, Role::DsAuth), INVALID_CERTIFICATE);
    assert_eq!(refused(&mut terminal, Curve::BrainpoolP256r1, Role::DpAuth), None);
}

#[test]
fn a_list_tells_nothing_of_certificates_of_another_issuer() {
    let other = Curve::BrainpoolP256r1;
    let mut terminal = terminal();
    // The serial number is that of a certificate below the other Certificate Issuer.
    publish(&mut terminal, CrlForm::complete(1), &[&certificate(other, Role::DpAuth)]);
    assert_eq!(refused(&mut terminal, other, Role::DpAuth), None);
}

#[test]
fn the_time_of_a_list_is_believed_where_the_clock_is_behind() {
    let mut terminal = terminal();
    let end = certificate(CURVE, Role::DpAuth).validity().not_after;
    let at = |terminal: &mut Terminal, number: u64, this_update: UnixTime| {
        let mut list = describe(CrlForm::complete(number), &[]);
        list.this_update = this_update;
        load(terminal, &command(&list)).unwrap();
    };
    at(&mut terminal, 1, end);
    assert_eq!(refused(&mut terminal, CURVE, Role::DpAuth), None, "its last second");
    at(&mut terminal, 2, UnixTime(end.0 + 1));
    assert_eq!(refused(&mut terminal, CURVE, Role::DpAuth), INVALID_CERTIFICATE);
    // Its own clock shows a later time than this list.
    let mut terminal = self::terminal();
    at(&mut terminal, 1, UnixTime(0));
    assert_eq!(refused(&mut terminal, CURVE, Role::DpAuth), None);
}

#[test]
fn entries_are_kept_until_their_certificates_have_expired() {
    let mut terminal = terminal();
    let (auth, pb) = (certificate(CURVE, Role::DpAuth), certificate(CURVE, Role::DpPb));
    publish(&mut terminal, CrlForm::complete(1), &[&auth, &pb]);
    let lists = |terminal: &Terminal| terminal.card.state().revocation.clone();
    let ci = certificate(CURVE, Role::Ci).subject_key_identifier().unwrap().clone();
    assert!(lists(&terminal).revokes(&ci, auth.serial_number()));
    let size = lists(&terminal).size();
    let mut later = describe(CrlForm::complete(2), &[]);
    later.this_update = UnixTime(auth.validity().not_after.0 + 1);
    load(&mut terminal, &command(&later)).unwrap();
    assert!(!lists(&terminal).revokes(&ci, auth.serial_number()));
    assert!(lists(&terminal).size() < size);
    assert_eq!(lists(&terminal).time_reference(), Some(later.this_update));
    assert_eq!(refused(&mut terminal, CURVE, Role::DpAuth), INVALID_CERTIFICATE, "it has expired");
}

#[test]
fn a_newer_list_takes_nothing_back() {
    let mut terminal = terminal();
    publish(&mut terminal, CrlForm::complete(1), &[&certificate(CURVE, Role::DpAuth)]);
    publish(&mut terminal, CrlForm::complete(2), &[]);
    assert_eq!(refused(&mut terminal, CURVE, Role::DpAuth), INVALID_CERTIFICATE);
}

/// The example of SGP.22 §5.7.12.
#[test]
fn parts_may_come_in_any_order_and_the_missing_ones_are_told() {
    let mut terminal = terminal();
    let auth = certificate(CURVE, Role::DpAuth);
    assert_eq!(publish(&mut terminal, part(7, 2, 3), &[]), [1, 3]);
    let before = text(terminal.card.state());
    assert_eq!(publish(&mut terminal, part(7, 2, 3), &[&auth]), [1, 3], "it is known");
    assert_eq!(text(terminal.card.state()), before);
    assert_eq!(publish(&mut terminal, part(7, 3, 3), &[&auth]), [1]);
    assert_eq!(refused(&mut terminal, CURVE, Role::DpAuth), INVALID_CERTIFICATE, "a part counts at once");
    assert!(publish(&mut terminal, part(7, 1, 3), &[]).is_empty());
    assert!(publish(&mut terminal, part(7, 3, 3), &[]).is_empty());
}

#[test]
fn the_encoding_of_missing_parts_is_that_of_the_specification() {
    let mut terminal = terminal();
    let parts = command(&describe(part(1, 2, 3), &[]));
    assert_eq!(terminal.ok(&parts), hex("BF350A A008 A006 020101 020103"));
    let whole = command(&describe(CrlForm::complete(2), &[]));
    assert_eq!(terminal.ok(&whole), hex("BF3502 A000"));
}

#[test]
fn a_whole_list_of_the_same_number_is_not_looked_at() {
    let mut terminal = terminal();
    assert!(publish(&mut terminal, CrlForm::complete(4), &[]).is_empty());
    let before = text(terminal.card.state());
    let revoking = [&certificate(CURVE, Role::DpAuth)];
    assert!(publish(&mut terminal, CrlForm::complete(4), &revoking).is_empty());
    assert!(publish(&mut terminal, part(4, 1, 2), &revoking).is_empty(), "all of it is known");
    assert_eq!(text(terminal.card.state()), before);
}

#[test]
fn a_new_number_begins_with_no_part_of_its_own() {
    let mut terminal = terminal();
    assert_eq!(publish(&mut terminal, part(1, 1, 2), &[]), [2]);
    assert_eq!(publish(&mut terminal, part(2, 1, 3), &[]), [2, 3]);
    let other_total = command(&describe(part(2, 2, 4), &[]));
    assert_eq!(load(&mut terminal, &other_total), Err(LoadCrlError::INVALID_CRL_FORMAT));
}

#[test]
fn a_delta_list_adds_to_a_list_that_was_processed_whole() {
    let mut terminal = terminal();
    let refuses = |terminal: &mut Terminal, form| {
        let list = command(&describe(form, &[]));
        assert_eq!(load(terminal, &list), Err(LoadCrlError::BASE_CRL_MISSING));
    };
    refuses(&mut terminal, delta(6, 5));
    publish(&mut terminal, part(5, 1, 2), &[]);
    refuses(&mut terminal, delta(6, 5));
    publish(&mut terminal, part(5, 2, 2), &[]);
    publish(&mut terminal, delta(6, 5), &[&certificate(CURVE, Role::DpAuth)]);
    assert_eq!(refused(&mut terminal, CURVE, Role::DpAuth), INVALID_CERTIFICATE);
    // A base that a later list has taken in; and one in parts of which one is missing.
    assert!(publish(&mut terminal, delta(7, 5), &[]).is_empty());
    let in_parts = |part| CrlForm { base: Some(7.into()), ..part };
    assert_eq!(publish(&mut terminal, in_parts(part(8, 1, 2)), &[]), [2]);
    refuses(&mut terminal, delta(9, 8));
    assert!(publish(&mut terminal, in_parts(part(8, 2, 2)), &[]).is_empty());
    publish(&mut terminal, delta(9, 8), &[]);
}

#[test]
fn lists_of_two_issuers_do_not_know_of_each_other() {
    let other = Curve::BrainpoolP256r1;
    let mut terminal = terminal();
    publish(&mut terminal, CrlForm::complete(9), &[]);
    let ci = identity(pki(), other, Role::Ci);
    let mut list = describe(CrlForm::complete(1), &[&certificate(other, Role::DpAuth)]);
    let identifier = ci.certificate().subject_key_identifier().unwrap();
    list.set(DescribedExtension::authority_key_identifier(identifier.bytes()).unwrap());
    load(&mut terminal, &common::crl::wrapped(&list.sign(ci.key()).unwrap())).unwrap();
    assert_eq!(refused(&mut terminal, other, Role::DpAuth), INVALID_CERTIFICATE);
    assert_eq!(refused(&mut terminal, CURVE, Role::DpAuth), None);
}

#[test]
fn lists_survive_a_restart() {
    let mut terminal = terminal();
    assert_eq!(publish(&mut terminal, part(300, 1, 2), &[&certificate(CURVE, Role::DpAuth)]), [2]);
    let kept = text(&terminal.memory.kept().unwrap());
    let mut again = Terminal::new(serde_json::from_str(&kept).unwrap());
    assert_eq!(refused(&mut again, CURVE, Role::DpAuth), INVALID_CERTIFICATE);
    assert!(publish(&mut again, part(300, 2, 2), &[]).is_empty());
    let older = command(&describe(CrlForm::complete(255), &[]));
    assert_eq!(load(&mut again, &older), Err(LoadCrlError::FRESHER_CRL_ALREADY_LOADED));
}

#[test]
fn a_list_as_long_as_a_card_can_be_sent_is_taken() {
    let mut terminal = terminal();
    let mut list = describe(CrlForm::complete(1), &[&certificate(CURVE, Role::DpAuth)]);
    let entry = list.revoked[0].clone();
    let numbered = |number: u32| {
        let serial_number = (number | 1 << 30).to_be_bytes().to_vec();
        DescribedEntry { serial_number, ..entry.clone() }
    };
    list.revoked.extend((0..1150).map(numbered));
    let command = command(&list);
    assert!(command.len() > 60_000, "{}", command.len());
    let free = terminal.card.state().free_memory();
    load(&mut terminal, &command).unwrap();
    assert!(terminal.card.state().free_memory() < free - 1150 * 8);
    assert_eq!(refused(&mut terminal, CURVE, Role::DpAuth), INVALID_CERTIFICATE);
}

fn capabilities(terminal: &mut Terminal) -> RspCapability {
    let info: asn1::EuiccInfo2 = asn1::der::decode(&terminal.ok(&hex("BF2200"))).unwrap();
    info.rsp_capability
}

#[test]
fn a_card_without_revocation_lists_says_so_and_does_not_know_the_command() {
    assert!(capabilities(&mut terminal()).has(RspCapability::CRL_SUPPORT));
    let mut state = new_state(CURVE);
    state.information.crl = false;
    let mut terminal = Terminal::new(state);
    assert!(!capabilities(&mut terminal).has(RspCapability::CRL_SUPPORT));
    let list = command(&describe(CrlForm::complete(1), &[]));
    assert_eq!(terminal.es10(&list), (Vec::new(), 0x6A88));
}

/// Memory that fails as long as it is told to.
struct Failing(Arc<AtomicBool>);

impl NonVolatile for Failing {
    fn commit(&mut self, _state: &CardState) -> Result<(), MemoryFailure> {
        let fails = self.0.load(Ordering::Relaxed);
        if fails { Err(MemoryFailure("told to fail".to_owned())) } else { Ok(()) }
    }
}

#[test]
fn a_list_that_the_memory_does_not_take_changes_nothing() {
    let fails = Arc::new(AtomicBool::new(false));
    let environment = common::environment_with(Box::new(Failing(fails.clone())), Tracer::off(Actor::Euicc));
    let card = Card::power_on(new_state(CURVE), environment).unwrap();
    let mut terminal = Terminal::with_card(card, InMemory::default());
    let before = text(terminal.card.state());
    let list = command(&describe(CrlForm::complete(1), &[&certificate(CURVE, Role::DpAuth)]));
    fails.store(true, Ordering::Relaxed);
    // SGP.22 §5.7.12: undefinedError.
    assert_eq!(load(&mut terminal, &list), Err(LoadCrlError::UNDEFINED_ERROR));
    assert_eq!(text(terminal.card.state()), before);
    fails.store(false, Ordering::Relaxed);
    assert_eq!(refused(&mut terminal, CURVE, Role::DpAuth), None);
    load(&mut terminal, &list).unwrap();
    assert_eq!(refused(&mut terminal, CURVE, Role::DpAuth), INVALID_CERTIFICATE);
}

#[test]
fn a_list_in_the_name_of_another_issuer_has_not_its_form() {
    let mut terminal = terminal();
    let mut description = describe(CrlForm::complete(1), &[]);
    description.issuer = certificate(CURVE, Role::Eum).subject().clone();
    assert_eq!(load(&mut terminal, &command(&description)), Err(LoadCrlError::INVALID_CRL_FORMAT));
}

#[test]
fn a_session_that_goes_on_is_not_disturbed() {
    let mut terminal = terminal();
    let challenge = terminal.challenge();
    publish(&mut terminal, CrlForm::complete(1), &[]);
    let response = terminal.ok(&Authentication::new(CURVE, &challenge).command());
    let preparation = Preparation::new(CURVE, euicc_signature1(&response)).command();
    publish(&mut terminal, CrlForm::complete(2), &[]);
    euicc_otpk(&terminal.ok(&preparation));
    assert_eq!(terminal.card.state().revocation.time_reference(), Some(UnixTime(NOW)));
}
