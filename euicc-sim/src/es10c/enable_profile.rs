//! EnableProfile (SGP.22 §5.7.16).

use asn1::EnableResult;
use asn1::tlv::Tlv;

use super::{ChangeRequest, NO_DATA, carry_out};
use crate::apdu::StatusWord;
use crate::engine::{self, Origin};
use crate::isdr::{Es10Result, Isdr, tag};
use crate::object::outcome;
use crate::state::ProfileChange;

pub(crate) fn execute(isdr: &mut Isdr, request: Tlv<'_>) -> Es10Result {
    enable(isdr, request).map(|result| outcome(tag::ENABLE_PROFILE, result.value()))
}

/// The same with the outcome in the status word.
pub(crate) fn case_3(isdr: &mut Isdr, request: Tlv<'_>) -> Es10Result {
    match enable(isdr, request)? {
        EnableResult::OK => NO_DATA,
        EnableResult::ICCID_OR_AID_NOT_FOUND => Err(StatusWord::NOT_FOUND),
        EnableResult::CAT_BUSY => Err(StatusWord::CAT_BUSY),
        _ => Err(StatusWord::CONDITIONS_NOT_SATISFIED),
    }
}

fn enable(isdr: &mut Isdr, request: Tlv<'_>) -> Result<EnableResult, StatusWord> {
    let request = ChangeRequest::read(request)?;
    match check(isdr, &request) {
        Ok(change) => carry_out(isdr, change, request.refresh).map(|()| EnableResult::OK),
        Err(result) => Ok(result),
    }
}

fn check(isdr: &Isdr, request: &ChangeRequest<'_>) -> Result<ProfileChange, EnableResult> {
    let busy = if isdr.cat_is_busy() { Err(EnableResult::CAT_BUSY) } else { Ok(()) };
    // SGP.22 §5.7.16: a running proactive session is looked for before anything else where no REFRESH is wanted, and
    // after all else where one is.
    let outcome = if request.refresh {
        engine::may_enable(isdr.state(), Origin::LocalEs10c, request.target)
            .and_then(|aid| busy.map(|()| aid))
    } else {
        busy.and_then(|()| engine::may_enable(isdr.state(), Origin::LocalEs10c, request.target))
    };
    isdr.tracer().check("SGP.22 §5.7.16", "the profile may be enabled", outcome).map(ProfileChange::Enable)
}
