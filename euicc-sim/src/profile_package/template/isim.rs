//! Files of an ISIM (templates 2.23.143.1.2.8 and .9; 3GPP TS 31.103 §4.2).

use asn1::profile::ElementKind;

use super::file_template::{FF, FREE, FileTemplate, ZERO};
use super::{Place, Template};

pub(super) const ISIM: Template = Template {
    number: 8,
    versions: 1,
    place: Place::Application,
    directories: &[(2, 0)],
    files: &[&[
        FileTemplate::open(3, 0x6F02, 2, FF).short(0x02),
        FileTemplate::open_records(4, 0x6F04, 2, FF).many(1).short(0x04),
        FileTemplate::open(5, 0x6F03, 2, FF).short(0x05),
        FileTemplate::transparent(6, 0x6F07, 14, 2, ZERO).short(0x07),
        FileTemplate::transparent(7, 0x6FAD, 3, 10, ZERO).short(0x03),
        FileTemplate::open_records(8, 0x6F06, 10, FF).short(0x06),
    ]],
    mandatory: &[2, 3, 4, 5, 6, 8],
    created_by_default: true,
};

pub(super) const OPT_ISIM: Template = Template {
    number: 9,
    versions: 2,
    place: Place::Into(ElementKind::Isim),
    directories: &[],
    files: &[&[
        FileTemplate::open_records(2, 0x6F09, 2, FF).many(1),
        FileTemplate::records(3, 0x6F3C, (10, 176), 5, FREE),
        FileTemplate::records(4, 0x6F42, (1, 38), 5, FF),
        FileTemplate::transparent(5, 0x6F43, 2, 5, FF),
        FileTemplate::records(6, 0x6F47, (10, 30), 5, FREE),
        FileTemplate::open(7, 0x6FD5, 5, FF),
        FileTemplate::open_records(8, 0x6FD7, 2, FF),
        FileTemplate::open_records(9, 0x6FDD, 2, FF),
        FileTemplate::open_records(10, 0x6FE7, 2, FF),
        FileTemplate::transparent(11, 0x6FF7, 1, 2, ZERO),
        FileTemplate::ber_tlv(12, 0x6FF8, 2),
        FileTemplate::ber_tlv(13, 0x6FFC, 2),
        FileTemplate::open_records(14, 0x6FFA, 2, FF),
        FileTemplate::ber_tlv(15, 0x6FFE, 2),
    ]],
    mandatory: &[],
    created_by_default: false,
};
