//! Files of a DF.PHONEBOOK, in DF.TELECOM or in a USIM (template 2.23.143.1.2.6; 3GPP TS 31.102 §4.4.2). Of most kinds
//! there may be several, and a package gives them their short identifiers to go with EF_PBR.

use asn1::profile::ElementKind;

use super::file_template::{FF, FREE, FileTemplate, ZERO};
use super::{Place, Template};

pub(super) const TEMPLATE: Template = Template {
    number: 6,
    versions: 1,
    place: Place::Below(ElementKind::Usim),
    directories: &[(2, DF_PHONEBOOK)],
    files: &[&files(3)],
    mandatory: &[2],
    created_by_default: false,
};

pub(super) const DF_PHONEBOOK: u16 = 0x5F3A;

/// The files, the first of them with the member number `first`.
pub(super) const fn files(first: u32) -> [FileTemplate; 17] {
    [
        FileTemplate::open_records(first, 0x4F30, 2, FF),
        FileTemplate::records_of(first + 1, 0x4F38, 13, 5, FREE).up_to(8),
        FileTemplate::open_records(first + 2, 0x4F40, 5, FF).up_to(8),
        FileTemplate::open_records(first + 3, 0x4F48, 5, FF).up_to(8),
        FileTemplate::transparent(first + 4, 0x4F22, 4, 5, ZERO),
        FileTemplate::transparent(first + 5, 0x4F23, 2, 5, ZERO).high_update(),
        FileTemplate::transparent(first + 6, 0x4F24, 2, 5, ZERO).high_update(),
        FileTemplate::open_records(first + 7, 0x4F50, 5, FF).up_to(8),
        FileTemplate::open_records(first + 8, 0x4F58, 5, FF).up_to(8),
        FileTemplate::records_of(first + 9, 0x4F60, 2, 5, ZERO).up_to(8),
        FileTemplate::open_records(first + 10, 0x4F68, 5, FF).up_to(8),
        FileTemplate::open_records(first + 11, 0x4F70, 5, FF).up_to(8),
        FileTemplate::open_records(first + 12, 0x4F78, 5, FF).up_to(8),
        FileTemplate::open_records(first + 13, 0x4F80, 5, FF).up_to(8),
        FileTemplate::records_of(first + 14, 0x4F88, 2, 5, ZERO).up_to(8),
        FileTemplate::open_records(first + 15, 0x4F90, 5, ZERO).up_to(8),
        FileTemplate::open_records(first + 16, 0x4F98, 5, FF).up_to(8),
    ]
}
