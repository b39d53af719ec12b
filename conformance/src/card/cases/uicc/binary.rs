//! READ BINARY (ETSI TS 102 221 §11.1.3), UPDATE BINARY (§11.1.4), RETRIEVE DATA and SET DATA (§11.3).

use super::*;

const READ: Function = function("READBINARY", "11.1.3");
const UPDATE: Function = function("UPDATEBINARY", "11.1.4");
const RETRIEVE: Function = function("RETRIEVEDATA", "11.3.1");
const SET: Function = function("SETDATA", "11.3.2");
const OBJECTS: Step = does("SELECT the BER-TLV EF 6F04", "00A4000C 02 6F04");

pub(super) const CASES: &[Case] = &[
    case(
        Head::must(READ, 1, "The content that a package brings piece by piece is whole."),
        &[LABORATORY, DF, BYTES, reads("READ BINARY", "00B00000 08", "0102030405060708")],
    ),
    case(
        Head::must(READ, 2, "Part of an EF is read from an offset."),
        &[LABORATORY, DF, BYTES, reads("READ BINARY of 2 bytes from 5", "00B00005 02", "0607")],
    ),
    case(
        Head::must(READ, 3, "A fill pattern fills an EF once, its last byte the rest."),
        &[
            LABORATORY,
            DF,
            does("SELECT EF 6F07", "00A4000C 02 6F07"),
            reads("READ BINARY", "00B00000 03", "A1B2B2"),
        ],
    ),
    case(
        Head::must(READ, 4, "A repeat pattern fills an EF over and over."),
        &[
            LABORATORY,
            DF,
            does("SELECT EF 6F08", "00A4000C 02 6F08"),
            reads("READ BINARY", "00B00000 05", "A1B2A1B2A1"),
        ],
    ),
    case(
        Head::must(READ, 5, "A short file identifier selects the EF that is read."),
        &[
            LABORATORY,
            DF,
            reads("READ BINARY of SFI 01 from 1", "00B08101 02", "0203"),
            reads("READ BINARY of the same EF", "00B00000 01", "01"),
        ],
    ),
    case(
        Head::must(READ, 6, "A short file identifier of no EF is answered with 6A82."),
        &[LABORATORY, DF, not("READ BINARY of SFI 1A", "00B09A00 01", 0x6A82)],
    ),
    case(
        Head::must(READ, 7, "An offset outside of the EF is answered with 6B00."),
        &[LABORATORY, DF, BYTES, not("READ BINARY from 9", "00B00009 01", 0x6B00)],
    ),
    case(
        Head::must(READ, 8, "Where no EF is current READ BINARY is answered with 6986."),
        &[LABORATORY, DF, not("READ BINARY", "00B00000 01", 0x6986)],
    ),
    case(
        Head::must(READ, 9, "READ BINARY of records is answered with 6981."),
        &[LABORATORY, DF, RECORDS, not("READ BINARY", "00B00000 01", 0x6981)],
    ),
    case(
        Head::must(READ, 10, "What the access rule allows to ADM1 alone is not read without it."),
        &[
            LABORATORY,
            DF,
            does("SELECT EF 6F05", "00A4000C 02 6F05"),
            not("READ BINARY", "00B00000 02", 0x6982),
            does("VERIFY PIN of ADM1", "0020000A 08 3535353535353535"),
            reads("READ BINARY", "00B00000 02", "CAFE"),
        ],
    ),
    case(
        Head::must(UPDATE, 1, "What was written is read, and nothing beside it changes."),
        &[
            LABORATORY,
            DF,
            BYTES,
            reads("UPDATE BINARY of 2 bytes from 3", "00D60003 02 AABB", ""),
            reads("READ BINARY", "00B00000 08", "010203AABB060708"),
        ],
    ),
    case(
        Head::must(UPDATE, 2, "What was written is there after a reset."),
        &[
            LABORATORY,
            does("SELECT EF 6F01", "00A4080C 04 7F4A6F01"),
            does("UPDATE BINARY", "00D60007 01 AA"),
            Step::Reset,
            does("SELECT EF 6F01", "00A4080C 04 7F4A6F01"),
            reads("READ BINARY", "00B00000 08", "01020304050607AA"),
        ],
    ),
    case(
        Head::must(UPDATE, 3, "An update beyond the end is refused, and nothing of it is written."),
        &[
            LABORATORY,
            DF,
            BYTES,
            none_of("UPDATE BINARY of 2 bytes from 7", "00D60007 02 AABB", &[0x6700, 0x6B00]),
            reads("READ BINARY", "00B00000 08", "0102030405060708"),
        ],
    ),
    case(
        Head::must(UPDATE, 4, "A short file identifier selects the EF that is updated."),
        &[
            LABORATORY,
            DF,
            does("UPDATE BINARY of SFI 01", "00D68100 01 AA"),
            reads("READ BINARY", "00B00000 02", "AA02"),
        ],
    ),
    case(
        Head::must(
            UPDATE,
            5,
            "What the access rule allows to nobody is not updated, and everybody reads it.",
        ),
        &[
            LABORATORY,
            DF,
            does("SELECT EF 6F06", "00A4000C 02 6F06"),
            does("VERIFY PIN of ADM1", "0020000A 08 3535353535353535"),
            not("UPDATE BINARY", "00D60000 01 AA", 0x6982),
            reads("READ BINARY", "00B00000 01", "55"),
        ],
    ),
    case(
        Head::must(UPDATE, 6, "UPDATE BINARY of records is answered with 6981."),
        &[LABORATORY, DF, RECORDS, not("UPDATE BINARY", "00D60000 01 AA", 0x6981)],
    ),
    case(
        Head::must(SET, 1, "A data object that was set is retrieved."),
        &[
            LABORATORY,
            DF,
            OBJECTS,
            does("SET DATA of the object 81", "80DB0080 05 8103010203"),
            reads("RETRIEVE DATA of the object 81", "80CB0080 01 81 00", "8103010203"),
        ],
    ),
    case(
        Head::must(SET, 2, "An object that is set again has the new value alone."),
        &[
            LABORATORY,
            DF,
            OBJECTS,
            does("SET DATA of the object 81", "80DB0080 05 8103010203"),
            does("SET DATA of the object 81", "80DB0080 03 8101FF"),
            reads("RETRIEVE DATA of the object 81", "80CB0080 01 81 00", "8101FF"),
        ],
    ),
    case(
        Head::must(SET, 3, "An object without a value is deleted."),
        &[
            LABORATORY,
            DF,
            OBJECTS,
            does("SET DATA of the object 81", "80DB0080 05 8103010203"),
            does("SET DATA of the object 81 without a value", "80DB0080 01 81"),
            not("RETRIEVE DATA of the object 81", "80CB0080 01 81 00", 0x6A88),
        ],
    ),
    case(
        Head::must(SET, 4, "More than the EF takes is answered with 6A84, and nothing of it is kept."),
        &[
            LABORATORY,
            DF,
            OBJECTS,
            not(
                "SET DATA of an object of 66 bytes",
                "80DB0080 42 8140 00000000000000000000000000000000 00000000000000000000000000000000 00000000000000000000000000000000 00000000000000000000000000000000",
                0x6A84,
            ),
            not("RETRIEVE DATA of the object 81", "80CB0080 01 81 00", 0x6A88),
        ],
    ),
    case(
        Head::must(RETRIEVE, 1, "An object that is not there is answered with 6A88."),
        &[LABORATORY, DF, OBJECTS, not("RETRIEVE DATA of the object 82", "80CB0080 01 82 00", 0x6A88)],
    ),
    case(
        Head::must(RETRIEVE, 2, "The tags of all objects are told under 5C."),
        &[
            LABORATORY,
            DF,
            OBJECTS,
            does("SET DATA of the object 81", "80DB0080 03 8101FF"),
            does("SET DATA of the object 82", "80DB0080 03 8201EE"),
            reads("RETRIEVE DATA of the tag list", "80CB0080 01 5C 00", "5C028182"),
        ],
    ),
    case(
        Head::must(RETRIEVE, 3, "RETRIEVE DATA of a transparent EF is answered with 6981."),
        &[LABORATORY, DF, BYTES, not("RETRIEVE DATA", "80CB0080 01 81 00", 0x6981)],
    ),
];
