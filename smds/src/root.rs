//! ES15 as an Alternative SM-DS uses it: the port to its Root SM-DS (SGP.22 §5.10), and the errands that are left over.
//!
//! A registration at the Root that failed, or whose answer did not come, is undone: what the Root may have is written down as
//! an errand in the same commit that takes the record away here, and deleted there until the Root has confirmed it. The same
//! goes for events that expire or that are removed over the management API.

use std::convert::Infallible;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use protocol::clock::{Clock, Timestamp};
use protocol::es12::{DeleteEvent, Function, RegisterEvent};
use protocol::function_call::CallHeader;
use protocol::status::{Refusal, StatusCode};
use service::database::StoreError;
use tokio::time::timeout;

use crate::domain::RootDeletion;
use crate::metrics::Metrics;
use crate::store::Store;

/// The Root SM-DS, as an Alternative SM-DS calls it.
pub trait RootSmds: Send + Sync + 'static {
    /// ES15.RegisterEvent (SGP.22 §5.10.1).
    fn register_event(
        &self,
        header: CallHeader,
        event: RegisterEvent,
    ) -> impl Future<Output = Result<(), RootError>> + Send;

    /// ES15.DeleteEvent (SGP.22 §5.10.2).
    fn delete_event(
        &self,
        header: CallHeader,
        event: DeleteEvent,
    ) -> impl Future<Output = Result<(), RootError>> + Send;
}

/// The root of a Root SM-DS: there is none.
impl RootSmds for Infallible {
    async fn register_event(&self, _: CallHeader, _: RegisterEvent) -> Result<(), RootError> {
        match *self {}
    }

    async fn delete_event(&self, _: CallHeader, _: DeleteEvent) -> Result<(), RootError> {
        match *self {}
    }
}

/// Why a function of the Root SM-DS was not executed, or may not have been.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum RootError {
    /// The Root says that it was not.
    #[error("the Root SM-DS refused: {subject}/{reason} {message}")]
    Refused {
        /// Subject code.
        subject: String,
        /// Reason code.
        reason: String,
        /// What it says to that.
        message: String,
    },
    /// The Root was not reached: surely it was not.
    #[error("the Root SM-DS was not reached: {0}")]
    NotReached(String),
    /// Nobody knows.
    #[error("the Root SM-DS gave no answer: {0}")]
    Unknown(String),
}

impl RootError {
    /// What the Root wrote, cut down to what a log, a data base and an answer can take.
    pub fn refused(subject: &str, reason: &str, message: &str) -> Self {
        let tame = |text: &str, length| text.chars().filter(|c| !c.is_control()).take(length).collect();
        Self::Refused { subject: tame(subject, 16), reason: tame(reason, 16), message: tame(message, 200) }
    }

    /// Whether the Root refused with this code.
    pub fn is(&self, code: StatusCode) -> bool {
        matches!(self, Self::Refused { subject, reason, .. }
            if subject == code.subject && reason == code.reason)
    }

    /// Whether the Root may have an event although it did not acknowledge its registration: also where it failed on the way,
    /// and where it says that it knows EventID2 already, which can only be because the registration came twice.
    pub fn may_be_registered(&self) -> bool {
        let in_doubt = [StatusCode::EXECUTION_ERROR, StatusCode::EVENT_IN_USE];
        matches!(self, Self::Unknown(_)) || in_doubt.into_iter().any(|code| self.is(code))
    }
}

/// SGP.22 §5.9.1, §5.9.2: what the caller is told of a cascade that failed.
impl From<RootError> for Refusal {
    fn from(error: RootError) -> Self {
        let busy = error.is(StatusCode::BUSY);
        let code = match error {
            RootError::Refused { .. } if !busy => StatusCode::SMDS_EXECUTION_ERROR,
            _ => StatusCode::SMDS_INACCESSIBLE,
        };
        Self::incompatible(code, error.to_string())
    }
}

/// Waits for an answer of the Root, but not for ever.
pub(crate) async fn in_time(
    patience: Duration,
    call: impl Future<Output = Result<(), RootError>>,
) -> Result<(), RootError> {
    let late = |_| RootError::Unknown(format!("no answer within {patience:?}"));
    timeout(patience, call).await.map_err(late)?
}

/// How errands are tried again.
#[derive(Clone, Copy, Debug)]
pub struct Schedule {
    /// How often is looked for errands.
    pub poll: Duration,
    /// The pause after the first failure; it doubles with each further one.
    pub first_pause: Duration,
    /// The longest pause.
    pub longest_pause: Duration,
    /// How long one try may take; as long nobody else tries.
    pub patience: Duration,
}

