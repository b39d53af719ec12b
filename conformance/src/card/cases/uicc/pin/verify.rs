//! VERIFY PIN (ETSI TS 102 221 §11.1.9).

use super::*;

const FUNCTION: Function = function("VERIFYPIN", "11.1.9");
const EST: Step = does("SELECT EF.EST", "00A4000C 02 6F56");
const ADM_FILE: Step = does("SELECT EF 6F05, for ADM1 alone", "00A4080C 04 7F4A6F05");

pub(in crate::card::cases::uicc) const CASES: &[Case] = &[
    case(
        Head::must(FUNCTION, 1, "Without a code the tries that are left are told."),
        &[LABORATORY, ENABLE, Step::Reset, left(0x63C3), wrong(0x63C2), left(0x63C2)],
    ),
    case(
        Head::must(
            FUNCTION,
            2,
            "Each wrong code costs a try, and without tries the right one is refused, too.",
        ),
        &[
            LABORATORY,
            ENABLE,
            wrong(0x63C2),
            wrong(0x63C1),
            wrong(0x63C0),
            wrong(0x6983),
            not("VERIFY PIN of PIN1 with the right code", "00200001 08 30303030FFFFFFFF", 0x6983),
        ],
    ),
    case(
        Head::must(FUNCTION, 3, "The right code gives all tries back."),
        &[LABORATORY, ENABLE, wrong(0x63C2), wrong(0x63C1), RIGHT, wrong(0x63C2)],
    ),
    case(
        Head::must(
            FUNCTION,
            4,
            "What a PIN protects is closed until it is presented, and again after a reset.",
        ),
        &[
            LABORATORY,
            ENABLE,
            Step::Reset,
            FILE,
            CLOSED,
            not("UPDATE BINARY", "00D60000 01 AA", 0x6982),
            RIGHT,
            OPEN,
            does("UPDATE BINARY", "00D60000 01 01"),
            Step::Reset,
            FILE,
            CLOSED,
        ],
    ),
    case(
        Head::must(FUNCTION, 5, "A reset gives no tries back."),
        &[LABORATORY, ENABLE, wrong(0x63C2), Step::Reset, wrong(0x63C1), Step::Reset, left(0x63C1)],
    ),
    case(
        Head::must(
            FUNCTION,
            6,
            "A blocked PIN opens nothing though it was presented before, nor after a reset.",
        ),
        &[
            LABORATORY,
            ENABLE,
            RIGHT,
            FILE,
            OPEN,
            wrong(0x63C2),
            wrong(0x63C1),
            wrong(0x63C0),
            CLOSED,
            Step::Reset,
            wrong(0x6983),
            none_of("VERIFY PIN of PIN1 without a code", "00200001", &[0x6983, 0x63C0]),
            FILE,
            CLOSED,
        ],
    ),
    case(
        Head::should(FUNCTION, 7, "A wrong code takes back what the right one has opened."),
        &[LABORATORY, ENABLE, RIGHT, FILE, OPEN, wrong(0x63C2), CLOSED],
    ),
    case(
        Head::must(FUNCTION, 8, "All eight bytes of a code count."),
        &[
            LABORATORY,
            ENABLE,
            not("VERIFY PIN with another first byte", "00200001 08 31303030FFFFFFFF", 0x63C2),
            not("VERIFY PIN with another fifth byte", "00200001 08 3030303030FFFFFF", 0x63C1),
            RIGHT,
            not("VERIFY PIN with another fourth byte", "00200001 08 30303031FFFFFFFF", 0x63C2),
            not("VERIFY PIN with another last byte", "00200001 08 30303030FFFFFF00", 0x63C1),
        ],
    ),
    case(
        Head::must(FUNCTION, 9, "A code of another length than 8 bytes is refused, and costs no try."),
        &[
            LABORATORY,
            ENABLE,
            Step::Reset,
            none_of("VERIFY PIN with 4 bytes", "00200001 04 30303030", WRONG_LENGTH),
            none_of("VERIFY PIN with 9 bytes", "00200001 09 30303030FFFFFFFFFF", WRONG_LENGTH),
            left(0x63C3),
        ],
    ),
    case(
        Head::must(FUNCTION, 10, "A key reference of no code is answered with 6A88."),
        &[
            LABORATORY,
            USIM,
            not("VERIFY PIN of the global key reference 02", "00200002 08 30303030FFFFFFFF", 0x6A88),
            not("VERIFY PIN of the local key reference 82 without a code", "00200082", 0x6A88),
        ],
    ),
    case(
        Head::must(FUNCTION, 11, "Parameters that are not defined are refused, and cost no try."),
        &[
            LABORATORY,
            ENABLE,
            Step::Reset,
            none_of("VERIFY PIN with P1 01", "00200101 08 30303030FFFFFFFF", WRONG_PARAMETERS),
            none_of("VERIFY PIN with P2 00", "00200000 08 30303030FFFFFFFF", WRONG_PARAMETERS),
            none_of("VERIFY PIN with P2 80", "00200080 08 30303030FFFFFFFF", WRONG_PARAMETERS),
            none_of("VERIFY PIN with P2 21", "00200021 08 30303030FFFFFFFF", WRONG_PARAMETERS),
            none_of("VERIFY PIN with P2 41", "00200041 08 30303030FFFFFFFF", WRONG_PARAMETERS),
            FILE,
            CLOSED,
            left(0x63C3),
        ],
    ),
    case(
        Head::must(FUNCTION, 12, "What is presented on one channel counts on all, the wrong and the right."),
        &[
            LABORATORY,
            ENABLE,
            Step::Reset,
            does("MANAGE CHANNEL to open channel 3", "00700003 00"),
            not("VERIFY PIN on channel 3 with a wrong code", "03200001 08 31323334FFFFFFFF", 0x63C2),
            wrong(0x63C1),
            does("VERIFY PIN on channel 3", "03200001 08 30303030FFFFFFFF"),
            FILE,
            OPEN,
        ],
    ),
    case(
        Head::must(
            FUNCTION,
            13,
            "A code has the tries that its package gives it, and counts them for itself.",
        ),
        &[
            LABORATORY,
            ENABLE,
            Step::Reset,
            not("VERIFY PIN of ADM1 without a code", "0020000A", 0x63CA),
            not("VERIFY PIN of ADM1 with a wrong code", "0020000A 08 3535353535353536", 0x63C9),
            wrong(0x63C2),
            not("VERIFY PIN of ADM1 without a code", "0020000A", 0x63C9),
            ADM1,
            left(0x63C2),
            not("VERIFY PIN of ADM1 with a wrong code", "0020000A 08 3535353535353536", 0x63C9),
        ],
    ),
    case(
        Head::must(FUNCTION, 14, "One code does not stand for another."),
        &[
            LABORATORY,
            ENABLE,
            Step::Reset,
            ADM1,
            FILE,
            CLOSED,
            Step::Reset,
            RIGHT,
            FILE,
            OPEN,
            ADM_FILE,
            not("READ BINARY", "00B00000 02", 0x6982),
        ],
    ),
    case(
        Head::must(FUNCTION, 15, "PIN2 of the USIM opens what it protects, and PIN1 does not."),
        &[
            LABORATORY,
            ENABLE,
            USIM,
            RIGHT,
            EST,
            reads("READ BINARY", "00B00000 01", "00"),
            not("UPDATE BINARY", "00D60000 01 00", 0x6982),
            not("VERIFY PIN of PIN2 with a wrong code", "00200081 08 30303030FFFFFFFF", 0x63C2),
            does("VERIFY PIN of PIN2", "00200081 08 39393939FFFFFFFF"),
            does("UPDATE BINARY", "00D60000 01 00"),
        ],
    ),
    case(
        Head::must(
            FUNCTION,
            16,
            "PIN2 belongs to the USIM: without it the key reference is answered with 6A88.",
        ),
        &[
            LABORATORY,
            not("VERIFY PIN of PIN2 in the MF", "00200081 08 39393939FFFFFFFF", 0x6A88),
            USIM,
            not("VERIFY PIN of PIN2 in the USIM without a code", "00200081", 0x63C3),
        ],
    ),
    case(
        Head::must(FUNCTION, 17, "PIN1 is presented in the USIM, too."),
        &[
            LABORATORY,
            ENABLE,
            Step::Reset,
            USIM,
            does("SELECT EF.IMSI", "00A4000C 02 6F07"),
            not("READ BINARY", "00B00000 09", 0x6982),
            RIGHT,
            reads("READ BINARY of its length", "00B00000 01", "08"),
        ],
    ),
    case(
        Head::must(FUNCTION, 18, "A disabled PIN is not verified, and a wrong code costs it nothing."),
        &[
            LABORATORY,
            none_of("VERIFY PIN of PIN1", "00200001 08 30303030FFFFFFFF", OTHER_STATE),
            none_of("VERIFY PIN with a wrong code", "00200001 08 31323334FFFFFFFF", OTHER_STATE),
            not("ENABLE PIN with a wrong code", "00280001 08 31323334FFFFFFFF", 0x63C2),
        ],
    ),
];
