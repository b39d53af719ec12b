//! ES12 (SGP.22 §5.9, §3.6), and ES15 (§5.10), which is the same with another caller.

mod certificates;
mod delete_event;
mod es15;
mod register_event;

use crate::server::Case;
use crate::server::call::{Authenticate, Register};
use crate::server::step::Step;

/// In the order of an event's life.
pub(super) const CASES: &[&[Case]] =
    &[certificates::CASES, certificates::DEFECTS, register_event::CASES, delete_event::CASES, es15::CASES];

const EVENT: Step = Step::RegisterEvent(Register::Good);
/// All events of the eUICC are asked for.
const ASKED: Step = Step::AuthenticateClient(Authenticate::NoMatchingId);
