//! READ RECORD (ETSI TS 102 221 §11.1.5), UPDATE RECORD (§11.1.6), SEARCH RECORD (§11.1.7), INCREASE (§11.1.8).

use super::*;

const READ: Function = function("READRECORD", "11.1.5");
const UPDATE: Function = function("UPDATERECORD", "11.1.6");
const SEARCH: Function = function("SEARCHRECORD", "11.1.7");
const INCREASE: Function = function("INCREASE", "11.1.8");

pub(super) const CASES: &[Case] = &[
    case(
        Head::must(READ, 1, "A record is read by its number."),
        &[LABORATORY, DF, RECORDS, reads("READ RECORD 2", "00B20204 04", "02B2B2B2")],
    ),
    case(
        Head::must(READ, 2, "A number of no record is answered with 6A83."),
        &[LABORATORY, DF, RECORDS, not("READ RECORD 4", "00B20404 04", 0x6A83)],
    ),
    case(
        Head::must(READ, 3, "Next and previous go on from the record pointer, and stop at the ends."),
        &[
            LABORATORY,
            DF,
            RECORDS,
            reads("READ RECORD, next", "00B20002 04", "01A1A1A1"),
            reads("READ RECORD, next", "00B20002 04", "02B2B2B2"),
            reads("READ RECORD, previous", "00B20003 04", "01A1A1A1"),
            not("READ RECORD, previous", "00B20003 04", 0x6A83),
        ],
    ),
    case(
        Head::must(READ, 4, "Reading a record by its number does not move the record pointer."),
        &[
            LABORATORY,
            DF,
            RECORDS,
            reads("READ RECORD, next", "00B20002 04", "01A1A1A1"),
            reads("READ RECORD 3", "00B20304 04", "03A1A1A1"),
            reads("READ RECORD, next", "00B20002 04", "02B2B2B2"),
        ],
    ),
    case(
        Head::must(READ, 5, "A short file identifier selects the EF whose record is read."),
        &[
            LABORATORY,
            DF,
            reads("READ RECORD 3 of SFI 02", "00B20314 04", "03A1A1A1"),
            reads("READ RECORD 1 of the same EF", "00B20104 04", "01A1A1A1"),
        ],
    ),
    case(
        Head::must(READ, 6, "READ RECORD of a transparent EF is answered with 6981."),
        &[LABORATORY, DF, BYTES, not("READ RECORD 1", "00B20104 04", 0x6981)],
    ),
    case(
        Head::must(READ, 7, "In a cyclic EF next goes from the last record to the first."),
        &[
            LABORATORY,
            DF,
            COUNTERS,
            reads("READ RECORD, next", "00B20002 03", "000003"),
            reads("READ RECORD, next", "00B20002 03", "000002"),
            reads("READ RECORD, next", "00B20002 03", "000001"),
            reads("READ RECORD, next", "00B20002 03", "000003"),
        ],
    ),
    case(
        Head::must(READ, 8, "Where no EF is current READ RECORD is answered with 6986."),
        &[LABORATORY, DF, not("READ RECORD 1", "00B20104 04", 0x6986)],
    ),
    case(
        Head::must(UPDATE, 1, "A record that was updated is read, and the others stay."),
        &[
            LABORATORY,
            DF,
            RECORDS,
            reads("UPDATE RECORD 2", "00DC0204 04 AABBCCDD", ""),
            reads("READ RECORD 2", "00B20204 04", "AABBCCDD"),
            reads("READ RECORD 1", "00B20104 04", "01A1A1A1"),
            reads("READ RECORD 3", "00B20304 04", "03A1A1A1"),
        ],
    ),
    case(
        Head::must(UPDATE, 2, "A record of another length than the EF has is refused."),
        &[
            LABORATORY,
            DF,
            RECORDS,
            not("UPDATE RECORD 2 with 3 bytes", "00DC0204 03 AABBCC", 0x6700),
            reads("READ RECORD 2", "00B20204 04", "02B2B2B2"),
        ],
    ),
    case(
        Head::must(
            UPDATE,
            3,
            "Updating the previous record of a cyclic EF replaces the oldest, which becomes the first.",
        ),
        &[
            LABORATORY,
            DF,
            COUNTERS,
            does("UPDATE RECORD, previous", "00DC0003 03 0000AA"),
            reads("READ RECORD 1", "00B20104 03", "0000AA"),
            reads("READ RECORD 2", "00B20204 03", "000003"),
            reads("READ RECORD 3", "00B20304 03", "000002"),
        ],
    ),
    case(
        Head::must(UPDATE, 4, "No other way to update a cyclic EF is there."),
        &[
            LABORATORY,
            DF,
            COUNTERS,
            none_of("UPDATE RECORD 1", "00DC0104 03 0000AA", &[0x6981, 0x6985, 0x6A86, 0x6A81]),
            reads("READ RECORD 1", "00B20104 03", "000003"),
        ],
    ),
    case(
        Head::must(UPDATE, 5, "A number of no record is answered with 6A83."),
        &[LABORATORY, DF, RECORDS, not("UPDATE RECORD 4", "00DC0404 04 AABBCCDD", 0x6A83)],
    ),
    case(
        Head::must(SEARCH, 1, "A search tells the numbers of the records that have the pattern."),
        &[
            LABORATORY,
            DF,
            RECORDS,
            reads("SEARCH RECORD for A1A1A1 from record 1", "00A20104 03 A1A1A1 00", "0103"),
        ],
    ),
    case(
        Head::must(SEARCH, 2, "A search begins with the record that is named."),
        &[LABORATORY, DF, RECORDS, reads("SEARCH RECORD for A1 from record 2", "00A20204 01 A1 00", "03")],
    ),
    case(
        Head::must(SEARCH, 3, "A backward search goes from the record that is named to the first."),
        &[
            LABORATORY,
            DF,
            RECORDS,
            reads("SEARCH RECORD backward for A1 from record 3", "00A20305 01 A1 00", "0301"),
        ],
    ),
    case(
        Head::must(SEARCH, 4, "An enhanced search compares at the offset that it names."),
        &[
            LABORATORY,
            DF,
            RECORDS,
            // From byte 1 on, forward from record 1.
            reads("SEARCH RECORD for B2 at offset 1", "00A20106 03 0401B2 00", "02"),
        ],
    ),
    case(
        Head::must(SEARCH, 5, "A pattern that no record has is answered with 6282."),
        &[LABORATORY, DF, RECORDS, not("SEARCH RECORD for EE", "00A20104 01 EE 00", 0x6282)],
    ),
    case(
        Head::must(SEARCH, 6, "A search of a transparent EF is answered with 6981."),
        &[LABORATORY, DF, BYTES, not("SEARCH RECORD", "00A20104 01 A1 00", 0x6981)],
    ),
    case(
        Head::must(SEARCH, 7, "A short file identifier selects the EF that is searched."),
        &[LABORATORY, DF, reads("SEARCH RECORD of SFI 02", "00A20114 01 B2 00", "02")],
    ),
    case(
        Head::must(INCREASE, 1, "INCREASE adds to the newest record, and both numbers are told."),
        &[
            LABORATORY,
            DF,
            COUNTERS,
            reads("INCREASE by 000102", "80320000 03 000102 00", "000105000102"),
            reads("READ RECORD 1", "00B20104 03", "000105"),
            reads("READ RECORD 2", "00B20204 03", "000003"),
        ],
    ),
    case(
        Head::must(
            INCREASE,
            2,
            "Beyond the largest number INCREASE is answered with 9850, and nothing changes.",
        ),
        &[
            LABORATORY,
            DF,
            COUNTERS,
            not("INCREASE by FFFFFF", "80320000 03 FFFFFF 00", 0x9850),
            reads("READ RECORD 1", "00B20104 03", "000003"),
        ],
    ),
    case(
        Head::must(INCREASE, 3, "INCREASE of an EF that is not cyclic is answered with 6981."),
        &[LABORATORY, DF, RECORDS, not("INCREASE by 1", "80320000 03 000001 00", 0x6981)],
    ),
];
