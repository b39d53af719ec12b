//! One call of ES9+, and the fault that acts on it.

use std::sync::OnceLock;

use protocol::es9plus::Function;
use protocol::status::{Fault as Blame, Refusal, StatusCode};
use protocol::types::Eid;

use super::Fault;
use crate::server::Smdp;
use crate::store::Store;

/// A call on its way through a function. It may begin again when another changed the same record first, so what is drawn for it
/// is kept.
pub(crate) struct Call {
    function: Function,
    drawn: OnceLock<Option<Fault>>,
}

/// Whom a call is about, as far as that is known.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct Involved<'a> {
    pub eid: Option<Eid>,
    pub matching_id: Option<&'a str>,
}

impl Call {
    pub fn of(function: Function) -> Self {
        Self { function, drawn: OnceLock::new() }
    }
}

impl<S: Store> Smdp<S> {
    /// Decides whether a fault acts on this call: one of a rule, else one of the catalogue. A fault of the answer is passed on to the
    /// connection; others are the caller's to do.
    ///
    /// # Errors
    /// The refusal, where that is the fault.
    pub(crate) fn disturbed<'a>(
        &self,
        call: &'a Call,
        involved: Involved<'_>,
    ) -> Result<Option<&'a Fault>, Refusal> {
        let fault = call.drawn.get_or_init(|| {
            let of_rule = || self.faults().draw(call.function, involved);
            let fault = of_rule().or_else(|| self.catalogue.draw(call.function, involved));
            fault.inspect(|fault| self.faults().count(fault))
        });
        match fault {
            Some(Fault::Refuse { code, message }) => {
                let message = message.clone().unwrap_or_default().into();
                // SGP.02: these two are never the peer's doing.
                let ours = [StatusCode::EXECUTION_ERROR, StatusCode::BUSY].contains(code);
                let fault = if ours { Blame::OurConfiguration } else { Blame::PeerIncompatible };
                Err(Refusal { code: *code, fault, message })
            }
            Some(Fault::Answer(fault)) => {
                wire::fault::note(*fault);
                Ok(None)
            }
            other => Ok(other.as_ref()),
        }
    }
}
