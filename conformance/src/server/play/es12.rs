//! The functions that an SM-DP+ or an Alternative SM-DS calls at an SM-DS.

use super::between::Event;
use super::{Player, StepError};
use crate::server::call::{Caller, Delete, Named, Register};
use crate::server::message::{Form, Told};
use crate::server::orders::Order;

impl Player<'_> {
    pub(super) async fn register_event(&mut self, how: Register, form: &Form) -> Result<(), StepError> {
        let last = self.between.events.last().map(|event| event.named.event_id.clone());
        let event_id = match last.filter(|_| how.is_again()) {
            Some(last) => last,
            None => format!("J-{}", self.text_of_its_own()),
        };
        let eid = if how.is_for_another() { self.other_eid() } else { self.euicc.eid() };
        let named = Named { eid, event_id };
        let message = self.named(how.message(&named))?;
        if let Told::Executed(_) = self.call(message, form).await?.told {
            // The LPA asks for an event by the EventID, as for an order by the MatchingID (SGP.22 §3.6.2).
            let matching_id = Some(named.event_id.clone());
            self.order = Some(Order { matching_id, confirmation_code: None, iccid: None, eid: None });
            self.between.events.push(Event { named, caller: self.caller(), deleted: false });
        }
        Ok(())
    }

    pub(super) async fn delete_event(&mut self, how: Delete, form: &Form) -> Result<(), StepError> {
        let own = || Named { eid: self.euicc.eid(), event_id: String::new() };
        let named = self.between.events.last().map_or_else(own, |event| event.named.clone());
        let message = self.named(how.message(&named))?;
        let deleted = matches!(self.call(message, form).await?.told, Told::Executed(_));
        let caller = self.caller();
        // What another caller is told it has deleted is not to be gone (SGP.22 §5.9.2).
        let own = |event: &&mut Event| event.named == named && event.caller == caller;
        let event = self.between.events.iter_mut().rev().find(own);
        if let Some(event) = event.filter(|_| deleted && how == Delete::Last) {
            event.deleted = true;
        }
        Ok(())
    }

    /// Deletes what the case has registered. Nobody is told if it does not work.
    pub(super) async fn delete_events(&mut self) {
        for event in std::mem::take(&mut self.between.events) {
            if !event.deleted {
                self.called_by(event.caller);
                let message = Delete::Last.message(&event.named);
                if let Ok(message) = self.named(message) {
                    self.call(message, &Form::Right).await.ok();
                }
            }
        }
        self.called_by(Caller::Usual);
    }
}
