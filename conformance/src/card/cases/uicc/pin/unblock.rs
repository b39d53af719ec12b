//! UNBLOCK PIN (ETSI TS 102 221 §11.1.13).

use super::*;

const FUNCTION: Function = function("UNBLOCKPIN", "11.1.13");
const UNBLOCK: Step = does("UNBLOCK PIN of PIN1", "002C0001 10 3131313131313131 37363534FFFFFFFF");

const fn wrong_puk(status: u16) -> Step {
    not("UNBLOCK PIN with a wrong PUK", "002C0001 10 3131313131313132 37363534FFFFFFFF", status)
}

/// Asks for the tries of the PUK that are left.
const fn puk_left(status: u16) -> Step {
    not("UNBLOCK PIN of PIN1 without codes", "002C0001", status)
}

pub(in crate::card::cases::uicc) const CASES: &[Case] = &[
    case(
        Head::must(FUNCTION, 1, "Without codes the tries of the PUK that are left are told."),
        &[LABORATORY, puk_left(0x63CA), wrong_puk(0x63C9), puk_left(0x63C9)],
    ),
    case(
        Head::must(FUNCTION, 2, "The PUK unblocks a PIN, sets its new code and gives all its tries back."),
        &[
            LABORATORY,
            ENABLE,
            wrong(0x63C2),
            wrong(0x63C1),
            wrong(0x63C0),
            UNBLOCK,
            wrong(0x63C2),
            Step::Reset,
            not("VERIFY PIN with the old code", "00200001 08 30303030FFFFFFFF", 0x63C1),
            NEW,
            FILE,
            OPEN,
        ],
    ),
    case(
        Head::must(FUNCTION, 3, "Who presents the PUK has presented the PIN, until a reset."),
        &[LABORATORY, ENABLE, Step::Reset, FILE, CLOSED, UNBLOCK, OPEN, Step::Reset, FILE, CLOSED],
    ),
    case(
        Head::must(FUNCTION, 4, "A wrong PUK does nothing to a blocked PIN."),
        &[
            LABORATORY,
            ENABLE,
            wrong(0x63C2),
            wrong(0x63C1),
            wrong(0x63C0),
            wrong_puk(0x63C9),
            not("VERIFY PIN with the new code", "00200001 08 37363534FFFFFFFF", 0x6983),
            FILE,
            CLOSED,
        ],
    ),
    case(
        Head::must(FUNCTION, 5, "A wrong PUK does nothing to a PIN that is not blocked, its tries included."),
        &[LABORATORY, ENABLE, Step::Reset, wrong(0x63C2), wrong_puk(0x63C9), left(0x63C2), RIGHT],
    ),
    case(
        Head::must(FUNCTION, 6, "A reset gives no tries of the PUK back."),
        &[LABORATORY, wrong_puk(0x63C9), Step::Reset, wrong_puk(0x63C8), Step::Reset, puk_left(0x63C8)],
    ),
    case(
        Head::must(FUNCTION, 7, "The right PUK gives all its tries back."),
        &[LABORATORY, wrong_puk(0x63C9), wrong_puk(0x63C8), UNBLOCK, wrong_puk(0x63C9)],
    ),
    case(
        Head::must(FUNCTION, 8, "Ten wrong PUKs block it for good."),
        &[
            LABORATORY,
            wrong_puk(0x63C9),
            wrong_puk(0x63C8),
            wrong_puk(0x63C7),
            wrong_puk(0x63C6),
            wrong_puk(0x63C5),
            wrong_puk(0x63C4),
            wrong_puk(0x63C3),
            wrong_puk(0x63C2),
            wrong_puk(0x63C1),
            wrong_puk(0x63C0),
            Step::Reset,
            none_of("UNBLOCK PIN without codes", "002C0001", &[0x6983, 0x63C0]),
            not("UNBLOCK PIN of PIN1", "002C0001 10 3131313131313131 37363534FFFFFFFF", 0x6983),
        ],
    ),
    case(
        Head::must(FUNCTION, 9, "A disabled PIN is enabled by its PUK."),
        &[LABORATORY, UNBLOCK, Step::Reset, FILE, CLOSED, NEW, OPEN],
    ),
    case(
        Head::must(FUNCTION, 10, "Each PIN has a PUK of its own, with tries of its own."),
        &[
            LABORATORY,
            USIM,
            not("UNBLOCK PIN of PIN2, PUK of PIN1", "002C0081 10 3131313131313131 37363534FFFFFFFF", 0x63C9),
            puk_left(0x63CA),
            does("UNBLOCK PIN of PIN2", "002C0081 10 3232323232323232 37363534FFFFFFFF"),
            not("VERIFY PIN of PIN2, old code", "00200081 08 39393939FFFFFFFF", 0x63C2),
            does("VERIFY PIN of PIN2, new code", "00200081 08 37363534FFFFFFFF"),
            ENABLE,
        ],
    ),
    case(
        Head::must(FUNCTION, 11, "A code without a PUK is not unblocked."),
        &[
            LABORATORY,
            none_of("UNBLOCK PIN of ADM1", "002C000A 10 3131313131313131 3737373737373737", NO_PUK),
            ADM1,
        ],
    ),
    case(
        Head::must(FUNCTION, 12, "Anything but two codes of 8 bytes is refused, and costs no try."),
        &[
            LABORATORY,
            none_of("UNBLOCK PIN with one code", "002C0001 08 3131313131313131", WRONG_LENGTH),
            none_of("UNBLOCK PIN, 15 bytes", "002C0001 0F 3131313131313131 37363534FFFFFF", WRONG_LENGTH),
            none_of("UNBLOCK PIN, 17 bytes", "002C0001 11 3131313131313131 37363534FFFFFFFFFF", WRONG_LENGTH),
            puk_left(0x63CA),
            ENABLE,
        ],
    ),
    case(
        Head::must(FUNCTION, 13, "Parameters that are not defined are refused, and nothing changes."),
        &[
            LABORATORY,
            none_of("UNBLOCK PIN, P1 02", "002C0201 10 3131313131313131 37363534FFFFFFFF", WRONG_PARAMETERS),
            not("UNBLOCK PIN of 02", "002C0002 10 3131313131313131 37363534FFFFFFFF", 0x6A88),
            ENABLE,
        ],
    ),
];

/// What a card may say to somebody who would unblock a code that has no PUK.
const NO_PUK: &[u16] = &[0x6982, 0x6983, 0x6984, 0x6985, 0x6A86, 0x6A88];
