//! What ES10a, ES10b and ES10c have in common.

mod selection;
mod transport;

use crate::card::Case;

pub(super) const CASES: &[&[Case]] = &[selection::CASES, transport::CASES];
