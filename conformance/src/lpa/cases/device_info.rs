//! deviceInfo (SGP.22 §4.2).

use super::{must, procedure};
use crate::lpa::case::Case;
use crate::lpa::expectation::Expectation::DeviceInfo;

pub(super) const CASES: &[Case] = &[Case::of_good(
    must(
        procedure("DeviceInfo", "4.2"),
        1,
        "TAC, IMEI and capabilities of the device are coded as the section has them",
    ),
    &[DeviceInfo],
)];
