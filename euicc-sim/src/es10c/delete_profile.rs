//! DeleteProfile (SGP.22 §5.7.18).

use asn1::DeleteResult;
use asn1::tlv::Tlv;

use super::NO_DATA;
use crate::apdu::StatusWord;
use crate::engine::{self, Origin, Target};
use crate::isdr::{Es10Result, Isdr, tag};
use crate::object::{outcome, single_object};

pub(crate) fn execute(isdr: &mut Isdr, request: Tlv<'_>) -> Es10Result {
    delete(isdr, request).map(|result| outcome(tag::DELETE_PROFILE, result.value()))
}

/// The same with the outcome in the status word.
pub(crate) fn case_3(isdr: &mut Isdr, request: Tlv<'_>) -> Es10Result {
    match delete(isdr, request)? {
        DeleteResult::OK => NO_DATA,
        DeleteResult::ICCID_OR_AID_NOT_FOUND => Err(StatusWord::NOT_FOUND),
        _ => Err(StatusWord::CONDITIONS_NOT_SATISFIED),
    }
}

fn delete(isdr: &mut Isdr, request: Tlv<'_>) -> Result<DeleteResult, StatusWord> {
    let target = Target::read(single_object(request.value)?)?;
    let outcome = engine::may_delete(isdr.state(), Origin::LocalEs10c, target);
    match isdr.tracer().check("SGP.22 §5.7.18", "the profile may be deleted", outcome) {
        Ok(aid) => {
            let mut draft = isdr.state().clone();
            engine::delete(&mut draft, isdr.keys(), &aid)?;
            isdr.commit(draft)?;
            Ok(DeleteResult::OK)
        }
        Err(result) => Ok(result),
    }
}
