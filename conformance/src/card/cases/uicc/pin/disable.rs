//! DISABLE PIN (ETSI TS 102 221 §11.1.11).

use super::*;

const FUNCTION: Function = function("DISABLEPIN", "11.1.11");

const fn wrong_code(status: u16) -> Step {
    not("DISABLE PIN with a wrong code", "00260001 08 31323334FFFFFFFF", status)
}

pub(in crate::card::cases::uicc) const CASES: &[Case] = &[
    case(
        Head::must(FUNCTION, 1, "What a disabled PIN protects is open to everybody, also after a reset."),
        &[LABORATORY, ENABLE, Step::Reset, FILE, CLOSED, DISABLE, OPEN, Step::Reset, FILE, OPEN],
    ),
    case(
        Head::must(FUNCTION, 2, "A wrong code costs a try, and the PIN stays enabled."),
        &[LABORATORY, ENABLE, wrong_code(0x63C2), Step::Reset, wrong_code(0x63C1), FILE, CLOSED],
    ),
    case(
        Head::must(FUNCTION, 3, "Wrong codes block the PIN, which is not disabled any more then."),
        &[
            LABORATORY,
            ENABLE,
            RIGHT,
            wrong_code(0x63C2),
            wrong_code(0x63C1),
            wrong_code(0x63C0),
            not("DISABLE PIN with the right code", "00260001 08 30303030FFFFFFFF", 0x6983),
            FILE,
            CLOSED,
        ],
    ),
    case(
        Head::must(FUNCTION, 4, "The right code gives all tries back."),
        &[
            LABORATORY,
            ENABLE,
            wrong_code(0x63C2),
            wrong(0x63C1),
            DISABLE,
            not("ENABLE PIN with a wrong code", "00280001 08 31323334FFFFFFFF", 0x63C2),
        ],
    ),
    case(
        Head::must(FUNCTION, 5, "A disabled PIN is not disabled again, and a wrong code costs it nothing."),
        &[
            LABORATORY,
            none_of("DISABLE PIN with a wrong code", "00260001 08 31323334FFFFFFFF", OTHER_STATE),
            none_of("DISABLE PIN of PIN1", "00260001 08 30303030FFFFFFFF", OTHER_STATE),
            not("ENABLE PIN with a wrong code", "00280001 08 31323334FFFFFFFF", 0x63C2),
        ],
    ),
    case(
        Head::must(FUNCTION, 6, "A code that its package does not allow to disable is still asked for."),
        &[
            LABORATORY,
            USIM,
            none_of("DISABLE PIN of PIN2", "00260081 08 39393939FFFFFFFF", NOT_ALLOWED),
            none_of("DISABLE PIN of ADM1", "0026000A 08 3535353535353535", NOT_ALLOWED),
            Step::Reset,
            USIM,
            does("SELECT EF.EST", "00A4000C 02 6F56"),
            not("UPDATE BINARY, for PIN2", "00D60000 01 00", 0x6982),
            does("SELECT EF 6F05", "00A4080C 04 7F4A6F05"),
            not("READ BINARY, for ADM1", "00B00000 02", 0x6982),
        ],
    ),
    case(
        Head::must(FUNCTION, 7, "Where there is no universal PIN it does not take the place of another one."),
        &[
            LABORATORY,
            ENABLE,
            none_of("DISABLE PIN, replaced by 11", "00269101 08 30303030FFFFFFFF", NO_UNIVERSAL_PIN),
            Step::Reset,
            FILE,
            CLOSED,
            left(0x63C3),
        ],
    ),
    case(
        Head::must(FUNCTION, 8, "A code of another length than 8 bytes is refused, and costs no try."),
        &[
            LABORATORY,
            ENABLE,
            Step::Reset,
            none_of("DISABLE PIN without a code", "00260001", WRONG_LENGTH),
            none_of("DISABLE PIN with 4 bytes", "00260001 04 30303030", WRONG_LENGTH),
            none_of("DISABLE PIN with 9 bytes", "00260001 09 30303030FFFFFFFFFF", WRONG_LENGTH),
            left(0x63C3),
            FILE,
            CLOSED,
        ],
    ),
    case(
        Head::must(FUNCTION, 9, "Parameters that are not defined are refused, and nothing is disabled."),
        &[
            LABORATORY,
            ENABLE,
            none_of("DISABLE PIN with P1 02", "00260201 08 30303030FFFFFFFF", WRONG_PARAMETERS),
            not("DISABLE PIN of 02", "00260002 08 30303030FFFFFFFF", 0x6A88),
            Step::Reset,
            FILE,
            CLOSED,
        ],
    ),
];

/// What a card may say to a code that cannot be disabled.
const NOT_ALLOWED: &[u16] = &[0x6982, 0x6984, 0x6985, 0x6A81, 0x6A86];
/// What a card without a universal PIN may say to somebody who wants it.
const NO_UNIVERSAL_PIN: &[u16] = &[0x6984, 0x6985, 0x6A86, 0x6A88, 0x6B00];
