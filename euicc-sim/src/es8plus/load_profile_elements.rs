//! LoadProfileElements (SGP.22 §5.5.5).

use asn1::{BppCommandId, StoreMetadataRequest};
use protocol::trace::Tracer;

use super::Failure;
use crate::profile_package::{Context, Installed, interpret};

/// Interprets the package against its metadata; the card has `free_memory` bytes for it.
pub(super) fn execute(
    package: &[u8],
    metadata: &StoreMetadataRequest,
    free_memory: u32,
    tracer: &Tracer,
) -> Result<Installed, Failure> {
    let interpreted = interpret(package, &Context { metadata, free_memory });
    tracer.check("SGP.22 §5.5.5", "the profile elements can be installed", interpreted).map_err(|failure| {
        Failure {
            command: BppCommandId::LOAD_PROFILE_ELEMENTS,
            reason: failure.reason,
            sima_response: failure.response,
        }
    })
}
