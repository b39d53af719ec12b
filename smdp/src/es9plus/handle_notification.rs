//! HandleNotification (SGP.22 §5.6.4, §3.5).
//!
//! There is no status code to refuse a notification with, and an LPA keeps what is not acknowledged: so what cannot be
//! believed is acknowledged too, told to the trace and the log, and has no effect.

use asn1::{
    HandleNotification, OtherSignedNotification, PendingNotification, ProfileInstallationResult, Raw,
};
use protocol::smdp_session::{
    NotificationError, Stage, verify_installation_result, verify_other_notification,
};
use protocol::trace::Tracer;
use protocol::types::Eid;

use super::{Failure, Smdp};
use crate::store::{NotificationRecord, Store};

impl<S: Store> Smdp<S> {
    pub(super) async fn notify(&self, request: &HandleNotification) -> Result<(), Failure> {
        self.tracer.object("PendingNotification", request.pending_notification.bytes());
        let bytes = request.pending_notification.bytes();
        match request.pending_notification.value() {
            PendingNotification::ProfileInstallationResult(result) => {
                self.installation_result(result, bytes).await
            }
            PendingNotification::OtherSignedNotification(other) => {
                self.other_notification(other, bytes).await
            }
        }
    }

    async fn installation_result(
        &self,
        result: &Raw<ProfileInstallationResult>,
        bytes: &[u8],
    ) -> Result<(), Failure> {
        let transaction_id = result.profile_installation_result_data.transaction_id.clone();
        let tracer = self.tracer.with_transaction(&transaction_id);
        // SGP.22 §3.1.3.3 step 9: a result of an unknown session ends here. A lapsed session still has its result.
        let Some(mut session) = self.store.session(transaction_id).await? else {
            tracer.refused("SGP.22 §3.1.3.3", "the session of the result is known", &"unknown TransactionID");
            return Ok(());
        };
        let Some(client) = session.stage.authenticated().cloned() else {
            tracer.refused("SGP.22 §3.1.3.3", "the eUICC of the result is known", &"it never authenticated");
            return Ok(());
        };
        let tracer = tracer.with_eid(&client.eid);
        let key = client.key.public_key().map_err(|error| {
            tracing::error!(%error, "the eUICC key of a session cannot be read");
            protocol::status::Refusal::storage()
        })?;
        let verified = match verify_installation_result(result, &key, self.identities.engine(), &tracer) {
            Ok(verified) => verified,
            Err(error) => {
                disbelieved(&error);
                return Ok(());
            }
        };
        let mut order = match session.order {
            Some(id) => self.store.order(id).await?,
            None => None,
        };
        let before = order.as_ref().map(|order| order.state);
        // SGP.22 §3.1.3.3 step 8: only what was handed out in this session can have been installed by it.
        let handed_out = matches!(session.stage, Stage::Delivered(_) | Stage::Postponed(_));
        if let (true, Some(order)) = (handed_out, &mut order) {
            order.record_installation(verified.result.is_ok());
        }
        let after = order.as_ref().map(|order| order.state);
        session.stage = Stage::Ended(Some(client.clone()));
        let record = self.record(client.eid, verified.metadata.seq_number, bytes);
        let new = self.store.accept_notification(record, Some(session), order).await?;
        tell_outcome(&tracer, new);
        if let (true, Some(before), Some(after)) = (new && before != after, before, after) {
            tracer.state("profile", &before, &after);
        }
        Ok(())
    }

    async fn other_notification(
        &self,
        notification: &Raw<OtherSignedNotification>,
        bytes: &[u8],
    ) -> Result<(), Failure> {
        let now = self.clock.now();
        let verified = verify_other_notification(&self.identities, notification, now, &self.tracer);
        let verified = match verified {
            Ok(verified) => verified,
            Err(error) => {
                disbelieved(&error);
                return Ok(());
            }
        };
        let record = self.record(verified.eid, verified.metadata.seq_number, bytes);
        let new = self.store.accept_notification(record, None, None).await?;
        tell_outcome(&self.tracer.with_eid(&verified.eid), new);
        Ok(())
    }

    fn record(&self, eid: Eid, sequence_number: u64, bytes: &[u8]) -> NotificationRecord {
        let received = self.clock.now().unix_millis();
        NotificationRecord { eid, sequence_number, bytes: bytes.to_vec(), received }
    }
}

fn disbelieved(error: &NotificationError) {
    tracing::warn!(%error, "a notification was acknowledged and dropped");
}

/// SGP.22 §3.5: an LPA that heard no answer sends the same notification again.
fn tell_outcome(tracer: &Tracer, new: bool) {
    let subject =
        if new { "the notification is new" } else { "the notification is known and changes nothing" };
    tracer.passed("SGP.22 §3.5", subject);
}