impl Default for Schedule {
    fn default() -> Self {
        Self {
            poll: Duration::from_millis(500),
            first_pause: Duration::from_secs(1),
            longest_pause: Duration::from_secs(5 * 60),
            patience: Duration::from_secs(10),
        }
    }
}

impl Schedule {
    fn pause(&self, attempts: u32) -> Duration {
        let factor = 1u32.checked_shl(attempts.min(30)).unwrap_or(u32::MAX);
        self.first_pause.saturating_mul(factor).min(self.longest_pause)
    }
}

/// What runs the errands of one node.
pub struct Errands<S, R> {
    /// Where they are written.
    pub store: Arc<S>,
    /// The Root SM-DS.
    pub root: Arc<R>,
    /// The OID of this SM-DS.
    pub requester: String,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// When they are tried.
    pub schedule: Schedule,
    /// Where they are counted.
    pub metrics: Arc<Metrics>,
}

/// For how long a Root may still carry out a registration whose caller waits no more: its store has time to answer, and it may
/// begin more than once.
const SETTLING: Duration = Duration::from_secs(2 * 60);

/// How many errands are taken up at once: one after the other is tried, so as many as its lease has time for.
const AT_ONCE: u32 = 8;

impl<S: Store, R: RootSmds> Errands<S, R> {
    /// Runs errands until `shutdown`. One that is cut off there is tried again later.
    pub async fn run(self, shutdown: impl Future<Output = ()>) {
        let mut shutdown = std::pin::pin!(shutdown);
        loop {
            let round = async {
                let some = self.round().await.unwrap_or_else(|error| {
                    tracing::error!(%error, "the errands to the Root SM-DS cannot be read or written");
                    self.metrics.count_store_error();
                    false
                });
                if !some {
                    tokio::time::sleep(self.schedule.poll).await;
                }
            };
            tokio::select! {
                biased;
                () = shutdown.as_mut() => return,
                () = round => {}
            }
        }
    }

    /// Tries what is due; whether there was anything.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn round(&self) -> Result<bool, StoreError> {
        let now = self.clock.now();
        let lease = now.plus(self.schedule.patience.saturating_mul(AT_ONCE + 1));
        let errands = self.store.claim_root_deletions(now, lease, AT_ONCE).await?;
        let some = !errands.is_empty();
        for errand in errands {
            self.delete(errand).await?;
        }
        Ok(some)
    }

    async fn delete(&self, errand: RootDeletion) -> Result<(), StoreError> {
        let header = CallHeader {
            function_requester_identifier: self.requester.clone(),
            function_call_identifier: format!("{}-deleted", errand.event_id),
        };
        let event = DeleteEvent { eid: errand.eid, event_id: errand.event_id.clone() };
        let asked = self.clock.now();
        let outcome = in_time(self.schedule.patience, self.root.delete_event(header, event)).await;
        self.metrics.count_root_call(Function::DeleteEvent, &outcome);
        match after(&outcome, &errand, asked, &self.schedule) {
            Next::Done => {
                tracing::info!(event_id = %errand.event_id, eid = %errand.eid, "deleted at the Root SM-DS");
                self.store.root_deletion_done(errand.number).await
            }
            Next::Again(next) => {
                if let Err(error) = outcome {
                    tracing::warn!(
                        %error, event_id = %errand.event_id, eid = %errand.eid, attempts = errand.attempts + 1,
                        "not deleted at the Root SM-DS yet"
                    );
                }
                self.store.root_deletion_failed(errand.number, next).await
            }
        }
    }
}

enum Next {
    Done,
    Again(Timestamp),
}

fn after(
    outcome: &Result<(), RootError>,
    errand: &RootDeletion,
    asked: Timestamp,
    schedule: &Schedule,
) -> Next {
    let settled = errand.given_up.plus(SETTLING);
    match outcome {
        Ok(()) => Next::Done,
        // SGP.22 §5.9.2: that the Root does not know it is no error. Yet a registration may still be under way to it.
        Err(error) if error.is(StatusCode::EVENT_UNKNOWN) && asked >= settled => Next::Done,
        Err(error) if error.is(StatusCode::EVENT_UNKNOWN) => Next::Again(settled),
        Err(_) => Next::Again(asked.plus(schedule.pause(errand.attempts))),
    }
}
