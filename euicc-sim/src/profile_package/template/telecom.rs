//! Files of DF.TELECOM and of the DFs in it: GRAPHICS, PHONEBOOK, MULTIMEDIA, MMSS, MCS, V2X (template 2.23.143.1.2.3;
//! 3GPP TS 31.102 §4.6).

use super::file_template::{FF, FREE, FileTemplate};
use super::phonebook::{self, DF_PHONEBOOK};
use super::{Place, Template};

pub(super) const TEMPLATE: Template = Template {
    number: 3,
    versions: 2,
    place: Place::BelowMasterFile,
    directories: &[
        (2, 0x7F10),
        (9, 0x5F50),
        (15, DF_PHONEBOOK),
        (33, 0x5F3B),
        (36, 0x5F3C),
        (40, 0x5F3D),
        (43, 0x5F3E),
    ],
    files: &[&OWN, &GRAPHICS, &phonebook::files(16), &MULTIMEDIA, &MMSS, &MCS, &V2X],
    mandatory: &[2],
    created_by_default: false,
};

const OWN: [FileTemplate; 6] = [
    FileTemplate::open_records(3, 0x6F06, 10, FF),
    FileTemplate::open_records(4, 0x6F53, 3, FF),
    FileTemplate::transparent(5, 0x6F54, 22, 3, FF),
    FileTemplate::records(6, 0x6FE0, (50, 24), 9, FF),
    FileTemplate::open_records(7, 0x6FE1, 9, FF),
    FileTemplate::open_records(8, 0x6FE5, 5, FF),
];

const GRAPHICS: [FileTemplate; 5] = [
    FileTemplate::open_records(10, 0x4F20, 2, FREE),
    FileTemplate::open(11, 0x4F40, 2, FF).up_to(64),
    FileTemplate::ber_tlv(12, 0x4F21, 9),
    FileTemplate::open(13, 0x4F01, 10, FF),
    FileTemplate::open(14, 0x4F80, 10, FF).up_to(64),
];

const MULTIMEDIA: [FileTemplate; 2] =
    [FileTemplate::ber_tlv(34, 0x4F47, 5), FileTemplate::ber_tlv(35, 0x4F48, 5)];

const MMSS: [FileTemplate; 3] = [
    FileTemplate::open(37, 0x4F20, 2, FF).short(0x01),
    FileTemplate::open(38, 0x4F21, 2, FF).short(0x02),
    FileTemplate::transparent(39, 0x4F22, 1, 2, FF).short(0x03),
];

const MCS: [FileTemplate; 2] =
    [FileTemplate::open(41, 0x4F01, 2, FF).short(0x01), FileTemplate::ber_tlv(42, 0x4F02, 2).short(0x02)];

const V2X: [FileTemplate; 4] = [
    FileTemplate::open(44, 0x4F01, 2, FF).short(0x01),
    FileTemplate::ber_tlv(45, 0x4F02, 2).short(0x02),
    FileTemplate::open(46, 0x4F03, 2, FF),
    FileTemplate::open(47, 0x4F04, 2, FF),
];
