//! ENABLE PIN (ETSI TS 102 221 §11.1.12), and what a directory tells of its PINs (§9.5.2).

use super::*;

const FUNCTION: Function = function("ENABLEPIN", "11.1.12");

const fn wrong_code(status: u16) -> Step {
    not("ENABLE PIN with a wrong code", "00280001 08 31323334FFFFFFFF", status)
}

pub(in crate::card::cases::uicc) const CASES: &[Case] = &[
    case(
        Head::must(FUNCTION, 1, "What an enabled PIN protects is closed after a reset."),
        &[LABORATORY, FILE, OPEN, ENABLE, Step::Reset, FILE, CLOSED],
    ),
    case(
        Head::must(FUNCTION, 2, "A wrong code costs a try, and the PIN stays disabled."),
        &[LABORATORY, wrong_code(0x63C2), Step::Reset, wrong_code(0x63C1), FILE, OPEN],
    ),
    case(
        Head::must(FUNCTION, 3, "Wrong codes block the PIN, which is not enabled any more then."),
        &[
            LABORATORY,
            wrong_code(0x63C2),
            wrong_code(0x63C1),
            wrong_code(0x63C0),
            not("ENABLE PIN with the right code", "00280001 08 30303030FFFFFFFF", 0x6983),
        ],
    ),
    case(
        Head::should(FUNCTION, 4, "What a PIN protects that is both disabled and blocked is closed."),
        &[LABORATORY, wrong_code(0x63C2), wrong_code(0x63C1), wrong_code(0x63C0), FILE, CLOSED],
    ),
    case(
        Head::must(FUNCTION, 5, "The right code gives all tries back."),
        &[LABORATORY, wrong_code(0x63C2), wrong_code(0x63C1), ENABLE, wrong(0x63C2)],
    ),
    case(
        Head::must(FUNCTION, 6, "An enabled PIN is not enabled again, and a wrong code costs it nothing."),
        &[
            LABORATORY,
            ENABLE,
            none_of("ENABLE PIN of PIN1", "00280001 08 30303030FFFFFFFF", OTHER_STATE),
            none_of("ENABLE PIN with a wrong code", "00280001 08 31323334FFFFFFFF", OTHER_STATE),
            wrong(0x63C2),
        ],
    ),
    case(
        Head::must(FUNCTION, 7, "A PIN is disabled and enabled as often as its holder wants."),
        &[LABORATORY, ENABLE, DISABLE, ENABLE, Step::Reset, FILE, CLOSED, DISABLE, Step::Reset, FILE, OPEN],
    ),
    case(
        Head::must(FUNCTION, 8, "A code of another length than 8 bytes is refused, and costs no try."),
        &[
            LABORATORY,
            none_of("ENABLE PIN without a code", "00280001", WRONG_LENGTH),
            none_of("ENABLE PIN with 7 bytes", "00280001 07 30303030FFFFFF", WRONG_LENGTH),
            none_of("ENABLE PIN with 9 bytes", "00280001 09 30303030FFFFFFFFFF", WRONG_LENGTH),
            wrong_code(0x63C2),
            Step::Reset,
            FILE,
            OPEN,
        ],
    ),
    case(
        Head::must(FUNCTION, 9, "Parameters that are not defined are refused, and nothing is enabled."),
        &[
            LABORATORY,
            none_of("ENABLE PIN with P1 02", "00280201 08 30303030FFFFFFFF", WRONG_PARAMETERS),
            not("ENABLE PIN of 02", "00280002 08 30303030FFFFFFFF", 0x6A88),
            Step::Reset,
            FILE,
            OPEN,
        ],
    ),
    case(
        Head::should(
            FUNCTION,
            10,
            "The PIN status template of a directory tells which of its PINs are enabled.",
        ),
        &[
            LABORATORY,
            has("SELECT the MF", "00A40004 02 3F00", &[(0xC6, "900140 830101 83010A")]),
            has("SELECT the USIM", "00A40404 07 A0000000871002", &[(0xC6, "900160 830101 830181 83010A")]),
            ENABLE,
            has("SELECT the USIM", "00A40404 07 A0000000871002", &[(0xC6, "9001E0 830101 830181 83010A")]),
            has("SELECT the MF", "00A40004 02 3F00", &[(0xC6, "9001C0 830101 83010A")]),
        ],
    ),
];
