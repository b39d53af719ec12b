//! ConfigureISDP (SGP.22 §5.5.2): the security domain of the profile.

use asn1::{BppCommandId, ConfigureIsdpRequest, ErrorReason, der, tlv};
use protocol::trace::Tracer;

use super::{Failure, IsdP};
use crate::state::CardState;

const SECTION: &str = "SGP.22 §5.5.2";

/// The largest dpProprietaryData, tag and length included.
const MAX_DP_PROPRIETARY_DATA: usize = 128;

pub(super) fn execute(plaintext: &[u8], state: &CardState, tracer: &Tracer) -> Result<IsdP, Failure> {
    let request =
        der::decode::<ConfigureIsdpRequest>(plaintext).map_err(|_| ErrorReason::INCORRECT_INPUT_VALUES);
    tracer.check(SECTION, "the request can be read", request).map_err(failure)?;

    let dp_proprietary_data =
        tlv::read(plaintext).ok().and_then(|(request, _)| tlv::find(request.value, 0xB8));
    let fits = dp_proprietary_data.is_none_or(|data| data.raw.len() <= MAX_DP_PROPRIETARY_DATA);
    let fits = if fits { Ok(()) } else { Err(ErrorReason::INCORRECT_INPUT_VALUES) };
    tracer.check(SECTION, "dpProprietaryData has at most 128 bytes", fits).map_err(failure)?;

    let full = ErrorReason::INSTALL_FAILED_DUE_TO_INSUFFICIENT_MEMORY_FOR_PROFILE;
    let aid = state.free_isdp_aid().ok_or(failure(full))?;
    Ok(IsdP { aid, dp_proprietary_data: dp_proprietary_data.map(|data| data.raw.to_vec()) })
}

fn failure(reason: ErrorReason) -> Failure {
    Failure::new(BppCommandId::CONFIGURE_ISDP, reason)
}
