//! InitialiseSecureChannel (SGP.22 §5.5.1): the keys of the package.

use asn1::{BppCommandId, ErrorReason, InitialiseSecureChannelRequest, Raw, RemoteOpId, tlv};
use crypto::scp03t::{Opener, SessionKeys};
use crypto::{PublicKey, Signature};
use protocol::trace::Tracer;

use super::Failure;
use crate::keyring::ENGINE;
use crate::session::{AuthenticatedServer, PreparedDownload};
use crate::state::CardState;

const SECTION: &str = "SGP.22 §5.5.1";

/// Key type AES and key length 16: the only CRT values there are.
const AES: u8 = 0x88;
const AES_128_KEY_LENGTH: u8 = 0x10;

/// Verifies the request and opens the secure channel.
pub(super) fn execute(
    request: &[u8],
    server: &AuthenticatedServer,
    download: &PreparedDownload,
    state: &CardState,
    tracer: &Tracer,
) -> Result<Opener, Failure> {
    let check = |subject: &str, holds: bool, reason: ErrorReason| {
        let outcome = if holds { Ok(()) } else { Err(reason) };
        tracer.check(SECTION, subject, outcome).map_err(failure)
    };
    let request = Raw::<InitialiseSecureChannelRequest>::from_der(request)
        .map_err(|_| ErrorReason::INCORRECT_INPUT_VALUES);
    let request = tracer.check(SECTION, "the request can be read", request).map_err(failure)?;

    // SGP.22 §5.5.1: the signature comes first. It covers the one-time key of the eUICC, which the request leaves out.
    let mut signed = request.signed_members();
    signed.extend(tlv::wrap(0x5F49, download.one_time_key.public_key().point()));
    let signature = Signature::from_bytes(request.smdp_sign.bytes());
    let verified = signature.and_then(|signature| download.dp_pb_key.verify(ENGINE, &signed, &signature));
    check("smdpSign is the SM-DP+'s", verified.is_ok(), ErrorReason::INVALID_SIGNATURE)?;

    let known = request.remote_op_id == RemoteOpId::INSTALL_BOUND_PROFILE_PACKAGE;
    check("remoteOpId is installBoundProfilePackage", known, ErrorReason::UNSUPPORTED_REMOTE_OPERATION_TYPE)?;
    let same = request.transaction_id == server.transaction_id;
    check("transactionId is that of the session", same, ErrorReason::INVALID_TRANSACTION_ID)?;
    let template = &request.control_ref_template;
    let supported = *template.key_type == [AES] && *template.key_len == [AES_128_KEY_LENGTH];
    check("the control reference template asks for AES-128", supported, ErrorReason::UNSUPPORTED_CRT_VALUES)?;

    let keys = session_keys(&request, download, state);
    check("smdpOtpk is a point of the curve", keys.is_some(), ErrorReason::INCORRECT_INPUT_VALUES)?;
    let keys = keys.ok_or(failure(ErrorReason::INCORRECT_INPUT_VALUES))?;
    tracer.secret("S-ENC", &keys.s_enc);
    tracer.secret("S-MAC", &keys.s_mac);
    tracer.secret("initialMacChainingValue", &keys.mac_chaining_value);
    Ok(Opener::new(keys))
}

/// SGP.22 annex G.
fn session_keys(
    request: &InitialiseSecureChannelRequest,
    download: &PreparedDownload,
    state: &CardState,
) -> Option<SessionKeys> {
    let smdp_otpk = PublicKey::from_point(download.one_time_key.curve(), request.smdp_otpk.bytes()).ok()?;
    let shared_secret = download.one_time_key.agree(&smdp_otpk).ok()?;
    SessionKeys::derive(&shared_secret, request.control_ref_template.host_id.bytes(), state.eid.as_bytes())
        .ok()
}

fn failure(reason: ErrorReason) -> Failure {
    Failure::new(BppCommandId::INITIALISE_SECURE_CHANNEL, reason)
}
