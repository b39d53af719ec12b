//! Files of DF.CD, the configuration data of a launch pad (template 2.23.143.1.2.2; ETSI TS 102 221 §13.7).

use super::file_template::{FF, FileTemplate};
use super::{Place, Template};

pub(super) const TEMPLATE: Template = Template {
    number: 2,
    versions: 1,
    place: Place::BelowMasterFile,
    directories: &[(2, 0x7F11)],
    files: &[&[FileTemplate::open(3, 0x6F01, 2, FF), FileTemplate::open(4, 0x6F40, 2, FF).up_to(63)]],
    mandatory: &[2],
    created_by_default: false,
};
