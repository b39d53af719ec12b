//! What has to be true of an answer, besides that there is one.
//!
//! Each is verified from the bytes that travelled, with the certificates that travelled, by nothing that the server says
//! about itself.

pub mod authenticate_client;
pub mod binding;
pub mod bound_profile_package;
pub mod es11;
pub mod es2plus;
pub mod initiate_authentication;
pub mod refused;
pub mod report;

use asn1::der;
use asn1::tlv;
use certs::{Certificate, Role};
use crypto::{Engine, Signature};

use super::message::Members;
use super::play::{Player, Session};

const ENGINE: Engine = Engine::RustCrypto;

/// What an answer has to have.
fn complete(members: &Members, names: &[&str]) -> Result<(), String> {
    names.iter().try_for_each(|name| members.octets(name).map(drop))
}

/// Whether a signature, given as the data object `5F37`, is that of the key of a certificate.
fn signature(certificate: &[u8], signature: &[u8], covered: &[u8], name: &str) -> Result<(), String> {
    let certificate =
        Certificate::from_der(certificate).map_err(|why| format!("the certificate cannot be read: {why}"))?;
    let (object, rest) = tlv::read(signature).map_err(|why| format!("{name} is no TLV: {why}"))?;
    if object.tag.0 != 0x5F37 || !rest.is_empty() {
        return Err(format!("{name} is not one data object 5F37"));
    }
    let signature =
        Signature::from_bytes(object.value).map_err(|why| format!("{name} is no signature: {why}"))?;
    certificate
        .public_key()
        .verify(ENGINE, covered, &signature)
        .map_err(|_| format!("{name} does not verify with the key of the certificate"))
}

/// Whether a certificate is one of this role below the root of the run.
fn certificate(player: &Player<'_>, der: &[u8], role: Role) -> Result<(), String> {
    let certificate =
        Certificate::from_der(der).map_err(|why| format!("the certificate cannot be read: {why}"))?;
    let now = certs::UnixTime(player.target.clock.now().unix_seconds());
    certs::chain::verify_server_certificate(&certificate, role, &player.root.anchor, Some(now), &mut |_| ())
        .map_err(|why| why.to_string())
}

/// The session that is open.
fn session<'p>(player: &'p Player<'_>) -> Result<&'p Session, String> {
    player.session.as_ref().ok_or_else(|| "no session is open".to_owned())
}

/// An object of an answer.
fn object<T: rasn::Decode + rasn::Encode>(members: &Members, name: &str) -> Result<T, String> {
    der::decode(members.octets(name)?).map_err(|why| format!("{name} is no DER of its type: {why}"))
}
