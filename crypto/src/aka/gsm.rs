//! The conversion functions for GSM networks (3GPP TS 33.102 §6.8.1.2).

/// c2: SRES from RES, the exclusive or of its four words of 32 bits, zeros behind a short RES. `None` for a RES of more
/// than 128 bits, for which there is no such function.
#[must_use]
pub fn sres(res: &[u8]) -> Option<[u8; 4]> {
    (res.len() <= 16).then(|| fold(res))
}

/// c3: Kc from CK and IK, the exclusive or of their four halves. `None` unless both have 128 bits, as there is no such
/// function for other keys.
#[must_use]
pub fn kc(ck: &[u8], ik: &[u8]) -> Option<[u8; 8]> {
    (ck.len() == 16 && ik.len() == 16).then(|| super::xor(&fold(ck), &fold(ik)))
}

fn fold<const N: usize>(value: &[u8]) -> [u8; N] {
    let mut result = [0; N];
    for word in value.chunks(N) {
        result.iter_mut().zip(word).for_each(|(byte, from)| *byte ^= from);
    }
    result
}
