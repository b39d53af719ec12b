//! CHANGE PIN (ETSI TS 102 221 §11.1.10).

use super::*;

const FUNCTION: Function = function("CHANGEPIN", "11.1.10");
const CHANGE: Step = does("CHANGE PIN of PIN1", "00240001 10 30303030FFFFFFFF 37363534FFFFFFFF");

const fn wrong_old(status: u16) -> Step {
    not("CHANGE PIN with a wrong old code", "00240001 10 31323334FFFFFFFF 37363534FFFFFFFF", status)
}

pub(in crate::card::cases::uicc) const CASES: &[Case] = &[
    case(
        Head::must(FUNCTION, 1, "With the old code a new one is set, which outlives a reset."),
        &[
            LABORATORY,
            ENABLE,
            CHANGE,
            wrong(0x63C2),
            not("VERIFY PIN with the old code", "00200001 08 30303030FFFFFFFF", 0x63C1),
            NEW,
            Step::Reset,
            not("VERIFY PIN with the old code", "00200001 08 30303030FFFFFFFF", 0x63C2),
            FILE,
            CLOSED,
            NEW,
            OPEN,
        ],
    ),
    case(
        Head::must(FUNCTION, 2, "A wrong old code costs a try and changes nothing."),
        &[
            LABORATORY,
            ENABLE,
            Step::Reset,
            wrong_old(0x63C2),
            FILE,
            CLOSED,
            not("VERIFY PIN with the new code", "00200001 08 37363534FFFFFFFF", 0x63C1),
            RIGHT,
            OPEN,
        ],
    ),
    case(
        Head::must(FUNCTION, 3, "Wrong old codes block a PIN, which is not changed any more then."),
        &[
            LABORATORY,
            ENABLE,
            RIGHT,
            wrong_old(0x63C2),
            wrong(0x63C1),
            wrong_old(0x63C0),
            FILE,
            CLOSED,
            not("CHANGE PIN with the right code", "00240001 10 30303030FFFFFFFF 37363534FFFFFFFF", 0x6983),
        ],
    ),
    case(
        Head::must(FUNCTION, 4, "The right old code gives all tries back."),
        &[LABORATORY, ENABLE, wrong(0x63C2), wrong_old(0x63C1), CHANGE, wrong_old(0x63C2)],
    ),
    case(
        Head::must(FUNCTION, 5, "A disabled PIN is not changed, and a wrong code costs it nothing."),
        &[
            LABORATORY,
            none_of("CHANGE PIN of PIN1", "00240001 10 30303030FFFFFFFF 37363534FFFFFFFF", OTHER_STATE),
            none_of(
                "CHANGE PIN, wrong old code",
                "00240001 10 31323334FFFFFFFF 37363534FFFFFFFF",
                OTHER_STATE,
            ),
            not("ENABLE PIN with the new code", "00280001 08 37363534FFFFFFFF", 0x63C2),
            ENABLE,
        ],
    ),
    case(
        Head::must(FUNCTION, 6, "Anything but two codes of 8 bytes is refused, and costs no try."),
        &[
            LABORATORY,
            ENABLE,
            Step::Reset,
            none_of("CHANGE PIN without data", "00240001", WRONG_LENGTH),
            none_of("CHANGE PIN with one code", "00240001 08 30303030FFFFFFFF", WRONG_LENGTH),
            none_of("CHANGE PIN, 15 bytes", "00240001 0F 30303030FFFFFFFF 37363534FFFFFF", WRONG_LENGTH),
            none_of("CHANGE PIN, 17 bytes", "00240001 11 30303030FFFFFFFF 37363534FFFFFFFFFF", WRONG_LENGTH),
            left(0x63C3),
            RIGHT,
        ],
    ),
    case(
        Head::must(FUNCTION, 7, "A code of the USIM is changed, and no other one with it."),
        &[
            LABORATORY,
            ENABLE,
            USIM,
            does("CHANGE PIN of PIN2", "00240081 10 39393939FFFFFFFF 37363534FFFFFFFF"),
            not("VERIFY PIN of PIN2, old code", "00200081 08 39393939FFFFFFFF", 0x63C2),
            does("VERIFY PIN of PIN2, new code", "00200081 08 37363534FFFFFFFF"),
            RIGHT,
        ],
    ),
    case(
        Head::must(FUNCTION, 8, "An administrative code is changed where its package allows it."),
        &[
            LABORATORY,
            does("CHANGE PIN of ADM1", "0024000A 10 3535353535353535 3737373737373737"),
            Step::Reset,
            not("VERIFY PIN of ADM1, old code", "0020000A 08 3535353535353535", 0x63C9),
            does("SELECT EF 6F05, for ADM1 alone", "00A4080C 04 7F4A6F05"),
            not("READ BINARY", "00B00000 02", 0x6982),
            does("VERIFY PIN of ADM1, new code", "0020000A 08 3737373737373737"),
            reads("READ BINARY", "00B00000 02", "CAFE"),
        ],
    ),
    case(
        Head::must(FUNCTION, 9, "A key reference of no code is answered with 6A88."),
        &[
            LABORATORY,
            not("CHANGE PIN of 02", "00240002 10 30303030FFFFFFFF 37363534FFFFFFFF", 0x6A88),
            not("CHANGE PIN of PIN2 in the MF", "00240081 10 39393939FFFFFFFF 37363534FFFFFFFF", 0x6A88),
        ],
    ),
    case(
        Head::must(FUNCTION, 10, "A P1 that is not defined is refused, and nothing changes."),
        &[
            LABORATORY,
            ENABLE,
            none_of(
                "CHANGE PIN with P1 02",
                "00240201 10 30303030FFFFFFFF 37363534FFFFFFFF",
                WRONG_PARAMETERS,
            ),
            RIGHT,
        ],
    ),
];
