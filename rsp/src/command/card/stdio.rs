//! `rsp card --stdio`: the card of one program.

use std::path::Path;
use std::sync::Arc;

use anyhow::Result;
use protocol::trace::Actor;

use super::power_on;
use crate::command::TraceArguments;
use crate::io::machine;
use crate::port::{Slot, stdio};

/// Serves the card to whoever is on the other end of standard input and output, until they hang up.
pub fn serve(state: &Path, trace: &TraceArguments) -> Result<()> {
    let tracer = trace.tracer(Actor::Euicc, machine::system_clock())?;
    stdio::serve(Arc::new(Slot::new(power_on(state, tracer)?)))
}
