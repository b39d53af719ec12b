//! HandleNotification (SGP.22 §5.6.4, §3.5).
//!
//! There is no status code to refuse a notification with, and an LPA keeps what is not acknowledged: so what cannot be
//! believed is acknowledged too, told to the trace and the log, and has no effect.

use asn1::{
    HandleNotification, NotificationEvent, NotificationMetadata, OtherSignedNotification,
    PendingNotification, ProfileInstallationResult, ProfileInstallationResultData, Raw,
};
use protocol::smdp_session::{
    NotificationError, Stage, verify_installation_result, verify_other_notification,
};
use protocol::status::StatusCode;
use protocol::trace::Tracer;
use protocol::types::{Eid, MatchingId};
use service::failure::Failure;
use service::observe::{of_eid, of_transaction};

use super::tell_state;
use crate::domain::Order;
use crate::faults::{Call, Involved};
use crate::observe::of_order;
use crate::server::{Smdp, Step};
use crate::store::{NotificationRecord, Store};

impl<S: Store> Smdp<S> {
    pub(super) async fn notify(&self, request: &HandleNotification, call: &Call) -> Result<(), Failure> {
        self.tracer.object("PendingNotification", request.pending_notification.bytes());
        let bytes = request.pending_notification.bytes();
        match request.pending_notification.value() {
            PendingNotification::ProfileInstallationResult(result) => {
                self.installation_result(result, bytes, call).await
            }
            PendingNotification::OtherSignedNotification(other) => {
                self.other_notification(other, bytes, call).await
            }
        }
    }

    async fn installation_result(
        &self,
        result: &Raw<ProfileInstallationResult>,
        bytes: &[u8],
        call: &Call,
    ) -> Result<(), Failure> {
        let transaction_id = result.profile_installation_result_data.transaction_id.clone();
        let tracer = of_transaction(&self.tracer, &transaction_id);
        // SGP.22 §3.1.3.3 step 9: a result of an unknown session ends here. A lapsed session still has its result.
        let found = match self.at_hand.take_delivered(&transaction_id) {
            Some((session, order)) => Some((session, Some(order))),
            None => self.store.session_with_order(transaction_id).await?,
        };
        let Some((mut session, order)) = found else {
            tracer.refused("SGP.22 §3.1.3.3", "the session of the result is known", &"unknown TransactionID");
            return Ok(());
        };
        let Some(client) = session.stage.authenticated().cloned() else {
            tracer.refused("SGP.22 §3.1.3.3", "the eUICC of the result is known", &"it never authenticated");
            return Ok(());
        };
        let tracer = of_eid(&tracer, &client.eid);
        let tracer = session.order.map_or(tracer.clone(), |order| of_order(&tracer, order));
        let engine = self.identities.engine();
        let verified = match verify_installation_result(result, &client.key, engine, &tracer) {
            Ok(verified) => verified,
            Err(error) => {
                disbelieved(&error);
                return Ok(());
            }
        };
        let matching_id = order.as_ref().and_then(|order| order.matching_id.as_ref());
        let involved = Involved { eid: Some(client.eid), matching_id: matching_id.map(MatchingId::as_str) };
        self.disturbed(call, involved)?;
        // SGP.22 §3.1.3.3 step 8: only what was handed out in this session can have been installed by it. A result that
        // comes so late that the order went to another eUICC says nothing of that one.
        let mut order = order.filter(|order| session.awaits_result() && order.eid == Some(client.eid));
        let before = order.as_ref().map(|order| order.state);
        if let Some(order) = &mut order {
            order.record_installation(verified.result.is_ok());
            // Told whatever it does to the order: an order that has ended may have a profile installed all the same.
            let step = Step::reported("ES9+.HandleNotification: install", |points| points.installation)
                .with_result(final_result(&result.profile_installation_result_data));
            let failed = verified.result.is_err();
            self.note(order, if failed { step.failed(StatusCode::BPP_EXECUTION_ERROR) } else { step });
        }
        let after = order.as_ref().map(|order| order.state);
        session.stage = Stage::Ended(Some(client.clone()));
        let signed = result.profile_installation_result_data.bytes();
        let record = self.record(client.eid, verified.metadata.seq_number, signed, bytes);
        let new = self.store.accept_notification(record, Some(session), order).await?;
        tell_outcome(&tracer, new);
        if let (true, Some(before), Some(after)) = (new, before, after) {
            tell_state(&tracer, before, after);
        }
        Ok(())
    }

    async fn other_notification(
        &self,
        notification: &Raw<OtherSignedNotification>,
        bytes: &[u8],
        call: &Call,
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
        let mut tracer = of_eid(&self.tracer, &verified.eid);
        let signed = notification.tbs_other_notification.bytes();
        let record = self.record(verified.eid, verified.metadata.seq_number, signed, bytes);
        let order = self.managed(&verified.metadata, &verified.eid).await?;
        let matching_id = order.as_ref().and_then(|order| order.matching_id.as_ref());
        let involved = Involved { eid: Some(verified.eid), matching_id: matching_id.map(MatchingId::as_str) };
        self.disturbed(call, involved)?;
        if let Some(order) = &order {
            tracer = of_order(&tracer, order.id);
        }
        let new = self.store.accept_notification(record, None, order).await?;
        tell_outcome(&tracer, new);
        Ok(())
    }

    /// The order of the profile that was enabled, disabled or deleted, with what its operator is told of it. Its state
    /// does not change: those of SGP.22 §3.1.6 end with the installation.
    async fn managed(&self, metadata: &NotificationMetadata, eid: &Eid) -> Result<Option<Order>, Failure> {
        let Some(iccid) = metadata.iccid else { return Ok(None) };
        let order = self.store.order_of_iccid(iccid).await?;
        let order = order.filter(|order| order.eid.as_ref() == Some(eid));
        Ok(order.map(|mut order| {
            let operation = &metadata.profile_management_operation;
            let step = if operation.has(NotificationEvent::ENABLE) {
                Step::reported("ES9+.HandleNotification: enable", |points| points.enabled)
            } else if operation.has(NotificationEvent::DISABLE) {
                Step::reported("ES9+.HandleNotification: disable", |points| points.disabled)
            } else if operation.has(NotificationEvent::DELETE) {
                Step::reported("ES9+.HandleNotification: delete", |points| points.deleted)
            } else {
                Step::silent("ES9+.HandleNotification")
            };
            self.note(&mut order, step);
            order
        }))
    }

    fn record(&self, eid: Eid, sequence_number: u64, signed: &[u8], bytes: &[u8]) -> NotificationRecord {
        NotificationRecord {
            eid,
            sequence_number,
            digest: crypto::digest::sha256(signed),
            bytes: bytes.to_vec(),
            received: self.clock.now().unix_millis(),
        }
    }
}

/// The finalResult of a result, as it came (SGP.22 §5.3.5: resultData).
fn final_result(data: &Raw<ProfileInstallationResultData>) -> Option<Vec<u8>> {
    let (data, _) = asn1::tlv::read(data.bytes()).ok()?;
    let members = asn1::tlv::children(data.value).filter_map(Result::ok);
    members.filter(|member| member.tag.0 == 0xA2).last().map(|member| member.raw.to_vec())
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
