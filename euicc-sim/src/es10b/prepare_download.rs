//! PrepareDownload (SGP.22 §5.7.5): the SM-DP+ may bind a package, and gets a one-time key to bind it with.

use asn1::tlv::{self, Tlv};
use asn1::{DownloadErrorCode, Otpk, PrepareDownloadRequest, der};
use certs::chain::{ServerCertificateError, verify_same_server, verify_server_certificate};
use certs::{Certificate, Role};
use crypto::{OneTimeKey, Signature};
use protocol::trace::Tracer;

use super::trust::{now, observer, registered_id, verify_not_revoked};
use crate::apdu::StatusWord;
use crate::isdr::{Es10Result, Isdr, tag};
use crate::keyring::ENGINE;
use crate::object::integer;
use crate::session::{AuthenticatedServer, PreparedDownload, RspSession};
use crate::state::{RetainedOneTimeKey, Secret};

const SECTION: &str = "SGP.22 §5.7.5";

pub(crate) fn execute(isdr: &mut Isdr, request: Tlv<'_>) -> Es10Result {
    let request: PrepareDownloadRequest = der::decode(request.raw).map_err(|_| StatusWord::WRONG_DATA)?;
    let tracer = isdr.tracer();
    match verify(isdr, &request, &tracer) {
        Ok(certificate) => prepare(isdr, &request, &certificate, &tracer),
        // The session stays as it was, so that it can still be cancelled.
        Err(code) => {
            let mut members = tlv::wrap(0x80, request.smdp_signed2.transaction_id.bytes());
            members.extend(integer(0x02, code.value()));
            Ok(tlv::wrap(tag::PREPARE_DOWNLOAD, &tlv::wrap(0xA1, &members)))
        }
    }
}

/// The checks, in order; gives CERT.DPpb.ECDSA.
fn verify(
    isdr: &Isdr,
    request: &PrepareDownloadRequest,
    tracer: &Tracer,
) -> Result<Certificate, DownloadErrorCode> {
    type Code = DownloadErrorCode;
    let server = isdr.session.as_ref().and_then(RspSession::server).ok_or(Code::NO_SESSION_CONTEXT);
    let server = tracer.check(SECTION, "the server is authenticated in this session", server)?;

    let same = request.smdp_signed2.transaction_id == server.transaction_id;
    let same = if same { Ok(()) } else { Err(Code::INVALID_TRANSACTION_ID) };
    tracer.check(SECTION, "transactionId is that of the session", same)?;

    let is_smdp = server.certificate.role() == Some(Role::DpAuth);
    let is_smdp = if is_smdp { Ok(()) } else { Err(Code::NO_SESSION_CONTEXT) };
    tracer.check(SECTION, "the server is an SM-DP+", is_smdp)?;

    let certificate = Certificate::try_from(&request.smdp_certificate);
    let certificate = certificate.map_err(|error| code(&ServerCertificateError::from(error)));
    let certificate = tracer.check(SECTION, "CERT.DPpb.ECDSA can be read", certificate)?;
    verify_certificate(isdr, &certificate, tracer)?;

    // SGP.22 §5.7.5: smdpSignature2 covers smdpSigned2 and euiccSignature1, the latter as a data object 5F37.
    let mut signed = request.smdp_signed2.bytes().to_vec();
    signed.extend(tlv::wrap(0x5F37, server.euicc_signature1.as_bytes()));
    let signature = Signature::from_bytes(request.smdp_signature2.bytes())
        .and_then(|signature| certificate.public_key().verify(ENGINE, &signed, &signature))
        .map_err(|_| Code::INVALID_SIGNATURE);
    tracer.check(SECTION, "smdpSignature2 is the SM-DP+'s", signature)?;

    // No code is given for certificates of two servers; the second one is not valid here.
    let pair = verify_same_server(&server.certificate, &certificate);
    tracer
        .check(SECTION, "both certificates are of one SM-DP+ under one CI", pair)
        .map_err(|_| Code::INVALID_CERTIFICATE)?;

    // No code is given for a confirmation code that is asked for and not brought.
    let confirmed = request.hash_cc.is_some() || !request.smdp_signed2.cc_required_flag;
    let confirmed = if confirmed { Ok(()) } else { Err(Code::UNDEFINED_ERROR) };
    tracer.check(SECTION, "hashCc is there where a confirmation code is required", confirmed)?;
    Ok(certificate)
}

