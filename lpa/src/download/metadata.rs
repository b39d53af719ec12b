//! The Profile Metadata inside a Bound Profile Package against what was offered (SGP.22 §3.1.3.2 step 12).

use asn1::{PprIds, Raw, StoreMetadataRequest, tlv};
use thiserror::Error;

/// A MAC of SCP03t, at the end of each '88' (SGP.22 §2.6.4).
const MAC_LENGTH: usize = 8;

/// In what the two differ.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
pub(super) enum Difference {
    /// In the Profile Policy Rules, maybe in more.
    #[error("the Profile Policy Rules differ")]
    PolicyRules,
    /// In something else.
    #[error("the metadata differs")]
    Other,
}

/// Compares; the metadata of the package is in the clear, spread over its '88' TLVs.
pub(super) fn compare(offered: &Raw<StoreMetadataRequest>, segments: &[&[u8]]) -> Result<(), Difference> {
    let inside = command(segments);
    if inside == offered.bytes() {
        return Ok(());
    }
    match Raw::<StoreMetadataRequest>::from_der(&inside) {
        // SGP.22 §3.1.3.2 step 12: changed rules have a reason of their own.
        Ok(inside) if rules(&inside) != rules(offered) => Err(Difference::PolicyRules),
        _ => Err(Difference::Other),
    }
}

fn rules(metadata: &StoreMetadataRequest) -> Vec<usize> {
    metadata.profile_policy_rules.iter().flat_map(PprIds::bits).collect()
}

/// The StoreMetadata command: each '88' of the package without its MAC, joined.
fn command(segments: &[&[u8]]) -> Vec<u8> {
    let elements = segments.iter().filter_map(|segment| tlv::read(segment).ok());
    let protected = elements.filter(|(element, _)| element.tag.0 == 0x88);
    let clear = protected.map(|(element, _)| match element.value.split_last_chunk::<MAC_LENGTH>() {
        Some((clear, _)) => clear,
        None => &[],
    });
    clear.collect::<Vec<_>>().concat()
}
