//! Directories in a USIM: DF.GSM-ACCESS, DF.5GS, DF.SAIP, DF.SNPN, DF.5G_ProSe (3GPP TS 31.102 §4.4).

use asn1::profile::ElementKind;

use super::file_template::{FF, FileTemplate, Fill, ZERO};
use super::{Place, Template};

/// A ciphering key of GSM or GPRS that is not there: sequence number 7.
const NO_KEY: Fill<'static> = Fill::EndingWith(&[0x07]);
/// 5GS location information, status "not updated".
const NO_5GS_LOCATION: Fill<'static> = Fill::EndingWith(&[0x00, 0x00, 0x00, 0x01]);

pub(super) const GSM_ACCESS: Template = Template {
    number: 7,
    versions: 1,
    place: Place::Below(ElementKind::Usim),
    directories: &[(2, 0x5F3B)],
    files: &[&[
        FileTemplate::transparent(3, 0x4F20, 9, 5, NO_KEY).short(0x01).high_update(),
        FileTemplate::transparent(4, 0x4F52, 9, 5, NO_KEY).short(0x02).high_update(),
        FileTemplate::transparent(5, 0x4F63, 10, 5, FF).high_update(),
        FileTemplate::transparent(6, 0x4F64, 1, 2, ZERO),
    ]],
    mandatory: &[2],
    created_by_default: false,
};

pub(super) const DF_5GS: Template = Template {
    number: 13,
    versions: 4,
    place: Place::Below(ElementKind::Usim),
    directories: &[(2, 0x5FC0)],
    files: &[&[
        FileTemplate::transparent(3, 0x4F01, 20, 5, NO_5GS_LOCATION).short(0x01).high_update(),
        FileTemplate::transparent(4, 0x4F02, 20, 5, NO_5GS_LOCATION).short(0x02).high_update(),
        FileTemplate::records(5, 0x4F03, (1, 57), 5, FF).short(0x03).high_update().until(2),
        FileTemplate::records(5, 0x4F03, (2, 62), 5, FF).short(0x03).high_update().since(3),
        FileTemplate::records(6, 0x4F04, (1, 57), 5, FF).short(0x04).high_update().until(2),
        FileTemplate::records(6, 0x4F04, (2, 62), 5, FF).short(0x04).high_update().since(3),
        FileTemplate::transparent(7, 0x4F05, 110, 5, FF).short(0x05).high_update(),
        FileTemplate::transparent(8, 0x4F06, 4, 2, ZERO).short(0x06),
        FileTemplate::open(9, 0x4F07, 2, FF).short(0x07),
        FileTemplate::records_of(10, 0x4F08, 10, 10, FF).short(0x08),
        FileTemplate::open(11, 0x4F09, 2, FF).short(0x09),
        FileTemplate::transparent(12, 0x4F0A, 4, 2, Fill::Once(&[0xF0, 0xFF])).short(0x0A).until(3),
        FileTemplate::transparent(12, 0x4F0A, 4, 2, Fill::Once(&[0xF0, 0xFF, 0x00])).short(0x0A).since(4),
        FileTemplate::ber_tlv(13, 0x4F0B, 2),
        FileTemplate::transparent(14, 0x4F0C, 1, 2, ZERO).short(0x0C),
        FileTemplate::transparent(15, 0x4F0D, 2, 2, FF).short(0x0D),
        FileTemplate::open(16, 0x4F0E, 2, FF).short(0x0E),
        FileTemplate::transparent(17, 0x4F0F, 7, 2, FF).short(0x0F),
        FileTemplate::transparent(18, 0x4F10, 2, 2, FF).short(0x10),
        FileTemplate::transparent(19, 0x4F11, 1, 2, FF).short(0x11),
        FileTemplate::transparent(20, 0x4F15, 1, 2, FF).short(0x15),
        FileTemplate::transparent(21, 0x4F16, 1, 2, FF).short(0x16),
    ]],
    mandatory: &[2],
    created_by_default: false,
};

pub(super) const DF_SAIP: Template = Template {
    number: 14,
    versions: 1,
    place: Place::Below(ElementKind::Usim),
    directories: &[(2, 0x5FD0)],
    files: &[&[FileTemplate::open(3, 0x4F01, 3, FF)]],
    mandatory: &[2],
    created_by_default: false,
};

pub(super) const DF_SNPN: Template = Template {
    number: 15,
    versions: 1,
    place: Place::Below(ElementKind::Usim),
    directories: &[(2, 0x5FE0)],
    files: &[&[FileTemplate::transparent(3, 0x4F01, 1, 10, FF)]],
    mandatory: &[2],
    created_by_default: false,
};

pub(super) const DF_5G_PROSE: Template = Template {
    number: 16,
    versions: 1,
    place: Place::Below(ElementKind::Usim),
    directories: &[(2, 0x5FF0)],
    files: &[&[
        FileTemplate::transparent(3, 0x4F01, 1, 2, FF).short(0x01),
        FileTemplate::transparent(4, 0x4F02, 26, 2, FF).short(0x02),
        FileTemplate::transparent(5, 0x4F03, 12, 2, FF).short(0x03),
        FileTemplate::transparent(6, 0x4F04, 32, 2, FF).short(0x04),
        FileTemplate::transparent(7, 0x4F05, 29, 2, FF).short(0x05),
        FileTemplate::transparent(8, 0x4F06, 32, 2, FF).short(0x06),
    ]],
    mandatory: &[2],
    created_by_default: false,
};
