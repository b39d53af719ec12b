//! StoreMetadata (SGP.22 §5.5.3).

use asn1::{BppCommandId, ErrorReason, ProfileClass, Raw, StoreMetadataRequest};
use protocol::trace::Tracer;

use super::{Failure, Metadata};
use crate::policy;
use crate::state::CardState;

const SECTION: &str = "SGP.22 §5.5.3";

/// Reads the metadata and verifies that such a profile may be installed. `command` is that of the TLV it ended with.
pub(super) fn execute(
    plaintext: &[u8],
    command: BppCommandId,
    state: &CardState,
    tracer: &Tracer,
) -> Result<Metadata, Failure> {
    let failure = |reason| Failure::new(command, reason);
    let request = Raw::<StoreMetadataRequest>::from_der(plaintext);
    // An icon comes with its type only.
    let request = request.ok().filter(|request| request.icon.is_none() || request.icon_type.is_some());
    let request = request.ok_or(ErrorReason::INCORRECT_INPUT_VALUES);
    let request = tracer.check(SECTION, "the metadata can be read", request).map_err(failure)?;

    let supported = [ProfileClass::TEST, ProfileClass::PROVISIONING, ProfileClass::OPERATIONAL];
    let class = if supported.contains(&request.class()) {
        Ok(())
    } else {
        Err(ErrorReason::UNSUPPORTED_PROFILE_CLASS)
    };
    tracer.check(SECTION, "the profile class is supported", class).map_err(failure)?;

    let unused = state.profiles.iter().all(|profile| profile.iccid != request.iccid);
    let taken = ErrorReason::INSTALL_FAILED_DUE_TO_ICCID_ALREADY_EXISTS_ON_EUICC;
    let unused = if unused { Ok(()) } else { Err(taken) };
    tracer.check(SECTION, "no installed profile has this ICCID", unused).map_err(failure)?;

    let rules = policy::verify_at_installation(state, &request);
    let policy_rules = tracer
        .check("SGP.22 §2.9.3.1", "the Profile Policy Rules are allowed to the profile owner", rules)
        .map_err(|_| failure(ErrorReason::PPR_NOT_ALLOWED))?;
    Ok(Metadata { request, policy_rules })
}
