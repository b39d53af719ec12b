//! One eUICC with its LPA: takes orders, one after the other, until each has come to its end.

use std::ops::ControlFlow;
use std::sync::mpsc::{Receiver, Sender};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use lpa::IsdR;
use lpa::download::{ConfirmationCode, Decision, Device, Failure, Offer, Progress, Request, Step, User};
use protocol::status::StatusCode;
use protocol::types::Eid;
use rand_chacha::ChaCha20Rng;
use rand_core::Rng;
use wire::es9plus::{Client, ClientError};

use crate::journal::{Journal, Journaled};
use crate::lab::cards::Simulated;

/// An order to be downloaded.
#[derive(Clone, Debug)]
pub struct Task {
    pub matching_id: String,
    /// Several eUICCs try, and one gets it.
    pub contested: bool,
}

/// A card in a device that never gives up.
pub struct Euicc {
    pub isd_r: IsdR<Simulated>,
    pub eid: Eid,
    pub client: Client,
    pub journal: Arc<Journal>,
    pub steps: Sender<()>,
    pub rng: ChaCha20Rng,
    /// Whether the server may say that its store has failed.
    pub storage_may_fail: bool,
    /// When even this one gives up.
    pub deadline: Instant,
}

impl Euicc {
    /// Works until there are no more orders.
    pub fn work(mut self, tasks: &Mutex<Receiver<Task>>) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        loop {
            let Ok(task) = tasks.lock().unwrap().recv() else { return };
            runtime.block_on(self.finish(&task));
        }
    }

    async fn finish(&mut self, task: &Task) {
        while self.attempt(task, &mut Willing).await.is_continue() {
            if self.is_too_late(&task.matching_id) {
                return;
            }
            self.pause().await;
        }
        self.deliver_notifications().await;
    }

    /// One download; goes on where another try may do better.
    pub async fn attempt(&mut self, task: &Task, user: &mut impl User) -> ControlFlow<()> {
        let device =
            Device { tac: "35290611".parse().unwrap(), imei: None, capabilities: Default::default() };
        let mut request = Request::from_default_smdp(self.client.address().clone(), device);
        request.matching_id = task.matching_id.clone();
        let server = self.server(&task.matching_id);
        let error = match lpa::download(&mut self.isd_r, &server, &request, user).await {
            Ok(downloaded) => {
                let installed = (downloaded.iccid, self.eid, task.matching_id.clone());
                self.journal.heard().installed.push(installed);
                // So that other notifications are under way too, and memory does not run out.
                if !self.rng.next_u32().is_multiple_of(3) {
                    lpa::profiles::delete(&mut self.isd_r, &downloaded.iccid.into()).unwrap();
                }
                return ControlFlow::Break(());
            }
            Err(error) => error,
        };
        match &error.failure {
            Failure::Server { error, .. } if self.passes(error) => ControlFlow::Continue(()),
            Failure::Server { error, .. } if task.contested && another_was_first(error) => {
                self.journal.heard().lost_races.push(task.matching_id.clone());
                ControlFlow::Break(())
            }
            _ => {
                self.journal.complain(format!("{}: {}: {error}", self.eid, task.matching_id));
                ControlFlow::Break(())
            }
        }
    }

    /// Sends what waits in the card until all of it is acknowledged.
    pub async fn deliver_notifications(&mut self) {
        while let Err(error) = self.try_to_deliver_notifications().await {
            if !self.passes(&error) {
                self.journal.complain(format!("{}: a notification: {error}", self.eid));
                return;
            }
            if self.is_too_late("a notification") {
                return;
            }
            self.pause().await;
        }
    }

    /// Sends what waits in the card, as far as that goes.
    pub async fn try_to_deliver_notifications(&mut self) -> Result<(), ClientError> {
        let server = self.server("");
        let connect = |_: &str| Ok::<_, ClientError>(server.clone());
        let report = lpa::notifications::process(&mut self.isd_r, connect).await.unwrap();
        report.undelivered.into_iter().next().map_or(Ok(()), |undelivered| Err(undelivered.error))
    }

    fn server(&self, matching_id: &str) -> Journaled {
        Journaled {
            client: self.client.clone(),
            journal: self.journal.clone(),
            steps: self.steps.clone(),
            eid: self.eid,
            matching_id: matching_id.to_owned(),
        }
    }

    /// Whether the trouble is of the kind that passes.
    fn passes(&self, error: &ClientError) -> bool {
        if is_storage_failure(error) {
            self.journal.heard().storage_failures += 1;
            return self.storage_may_fail;
        }
        error.is_worth_retrying()
    }

    fn is_too_late(&self, what: &str) -> bool {
        let late = Instant::now() > self.deadline;
        if late {
            self.journal.complain(format!("{}: {what}: tried again and again in vain", self.eid));
        }
        late
    }

    async fn pause(&mut self) {
        let millis = 5 + self.rng.next_u64() % 20;
        tokio::time::sleep(Duration::from_millis(millis)).await;
    }
}

/// The specified word for a server that has failed, or that of HTTP for notifications.
pub fn is_storage_failure(error: &ClientError) -> bool {
    match error {
        ClientError::Refused { status } => {
            code(&status.subject_code, &status.reason_code, StatusCode::EXECUTION_ERROR)
        }
        ClientError::HttpStatus { status, .. } => status.as_u16() == 500,
        _ => false,
    }
}

/// SGP.22 §5.6.2, §5.6.3: the words for an order that another eUICC has, or that has come to its end.
fn another_was_first(error: &ClientError) -> bool {
    let words = [StatusCode::EID_REFUSED, StatusCode::PROFILE_UNAVAILABLE, StatusCode::PROFILE_NOT_RELEASED];
    match error {
        ClientError::Refused { status } => {
            words.into_iter().any(|word| code(&status.subject_code, &status.reason_code, word))
        }
        _ => false,
    }
}

fn code(subject: &str, reason: &str, code: StatusCode) -> bool {
    (subject, reason) == (code.subject, code.reason)
}

/// A user who agrees to everything.
pub struct Willing;

impl User for Willing {
    fn confirm(&mut self, _: &Offer<'_>) -> Decision {
        Decision::Accept
    }

    fn confirmation_code(&mut self, _: &Offer<'_>) -> Option<ConfirmationCode> {
        None
    }
}

/// A user who does something when a step begins.
pub struct Meddling<F> {
    pub at: Step,
    pub act: F,
}

impl<F: FnMut()> User for Meddling<F> {
    fn confirm(&mut self, _: &Offer<'_>) -> Decision {
        Decision::Accept
    }

    fn confirmation_code(&mut self, _: &Offer<'_>) -> Option<ConfirmationCode> {
        None
    }

    fn progress(&mut self, progress: Progress) {
        if progress == Progress::Step(self.at) {
            (self.act)();
        }
    }
}
