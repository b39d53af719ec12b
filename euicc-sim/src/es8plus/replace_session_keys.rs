//! ReplaceSessionKeys (SGP.22 §5.5.4): from the session keys to those of the protected package.

use asn1::{BppCommandId, ErrorReason, ReplaceSessionKeysRequest, der};
use crypto::scp03t::SessionKeys;
use protocol::trace::Tracer;

use super::Failure;

const SECTION: &str = "SGP.22 §5.5.4";

pub(super) fn execute(plaintext: &[u8], tracer: &Tracer) -> Result<SessionKeys, Failure> {
    let incorrect = ErrorReason::INCORRECT_INPUT_VALUES;
    let keys = der::decode(plaintext).ok().and_then(|request| keys(&request)).ok_or(incorrect);
    let keys = tracer
        .check(SECTION, "the new keys are as long as the old ones", keys)
        .map_err(|reason| Failure::new(BppCommandId::REPLACE_SESSION_KEYS, reason))?;
    tracer.secret("PPK-ENC", &keys.s_enc);
    tracer.secret("PPK-CMAC", &keys.s_mac);
    tracer.secret("initialMacChainingValue", &keys.mac_chaining_value);
    Ok(keys)
}

fn keys(request: &ReplaceSessionKeysRequest) -> Option<SessionKeys> {
    Some(SessionKeys {
        mac_chaining_value: request.initial_mac_chaining_value.bytes().try_into().ok()?,
        s_enc: request.ppk_enc.bytes().try_into().ok()?,
        s_mac: request.ppk_cmac.bytes().try_into().ok()?,
    })
}