/// SGP.22 §4.5.2.2.
fn verify_certificate(
    isdr: &Isdr,
    certificate: &Certificate,
    tracer: &Tracer,
) -> Result<(), DownloadErrorCode> {
    let issuer = certificate.authority_key_identifier();
    let anchor = issuer.and_then(|issuer| isdr.keys().anchor(issuer));
    let anchor = anchor.ok_or(DownloadErrorCode::INVALID_CERTIFICATE);
    let anchor = tracer.check(SECTION, "the SM-DP+'s CI is trusted", anchor)?;
    verify_server_certificate(certificate, Role::DpPb, anchor, Some(now(isdr)), &mut observer(tracer))
        .map_err(|error| code(&error))?;
    verify_not_revoked(isdr, certificate, anchor, tracer).map_err(|_| DownloadErrorCode::INVALID_CERTIFICATE)
}

fn code(error: &ServerCertificateError) -> DownloadErrorCode {
    match error {
        ServerCertificateError::UnsupportedCurve(_) => DownloadErrorCode::UNSUPPORTED_CURVE,
        _ => DownloadErrorCode::INVALID_CERTIFICATE,
    }
}

/// PrepareDownloadResponseOk; the one-time key is kept before it is told.
fn prepare(
    isdr: &mut Isdr,
    request: &PrepareDownloadRequest,
    certificate: &Certificate,
    tracer: &Tracer,
) -> Es10Result {
    let (challenge, server) = context(isdr)?;
    let smdp_oid = registered_id(certificate).ok_or(StatusWord::TECHNICAL_PROBLEM)?;
    let one_time_key =
        one_time_key(isdr, certificate, &smdp_oid, request.smdp_signed2.bpp_euicc_otpk.as_ref(), tracer)?;

    let mut euicc_signed2 = tlv::wrap(0x80, server.transaction_id.bytes());
    euicc_signed2.extend(tlv::wrap(0x5F49, one_time_key.public_key().point()));
    if let Some(hash_cc) = &request.hash_cc {
        euicc_signed2.extend(tlv::wrap(0x04, hash_cc.bytes()));
    }
    let euicc_signed2 = tlv::wrap(0x30, &euicc_signed2);

    // SGP.22 §5.7.5: with the same key as euiccSignature1, over euiccSigned2 and smdpSignature2.
    let identity = isdr.keys().identity(&server.euicc_ci_pk_id).ok_or(StatusWord::TECHNICAL_PROBLEM)?;
    let mut signed = euicc_signed2.clone();
    signed.extend(tlv::wrap(0x5F37, request.smdp_signature2.bytes()));
    let signature = identity.key.sign(&signed).map_err(|_| StatusWord::TECHNICAL_PROBLEM)?;

    let mut ok = euicc_signed2;
    ok.extend(tlv::wrap(0x5F37, signature.as_bytes()));
    let download = PreparedDownload { dp_pb_key: certificate.public_key().clone(), smdp_oid, one_time_key };
    isdr.session = Some(RspSession::Prepared(challenge, server, download));
    tracer.state("session", &"authenticated", &"prepared");
    Ok(tlv::wrap(tag::PREPARE_DOWNLOAD, &tlv::wrap(0xA0, &ok)))
}

fn context(isdr: &Isdr) -> Result<([u8; 16], AuthenticatedServer), StatusWord> {
    let session = isdr.session.as_ref();
    let context = session.and_then(|session| Some((*session.challenge()?, session.server()?.clone())));
    context.ok_or(StatusWord::TECHNICAL_PROBLEM)
}

/// SGP.22 §5.7.5: the pair that the SM-DP+ has bound a package with already, if it is still kept; a fresh one on the
/// curve of CERT.DPpb.ECDSA otherwise.
fn one_time_key(
    isdr: &mut Isdr,
    certificate: &Certificate,
    smdp_oid: &[u8],
    bound_with: Option<&Otpk>,
    tracer: &Tracer,
) -> Result<OneTimeKey, StatusWord> {
    let technical = |_| StatusWord::TECHNICAL_PROBLEM;
    if let (Some(kept), Some(bound_with)) = (&isdr.state().retained_one_time_key, bound_with) {
        let key =
            OneTimeKey::from_scalar(ENGINE, kept.curve, kept.private_key.expose()).map_err(technical)?;
        if kept.smdp_oid == smdp_oid
            && kept.curve == certificate.curve()
            && key.public_key().point().as_slice() == bound_with.bytes()
        {
            tracer.passed(SECTION, "bppEuiccOtpk belongs to a key pair kept for this SM-DP+");
            return Ok(key);
        }
    }
    let key = OneTimeKey::generate(ENGINE, certificate.curve(), isdr.rng()).map_err(technical)?;
    let mut draft = isdr.state().clone();
    draft.retained_one_time_key = Some(RetainedOneTimeKey {
        smdp_oid: smdp_oid.to_vec(),
        curve: key.curve(),
        private_key: Secret::new(key.to_scalar().map_err(technical)?),
    });
    isdr.commit(draft)?;
    Ok(key)
}
