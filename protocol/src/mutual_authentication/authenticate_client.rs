//! AuthenticateClient (SGP.22 §5.6.3, §5.8.2): whom does the server talk to.

use std::sync::Arc;

use asn1::{
    AuthenticateClientRequest, AuthenticateResponseOk, AuthenticateServerResponse, CtxParams1, EuiccInfo2,
};
use certs::chain::{ChainError, VerifiedEuicc, verify_euicc_chain};
use certs::{Certificate, UnixTime};
use crypto::{Engine, PublicKey, Signature};

use super::{Identities, Opened, ServerIdentity, same_transaction};
use crate::clock::Timestamp;
use crate::status::{Refusal, StatusCode};
use crate::trace::Tracer;
use crate::types::Eid;

/// An eUICC that proved who it is, and what it told of itself.
pub struct Client<'a> {
    /// Its EID, from its certificate.
    pub eid: Eid,
    /// PK.EUICC.
    pub key: PublicKey,
    /// EUICCInfo2 as it was signed.
    pub euicc_info2: &'a EuiccInfo2,
    /// The MatchingID; absent and empty mean the same.
    pub matching_id: Option<String>,
    /// The TLV `5F37` of euiccSignature1.
    pub(crate) signature1: Vec<u8>,
    /// The CI key under which the server identified itself.
    pub(crate) ci: Vec<u8>,
}

/// Verifies the eUICC's answer to the server's challenge.
///
/// # Errors
/// The refusals of SGP.22 §5.6.3 and §5.8.2 that need neither order nor event, in the order of those sections.
pub fn verify_client<'a, I: ServerIdentity>(
    identities: &Identities<I>,
    opened: &Opened,
    request: &'a AuthenticateClientRequest,
    now: Timestamp,
    tracer: &Tracer,
) -> Result<Client<'a>, Refusal> {
    let section = I::KIND.authenticate_client;
    let answer = match request.authenticate_server_response.value() {
        AuthenticateServerResponse::AuthenticateResponseOk(answer) => answer,
        AuthenticateServerResponse::AuthenticateResponseError(error) => {
            // No code is given for an eUICC that refused the server; nothing was authenticated.
            let message = format!("the eUICC refused the server: {}", error.authenticate_error_code);
            let refusal = Refusal::incompatible(StatusCode::EUICC_SIGNATURE_INVALID, message);
            return tracer.check(section, "the eUICC authenticated the server", Err(refusal));
        }
    };
    let verified = verify_chain(identities, answer, now, tracer)?;
    tracer.check(section, "the chain is under euiccCiPKIdToBeUsed", chosen_ci(opened, &verified))?;
    let signed = &answer.euicc_signed1;
    let signature = verify_signature1(&verified.public_key, identities.engine(), answer);
    tracer.check(section, "euiccSignature1 covers euiccSigned1", signature)?;
    let transaction = same_transaction(&request.transaction_id, &signed.transaction_id);
    tracer.check(section, "transactionId in euiccSigned1", transaction)?;
    tracer.check(section, "serverChallenge in euiccSigned1", same_challenge(opened, signed))?;
    let address = same_address(opened, signed);
    tracer.check("SGP.22 §3.1.2", "serverAddress in euiccSigned1", address)?;
    // SGP.22 §3.1.2 step 16 asks for the comparison and names no code.
    let svn = signed.euicc_info2.svn;
    let same_svn = if opened.svn_is(&svn) {
        Ok(())
    } else {
        let message = format!("EUICCInfo2 names SVN {svn}, EUICCInfo1 named another");
        Err(Refusal::misbehaved(StatusCode::EUICC_SIGNATURE_INVALID, message))
    };
    tracer.check("SGP.22 §3.1.2", "the SVN of EUICCInfo2 is that of EUICCInfo1", same_svn)?;

    let CtxParams1::CtxParamsForCommonAuthentication(context) = signed.ctx_params1.value();
    let eid = Eid::from_bytes(verified.eid).map_err(|error| {
        Refusal::misbehaved(StatusCode::EUICC_CERTIFICATE_INVALID, format!("the EID is malformed: {error}"))
    })?;
    Ok(Client {
        eid,
        key: verified.public_key,
        euicc_info2: &signed.euicc_info2,
        matching_id: context.matching_id.clone().filter(|id| !id.is_empty()),
        signature1: answer.euicc_signature1.to_tlv(),
        ci: opened.ci.clone(),
    })
}

