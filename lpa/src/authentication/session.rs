//! One RSP session on its way, as the LPA sees it.

use asn1::TransactionId;
use protocol::es9plus::Function;
use protocol::trace::Tracer;

use super::error::{Failure, Mismatch};
use crate::card::Card;
use crate::download::User;
use crate::isd_r::IsdR;
use crate::progress::{Progress, Step};

/// From the challenge of the eUICC to the end of whatever the session is for.
pub(crate) struct Session<'a, C: Card, U: ?Sized> {
    pub isd_r: &'a mut IsdR<C>,
    pub user: &'a mut U,
    /// Where it is.
    pub step: Step,
    /// The TransactionID by which the eUICC may know the session: what there is to cancel.
    pub in_euicc: Option<TransactionId>,
    /// What the trace was tied to before.
    outside: Tracer,
}

impl<'a, C: Card, U: User + ?Sized> Session<'a, C, U> {
    /// Nothing has happened yet.
    pub fn new(isd_r: &'a mut IsdR<C>, user: &'a mut U) -> Self {
        let outside = isd_r.tracer().clone();
        Self { isd_r, user, step: Step::OpenEuiccSession, in_euicc: None, outside }
    }

    /// A step begins.
    pub fn begin(&mut self, step: Step) {
        self.step = step;
        self.user.progress(Progress::Step(step));
    }

    /// Tied to the TransactionID as soon as there is one.
    pub fn tracer(&self) -> &Tracer {
        self.isd_r.tracer()
    }

    /// A check of ours on what the server answered; tells the trace how it went.
    pub fn require<E>(
        &self,
        section: &'static str,
        subject: &str,
        function: Function,
        outcome: Result<(), Mismatch>,
    ) -> Result<(), Failure<E>> {
        let outcome = self.tracer().check(section, subject, outcome);
        outcome.map_err(|mismatch| Failure::ServerAnswer { function, mismatch })
    }

    /// Each answer has to be for the session (SGP.22 §5.6, §5.8: the TransactionID identifies it).
    pub fn require_transaction<E>(
        &self,
        subject: &str,
        function: Function,
        expected: &TransactionId,
        found: &TransactionId,
    ) -> Result<(), Failure<E>> {
        let outcome = if expected == found {
            Ok(())
        } else {
            Err(Mismatch::TransactionId { expected: expected.clone(), found: found.clone() })
        };
        self.require("SGP.22 §3.1.2", subject, function, outcome)
    }
}

/// What comes after the session is not of its transaction.
impl<C: Card, U: ?Sized> Drop for Session<'_, C, U> {
    fn drop(&mut self) {
        self.isd_r.set_tracer(self.outside.clone());
    }
}
