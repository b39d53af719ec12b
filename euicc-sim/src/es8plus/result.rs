//! The Profile Installation Result (SGP.22 §2.5.6).

use std::sync::Arc;

use asn1::{Iccid, SubjectKeyIdentifier, TransactionId, tlv};

use super::{Failure, Installation, IsdP, Metadata};
use crate::apdu::StatusWord;
use crate::isdr::{Es10Result, Isdr};
use crate::keyring::Keyring;
use crate::notification::{self, notify};
use crate::object::integer;
use crate::profile_package::Installed;
use crate::state::{CardState, Event, Notification, Profile, ProfileClass, ProfileState};

/// What every result names.
pub(super) struct Subject<'a> {
    pub transaction_id: &'a TransactionId,
    pub server_address: &'a str,
    /// DER contents octets.
    pub smdp_oid: &'a [u8],
    pub euicc_ci_pk_id: &'a SubjectKeyIdentifier,
    /// Left out where the installation ended before it was known.
    pub iccid: Option<&'a Iccid>,
}

/// finalResult.
pub(super) enum FinalResult<'a> {
    Success { aid: &'a [u8], sima_response: &'a [u8] },
    Error(&'a Failure),
}

/// Ends an installation: keeps the profile if there is one, the result in any case, and returns the result. The
/// result is kept before it is told (SGP.22 §3.1.3.3), together with the profile.
///
/// # Errors
/// 6581 where the memory fails: then there is neither.
pub(crate) fn conclude(
    isdr: &mut Isdr,
    mut installation: Installation,
    outcome: Result<(), Failure>,
) -> Es10Result {
    let outcome = outcome.and_then(|()| installation.take_parts());
    let mut draft = isdr.state().clone();
    draft.open_installation = None;
    // SGP.22 §5.7.6: the one-time key is used up.
    draft.retained_one_time_key = None;

    let iccid = match &outcome {
        Ok(parts) => Some(parts.metadata.request.iccid),
        Err(_) => installation.metadata.as_ref().map(|metadata| metadata.request.iccid),
    };
    let subject = Subject {
        transaction_id: &installation.server.transaction_id,
        server_address: &installation.server.server_address,
        smdp_oid: &installation.download.smdp_oid,
        euicc_ci_pk_id: &installation.server.euicc_ci_pk_id,
        iccid: iccid.as_ref(),
    };
    let final_result = match &outcome {
        Ok(parts) => FinalResult::Success {
            aid: parts.isd_p.aid.as_bytes(),
            sima_response: &parts.installed.euicc_response,
        },
        Err(failure) => FinalResult::Error(failure),
    };
    let result = keep_result(&mut draft, isdr.keys(), &subject, &final_result)?;
    let end = match outcome {
        Ok(parts) => {
            let profile = parts.into_profile(subject.euicc_ci_pk_id.clone());
            // SGP.22 §5.5.5: first the result, then the notifications the metadata asks for.
            notify(&mut draft, isdr.keys(), &profile, Event::Install)?;
            draft.profiles.push(profile);
            "installed".to_owned()
        }
        Err(failure) => format!("{} failed: {}", failure.command, failure.reason),
    };
    let tracer = isdr.tracer().with_transaction(subject.transaction_id);
    isdr.commit_within(draft, &tracer)?;
    tracer.state("installation", &"open", &end);
    tracer.object("ProfileInstallationResult", &result);
    Ok(result)
}

/// Makes, signs and keeps a Profile Installation Result.
///
/// # Errors
/// 6F00 where it cannot be signed.
pub(super) fn keep_result(
    state: &mut CardState,
    keys: &Keyring,
    subject: &Subject<'_>,
    final_result: &FinalResult<'_>,
) -> Es10Result {
    let sequence_number = state.notifications.take_sequence_number();
    // SGP.22 §2.5.6: the result goes to the server that was authenticated.
    let metadata =
        notification::metadata(sequence_number, Event::Install, subject.server_address, subject.iccid);

    let mut data = tlv::wrap(0x80, subject.transaction_id.bytes());
    data.extend_from_slice(&metadata);
    data.extend(tlv::wrap(0x06, subject.smdp_oid));
    data.extend(tlv::wrap(0xA2, &encode(final_result)));
    let data = tlv::wrap(0xBF27, &data);

    // SGP.22 §2.5.6: euiccSignPIR covers the whole data object BF27.
    let identity = keys.identity(subject.euicc_ci_pk_id).ok_or(StatusWord::TECHNICAL_PROBLEM)?;
    let signature = identity.key.sign(&data).map_err(|_| StatusWord::TECHNICAL_PROBLEM)?;
    let mut result = data;
    result.extend(tlv::wrap(0x5F37, signature.as_bytes()));
    let result = tlv::wrap(0xBF37, &result);
    state.notifications.keep_installation_result(Notification {
        sequence_number,
        event: Event::Install,
        metadata,
        pending_notification: result.clone(),
    });
    Ok(result)
}

/// SuccessResult has a member tagged by hand and so no automatic tags; ErrorResult has automatic tags.
fn encode(final_result: &FinalResult<'_>) -> Vec<u8> {
    match final_result {
        FinalResult::Success { aid, sima_response } => {
            let mut members = tlv::wrap(0x4F, aid);
            members.extend(tlv::wrap(0x04, sima_response));
            tlv::wrap(0xA0, &members)
        }
        FinalResult::Error(failure) => {
            let mut members = integer(0x80, failure.command.value());
            members.extend(integer(0x81, failure.reason.value()));
            if let Some(sima_response) = &failure.sima_response {
                members.extend(tlv::wrap(0x82, sima_response));
            }
            tlv::wrap(0xA1, &members)
        }
    }
}

/// What a complete installation has brought together.
struct Parts {
    isd_p: IsdP,
    metadata: Metadata,
    installed: Installed,
    size: u32,
}

impl Installation {
    fn take_parts(&mut self) -> Result<Parts, Failure> {
        let size = self.size();
        let unknown = Failure::new(self.command(), asn1::ErrorReason::INSTALL_FAILED_DUE_TO_UNKNOWN_ERROR);
        match (self.isd_p.take(), self.metadata.take(), self.installed.take()) {
            (Some(isd_p), Some(metadata), Some(installed)) => Ok(Parts { isd_p, metadata, installed, size }),
            _ => Err(unknown),
        }
    }
}

impl Parts {
    fn into_profile(self, euicc_ci_pk_id: SubjectKeyIdentifier) -> Profile {
        Profile {
            isdp_aid: self.isd_p.aid,
            iccid: self.metadata.request.iccid,
            // SGP.22 §3.1.3.3: an installed profile is disabled.
            state: ProfileState::Disabled,
            class: ProfileClass::of(self.metadata.request.class()),
            nickname: None,
            port: 0,
            policy_rules: self.metadata.policy_rules,
            metadata: self.metadata.request,
            dp_proprietary_data: self.isd_p.dp_proprietary_data,
            euicc_ci_pk_id,
            field_loaded: true,
            size: self.size,
            installed: Arc::new(self.installed),
        }
    }
}
