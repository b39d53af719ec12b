//! ES2+ (SGP.22 §5.3, §6.5.2.1 to §6.5.2.5).

mod binding;
mod cancel_order;
mod certificates;
mod confirm_order;
mod download_order;
mod handle_download_progress_info;
mod release_profile;

use super::super::call::{Confirm, Reserve, Withdraw};
use super::super::step::Step;
use crate::server::Case;

/// In the order of an order's life.
pub(super) const CASES: &[&[Case]] = &[
    certificates::CASES,
    certificates::DEFECTS,
    binding::CASES,
    download_order::CASES,
    confirm_order::CASES,
    release_profile::CASES,
    cancel_order::CASES,
    handle_download_progress_info::CASES,
];

const ORDERED: Step = Step::DownloadOrder(Reserve::ANY);
const CONFIRMED: Step = Step::ConfirmOrder(Confirm::KEPT);
const RELEASED: Step = Step::ConfirmOrder(Confirm::RELEASED);
const CANCELLED: Step = Step::CancelOrder(Withdraw::AVAILABLE);
