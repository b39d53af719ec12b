//! AUTN and AUTS, made and opened (3GPP TS 33.102 §6.3.2, §6.3.3).

use thiserror::Error;

use super::{AkaFunctions, Amf, Keys, Rand, Sqn, xor};

/// AMF* of a resynchronisation (3GPP TS 33.102 §6.3.3): all zeros.
const AMF_STAR: Amf = [0; 2];

/// Why a token was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TokenError {
    /// It is too short or too long for the algorithm; holds its length in bytes.
    #[error("peer misbehaved: an authentication token of {0} bytes does not belong to this algorithm")]
    Length(usize),
    /// MAC-A or MAC-S is wrong: another key, or something was changed on the way.
    #[error("peer misbehaved: the MAC of an authentication token is wrong")]
    Mac,
}

/// What AUTN held, its MAC being right. Whether the sequence number is fresh is another question.
#[derive(Clone, Debug)]
pub struct OpenedAutn {
    /// SQN.
    pub sqn: Sqn,
    /// AMF.
    pub amf: Amf,
    /// RES, CK, IK and AK, that were computed on the way.
    pub keys: Keys,
}

/// AUTN = SQN ⊕ AK ‖ AMF ‖ MAC-A: the network's token.
#[must_use]
pub fn autn(functions: &dyn AkaFunctions, rand: &Rand, sqn: &Sqn, amf: &Amf) -> Vec<u8> {
    let ak = functions.f2345(rand).ak;
    [&xor(sqn, &ak)[..], amf, functions.f1(rand, sqn, amf).as_bytes()].concat()
}

/// Opens AUTN on the card.
///
/// # Errors
/// [`TokenError`] where the network has not proved itself.
pub fn open_autn(functions: &dyn AkaFunctions, rand: &Rand, autn: &[u8]) -> Result<OpenedAutn, TokenError> {
    let (concealed, rest) = split_token::<6>(autn, 2 + functions.mac_length())?;
    let (amf, mac) = rest.split_first_chunk::<2>().ok_or(TokenError::Length(autn.len()))?;
    let keys = functions.f2345(rand);
    let sqn = xor(concealed, &keys.ak);
    if !functions.f1(rand, &sqn, amf).is(mac) {
        return Err(TokenError::Mac);
    }
    Ok(OpenedAutn { sqn, amf: *amf, keys })
}

/// AUTS = SQN_MS ⊕ AK ‖ MAC-S: the card's token, with the highest sequence number it has accepted.
#[must_use]
pub fn auts(functions: &dyn AkaFunctions, rand: &Rand, sqn_ms: &Sqn) -> Vec<u8> {
    let concealed = xor(sqn_ms, &functions.f5_star(rand));
    [&concealed[..], functions.f1_star(rand, sqn_ms, &AMF_STAR).as_bytes()].concat()
}

/// Opens AUTS in the network: SQN_MS.
///
/// # Errors
/// [`TokenError`] where the card has not proved itself.
pub fn open_auts(functions: &dyn AkaFunctions, rand: &Rand, auts: &[u8]) -> Result<Sqn, TokenError> {
    let (concealed, mac) = split_token::<6>(auts, functions.mac_length())?;
    let sqn_ms = xor(concealed, &functions.f5_star(rand));
    if !functions.f1_star(rand, &sqn_ms, &AMF_STAR).is(mac) {
        return Err(TokenError::Mac);
    }
    Ok(sqn_ms)
}

fn split_token<const N: usize>(token: &[u8], rest: usize) -> Result<(&[u8; N], &[u8]), TokenError> {
    let parts = token.split_first_chunk::<N>().filter(|(_, tail)| tail.len() == rest);
    parts.ok_or(TokenError::Length(token.len()))
}
