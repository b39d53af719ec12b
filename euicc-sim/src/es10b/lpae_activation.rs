//! LpaeActivation (SGP.22 §5.7.1): this card has no LPA of its own.

use asn1::tlv::Tlv;
use asn1::{LpaeActivationRequest, LpaeActivationResult, der};

use crate::apdu::StatusWord;
use crate::isdr::{Es10Result, Isdr, tag};
use crate::object::outcome;

pub(crate) fn execute(isdr: &mut Isdr, request: Tlv<'_>) -> Es10Result {
    let _: LpaeActivationRequest = der::decode(request.raw).map_err(|_| StatusWord::WRONG_DATA)?;
    let result = LpaeActivationResult::NOT_SUPPORTED;
    isdr.tracer().refused("SGP.22 §5.7.1", "an LPA in the eUICC is supported", &result);
    Ok(outcome(tag::LPAE_ACTIVATION, result.value()))
}
