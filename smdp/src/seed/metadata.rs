//! The Profile Metadata of an order (SGP.22 §4.4, §5.5.3).

use asn1::{Iccid, Raw, StoreMetadataRequest};

use super::Mistake;
use super::file::Metadata;
use crate::import::MetadataDefaults;
use crate::import::metadata::Load;

/// Builds the StoreMetadataRequest; what the file leaves out gets a value that says where it comes from.
pub fn build(
    iccid: &Iccid,
    metadata: &Metadata,
    load: Load<'_>,
) -> Result<Raw<StoreMetadataRequest>, Mistake> {
    let metadata = MetadataDefaults::of(metadata, load).map_err(|mistake| Mistake {
        offset: Some(mistake.offset),
        field: format!("order.metadata.{}", mistake.field),
        reason: mistake.reason,
    })?;
    Ok(Raw::new(metadata.request(iccid)))
}
