//! Playing a case: the steps one after the other, and what is known after each.

mod between;
mod es12;
mod es2plus;
mod es9plus;
mod order;
mod send;
mod session;

pub use between::{Between, Event};
pub use session::{Offered, Session};

use protocol::status::StatusCode;
use protocol::trace::Tracer;
use rand_chacha::ChaCha20Rng;
use wire::es9plus::Binding;
use wire::transport::{Transport, TransportError};

use super::call::{CallError, Caller};
use super::euicc::{self, VirtualEuicc};
use super::expected::{is_refused, is_refused_with};
use super::message::{Answer, Form, Function, Message, Told};
use super::orders::{Order, OrdersFile};
use super::step::{Step, TRIES};
use super::target::{CallersError, Root, Target};
use crate::pki::PkiError;

/// One call and its answer.
pub struct Exchange {
    /// What was called.
    pub message: Message,
    /// What came back.
    pub answer: Answer,
}

/// Who plays the steps of one run of one case.
pub struct Player<'t> {
    /// Whom it plays against.
    pub target: &'t Target,
    /// The root of all certificates of this run.
    pub root: &'t Root,
    /// The eUICC.
    pub euicc: VirtualEuicc,
    /// The session that is open.
    pub session: Option<Session>,
    /// The one before it.
    pub earlier: Option<Session>,
    /// Every call that was answered.
    pub exchanges: Vec<Exchange>,
    /// The order of the case.
    pub order: Option<Order>,
    /// What is known on the interfaces between servers.
    pub between: Between,
    orders: &'t mut OrdersFile,
    binding: Binding,
    last_notification: Option<Vec<u8>>,
    rng: ChaCha20Rng,
    tracer: Tracer,
}

/// Why a step could not be made, or was not answered.
#[derive(Debug, thiserror::Error)]
pub enum StepError {
    /// The set-up does not offer what the step needs.
    #[error("{0}")]
    NotOffered(String),
    /// The call could not be made.
    #[error(transparent)]
    Call(#[from] CallError),
    /// Nobody can be sent to the port for callers.
    #[error("{0}")]
    Way(CallersError),
    /// No answer came.
    #[error("no answer: {0}")]
    Transport(#[from] TransportError),
    /// The answer is not what the next step needs.
    #[error("{0}")]
    Answer(String),
}

impl From<PkiError> for StepError {
    fn from(error: PkiError) -> Self {
        match error {
            PkiError::NoKey { .. } => Self::NotOffered(error.to_string()),
            other => Self::Call(CallError::Pki(other)),
        }
    }
}

/// What a run of a case is played with.
pub struct Setting<'t> {
    /// Whom it is played against.
    pub target: &'t Target,
    /// The root of all certificates.
    pub root: &'t Root,
    /// Orders that are there already.
    pub orders: &'t mut OrdersFile,
    /// The binding of ES9+ and ES11.
    pub binding: Binding,
    /// Everything random.
    pub rng: ChaCha20Rng,
    /// Who is told what travels.
    pub tracer: Tracer,
}

impl<'t> Player<'t> {
    /// A player before the first step.
    ///
    /// # Errors
    /// [`StepError::NotOffered`]: there is no eUICC to play.
    pub fn new(setting: Setting<'t>) -> Result<Self, StepError> {
        let Setting { target, root, orders, binding, mut rng, tracer } = setting;
        let chain = euicc::own(&root.authority, &mut rng)?;
        let ci = root.anchor.key_identifier().clone();
        Ok(Self {
            target,
            root,
            euicc: VirtualEuicc::new(chain, ci, root.curve),
            session: None,
            earlier: None,
            exchanges: Vec::new(),
            order: None,
            between: Between::default(),
            orders,
            binding,
            last_notification: None,
            rng,
            tracer,
        })
    }

    /// Plays one step.
    ///
    /// # Errors
    /// [`StepError`], where there is no answer to go on with. What a server refuses is an answer.
    pub async fn play(&mut self, step: &Step) -> Result<(), StepError> {
        self.play_as(step, &Form::Right).await
    }

