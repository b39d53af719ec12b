//! Answer to Reset.

/// The answer to reset up to the check byte TCK.
///
/// TS, T0 (TA1 TD1 follow, 15 historical bytes), TA1 = 96, TD1 = 80 (T=0, TD2 follows), TD2 = 3F (T=15, TA3 and TB3
/// follow), TA3 = C7 (clock stop, classes A to C), TB3 = 82: ETSI TS 102 221 §6.3.3 reads bits 8 and 2 of the first TB
/// after T=15 as "this card is an eUICC". The historical bytes give card data in compact TLVs: 80, 31 (card service
/// data), 73 (card capabilities), 57 (pre-issuing data).
const WITHOUT_CHECK_BYTE: [u8; 22] = [
    0x3B, 0x9F, 0x96, 0x80, 0x3F, 0xC7, 0x82, 0x80, 0x31, 0xE0, 0x73, 0xFE, 0x21, 0x1F, 0x57, b'r', b's',
    b'p', b'l', b'a', b'b', 0x00,
];

/// What the card answers to a reset: T=0 first, so that every reader takes it.
pub const ATR: [u8; 23] = with_check_byte();

#[expect(
    clippy::indexing_slicing,
    reason = "evaluated at compile time, where a wrong index is a build error"
)]
const fn with_check_byte() -> [u8; 23] {
    let mut atr = [0; 23];
    let mut tck = 0;
    let mut index = 0;
    while index < WITHOUT_CHECK_BYTE.len() {
        atr[index] = WITHOUT_CHECK_BYTE[index];
        // ISO/IEC 7816-3 §8.2.5: all bytes from T0 to TCK exclusive-ored give zero.
        if index > 0 {
            tck ^= WITHOUT_CHECK_BYTE[index];
        }
        index += 1;
    }
    atr[index] = tck;
    atr
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_byte_fits_and_the_euicc_bit_is_set() {
        assert_eq!(ATR.iter().skip(1).fold(0, |sum, byte| sum ^ byte), 0);
        // T0 announces 15 historical bytes; they end one before TCK.
        assert_eq!(ATR.len(), 7 + 15 + 1);
        assert_eq!(ATR[6] & 0x82, 0x82);
    }
}
