//! Files of the MF (template 2.23.143.1.2.1; ETSI TS 102 221 §13).

use super::file_template::{FF, FileTemplate, ZERO};
use super::{Place, Template};

pub(super) const TEMPLATE: Template = Template {
    number: 1,
    versions: 1,
    place: Place::MasterFile,
    directories: &[(2, 0x3F00)],
    files: &[&[
        FileTemplate::transparent(3, 0x2F05, 2, 1, FF).short(0x05),
        FileTemplate::transparent(4, 0x2FE2, 10, 11, FF),
        FileTemplate::open_records(5, 0x2F00, 10, FF).short(0x1E),
        FileTemplate::open_records(6, 0x2F06, 10, FF),
        // Its default says nothing: without content of its own a device has no use for it.
        FileTemplate::transparent(7, 0x2F08, 5, 10, ZERO).short(0x08).on_demand(),
    ]],
    mandatory: &[2, 4, 5, 6],
    created_by_default: true,
};
