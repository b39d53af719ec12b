//! LoadCRL. What follows from a list is told by `load_crl`.

use asn1::LoadCrlError;
use certs::Role;
use certs::workshop::{CrlForm, DescribedExtension};
use crypto::Curve;

use super::common::Terminal;
use super::common::crl::{certificate, command, delta, describe, load, part, publish, wrapped};
use super::common::smdp::identity;
use super::common::{new_state, pki, text};
use super::forcing;

fn terminal() -> Terminal {
    Terminal::new(new_state(Curve::P256))
}

/// A list that is not taken: why, and that it changes nothing.
#[track_caller]
fn refused(terminal: &mut Terminal, command: &[u8], code: LoadCrlError) {
    let before = text(terminal.card.state());
    assert_eq!(load(terminal, command), Err(code));
    assert_eq!(text(terminal.card.state()), before);
}

#[test]
fn load_crl_ok() {
    assert!(publish(&mut terminal(), CrlForm::complete(1), &[]).is_empty());
}

#[test]
fn load_crl_ok_with_missing_parts() {
    assert_eq!(publish(&mut terminal(), part(1, 2, 3), &[]), [1, 3]);
}

#[test]
fn load_crl_ok_without_work_where_the_number_is_equal() {
    let mut terminal = terminal();
    publish(&mut terminal, CrlForm::complete(1), &[]);
    let before = text(terminal.card.state());
    publish(&mut terminal, CrlForm::complete(1), &[&certificate(Curve::P256, Role::DpAuth)]);
    assert_eq!(text(terminal.card.state()), before);
}

#[test]
fn load_crl_invalid_signature() {
    let list = describe(CrlForm::complete(1), &[]);
    let forged = list.sign(identity(pki(), Curve::P256, Role::DpAuth).key()).unwrap();
    refused(&mut terminal(), &wrapped(&forged), LoadCrlError::INVALID_SIGNATURE);
}

#[test]
fn load_crl_invalid_crl_format() {
    let mut list = describe(CrlForm::complete(1), &[]);
    list.version = 0;
    refused(&mut terminal(), &command(&list), LoadCrlError::INVALID_CRL_FORMAT);
    // Something else than a list.
    let certificate = wrapped(certificate(Curve::P256, Role::DpAuth).raw());
    refused(&mut terminal(), &certificate, LoadCrlError::INVALID_CRL_FORMAT);
}

#[test]
fn load_crl_not_enough_memory_space() {
    let mut state = new_state(Curve::P256);
    state.memory_size = 70;
    let mut terminal = Terminal::new(state);
    publish(&mut terminal, CrlForm::complete(1), &[]);
    let revoking = command(&describe(CrlForm::complete(2), &[&certificate(Curve::P256, Role::DpAuth)]));
    refused(&mut terminal, &revoking, LoadCrlError::NOT_ENOUGH_MEMORY_SPACE);
}

#[test]
fn load_crl_verification_key_not_found() {
    let mut list = describe(CrlForm::complete(1), &[]);
    list.set(DescribedExtension::authority_key_identifier(&[0x55; 20]).unwrap());
    // The key comes before the form.
    list.version = 0;
    refused(&mut terminal(), &command(&list), LoadCrlError::VERIFICATION_KEY_NOT_FOUND);
}

#[test]
fn load_crl_fresher_crl_already_loaded() {
    let mut terminal = terminal();
    publish(&mut terminal, CrlForm::complete(2), &[]);
    // The number comes before the base.
    let older = command(&describe(delta(1, 0), &[]));
    refused(&mut terminal, &older, LoadCrlError::FRESHER_CRL_ALREADY_LOADED);
}

#[test]
fn load_crl_base_crl_missing() {
    let list = command(&describe(delta(2, 1), &[]));
    refused(&mut terminal(), &list, LoadCrlError::BASE_CRL_MISSING);
}

#[test]
fn load_crl_undefined_error_when_forced() {
    let list = command(&describe(CrlForm::complete(1), &[]));
    assert_eq!(load(&mut forcing("LoadCRL", 127), &list), Err(LoadCrlError::UNDEFINED_ERROR));
}
