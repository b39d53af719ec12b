//! DEACTIVATE FILE (ETSI TS 102 221 §11.1.14), ACTIVATE FILE (§11.1.15).

use super::*;

const DEACTIVATE: Function = function("DEACTIVATEFILE", "11.1.14");
const ACTIVATE: Function = function("ACTIVATEFILE", "11.1.15");

const ADM1: Step = does("VERIFY PIN of ADM1", "0020000A 08 3535353535353535");
const OFF: Step = does("DEACTIVATE FILE of the current EF", "00040000");
const ON: Step = does("ACTIVATE FILE of the current EF", "00440000");
const OPEN: Step = reads("READ BINARY", "00B00000 03", "010203");
const CLOSED: Step = none_of("READ BINARY", "00B00000 03", CLOSED_STATUS);
/// The same EF, which may tell that it is deactivated.
const AGAIN: Step = none_of("SELECT EF 6F01 by its path", "00A4080C 04 7F4A6F01", &[0x9000, 0x6283]);

/// What a card may say to a command for a deactivated EF.
const CLOSED_STATUS: &[u16] = &[0x6984, 0x6985];
/// What it may say to a directory in place of an EF.
const NO_EF: &[u16] = &[0x6981, 0x6982, 0x6985, 0x6A81, 0x6A82, 0x6A86];

pub(super) const CASES: &[Case] = &[
    case(
        Head::must(DEACTIVATE, 1, "A deactivated EF is neither read nor updated, also after a reset."),
        &[
            LABORATORY,
            DF,
            BYTES,
            ADM1,
            OFF,
            CLOSED,
            none_of("UPDATE BINARY", "00D60000 01 AA", CLOSED_STATUS),
            Step::Reset,
            AGAIN,
            CLOSED,
        ],
    ),
    case(
        Head::must(DEACTIVATE, 2, "An EF is deactivated only by whom its access rule allows to."),
        &[
            LABORATORY,
            DF,
            BYTES,
            not("DEACTIVATE FILE without ADM1", "00040000", 0x6982),
            OPEN,
            ADM1,
            does("SELECT EF 6F06, which nobody deactivates", "00A4000C 02 6F06"),
            not("DEACTIVATE FILE", "00040000", 0x6982),
            reads("READ BINARY", "00B00000 01", "55"),
        ],
    ),
    case(
        Head::must(DEACTIVATE, 3, "An EF is named by its identifier, and becomes the current one."),
        &[
            LABORATORY,
            DF,
            RECORDS,
            ADM1,
            does("DEACTIVATE FILE of 6F01", "00040000 02 6F01"),
            CLOSED,
            ON,
            OPEN,
        ],
    ),
    case(
        Head::must(DEACTIVATE, 4, "An EF is named by a path, from the MF and from the current directory."),
        &[
            LABORATORY,
            ADM1,
            does("DEACTIVATE FILE of 7F4A/6F01 from the MF", "00040800 04 7F4A6F01"),
            CLOSED,
            DF,
            does("DEACTIVATE FILE of 5F3A/4F01 from here", "00040900 04 5F3A4F01"),
            none_of("READ BINARY", "00B00000 01", CLOSED_STATUS),
        ],
    ),
    case(
        Head::must(DEACTIVATE, 5, "After a refusal the current EF is the same as before."),
        &[
            LABORATORY,
            DF,
            BYTES,
            not("DEACTIVATE FILE of 6F02 without ADM1", "00040000 02 6F02", 0x6982),
            ADM1,
            not("DEACTIVATE FILE of 6F77, which is not there", "00040000 02 6F77", 0x6A82),
            OPEN,
        ],
    ),
    case(
        Head::must(DEACTIVATE, 6, "No directory is deactivated, and nothing where no EF is current."),
        &[
            LABORATORY,
            ADM1,
            DF,
            none_of("DEACTIVATE FILE without a current EF", "00040000", &[0x6985, 0x6986, 0x6A82]),
            none_of("DEACTIVATE FILE of DF 5F3A", "00040000 02 5F3A", NO_EF),
            does("SELECT 5F3A/4F01 from here", "00A4090C 04 5F3A4F01"),
            reads("READ BINARY", "00B00000 01", "99"),
        ],
    ),
    case(
        Head::must(DEACTIVATE, 7, "Parameters that are not defined are refused, and nothing is deactivated."),
        &[
            LABORATORY,
            DF,
            BYTES,
            ADM1,
            none_of("DEACTIVATE FILE with P1 01", "00040100", &[0x6A86, 0x6B00]),
            none_of("DEACTIVATE FILE with P2 04", "00040004", &[0x6A86, 0x6B00]),
            OPEN,
        ],
    ),
    case(
        Head::must(DEACTIVATE, 8, "Where its file information says so a deactivated EF is read and updated."),
        &[
            LABORATORY,
            DF,
            does("SELECT EF 6F0C", "00A4000C 02 6F0C"),
            ADM1,
            OFF,
            reads("READ BINARY", "00B00000 01", "88"),
            does("UPDATE BINARY", "00D60000 01 AA"),
            reads("READ BINARY", "00B00000 01", "AA"),
        ],
    ),
    case(
        Head::must(ACTIVATE, 1, "What is activated again is as it was before."),
        &[
            LABORATORY,
            DF,
            BYTES,
            ADM1,
            OFF,
            Step::Reset,
            AGAIN,
            CLOSED,
            ADM1,
            ON,
            OPEN,
            Step::Reset,
            has("SELECT EF 6F01", "00A40804 04 7F4A6F01", &[(0x8A, "05")]),
            reads("READ BINARY", "00B00000 08", "0102030405060708"),
        ],
    ),
    case(
        Head::must(ACTIVATE, 2, "An EF that is deactivated at first is activated, and has its content."),
        &[
            LABORATORY,
            DF,
            none_of("SELECT EF 6F0A", "00A4000C 02 6F0A", &[0x9000, 0x6283]),
            not("ACTIVATE FILE without ADM1", "00440000", 0x6982),
            none_of("READ BINARY", "00B00000 01", CLOSED_STATUS),
            ADM1,
            ON,
            reads("READ BINARY", "00B00000 01", "77"),
        ],
    ),
    case(
        Head::must(ACTIVATE, 3, "Who may activate an EF need not be who may deactivate it."),
        &[
            LABORATORY,
            DF,
            does("SELECT EF 6F0B", "00A4000C 02 6F0B"),
            not("DEACTIVATE FILE without ADM1", "00040000", 0x6982),
            ADM1,
            OFF,
            Step::Reset,
            does("ACTIVATE FILE of 7F4A/6F0B from the MF, as PIN1 allows", "00440800 04 7F4A6F0B"),
            reads("READ BINARY", "00B00000 01", "66"),
        ],
    ),
    case(
        Head::must(ACTIVATE, 4, "An active EF may be activated, and stays as it is."),
        &[LABORATORY, DF, BYTES, ADM1, ON, OPEN],
    ),
];
