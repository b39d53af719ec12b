//! Directories in a USIM: DF.GSM-ACCESS, DF.5GS, DF.SAIP (3GPP TS 31.102 §4.4).

use asn1::profile::ElementKind;

use super::{FF, FileTemplate, Fill, Place, Template, ZERO};

/// A ciphering key of GSM or GPRS that is not there: sequence number 7.
const NO_KEY: Fill<'static> = Fill::EndingWith(&[0x07]);
/// 5GS location information, status "not updated".
const NO_5GS_LOCATION: Fill<'static> = Fill::EndingWith(&[0x00, 0x00, 0x00, 0x01]);

pub(super) const GSM_ACCESS: Template = Template {
    number: 7,
    place: Place::Below(ElementKind::Usim),
    directories: &[(2, 0x5F3B)],
    files: &[
        FileTemplate::transparent(3, 0x4F20, 9, 5, NO_KEY).short(0x01),
        FileTemplate::transparent(4, 0x4F52, 9, 5, NO_KEY).short(0x02),
        FileTemplate::transparent(5, 0x4F63, 10, 5, FF),
        FileTemplate::transparent(6, 0x4F64, 1, 2, ZERO),
    ],
    mandatory: &[2],
    created_by_default: false,
};

pub(super) const DF_5GS: Template = Template {
    number: 13,
    place: Place::Below(ElementKind::Usim),
    directories: &[(2, 0x5FC0)],
    files: &[
        FileTemplate::transparent(3, 0x4F01, 20, 5, NO_5GS_LOCATION).short(0x01),
        FileTemplate::transparent(4, 0x4F02, 20, 5, NO_5GS_LOCATION).short(0x02),
        FileTemplate::records(5, 0x4F03, (1, 57), 5, FF).short(0x03),
        FileTemplate::records(6, 0x4F04, (1, 57), 5, FF).short(0x04),
        FileTemplate::transparent(7, 0x4F05, 110, 5, FF).short(0x05),
        FileTemplate::transparent(8, 0x4F06, 4, 2, ZERO).short(0x06),
        FileTemplate::open(9, 0x4F07, 2, FF).short(0x07),
        FileTemplate::records(10, 0x4F08, (1, 10), 10, FF).short(0x08),
        FileTemplate::open(11, 0x4F09, 2, FF).short(0x09),
        FileTemplate::transparent(12, 0x4F0A, 4, 2, Fill::Once(&[0xF0, 0xFF])).short(0x0A),
        FileTemplate::ber_tlv(13, 0x4F0B, 2),
        FileTemplate::transparent(14, 0x4F0C, 1, 2, ZERO).short(0x0C),
    ],
    mandatory: &[2],
    created_by_default: false,
};

pub(super) const DF_SAIP: Template = Template {
    number: 14,
    place: Place::Below(ElementKind::Usim),
    directories: &[(2, 0x5FD0)],
    files: &[FileTemplate::open(3, 0x4F01, 3, FF)],
    mandatory: &[2],
    created_by_default: false,
};
