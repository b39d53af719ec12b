//! HandleNotification (SGP.22 §5.6.4, §3.5): what the eUICC reports, verified before it is believed.

use asn1::{
    ErrorResult, FinalResult, NotificationMetadata, OtherSignedNotification, ProfileInstallationResult,
    SuccessResult, TransactionId,
};
use certs::chain::verify_euicc_chain;
use certs::{Certificate, UnixTime};
use crypto::{Engine, PublicKey, Signature};
use thiserror::Error;

use super::Identities;
use crate::clock::Timestamp;
use crate::trace::Tracer;
use crate::types::Eid;

const SECTION: &str = "SGP.22 §3.5";

/// Why a notification is not believed. The LPA is told nothing of it: SGP.22 defines no status code here.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub enum NotificationError {
    /// The signature does not verify.
    #[error("the signature of the notification does not verify")]
    Signature,
    /// The enclosed certificates do not verify.
    #[error("the certificates of the notification do not verify: {0}")]
    Chain(String),
}

/// A verified profile installation result.
#[derive(Clone, Debug)]
pub struct InstallationResult {
    /// The RSP session that it ends.
    pub transaction_id: TransactionId,
    /// Number, event, address and ICCID.
    pub metadata: NotificationMetadata,
    /// Installed, or why not.
    pub result: Result<SuccessResult, ErrorResult>,
}

/// Verifies a profile installation result with the key of the session that it names.
///
/// # Errors
/// [`NotificationError::Signature`].
pub fn verify_installation_result(
    result: &ProfileInstallationResult,
    key: &PublicKey,
    engine: Engine,
    tracer: &Tracer,
) -> Result<InstallationResult, NotificationError> {
    let data = &result.profile_installation_result_data;
    let signature = verify(key, engine, data.bytes(), result.euicc_sign_pir.bytes());
    tracer.check("SGP.22 §2.5.6", "euiccSignPIR covers profileInstallationResultData", signature)?;
    Ok(InstallationResult {
        transaction_id: data.transaction_id.clone(),
        metadata: data.notification_metadata.clone(),
        result: match &data.final_result {
            FinalResult::SuccessResult(success) => Ok(success.clone()),
            FinalResult::ErrorResult(error) => Err(error.clone()),
        },
    })
}

/// A verified notification of another event.
#[derive(Clone, Debug)]
pub struct OtherNotification {
    /// The eUICC, from the enclosed certificate.
    pub eid: Eid,
    /// Number, event, address and ICCID.
    pub metadata: NotificationMetadata,
}

/// Verifies a notification with the certificates that it brings.
///
/// # Errors
/// Where the chain or the signature does not verify.
pub fn verify_other_notification(
    identities: &Identities,
    notification: &OtherSignedNotification,
    now: Timestamp,
    tracer: &Tracer,
) -> Result<OtherNotification, NotificationError> {
    let chain = |error: &dyn std::fmt::Display| NotificationError::Chain(error.to_string());
    let eum = Certificate::try_from(&notification.eum_certificate).map_err(|error| chain(&error))?;
    let euicc = Certificate::try_from(&notification.euicc_certificate).map_err(|error| chain(&error))?;
    let now = UnixTime(now.unix_seconds());
    let observer = &mut |check| tracer.certificate(&check);
    let verified = verify_euicc_chain(identities.anchors(), &eum, &euicc, Some(now), observer)
        .map_err(|error| chain(&error))?;
    let tbs = &notification.tbs_other_notification;
    let signature = verify(
        &verified.public_key,
        identities.engine(),
        tbs.bytes(),
        notification.euicc_notification_signature.bytes(),
    );
    tracer.check(SECTION, "euiccNotificationSignature covers tbsOtherNotification", signature)?;
    let eid = Eid::from_bytes(verified.eid).map_err(|error| chain(&error))?;
    Ok(OtherNotification { eid, metadata: tbs.value().clone() })
}

fn verify(
    key: &PublicKey,
    engine: Engine,
    covered: &[u8],
    signature: &[u8],
) -> Result<(), NotificationError> {
    Signature::from_bytes(signature)
        .and_then(|signature| key.verify(engine, covered, &signature))
        .map_err(|_| NotificationError::Signature)
}