fn verify_chain<I: ServerIdentity>(
    identities: &Identities<I>,
    answer: &AuthenticateResponseOk,
    now: Timestamp,
    tracer: &Tracer,
) -> Result<VerifiedEuicc, Refusal> {
    let section = I::KIND.authenticate_client;
    let eum = &answer.eum_certificate;
    let known = identities.anchors().iter().find_map(|anchor| anchor.known_eum(eum.raw()));
    let eum = known.map_or_else(|| Certificate::try_from(eum).map(Arc::new), Ok).map_err(|error| {
        Refusal::misbehaved(StatusCode::EUM_CERTIFICATE_INVALID, format!("CERT.EUM is malformed: {error}"))
    });
    let eum = tracer.check(section, "CERT.EUM can be read", eum)?;
    let euicc = Certificate::try_from(&answer.euicc_certificate).map_err(|error| {
        Refusal::misbehaved(
            StatusCode::EUICC_CERTIFICATE_INVALID,
            format!("CERT.EUICC is malformed: {error}"),
        )
    });
    let euicc = tracer.check(section, "CERT.EUICC can be read", euicc)?;
    let now = UnixTime(now.unix_seconds());
    verify_euicc_chain(identities.anchors(), &eum, &euicc, Some(now), &mut |check| tracer.certificate(&check))
        .map_err(chain_refusal)
}

fn chain_refusal(error: ChainError) -> Refusal {
    let message = error.to_string();
    match error {
        ChainError::UnknownCi(_) => Refusal::incompatible(StatusCode::CI_UNKNOWN, message),
        ChainError::EumInvalid(_) => Refusal::misbehaved(StatusCode::EUM_CERTIFICATE_INVALID, message),
        ChainError::EumExpired(_) => Refusal::misbehaved(StatusCode::EUM_CERTIFICATE_EXPIRED, message),
        ChainError::EuiccInvalid(_) => Refusal::misbehaved(StatusCode::EUICC_CERTIFICATE_INVALID, message),
        ChainError::EuiccExpired(_) => Refusal::misbehaved(StatusCode::EUICC_CERTIFICATE_EXPIRED, message),
    }
}

/// SGP.22 §5.7.13: the eUICC signs with the key that belongs to euiccCiPKIdToBeUsed.
fn chosen_ci(opened: &Opened, verified: &VerifiedEuicc) -> Result<(), Refusal> {
    if opened.euicc_ci == verified.ci.bytes() {
        return Ok(());
    }
    let message = format!("the eUICC signed under CI key {}, it was told another", verified.ci);
    Err(Refusal::misbehaved(StatusCode::CI_UNKNOWN, message))
}

fn verify_signature1(
    key: &PublicKey,
    engine: Engine,
    answer: &AuthenticateResponseOk,
) -> Result<(), Refusal> {
    Signature::from_bytes(answer.euicc_signature1.bytes())
        .and_then(|signature| key.verify(engine, answer.euicc_signed1.bytes(), &signature))
        .map_err(|_| {
            let message = "euiccSignature1 does not verify with the key of CERT.EUICC over euiccSigned1";
            Refusal::misbehaved(StatusCode::EUICC_SIGNATURE_INVALID, message)
        })
}

fn same_challenge(opened: &Opened, signed: &asn1::EuiccSigned1) -> Result<(), Refusal> {
    if opened.server_challenge == *signed.server_challenge.bytes() {
        return Ok(());
    }
    let message = "the serverChallenge that the eUICC signed is not the one of this session";
    Err(Refusal::misbehaved(StatusCode::EUICC_SIGNATURE_INVALID, message))
}

/// SGP.22 asks for no comparison, but without it another server could pass our challenge on and pose as the eUICC that
/// answered it.
fn same_address(opened: &Opened, signed: &asn1::EuiccSigned1) -> Result<(), Refusal> {
    if opened.server_address == signed.server_address {
        return Ok(());
    }
    let message = "the serverAddress that the eUICC signed is not the one of this session";
    Err(Refusal::misbehaved(StatusCode::EUICC_SIGNATURE_INVALID, message))
}
