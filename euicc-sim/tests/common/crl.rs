//! A Certificate Issuer that publishes revocation lists.

use asn1::{LoadCrlError, LoadCrlResponse, tlv};
use certs::crl::Part;
use certs::workshop::{CrlDescription, CrlForm, Workshop};
use certs::{Certificate, Role, UnixTime};
use crypto::Curve;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;

use super::smdp::identity;
use super::{NOW, Terminal, pki};

/// The certificate of a role of the test PKI.
pub fn certificate(curve: Curve, role: Role) -> Certificate {
    identity(pki(), curve, role).certificate().clone()
}

/// A list of the Certificate Issuer on P-256, to be changed.
pub fn describe(form: CrlForm, revoked: &[&Certificate]) -> CrlDescription {
    let mut rng = ChaCha20Rng::seed_from_u64(12);
    let ci = certificate(Curve::P256, Role::Ci);
    Workshop::new(UnixTime(NOW), &mut rng).describe_crl(&ci, &form, revoked).unwrap()
}

/// A part of list `number`.
pub fn part(number: u64, part: u32, total: u32) -> CrlForm {
    CrlForm { part: Part::new(part, total), ..CrlForm::complete(number) }
}

/// A list of what has changed since list `base`.
pub fn delta(number: u64, base: u64) -> CrlForm {
    CrlForm { base: Some(base.into()), ..CrlForm::complete(number) }
}

/// LoadCRL with a list that the Certificate Issuer signs.
pub fn command(description: &CrlDescription) -> Vec<u8> {
    wrapped(&description.sign(identity(pki(), Curve::P256, Role::Ci).key()).unwrap())
}

/// LoadCRL with these bytes: the list has the tag of its place, not its own.
pub fn wrapped(crl: &[u8]) -> Vec<u8> {
    let (list, _) = tlv::read(crl).unwrap();
    tlv::wrap(0xBF35, &tlv::wrap(0xA0, list.value))
}

/// The parts that are missing, or why the list was not taken.
pub fn load(terminal: &mut Terminal, command: &[u8]) -> Result<Vec<u64>, LoadCrlError> {
    match asn1::der::decode(&terminal.ok(command)).unwrap() {
        LoadCrlResponse::LoadCrlResponseOk(ok) => {
            assert_ne!(
                ok.missing_parts.as_deref(),
                Some(&[][..]),
                "nothing is told where nothing is missing"
            );
            Ok(ok.missing_parts.unwrap_or_default())
        }
        LoadCrlResponse::LoadCrlResponseError(error) => Err(error),
    }
}

/// Loads a list that is good.
pub fn publish(terminal: &mut Terminal, form: CrlForm, revoked: &[&Certificate]) -> Vec<u64> {
    load(terminal, &command(&describe(form, revoked))).unwrap()
}
