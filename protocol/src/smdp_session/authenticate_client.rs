//! AuthenticateClient (SGP.22 §5.6.3): whom does the server talk to, and what does it offer.

use asn1::{
    AuthenticateClientOk, AuthenticateClientRequest, AuthenticateResponseOk, AuthenticateServerResponse,
    CtxParams1, DeviceInfo, EuiccInfo2, Otpk, Raw, SmdpSigned2, StoreMetadataRequest, TransactionId, tlv,
};
use certs::chain::{ChainError, VerifiedEuicc, verify_euicc_chain};
use certs::{Certificate, UnixTime};
use crypto::{Engine, PublicKey, Signature};

use super::identity::Identity;
use super::state::{Authenticated, EuiccKey, Offered, Opened};
use super::{Identities, same_transaction};
use crate::clock::Timestamp;
use crate::status::{Refusal, StatusCode};
use crate::trace::Tracer;
use crate::types::Eid;

const SECTION: &str = "SGP.22 §5.6.3";

/// An eUICC that proved who it is, and what it told of itself.
pub struct Client {
    /// Its EID, from its certificate.
    pub eid: Eid,
    /// PK.EUICC.
    pub key: PublicKey,
    /// EUICCInfo2 as it was signed.
    pub euicc_info2: EuiccInfo2,
    /// The MatchingID; absent and empty mean the same.
    pub matching_id: Option<String>,
    /// The device.
    pub device_info: DeviceInfo,
    /// The TLV `5F37` of euiccSignature1.
    signature1: Vec<u8>,
    ci: Vec<u8>,
}

/// Verifies the eUICC's answer to the server's challenge.
///
/// # Errors
/// The refusals of SGP.22 §5.6.3 that need no order, in the order of that section.
pub fn verify_client(
    identities: &Identities,
    opened: &Opened,
    request: &AuthenticateClientRequest,
    now: Timestamp,
    tracer: &Tracer,
) -> Result<Client, Refusal> {
    let answer = match request.authenticate_server_response.value() {
        AuthenticateServerResponse::AuthenticateResponseOk(answer) => answer,
        AuthenticateServerResponse::AuthenticateResponseError(error) => {
            // No code is given for an eUICC that refused the server; nothing was authenticated.
            let message = format!("the eUICC refused the server: {}", error.authenticate_error_code);
            let refusal = Refusal::incompatible(StatusCode::EUICC_SIGNATURE_INVALID, message);
            return tracer.check(SECTION, "the eUICC authenticated the server", Err(refusal));
        }
    };
    let verified = verify_chain(identities, answer, now, tracer)?;
    tracer.check(SECTION, "the chain is under euiccCiPKIdToBeUsed", chosen_ci(opened, &verified))?;
    let signed = &answer.euicc_signed1;
    let signature = verify_signature1(&verified.public_key, identities.engine(), answer);
    tracer.check(SECTION, "euiccSignature1 covers euiccSigned1", signature)?;
    let transaction = same_transaction(&request.transaction_id, &signed.transaction_id);
    tracer.check(SECTION, "transactionId in euiccSigned1", transaction)?;
    tracer.check(SECTION, "serverChallenge in euiccSigned1", same_challenge(opened, signed))?;
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
        euicc_info2: signed.euicc_info2.clone(),
        matching_id: context.matching_id.clone().filter(|id| !id.is_empty()),
        device_info: context.device_info.clone(),
        signature1: answer.euicc_signature1.to_tlv(),
        ci: opened.ci.clone(),
    })
}

fn verify_chain(
    identities: &Identities,
    answer: &AuthenticateResponseOk,
    now: Timestamp,
    tracer: &Tracer,
) -> Result<VerifiedEuicc, Refusal> {
    let eum = Certificate::from_der(answer.eum_certificate.raw()).map_err(|error| {
        Refusal::misbehaved(StatusCode::EUM_CERTIFICATE_INVALID, format!("CERT.EUM is malformed: {error}"))
    });
    let eum = tracer.check(SECTION, "CERT.EUM can be read", eum)?;
    let euicc = Certificate::from_der(answer.euicc_certificate.raw()).map_err(|error| {
        Refusal::misbehaved(
            StatusCode::EUICC_CERTIFICATE_INVALID,
            format!("CERT.EUICC is malformed: {error}"),
        )
    });
    let euicc = tracer.check(SECTION, "CERT.EUICC can be read", euicc)?;
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

/// What the server offers to an authenticated eUICC.
pub struct Offer<'a> {
    /// The identity whose CERT.DPauth opened the session.
    pub identity: &'a Identity,
    /// The RSP session.
    pub transaction_id: TransactionId,
    /// The Profile Metadata.
    pub metadata: Raw<StoreMetadataRequest>,
    /// Whether the user has to enter a confirmation code.
    pub confirmation_code_required: bool,
    /// otPK.EUICC of a package that was bound before for this eUICC (SGP.22 §3.1.3 step 5).
    pub bound_euicc_otpk: Option<PublicKey>,
}

/// Makes the answer that leads to PrepareDownload.
///
/// # Errors
/// Only where a key of ours fails.
pub fn offer(client: &Client, offer: Offer<'_>) -> Result<(AuthenticateClientOk, Offered), Refusal> {
    let smdp_signed2 = Raw::new(SmdpSigned2 {
        transaction_id: offer.transaction_id.clone(),
        cc_required_flag: offer.confirmation_code_required,
        bpp_euicc_otpk: offer.bound_euicc_otpk.and_then(|key| Otpk::new(key.point().as_slice()).ok()),
        unknown: Default::default(),
    });
    // SGP.22 §5.7.5: the signature covers smdpSigned2 and the whole TLV of euiccSignature1.
    let signed = [smdp_signed2.bytes(), &client.signature1].concat();
    let signature = offer.identity.pb.key().sign(&signed).map_err(super::our_crypto)?;
    let offered = Offered {
        client: Authenticated { eid: client.eid, key: EuiccKey::new(&client.key), ci: client.ci.clone() },
        confirmation_code_required: offer.confirmation_code_required,
        one_time_key_curve: offer.identity.pb.key().curve().into(),
        smdp_signature2: tlv::wrap(0x5F37, signature.as_bytes()),
    };
    let answer = AuthenticateClientOk {
        transaction_id: offer.transaction_id,
        profile_metadata: offer.metadata,
        smdp_signed2,
        smdp_signature2: super::signature_tlv(&signature)?,
        smdp_certificate: super::sent(&offer.identity.pb)?,
        unknown: Default::default(),
    };
    Ok((answer, offered))
}
