//! The line to a Root SM-DS: what goes wrong on it is up to the test. At its other end is a real SM-DS, or a book
//! that is kept as SGP.22 §5.9 says and nothing else.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::future::{Future, pending};
use std::pin::Pin;
use std::sync::{Arc, Mutex, OnceLock};

use certs::Oid;
use protocol::es12::{Caller, DeleteEvent, Es12, RegisterEvent};
use protocol::function_call::{Call, CallHeader};
use protocol::status::{Refusal, StatusCode};
use protocol::types::EventId;
use smds::root::{RootError, RootSmds};
use tokio::sync::Notify;

/// What becomes of one call.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fate {
    /// It arrives, and so does its answer.
    Answered,
    /// The Root does nothing but refuse.
    Refused(&'static str, &'static str),
    /// There is no connection.
    NotReached,
    /// It is lost on its way, which nobody can tell.
    RequestLost,
    /// It is executed, and the answer is lost.
    AnswerLost,
    /// It is executed, and the Root says that it failed on the way.
    Failed,
    /// Somebody between the two sends it a second time, and gives that answer.
    Repeated,
    /// It is executed, and no answer ever comes.
    Silent,
    /// It is under way until [`Line::let_through`], and no answer ever comes.
    Late,
}

/// One call on the line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Sent {
    Register(CallHeader, RegisterEvent),
    Delete(CallHeader, DeleteEvent),
}

impl Sent {
    pub fn header(&self) -> &CallHeader {
        match self {
            Self::Register(header, _) | Self::Delete(header, _) => header,
        }
    }

    pub fn event_id(&self) -> &EventId {
        match self {
            Self::Register(_, event) => &event.event_id,
            Self::Delete(_, event) => &event.event_id,
        }
    }
}

type Answer<'a> = Pin<Box<dyn Future<Output = Result<(), Refusal>> + Send + 'a>>;

/// Any SM-DS, so that two of them can have lines to each other.
pub trait FarEnd: Send + Sync {
    fn receive<'a>(&'a self, caller: &'a Caller, sent: Sent) -> Answer<'a>;
}

impl<T: Es12> FarEnd for T {
    fn receive<'a>(&'a self, caller: &'a Caller, sent: Sent) -> Answer<'a> {
        Box::pin(async move {
            match sent {
                Sent::Register(header, event) => {
                    self.register_event(caller, Call::new(header, b"", event)).await
                }
                Sent::Delete(header, event) => self.delete_event(caller, Call::new(header, b"", event)).await,
            }
        })
    }
}

/// A line to a Root SM-DS.
pub struct Line {
    caller: Caller,
    far_end: OnceLock<Arc<dyn FarEnd>>,
    state: Mutex<State>,
    waiting: Notify,
}

struct State {
    fates: Box<dyn FnMut(usize) -> Fate + Send>,
    sent: Vec<Sent>,
    late: Vec<Sent>,
}

impl Line {
    /// A line whose other end is not connected yet, from this caller.
    pub fn of(caller: Caller) -> Self {
        let state = State { fates: Box::new(|_| Fate::Answered), sent: Vec::new(), late: Vec::new() };
        Self { caller, far_end: OnceLock::new(), state: Mutex::new(state), waiting: Notify::new() }
    }

    pub fn connect(&self, far_end: Arc<dyn FarEnd>) {
        assert!(self.far_end.set(far_end).is_ok(), "a line has one far end");
    }

    /// What becomes of the next calls; those after them are answered.
    pub fn next<const N: usize>(&self, fates: [Fate; N]) {
        let mut fates = VecDeque::from(fates);
        self.by_number(move |_| fates.pop_front().unwrap_or(Fate::Answered));
    }

    /// What becomes of every call from now on.
    pub fn always(&self, fate: Fate) {
        self.by_number(move |_| fate);
    }

    /// What becomes of each call from now on, by its number since the line was made, from 0 on.
    pub fn by_number(&self, fates: impl FnMut(usize) -> Fate + Send + 'static) {
        self.state.lock().unwrap().fates = Box::new(fates);
    }

    /// Every call so far, whatever became of it.
    pub fn sent(&self) -> Vec<Sent> {
        self.state.lock().unwrap().sent.clone()
    }

    /// How many of them were registrations and deletions.
    pub fn counted(&self) -> (usize, usize) {
        let sent = self.sent();
        let registrations = sent.iter().filter(|sent| matches!(sent, Sent::Register(..))).count();
        (registrations, sent.len() - registrations)
    }

    /// Waits until a call waits for an answer that never comes.
    pub async fn waiting(&self) {
        self.waiting.notified().await;
    }

