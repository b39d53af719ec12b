//! DisableProfile (SGP.22 §5.7.17).

use asn1::DisableResult;
use asn1::tlv::Tlv;

use super::{ChangeRequest, NO_DATA, carry_out};
use crate::apdu::StatusWord;
use crate::engine::{self, Origin};
use crate::isdr::{Es10Result, Isdr, tag};
use crate::object::outcome;
use crate::state::ProfileChange;

pub(crate) fn execute(isdr: &mut Isdr, request: Tlv<'_>) -> Es10Result {
    disable(isdr, request).map(|result| outcome(tag::DISABLE_PROFILE, result.value()))
}

/// The same with the outcome in the status word.
pub(crate) fn case_3(isdr: &mut Isdr, request: Tlv<'_>) -> Es10Result {
    match disable(isdr, request)? {
        DisableResult::OK => NO_DATA,
        DisableResult::ICCID_OR_AID_NOT_FOUND => Err(StatusWord::NOT_FOUND),
        DisableResult::CAT_BUSY => Err(StatusWord::CAT_BUSY),
        _ => Err(StatusWord::CONDITIONS_NOT_SATISFIED),
    }
}

fn disable(isdr: &mut Isdr, request: Tlv<'_>) -> Result<DisableResult, StatusWord> {
    let request = ChangeRequest::read(request)?;
    match check(isdr, &request) {
        Ok(change) => carry_out(isdr, change, request.refresh).map(|()| DisableResult::OK),
        Err(result) => Ok(result),
    }
}

fn check(isdr: &Isdr, request: &ChangeRequest<'_>) -> Result<ProfileChange, DisableResult> {
    let busy = if isdr.cat_is_busy() { Err(DisableResult::CAT_BUSY) } else { Ok(()) };
    // SGP.22 §5.7.17: first without the refreshFlag, last with it.
    let outcome = if request.refresh {
        engine::may_disable(isdr.state(), Origin::LocalEs10c, request.target)
            .and_then(|aid| busy.map(|()| aid))
    } else {
        busy.and_then(|()| engine::may_disable(isdr.state(), Origin::LocalEs10c, request.target))
    };
    isdr.tracer().check("SGP.22 §5.7.17", "the profile may be disabled", outcome).map(ProfileChange::Disable)
}
