//! Whether a profile suits an eUICC (SGP.22 §3.1.3 step 4, Annex F).

use asn1::{EuiccInfo2, PprIds, StoreMetadataRequest};
use protocol::status::{Refusal, StatusCode};
use protocol::trace::Tracer;

const SECTION: &str = "SGP.22 Annex F";

/// Checks the Profile Policy Rules and the memory.
///
/// # Errors
/// 8.2.5/4.3 where the eUICC forbids a rule of the profile, 8.1/4.8 where the profile cannot fit.
pub fn check_eligibility(
    metadata: &StoreMetadataRequest,
    package_size: usize,
    info: &EuiccInfo2,
    tracer: &Tracer,
) -> Result<(), Refusal> {
    tracer.check(SECTION, "the eUICC allows the Profile Policy Rules", policy_rules(metadata, info))?;
    tracer.check(SECTION, "the profile fits into the free memory of the eUICC", memory(package_size, info))
}

fn policy_rules(metadata: &StoreMetadataRequest, info: &EuiccInfo2) -> Result<(), Refusal> {
    let (Some(rules), Some(forbidden)) =
        (&metadata.profile_policy_rules, &info.forbidden_profile_policy_rules)
    else {
        return Ok(());
    };
    for (name, bit) in [("PPR1", PprIds::PPR1), ("PPR2", PprIds::PPR2)] {
        if rules.has(bit) && forbidden.has(bit) {
            return Err(Refusal::incompatible(
                StatusCode::PROFILE_TYPE_STOPPED,
                format!("the profile has {name}, which this eUICC forbids"),
            ));
        }
    }
    Ok(())
}

/// ETSI TS 102 226 §8.2.1.7.2: tag 82 of the extended card resources is the free non-volatile memory in bytes.
///
/// How much an installed profile takes is the card's business; one that is not even as small as its package can be
/// told before the download.
fn memory(package_size: usize, info: &EuiccInfo2) -> Result<(), Refusal> {
    let free = asn1::tlv::children(info.ext_card_resource.as_ref())
        .filter_map(Result::ok)
        .find(|tlv| tlv.tag.0 == 0x82)
        .map(|tlv| tlv.value.iter().fold(0u64, |sum, byte| sum.saturating_mul(256) + u64::from(*byte)));
    match free {
        Some(free) if free < package_size as u64 => Err(Refusal::incompatible(
            StatusCode::EUICC_MEMORY_INSUFFICIENT,
            format!("the eUICC has {free} bytes free, the profile package has {package_size}"),
        )),
        _ => Ok(()),
    }
}
