//! GetBoundProfilePackage (SGP.22 §5.6.2), up to the order: is this the eUICC's own answer to our offer.

use asn1::{GetBoundProfilePackageRequest, PrepareDownloadResponse, TransactionId};
use crypto::{Engine, PublicKey, Signature};

use super::same_transaction;
use super::state::Offered;
use crate::confirmation_code::ConfirmationCodeHash;
use crate::status::{Refusal, StatusCode};
use crate::trace::Tracer;

const SECTION: &str = "SGP.22 §5.6.2";

/// What the eUICC prepared.
pub struct PreparedDownload {
    /// otPK.EUICC.ECKA.
    pub euicc_otpk: PublicKey,
    hash_cc: Option<Vec<u8>>,
}

/// Verifies the eUICC's answer to the offer.
///
/// # Errors
/// The refusals of SGP.22 §5.6.2 that need no order.
pub fn verify_prepare_download(
    offered: &Offered,
    request: &GetBoundProfilePackageRequest,
    engine: Engine,
    tracer: &Tracer,
) -> Result<PreparedDownload, Refusal> {
    let answer = match request.prepare_download_response.value() {
        PrepareDownloadResponse::DownloadResponseOk(answer) => answer,
        PrepareDownloadResponse::DownloadResponseError(error) => {
            // No code is given for an eUICC that refused the offer; there is no signature to verify.
            let message = format!("the eUICC refused the offer: {}", error.download_error_code);
            let refusal = Refusal::incompatible(StatusCode::EUICC_SIGNATURE_INVALID, message);
            return tracer.check(SECTION, "the eUICC accepted the offer", Err(refusal));
        }
    };
    let signed = &answer.euicc_signed2;
    // SGP.22 §5.7.5: the signature covers euiccSigned2 and the whole TLV of smdpSignature2.
    let covered = [signed.bytes(), &offered.smdp_signature2].concat();
    let signature = Signature::from_bytes(answer.euicc_signature2.bytes())
        .and_then(|signature| offered.client.key.verify(engine, &covered, &signature))
        .map_err(|_| {
            let message = "euiccSignature2 does not verify over euiccSigned2 and smdpSignature2";
            Refusal::misbehaved(StatusCode::EUICC_SIGNATURE_INVALID, message)
        });
    tracer.check(SECTION, "euiccSignature2 covers euiccSigned2 and smdpSignature2", signature)?;
    let transaction = same_transaction(&request.transaction_id, &signed.transaction_id);
    tracer.check(SECTION, "transactionId in euiccSigned2", transaction)?;
    // SGP.22 §3.1.3.2 step 3: on the curve of CERT.DPpb, which need not be the one that the eUICC signs on. No code is
    // given for a key that is no point of it; the eUICC signed it, so it is the eUICC's fault.
    let curve = offered.one_time_key_curve.into();
    let euicc_otpk = PublicKey::from_point(curve, signed.euicc_otpk.bytes()).map_err(|error| {
        let message = format!("euiccOtpk is no public key: {error}");
        Refusal::misbehaved(StatusCode::INVALID_PARAMETER, message)
    });
    let euicc_otpk = tracer.check("SGP.22 Annex G", "euiccOtpk is a point of the curve", euicc_otpk)?;
    let hash_cc = signed.hash_cc.as_ref().map(|hash| hash.bytes().to_vec());
    Ok(PreparedDownload { euicc_otpk, hash_cc })
}

impl PreparedDownload {
    /// Compares the confirmation code, where the order asks for one.
    ///
    /// # Errors
    /// Missing or refused; the caller counts a refused one.
    pub fn check_confirmation_code(
        &self,
        expected: &ConfirmationCodeHash,
        transaction_id: &TransactionId,
    ) -> Result<(), Refusal> {
        match &self.hash_cc {
            None => Err(Refusal::misbehaved(
                StatusCode::CONFIRMATION_CODE_MISSING,
                "the order asks for a confirmation code, the eUICC sent none",
            )),
            Some(hash) if expected.matches(transaction_id, hash) => Ok(()),
            Some(_) => Err(Refusal::incompatible(
                StatusCode::CONFIRMATION_CODE_REFUSED,
                "the confirmation code is not the one of the order",
            )),
        }
    }
}
