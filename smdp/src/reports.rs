//! The outbox: ES2+.HandleDownloadProgressInfo to the operators (SGP.22 §5.3.5).
//!
//! A report was written with the change that it tells of. It is sent from here, one after the other for each profile, tried
//! again with growing pauses, and never waited for by anybody else: an operator that is slow or gone holds up neither LPAs nor
//! other operators. Its functionCallIdentifier is the same at each
//! try, so an operator whose acknowledgement was lost can tell.

use std::collections::HashMap;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use protocol::clock::{Clock, Timestamp};
use protocol::es2plus::{CallHeader, ExecutionStatus, HandleDownloadProgressInfo, StatusData};
use tokio::task::{JoinError, JoinSet};

use crate::domain::{Delivery, HappeningRecord, Report};
use crate::metrics::{Metrics, ReportOutcome};
use crate::store::Store;

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

/// How reports are tried again.
#[derive(Clone, Copy, Debug)]
pub struct Schedule {
    /// How often the outbox is looked into.
    pub poll: Duration,
    /// The pause after the first failure; it doubles with each further one.
    pub first_pause: Duration,
    /// The longest pause.
    pub longest_pause: Duration,
    /// The longest time that an operator is left alone because it has failed.
    pub longest_pause_of_one: Duration,
    /// A report that is older is given up.
    pub give_up_after: Duration,
    /// How long one try may take; as long nobody else tries.
    pub lease: Duration,
    /// How long tries may go on when the server stops.
    pub shutdown: Duration,
    /// How many reports are under way at once.
    pub at_once: u32,
    /// How many of them to one operator.
    pub at_once_to_one: u32,
}

impl Default for Schedule {
    fn default() -> Self {
        Self {
            poll: Duration::from_millis(250),
            first_pause: Duration::from_secs(1),
            longest_pause: Duration::from_secs(15 * 60),
            longest_pause_of_one: Duration::from_secs(60),
            give_up_after: Duration::from_secs(7 * 24 * 60 * 60),
            lease: Duration::from_secs(60),
            shutdown: Duration::from_secs(5),
            at_once: 16,
            at_once_to_one: 4,
        }
    }
}

impl Schedule {
    fn pause(&self, attempts: u32) -> Duration {
        let factor = 1u32.checked_shl(attempts.min(30)).unwrap_or(u32::MAX);
        self.first_pause.saturating_mul(factor).min(self.longest_pause)
    }
}

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
    let mut operators = Operators::default();
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

/// How it goes with each operator: one that is slow or gone keeps no other waiting.
#[derive(Default)]
struct Operators(HashMap<String, Standing>);

#[derive(Default)]
struct Standing {
    under_way: u32,
    failures: u32,
    paused_until: Option<Timestamp>,
}

impl Operators {
    /// Those that get nothing now.
    fn closed(&self, now: Timestamp, schedule: &Schedule) -> Vec<String> {
        let is_closed = |standing: &Standing| {
            standing.under_way >= schedule.at_once_to_one
                || standing.paused_until.is_some_and(|until| now < until)
                // One try tells whether an operator that failed is back.
                || (standing.failures > 0 && standing.under_way > 0)
        };
        self.0.iter().filter(|(_, standing)| is_closed(standing)).map(|(name, _)| name.clone()).collect()
    }
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
    async fn take_up(self: &Arc<Self>, under_way: &mut JoinSet<Option<Tried>>, operators: &mut Operators) {
        let room = self.schedule.at_once.saturating_sub(u32::try_from(under_way.len()).unwrap_or(u32::MAX));
        // So few that no operator gets more than its share by one claim.
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
                    operators.0.entry(operator).or_default().under_way += 1;
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

    fn ended(&self, ended: Result<Option<Tried>, JoinError>, operators: &mut Operators) {
        let tried = match ended {
            Ok(Some(tried)) => tried,
            Ok(None) => return,
            Err(error) => {
                // Its lease runs out; whose report it was is not known any more, so all begin anew.
                tracing::error!(%error, "the delivery of a report fell over");
                *operators = Operators::default();
                return;
            }
        };
        let standing = operators.0.entry(tried.operator).or_default();
        standing.under_way = standing.under_way.saturating_sub(1);
        standing.failures = if tried.delivered { 0 } else { standing.failures.saturating_add(1) };
        standing.paused_until = standing.failures.checked_sub(1).map(|failures| {
            self.clock.now().plus(self.schedule.pause(failures).min(self.schedule.longest_pause_of_one))
        });
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
