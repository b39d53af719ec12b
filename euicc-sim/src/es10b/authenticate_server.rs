//! AuthenticateServer (SGP.22 §5.7.13): the eUICC believes the server and signs what the server may know.

use asn1::tlv::{self, Tlv};
use asn1::{AuthenticateErrorCode, AuthenticateServerRequest, der};
use certs::chain::{ServerCertificateError, verify_server_certificate};
use certs::{Certificate, Role};
use crypto::Signature;
use protocol::trace::Tracer;

use super::get_euicc_info::euicc_info2;
use super::trust::{now, observer, verify_not_revoked};
use crate::apdu::StatusWord;
use crate::isdr::{Es10Result, Isdr, tag};
use crate::keyring::{ENGINE, Identity};
use crate::object::integer;
use crate::session::{AuthenticatedServer, RspSession};

const SECTION: &str = "SGP.22 §5.7.13";

pub(crate) fn execute(isdr: &mut Isdr, request: Tlv<'_>) -> Es10Result {
    let request: AuthenticateServerRequest = der::decode(request.raw).map_err(|_| StatusWord::WRONG_DATA)?;
    let transaction_id = &request.server_signed1.transaction_id;
    let tracer = isdr.tracer().with_transaction(transaction_id);
    match authenticate(isdr, &request, &tracer) {
        Ok((certificate, identity)) => {
            let (response, euicc_signature1) = sign(isdr, &request, identity)?;
            let server = AuthenticatedServer {
                transaction_id: transaction_id.clone(),
                server_address: request.server_signed1.server_address.clone(),
                certificate,
                euicc_ci_pk_id: identity.ci.clone(),
                euicc_signature1,
            };
            attach(isdr, server);
            tracer.state("session", &"challenged", &"authenticated");
            Ok(response)
        }
        // The session stays as it was: the specification names no other end for it here.
        Err(code) => {
            let mut members = tlv::wrap(0x80, transaction_id.bytes());
            members.extend(integer(0x02, code.value()));
            Ok(tlv::wrap(tag::AUTHENTICATE_SERVER, &tlv::wrap(0xA1, &members)))
        }
    }
}

/// The checks, in order; gives the server's certificate and the identity that signs.
fn authenticate<'i>(
    isdr: &'i Isdr,
    request: &AuthenticateServerRequest,
    tracer: &Tracer,
) -> Result<(Certificate, &'i Identity), AuthenticateErrorCode> {
    type Code = AuthenticateErrorCode;
    let challenge = isdr.session.as_ref().and_then(RspSession::challenge).ok_or(Code::NO_SESSION_CONTEXT);
    let challenge = tracer.check(SECTION, "a session context exists", challenge)?;

    let certificate = Certificate::try_from(&request.server_certificate);
    let certificate = certificate.map_err(|error| code(&ServerCertificateError::from(error)));
    let certificate = tracer.check(SECTION, "the server's certificate can be read", certificate)?;
    verify_certificate(isdr, &certificate, tracer)?;

    // SGP.22 §5.7.13: serverSignature1 covers serverSigned1 as it was received.
    let signature = Signature::from_bytes(request.server_signature1.bytes()).and_then(|signature| {
        certificate.public_key().verify(ENGINE, request.server_signed1.bytes(), &signature)
    });
    let signature = signature.map_err(|_| Code::INVALID_SIGNATURE);
    tracer.check(SECTION, "serverSignature1 is the server's", signature)?;

    let same = request.server_signed1.euicc_challenge.bytes() == challenge;
    let same = if same { Ok(()) } else { Err(Code::EUICC_CHALLENGE_MISMATCH) };
    tracer.check(SECTION, "euiccChallenge is that of the session", same)?;

    let identity = isdr.keys().identity(&request.euicc_ci_pk_id_to_be_used).ok_or(Code::CI_PK_UNKNOWN);
    let identity = tracer.check(SECTION, "there is an eUICC key under euiccCiPKIdToBeUsed", identity)?;
    Ok((certificate, identity))
}

/// SGP.22 §5.7.13: valid under the CI that its Authority Key Identifier names, and of an SM-DP+ or SM-DS for
/// authentication.
fn verify_certificate(
    isdr: &Isdr,
    certificate: &Certificate,
    tracer: &Tracer,
) -> Result<(), AuthenticateErrorCode> {
    let issuer = certificate.authority_key_identifier().ok_or(AuthenticateErrorCode::INVALID_CERTIFICATE)?;
    let anchor = isdr.keys().anchor(issuer).ok_or(AuthenticateErrorCode::CI_PK_UNKNOWN);
    let anchor = tracer.check(SECTION, "the server's CI is trusted", anchor)?;
    let role = if certificate.role() == Some(Role::DsAuth) { Role::DsAuth } else { Role::DpAuth };
    verify_server_certificate(certificate, role, anchor, Some(now(isdr)), &mut observer(tracer))
        .map_err(|error| code(&error))?;
    verify_not_revoked(isdr, certificate, anchor, tracer)
        .map_err(|_| AuthenticateErrorCode::INVALID_CERTIFICATE)
}

fn code(error: &ServerCertificateError) -> AuthenticateErrorCode {
    match error {
        ServerCertificateError::UnsupportedCurve(_) => AuthenticateErrorCode::UNSUPPORTED_CURVE,
        ServerCertificateError::WrongRole { .. } => AuthenticateErrorCode::INVALID_OID,
        ServerCertificateError::UnknownCi { .. } => AuthenticateErrorCode::CI_PK_UNKNOWN,
        ServerCertificateError::Invalid(_) | ServerCertificateError::Expired(_) => {
            AuthenticateErrorCode::INVALID_CERTIFICATE
        }
    }
}

/// AuthenticateResponseOk, and euiccSignature1 in it.
fn sign(
    isdr: &Isdr,
    request: &AuthenticateServerRequest,
    identity: &Identity,
) -> Result<(Vec<u8>, Signature), StatusWord> {
    let received = &request.server_signed1;
    let mut euicc_signed1 = tlv::wrap(0x80, received.transaction_id.bytes());
    euicc_signed1.extend(tlv::wrap(0x83, received.server_address.as_bytes()));
    euicc_signed1.extend(tlv::wrap(0x84, received.server_challenge.bytes()));
    euicc_signed1.extend(euicc_info2(isdr));
    // SGP.22 §5.7.13: the LPA's parameters are signed as they came, byte for byte.
    euicc_signed1.extend_from_slice(request.ctx_params1.bytes());
    let euicc_signed1 = tlv::wrap(0x30, &euicc_signed1);

    let signature = identity.key.sign(&euicc_signed1).map_err(|_| StatusWord::TECHNICAL_PROBLEM)?;
    let mut ok = euicc_signed1;
    ok.extend(tlv::wrap(0x5F37, signature.as_bytes()));
    ok.extend_from_slice(&identity.euicc_certificate);
    ok.extend_from_slice(&identity.eum_certificate);
    Ok((tlv::wrap(tag::AUTHENTICATE_SERVER, &tlv::wrap(0xA0, &ok)), signature))
}

fn attach(isdr: &mut Isdr, server: AuthenticatedServer) {
    if let Some(challenge) = isdr.session.as_ref().and_then(RspSession::challenge).copied() {
        isdr.session = Some(RspSession::Authenticated(challenge, server));
    }
}
