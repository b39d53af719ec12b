//! Files of a DF.EAP (template 2.23.143.1.2.12; ETSI TS 102 310 §7).

use super::file_template::{FF, FileTemplate, ZERO};
use super::{Place, Template};

pub(super) const TEMPLATE: Template = Template {
    number: 12,
    versions: 1,
    place: Place::BelowApplication,
    directories: &[(2, 0)],
    files: &[&[
        FileTemplate::open(3, 0x4F01, 2, FF).high_update(),
        FileTemplate::transparent(4, 0x4F02, 1, 2, ZERO).high_update(),
        FileTemplate::open(5, 0x4F03, 2, FF),
        FileTemplate::open(6, 0x4F04, 5, FF).high_update(),
        FileTemplate::open(7, 0x4F20, 5, FF).high_update(),
        FileTemplate::open(8, 0x4F21, 5, FF),
        FileTemplate::open(9, 0x4F22, 5, FF),
    ]],
    mandatory: &[2, 4],
    created_by_default: false,
};