    /// What was under way arrives.
    pub async fn let_through(&self) {
        let late = std::mem::take(&mut self.state.lock().unwrap().late);
        for sent in late {
            // The answer finds nobody who waits for it.
            let _ = self.deliver(sent).await;
        }
    }

    async fn deliver(&self, sent: Sent) -> Result<(), Refusal> {
        self.far_end.get().expect("the line is connected").receive(&self.caller, sent).await
    }

    async fn send(&self, sent: Sent) -> Result<(), RootError> {
        let fate = {
            let mut state = self.state.lock().unwrap();
            state.sent.push(sent.clone());
            let number = state.sent.len() - 1;
            (state.fates)(number)
        };
        match fate {
            Fate::Answered => self.deliver(sent).await.map_err(told),
            Fate::Refused(subject, reason) => Err(RootError::Refused {
                subject: subject.to_owned(),
                reason: reason.to_owned(),
                message: "so says the test".to_owned(),
            }),
            Fate::NotReached => Err(RootError::NotReached("there is no connection".to_owned())),
            Fate::RequestLost => Err(RootError::Unknown("the connection broke".to_owned())),
            Fate::AnswerLost => {
                let _ = self.deliver(sent).await;
                Err(RootError::Unknown("the connection broke".to_owned()))
            }
            Fate::Failed => {
                let _ = self.deliver(sent).await;
                Err(told(Refusal::storage()))
            }
            Fate::Repeated => {
                let _ = self.deliver(sent.clone()).await;
                self.deliver(sent).await.map_err(told)
            }
            Fate::Silent => {
                let _ = self.deliver(sent).await;
                self.waiting.notify_one();
                pending().await
            }
            Fate::Late => {
                self.state.lock().unwrap().late.push(sent);
                self.waiting.notify_one();
                pending().await
            }
        }
    }
}

fn told(refusal: Refusal) -> RootError {
    RootError::Refused {
        subject: refusal.code.subject.to_owned(),
        reason: refusal.code.reason.to_owned(),
        message: refusal.message.into_owned(),
    }
}

impl RootSmds for Line {
    async fn register_event(&self, header: CallHeader, event: RegisterEvent) -> Result<(), RootError> {
        self.send(Sent::Register(header, event)).await
    }

    async fn delete_event(&self, header: CallHeader, event: DeleteEvent) -> Result<(), RootError> {
        self.send(Sent::Delete(header, event)).await
    }
}

/// The event records of a Root, kept by the book.
#[derive(Default)]
pub struct Book(Mutex<Pages>);

#[derive(Default)]
struct Pages {
    records: BTreeMap<(Oid, EventId), RegisterEvent>,
    used: BTreeSet<(Oid, EventId)>,
    refused: Vec<StatusCode>,
}

impl Book {
    /// What is registered.
    pub fn records(&self) -> Vec<RegisterEvent> {
        self.0.lock().unwrap().records.values().cloned().collect()
    }

    /// Whether anything is registered under this EventID.
    pub fn has(&self, event_id: &EventId) -> bool {
        self.records().iter().any(|record| record.event_id == *event_id)
    }

    /// Every code that it had to refuse a call with.
    pub fn refused(&self) -> Vec<String> {
        self.0.lock().unwrap().refused.iter().map(ToString::to_string).collect()
    }

    /// Somebody at the Root removes everything.
    pub fn clear(&self) {
        self.0.lock().unwrap().records.clear();
    }

    fn write(&self, write: impl FnOnce(&mut Pages) -> Option<StatusCode>) -> Result<(), Refusal> {
        let mut pages = self.0.lock().unwrap();
        let Some(code) = write(&mut pages) else { return Ok(()) };
        pages.refused.push(code);
        Err(Refusal::incompatible(code, "by the book"))
    }
}

impl Es12 for Book {
    async fn register_event(&self, caller: &Caller, call: Call<RegisterEvent>) -> Result<(), Refusal> {
        let key = (caller.oid.clone(), call.content.event_id.clone());
        self.write(|pages| {
            if !pages.used.insert(key.clone()) {
                return Some(StatusCode::EVENT_IN_USE);
            }
            pages.records.insert(key, call.content);
            None
        })
    }

    async fn delete_event(&self, caller: &Caller, call: Call<DeleteEvent>) -> Result<(), Refusal> {
        let key = (caller.oid.clone(), call.content.event_id);
        self.write(|pages| match pages.records.remove(&key) {
            Some(_) => None,
            None => Some(StatusCode::EVENT_UNKNOWN),
        })
    }
}
