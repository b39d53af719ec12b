//! SELECT (ETSI TS 102 221 §11.1.1) and STATUS (§11.1.2).

use super::*;

const FUNCTION: Function = function("SELECT", "11.1.1");
const STATUS: Function = function("STATUS", "11.1.2");

pub(super) const CASES: &[Case] = &[
    case(
        Head::must(FUNCTION, 1, "The MF is current after a reset, and its file control parameters are told."),
        &[LABORATORY, has("SELECT the MF", "00A40004 02 3F00", &[(0x83, "3F00"), (0x8A, "05")])],
    ),
    case(
        Head::must(
            FUNCTION,
            2,
            "The file control parameters of a transparent EF say its size and structure.",
        ),
        &[
            LABORATORY,
            DF,
            has(
                "SELECT EF 6F01",
                "00A40004 02 6F01",
                &[(0x82, "4121"), (0x83, "6F01"), (0x80, "0008"), (0x88, "08"), (0x8A, "05")],
            ),
        ],
    ),
    case(
        Head::must(FUNCTION, 3, "Those of a linear fixed EF say length and number of its records."),
        &[
            LABORATORY,
            DF,
            has(
                "SELECT EF 6F02",
                "00A40004 02 6F02",
                &[(0x82, "4221000403"), (0x83, "6F02"), (0x80, "000C"), (0x88, "10")],
            ),
        ],
    ),
    case(
        Head::must(FUNCTION, 4, "Those of a cyclic EF say length and number of its records."),
        &[
            LABORATORY,
            DF,
            has(
                "SELECT EF 6F03",
                "00A40004 02 6F03",
                &[(0x82, "4621000303"), (0x83, "6F03"), (0x80, "0009"), (0x88, "18")],
            ),
        ],
    ),
    case(
        Head::must(FUNCTION, 5, "An EF without a short file identifier is told as one."),
        &[LABORATORY, DF, has("SELECT EF 6F07", "00A40004 02 6F07", &[(0x83, "6F07"), (0x88, "")])],
    ),
    case(
        Head::must(FUNCTION, 6, "A deactivated EF is told as one, and cannot be read."),
        &[
            LABORATORY,
            DF,
            none_of("SELECT EF 6F0A without data", "00A4000C 02 6F0A", &[0x9000, 0x6283]),
            not("READ BINARY", "00B00000 01", 0x6985),
        ],
    ),
    case(
        Head::must(FUNCTION, 7, "A DF is selected by its identifier, and its file control parameters told."),
        &[LABORATORY, has("SELECT DF 7F4A", "00A40004 02 7F4A", &[(0x82, "7821"), (0x83, "7F4A")])],
    ),
    case(
        Head::must(FUNCTION, 8, "An application is selected by its AID, and its parameters name it."),
        &[
            LABORATORY,
            has(
                "SELECT the USIM",
                "00A40404 0C A0000000871002FFFFFFFF89",
                &[(0x82, "7821"), (0x84, "A0000000871002FFFFFFFF89")],
            ),
        ],
    ),
    case(
        Head::must(FUNCTION, 9, "An application is selected by the first bytes of its AID."),
        &[
            LABORATORY,
            has("SELECT the USIM", "00A40404 07 A0000000871002", &[(0x84, "A0000000871002FFFFFFFF89")]),
        ],
    ),
    case(
        Head::must(FUNCTION, 10, "An AID of no application is answered with 6A82."),
        &[LABORATORY, not("SELECT an ISIM", "00A40404 07 A0000000871004", 0x6A82)],
    ),
    case(
        Head::must(
            FUNCTION,
            11,
            "A file that is not there is answered with 6A82, and the current one stays.",
        ),
        &[
            LABORATORY,
            DF,
            BYTES,
            not("SELECT EF 6F77", "00A4000C 02 6F77", 0x6A82),
            reads("READ BINARY", "00B00000 08", "0102030405060708"),
        ],
    ),
    case(
        Head::must(FUNCTION, 12, "An EF below the MF is selected by a path from the MF, wherever one is."),
        &[
            LABORATORY,
            USIM,
            does("SELECT 7F4A/5F3A/4F01 from the MF", "00A4080C 06 7F4A5F3A4F01"),
            reads("READ BINARY", "00B00000 01", "99"),
        ],
    ),
    case(
        Head::must(FUNCTION, 13, "An EF is selected by a path from the current directory."),
        &[
            LABORATORY,
            DF,
            does("SELECT 5F3A/4F01 from here", "00A4090C 04 5F3A4F01"),
            reads("READ BINARY", "00B00000 01", "99"),
        ],
    ),
    case(
        Head::must(FUNCTION, 14, "A path from the current directory does not begin at the MF."),
        &[LABORATORY, DF, not("SELECT 7F4A/6F01 from here", "00A4090C 04 7F4A6F01", 0x6A82)],
    ),
    case(
        Head::must(FUNCTION, 15, "A path with half a file identifier is refused."),
        &[
            LABORATORY,
            none_of("SELECT by 3 bytes of a path", "00A4080C 03 7F4A6F", &[0x6700, 0x6A80, 0x6A82, 0x6A87]),
        ],
    ),
    case(
        Head::must(FUNCTION, 16, "From a DF its parent and the DFs beside it are selected by identifier."),
        &[
            LABORATORY,
            DF,
            does("SELECT DF 5F3A", "00A4000C 02 5F3A"),
            does("SELECT its parent DF 7F4A", "00A4000C 02 7F4A"),
            reads("READ BINARY of 6F01 by SFI 01", "00B08100 03", "010203"),
        ],
    ),
    case(
        Head::must(FUNCTION, 17, "An EF of a directory further up is not selected by its identifier."),
        &[
            LABORATORY,
            DF,
            does("SELECT DF 5F3A", "00A4000C 02 5F3A"),
            not("SELECT EF 6F01", "00A4000C 02 6F01", 0x6A82),
        ],
    ),
    case(
        Head::must(FUNCTION, 18, "7FFF stands for the current application."),
        &[
            LABORATORY,
            USIM,
            does("SELECT the MF", "00A4000C 02 3F00"),
            does("SELECT 7FFF", "00A4000C 02 7FFF"),
            has("SELECT EF.IMSI", "00A40004 02 6F07", &[(0x83, "6F07"), (0x80, "0009")]),
        ],
    ),
    case(
        Head::must(FUNCTION, 19, "Without an application there is no 7FFF."),
        &[LABORATORY, not("SELECT 7FFF", "00A4000C 02 7FFF", 0x6A82)],
    ),
    case(
        Head::must(FUNCTION, 20, "The channels of a card have current files of their own."),
        &[
            LABORATORY,
            DF,
            BYTES,
            does("MANAGE CHANNEL to open channel 3", "00700003 00"),
            not("READ BINARY on channel 3, where the MF is current", "03B00000 01", 0x6986),
            does("SELECT EF.ICCID on channel 3", "03A4000C 02 2FE2"),
            reads("READ BINARY on channel 0", "00B00000 08", "0102030405060708"),
        ],
    ),
    case(
        Head::must(FUNCTION, 21, "A link has the content of the file that it leads to."),
        &[
            LABORATORY,
            DF,
            does("SELECT EF 6F09", "00A4000C 02 6F09"),
            does("UPDATE BINARY", "00D60000 02 AABB"),
            BYTES,
            reads("READ BINARY of EF 6F01", "00B00000 08", "AABB030405060708"),
        ],
    ),
    case(
        Head::must(FUNCTION, 22, "EF.ICCID and EF.DIR are there, and EF.DIR names the USIM."),
        &[
            LABORATORY,
            has("SELECT EF.ICCID", "00A40004 02 2FE2", &[(0x80, "000A"), (0x83, "2FE2")]),
            does("SELECT EF.DIR", "00A4000C 02 2F00"),
            reads("READ RECORD 1", "00B20104 16", "61144F0CA0000000871002FFFFFFFF8950045553494D"),
        ],
    ),
    case(
        Head::must(FUNCTION, 23, "The total size of a DF, where it is told, is at least that of its files."),
        &[
            LABORATORY,
            Step::Exchange(Exchange {
                what: "SELECT DF 7F4A",
                command: "00A40004 02 7F4A",
                // Those of the laboratory whose size is fixed have 42 bytes.
                wanted: Wanted::FcpAtLeast(0x81, 42),
            }),
        ],
    ),
    case(
        Head::should(FUNCTION, 24, "A path with half a file identifier is refused for its length."),
        &[
            LABORATORY,
            none_of("SELECT by 3 bytes of a path", "00A4080C 03 7F4A6F", &[0x6700, 0x6A80, 0x6A87]),
        ],
    ),
    case(
        Head::must(STATUS, 1, "STATUS tells of the current directory."),
        &[LABORATORY, DF, BYTES, has("STATUS", "80F20000 00", &[(0x83, "7F4A")])],
    ),
    case(
        Head::must(STATUS, 2, "STATUS names the current application."),
        &[LABORATORY, USIM, reads("STATUS for the AID", "80F20001 00", "840CA0000000871002FFFFFFFF89")],
    ),
    case(
        Head::must(STATUS, 3, "STATUS without data has none."),
        &[LABORATORY, USIM, reads("STATUS without data", "80F2000C", "")],
    ),
];
