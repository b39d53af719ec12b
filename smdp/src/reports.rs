//! The outbox: ES2+.HandleDownloadProgressInfo to the operators (SGP.22 §5.3.5).
//!
//! A report was written with the change that it tells of. It is sent from here, one after the other for each profile, tried
//! again with growing pauses, and never waited for by anybody else: an operator that is slow or gone holds up neither LPAs nor
//! other operators. Its functionCallIdentifier is the same at each
//! try, so an operator whose acknowledgement was lost can tell.

use std::future::Future;
use std::sync::Arc;

use protocol::clock::{Clock, Timestamp};
use protocol::es2plus::{CallHeader, ExecutionStatus, HandleDownloadProgressInfo, StatusData};
use tokio::task::{JoinError, JoinSet};

use crate::domain::{Delivery, HappeningRecord, Report};
use crate::metrics::{Metrics, ReportOutcome};
use crate::outbox::Peers;
use crate::store::Store;

pub use crate::outbox::Schedule;

/// Sends one report to an operator.
pub trait ReportSender: Send + Sync + 'static {
    /// Sends it; what goes wrong is told in words, without secrets.
    fn send(
        &self,
        operator: &str,
        header: CallHeader,
        info: HandleDownloadProgressInfo,
    ) -> impl Future<Output = Result<(), SendError>> + Send;
}

/// Why a report did not arrive, in words. It is tried again all the same: the operator's fault may be mended, ours too, and
/// another node may know an operator that this one does not.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{0}")]
pub struct SendError(pub String);

/// Sends what is due until `shutdown`; what is under way then is finished, if it is not long.
pub async fn deliver_reports<S: Store, T: ReportSender>(
    store: Arc<S>,
    sender: Arc<T>,
    requester: String,
    clock: Arc<dyn Clock>,
    schedule: Schedule,
    metrics: Arc<Metrics>,
    shutdown: impl Future<Output = ()>,
) {
    let outbox = Arc::new(Outbox { store, sender, requester, clock, schedule, metrics });
    let mut under_way = JoinSet::new();
    let mut operators = Peers::default();
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        outbox.take_up(&mut under_way, &mut operators).await;
        tokio::select! {
            biased;
            () = shutdown.as_mut() => break,
            // Whatever was delivered makes room, and the next report of its profile due.
            Some(ended) = under_way.join_next() => outbox.ended(ended, &mut operators),
            () = tokio::time::sleep(schedule.poll) => {}
        }
    }
    // What is cut off here was not acknowledged to us, and comes again when its lease has run out.
    let finish = async { while under_way.join_next().await.is_some() {} };
    let _ = tokio::time::timeout(schedule.shutdown, finish).await;
}

/// One try that has ended: with which operator, and how.
struct Tried {
    operator: String,
    delivered: bool,
}

struct Outbox<S, T> {
    store: Arc<S>,
    sender: Arc<T>,
    requester: String,
    clock: Arc<dyn Clock>,
    schedule: Schedule,
    metrics: Arc<Metrics>,
}

impl<S: Store, T: ReportSender> Outbox<S, T> {
    /// Begins to deliver what is due, as far as there is room.
    async fn take_up(self: &Arc<Self>, under_way: &mut JoinSet<Option<Tried>>, operators: &mut Peers) {
        let room = self.schedule.at_once.saturating_sub(u32::try_from(under_way.len()).unwrap_or(u32::MAX));
        // So few that one claim cannot give an operator more than twice its share.
        let room = room.min(self.schedule.at_once_to_one);
        if room == 0 {
            return;
        }
        let now = self.clock.now();
        let closed = operators.closed(now, &self.schedule);
        match self.store.claim_reports(now, now.plus(self.schedule.lease), room, closed).await {
            Ok(claimed) => {
                for record in claimed {
                    let operator = record.operator.clone().unwrap_or_default();
                    operators.begin(operator);
                    let outbox = self.clone();
                    under_way.spawn(async move { outbox.deliver(record).await });
                }
            }
            Err(error) => {
                tracing::error!(%error, "the outbox cannot be read");
                self.metrics.count_store_error();
            }
        }
    }

    fn ended(&self, ended: Result<Option<Tried>, JoinError>, operators: &mut Peers) {
        let tried = match ended {
            Ok(Some(tried)) => tried,
            Ok(None) => return,
            Err(error) => {
                // Its lease runs out; whose report it was is not known any more, so all begin anew.
                tracing::error!(%error, "the delivery of a report fell over");
                *operators = Peers::default();
                return;
            }
        };
        operators.end(tried.operator, tried.delivered, self.clock.now(), &self.schedule);
    }

    async fn deliver(&self, record: HappeningRecord) -> Option<Tried> {
        let (Some(report), Delivery::Due { attempts, .. }) = (&record.report, record.delivery) else {
            return None;
        };
        let header = CallHeader {
            function_requester_identifier: self.requester.clone(),
            function_call_identifier: format!("{}-{}", record.order, record.id),
        };
        let operator = record.operator.as_deref().unwrap_or_default();
        let sending = self.sender.send(operator, header, message(&record, report));
        let outcome = match tokio::time::timeout(self.schedule.lease / 2, sending).await {
            Ok(outcome) => outcome,
            Err(_) => Err(SendError("no answer in time".to_owned())),
        };
        let delivered = outcome.is_ok();
        let written = match outcome {
            Ok(()) => {
                self.metrics.count_report(ReportOutcome::Delivered);
                self.store.report_delivered(record.id).await
            }
            Err(error) => {
                let next = self.next_try(&record, attempts);
                let given_up = next.is_none();
                self.metrics.count_report(if given_up {
                    ReportOutcome::GivenUp
                } else {
                    ReportOutcome::Failed
                });
                tracing::warn!(
                    %error, operator, order = %record.order, iccid = %record.iccid, point = report.point,
                    attempts = attempts + 1, given_up, "a report was not delivered"
                );
                self.store.report_failed(record.id, next).await
            }
        };
        if let Err(error) = written {
            // Its lease runs out, and it is tried again.
            tracing::error!(%error, order = %record.order, "the outbox cannot be written");
            self.metrics.count_store_error();
        }
        Some(Tried { operator: operator.to_owned(), delivered })
    }

    fn next_try(&self, record: &HappeningRecord, attempts: u32) -> Option<Timestamp> {
        let now = self.clock.now();
        let given_up = now >= record.at.plus(self.schedule.give_up_after);
        (!given_up).then(|| now.plus(self.schedule.pause(attempts)))
    }
}

fn message(record: &HappeningRecord, report: &Report) -> HandleDownloadProgressInfo {
    let status = match &report.failure {
        None => ExecutionStatus::ExecutedSuccess,
        Some(failure) => ExecutionStatus::Failed(StatusData {
            subject_code: failure.subject_code.clone(),
            reason_code: failure.reason_code.clone(),
            message: Some(failure.message.clone()),
        }),
    };
    HandleDownloadProgressInfo {
        eid: record.eid,
        iccid: record.iccid,
        profile_type: record.profile_type.clone(),
        timestamp: record.at,
        notification_point_id: report.point,
        notification_point_status: status,
        result_data: report.result_data.clone(),
    }
}
