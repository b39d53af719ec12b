//! Files of the MF (template 2.23.143.1.2.1).

use super::{FF, FileTemplate, Place, Template};

pub(super) const TEMPLATE: Template = Template {
    number: 1,
    place: Place::MasterFile,
    directories: &[(2, 0x3F00)],
    files: &[
        FileTemplate::transparent(3, 0x2F05, 2, 1, FF).short(0x05),
        FileTemplate::transparent(4, 0x2FE2, 10, 11, FF),
        FileTemplate::open_records(5, 0x2F00, 10).short(0x1E),
        FileTemplate::open_records(6, 0x2F06, 10),
    ],
    mandatory: &[2, 4, 5, 6],
    created_by_default: true,
};