    async fn play_as(&mut self, step: &Step, form: &Form) -> Result<(), StepError> {
        let (mut step, mut form, mut caller) = (step, form, Caller::Usual);
        loop {
            match step {
                Step::As(other, inner) => (step, form) = (*inner, other),
                Step::By(other, inner) => (step, caller) = (*inner, *other),
                Step::Whatever(inner) => step = *inner,
                _ => break,
            }
        }
        self.called_by(caller);
        let played = match step {
            Step::AsOftenAsItGoes(steps) => Box::pin(self.play_until_refused(steps)).await,
            Step::Order(kind) => self.make_order(*kind).await,
            Step::AnotherEuicc => {
                let chain = euicc::another(&self.root.authority, &mut self.rng)?;
                self.euicc = VirtualEuicc::new(chain, self.euicc.ci.clone(), self.euicc.curve);
                self.session = None;
                Ok(())
            }
            Step::InitiateAuthentication(how) => self.initiate_authentication(*how, form).await,
            Step::AuthenticateClient(how) => self.authenticate_client(*how, form).await,
            Step::GetBoundProfilePackage(how) => self.get_bound_profile_package(*how, form).await,
            Step::HandleNotification(how) => self.handle_notification(*how, form).await,
            Step::CancelSession(how) => self.cancel_session(*how, form).await,
            Step::DownloadOrder(how) => self.download_order(*how, form).await,
            Step::ConfirmOrder(how) => self.confirm_order(*how, form).await,
            Step::CancelOrder(how) => self.withdraw_order(*how, form).await,
            Step::ReleaseProfile(profile) => self.release_profile(*profile, form).await,
            Step::RegisterEvent(how) => self.register_event(*how, form).await,
            Step::DeleteEvent(how) => self.delete_event(*how, form).await,
            Step::Again => self.again().await,
            Step::TakesReports => self.reports().map(drop),
            Step::RefuseReport => self.refuse_report(),
            Step::Report(about) => self.report(*about).await,
            Step::UnlessFirst(first, awaited) => self.not_hidden_by(*first, *awaited),
            // Undone above.
            Step::As(..) | Step::By(..) | Step::Whatever(_) => Ok(()),
        };
        self.notice_turned_away(played)
    }

    async fn play_until_refused(&mut self, steps: &[Step]) -> Result<(), StepError> {
        for step in std::iter::repeat_n(steps, TRIES).flatten() {
            self.play(step).await?;
            if self.went_well(step).is_err() {
                return Ok(());
            }
        }
        Ok(())
    }

    fn not_hidden_by(&self, first: StatusCode, awaited: StatusCode) -> Result<(), StepError> {
        let was_said =
            |exchange: &Exchange| is_refused_with(awaited, exchange.message.function, &exchange.answer);
        if is_refused(self, first) && !self.exchanges.iter().any(was_said) {
            return Err(StepError::NotOffered(format!("{first} comes before {awaited}")));
        }
        Ok(())
    }

    /// Whether what a step called was executed, so that the next can follow.
    ///
    /// # Errors
    /// What was answered instead.
    pub fn went_well(&self, step: &Step) -> Result<(), String> {
        match (step, self.last()) {
            (Step::Order(_) | Step::AnotherEuicc | Step::Whatever(_), _) => Ok(()),
            (Step::TakesReports | Step::RefuseReport | Step::Report(_), _) => Ok(()),
            (Step::UnlessFirst(..), _) => Ok(()),
            (_, Some((_, answer))) => match &answer.told {
                Told::Executed(_) | Told::Acknowledged => Ok(()),
                other => Err(other.to_string()),
            },
            (_, None) => Err("nothing was called".to_owned()),
        }
    }

    /// Gives back the orders that were made for the case, if they can be given back, and deletes its events.
    pub async fn clear_up(&mut self) {
        self.cancel_orders().await;
        self.delete_events().await;
    }

    /// The last call and its answer.
    pub fn last(&self) -> Option<(Function, &Answer)> {
        self.exchanges.last().map(|exchange| (exchange.message.function, &exchange.answer))
    }

    async fn call(&mut self, message: Message, form: &Form) -> Result<&Answer, StepError> {
        let transport = self.transport(message.function)?;
        let answer = send::send(&transport, &message, self.binding, form, &self.tracer).await?;
        self.exchanges.push(Exchange { message, answer });
        self.exchanges
            .last()
            .map(|exchange| &exchange.answer)
            .ok_or_else(|| StepError::Answer("no answer".to_owned()))
    }

    fn transport(&mut self, function: Function) -> Result<Transport, StepError> {
        match function {
            Function::Es9Plus(_) => Ok(self.target.lpa.clone()),
            Function::Es2Plus(_) | Function::Es12(_) => self.transport_between(function),
        }
    }
}
