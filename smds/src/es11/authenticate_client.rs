//! AuthenticateClient (SGP.22 §5.8.2, §3.6.2).

use asn1::{AuthenticateClientOkEs11, AuthenticateClientRequest, EventEntries, TransactionId, Unknown};
use protocol::mutual_authentication::{unknown_transaction, verify_client};
use protocol::status::{Fault, Refusal, StatusCode};
use protocol::trace::Tracer;
use service::failure::Failure;
use service::observe::{of_eid, of_transaction};
use tracing::Span;

use crate::domain::{EventRecord, SessionRecord};
use crate::root::RootSmds;
use crate::server::Smds;
use crate::store::{Retrieval, Store, StoreError};

impl<S: Store, R: RootSmds> Smds<S, R> {
    pub(super) async fn tell_events(
        &self,
        request: &AuthenticateClientRequest,
    ) -> Result<AuthenticateClientOkEs11, Failure> {
        let transaction_id = &request.transaction_id;
        let tracer = of_transaction(&self.tracer, transaction_id);
        let session = self.session(transaction_id).await?;
        let session = session.ok_or_else(|| unknown_transaction(transaction_id));
        let session = tracer.check("SGP.22 §5.8.2", "the RSP session is known", session)?;
        tracer.object("AuthenticateServerResponse", request.authenticate_server_response.bytes());
        let client = verify_client(&self.identities, &session.opened, request, self.clock.now(), &tracer);
        let client = match client {
            Ok(client) => client,
            Err(refusal) => return Err(self.ended_by(refusal, transaction_id, &tracer).await),
        };
        let tracer = of_eid(&tracer, &client.eid);
        let asked_for = client.matching_id;
        let retrieval = Retrieval { eid: client.eid, event_id: asked_for.clone(), now: self.clock.now() };
        let events = self.store.retrieve_events(transaction_id.clone(), retrieval).await?;
        // Somebody was faster with the same TransactionID.
        let events = events.ok_or_else(|| unknown_transaction(transaction_id))?;
        tracer.state("session", &"opened", &"ended");
        Span::current().record("events", events.len());
        let found = one_if_asked_for(asked_for.as_deref(), &events);
        tracer.check("SGP.22 §5.8.2", "an event record has the EID and the EventID", found)?;
        Ok(AuthenticateClientOkEs11 {
            transaction_id: transaction_id.clone(),
            event_entries: events.into_iter().map(entry).collect(),
            unknown: Unknown::none(),
        })
    }

    /// The session of a message, unless it has lapsed. It may have ended at another node since this one opened it: who ends it
    /// finds out.
    async fn session(&self, transaction_id: &TransactionId) -> Result<Option<SessionRecord>, StoreError> {
        let session = match self.sessions.take(transaction_id) {
            Some(session) => Some(session),
            None => self.store.session(transaction_id.clone()).await?,
        };
        let lifetime = self.config.limits.session_seconds;
        Ok(session.filter(|session| !session.has_lapsed(self.clock.now(), lifetime)))
    }

    /// A refusal stops the procedure (SGP.22 §3.1.2), so it ends the session; a fault of ours leaves it as it was.
    async fn ended_by(&self, refusal: Refusal, transaction_id: &TransactionId, tracer: &Tracer) -> Failure {
        if matches!(refusal.fault, Fault::PeerMisbehaved | Fault::PeerIncompatible) {
            match self.store.end_session(transaction_id.clone()).await {
                Ok(true) => tracer.state("session", &"opened", &"ended"),
                Ok(false) => return unknown_transaction(transaction_id).into(),
                Err(error) => return error.into(),
            }
        }
        refusal.into()
    }
}

/// SGP.22 §5.8.2: no events are a success, but an event that is asked for has to be there.
fn one_if_asked_for(asked_for: Option<&str>, events: &[EventRecord]) -> Result<(), Refusal> {
    match asked_for {
        Some(event_id) if events.is_empty() => {
            let event_id: String = event_id.chars().take(255).collect();
            let message = format!("this eUICC has no event {event_id:?} here");
            Err(Refusal::incompatible(StatusCode::EVENT_UNKNOWN, message))
        }
        _ => Ok(()),
    }
}

fn entry(event: EventRecord) -> EventEntries {
    EventEntries {
        event_id: event.event_id.into(),
        rsp_server_address: event.rsp_server_address.into(),
        unknown: Unknown::none(),
    }
}
