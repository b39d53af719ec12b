//! Files of a USIM (template 2.23.143.1.2.4; 3GPP TS 31.102 §4.2).

use super::file_template::{FF, FREE, FileTemplate, Fill, ZERO};
use super::{Place, Template};

/// No key, KSI 7.
const NO_KEYS: Fill<'static> = Fill::Once(&[0x07, 0xFF]);
/// EF_START-HFN at its threshold.
const START_HFN: Fill<'static> = Fill::Repeat(&[0xF0, 0x00, 0x00]);
/// Nothing known of where the device is, status "not updated".
const NO_LOCATION: Fill<'static> = Fill::EndingWith(&[0x00, 0x00, 0xFF, 0x01]);
const NO_EPS_LOCATION: Fill<'static> = Fill::EndingWith(&[0x00, 0x00, 0x01]);

pub(super) const TEMPLATE: Template = Template {
    number: 4,
    versions: 2,
    place: Place::Application,
    directories: &[(2, 0)],
    files: &[&[
        FileTemplate::transparent(3, 0x6F07, 9, 2, FF).short(0x07),
        FileTemplate::open_records(4, 0x6F06, 10, FF).short(0x17),
        FileTemplate::transparent(5, 0x6F08, 33, 5, NO_KEYS).short(0x08).high_update(),
        FileTemplate::transparent(6, 0x6F09, 33, 5, NO_KEYS).short(0x09).high_update(),
        FileTemplate::transparent(7, 0x6F31, 1, 2, Fill::Once(&[0x0A])).short(0x12),
        FileTemplate::transparent(8, 0x6F38, 14, 2, ZERO).short(0x04).until(1),
        FileTemplate::transparent(8, 0x6F38, 17, 2, ZERO).short(0x04).since(2),
        FileTemplate::records(9, 0x6F3B, (20, 26), 8, FF).if_service(&[2, 89]),
        FileTemplate::records(10, 0x6F3C, (10, 176), 5, FREE).if_service(&[10]),
        FileTemplate::records(11, 0x6F42, (1, 38), 5, FF).if_service(&[12]),
        FileTemplate::transparent(12, 0x6F43, 2, 5, FF).if_service(&[10]),
        FileTemplate::transparent(13, 0x6F46, 17, 10, FF),
        FileTemplate::transparent(14, 0x6F56, 1, 8, ZERO).short(0x05),
        FileTemplate::transparent(15, 0x6F5B, 6, 5, START_HFN).short(0x0F).high_update(),
        FileTemplate::transparent(16, 0x6F5C, 3, 2, FF).short(0x10),
        FileTemplate::transparent(17, 0x6F73, 14, 5, NO_LOCATION).short(0x0C).high_update(),
        FileTemplate::transparent(18, 0x6F78, 2, 2, ZERO).short(0x06),
        FileTemplate::transparent(19, 0x6F7B, 12, 5, FF).short(0x0D),
        FileTemplate::transparent(20, 0x6F7E, 11, 5, NO_LOCATION).short(0x0B).high_update(),
        FileTemplate::transparent(21, 0x6FAD, 4, 10, Fill::Once(&[0x00, 0x00, 0x00, 0x02])).short(0x03),
        FileTemplate::records(22, 0x6FB7, (1, 4), 10, FF).short(0x01),
        FileTemplate::transparent(23, 0x6FC4, 128, 5, FF).high_update(),
        FileTemplate::transparent(24, 0x6FE3, 18, 5, NO_EPS_LOCATION)
            .short(0x1E)
            .if_service(&[85])
            .high_update(),
        FileTemplate::records(25, 0x6FE4, (1, 80), 5, FF).short(0x18).if_service(&[85]).high_update(),
    ]],
    mandatory: &[2, 3, 4, 8, 13, 14, 18, 22],
    created_by_default: true,
};
