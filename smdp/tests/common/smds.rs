//! An SM-DS that keeps its records by the book (SGP.22 §5.9), behind a line on which anything can go wrong.

use std::collections::{BTreeMap, VecDeque};
use std::future::pending;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use protocol::es2plus::{CallHeader, StatusData};
use protocol::es12::{DeleteEvent, Function, RegisterEvent};
use protocol::status::StatusCode;
use protocol::types::ServerAddress;
use smdp::domain::{SmdsEvent, SmdsEventStage};
use smdp::reports::Schedule;
use smdp::smds::{EventSender, Outcome, keep_events};
use smdp::store::{SmdsEventFilter, Store};
use tokio::sync::{Notify, oneshot};
use tokio::task::JoinHandle;

use super::euicc::ADDRESS;
use super::server::Server;

/// The SM-DS that every test but one about strangers uses.
pub const SMDS: &str = "smds.example.com";

/// How a call goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Line {
    /// It is executed and answered.
    Well,
    /// It is not reached.
    Down,
    /// It does not take our certificate.
    NotAdmitted,
    /// It is lost on the way there.
    CallLost,
    /// It is executed, and the answer is lost.
    AnswerLost,
    /// It says no, with this code, and does nothing.
    Refuses(StatusCode),
    /// It says that it has failed, and has executed it.
    FailsAfterwards,
    /// It is executed when the test says so.
    Held,
    /// It is never answered.
    Hangs,
    /// It is executed, and never answered.
    ExecutedAndHangs,
}

/// What became of an event at the SM-DS.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Record {
    pub registered: u32,
    pub deleted: u32,
}

/// Registered once, and still there.
pub const THERE: Record = Record { registered: 1, deleted: 0 };
/// Registered once and deleted once.
pub const GONE: Record = Record { registered: 1, deleted: 1 };

/// The SM-DS; what it executed and what it was asked.
pub struct Smds {
    usual: Mutex<Line>,
    /// The line to one address, where it is another.
    to: Mutex<BTreeMap<String, Line>>,
    next: Mutex<VecDeque<Line>>,
    records: Mutex<BTreeMap<String, Record>>,
    calls: Mutex<Vec<(Function, CallHeader)>>,
    addresses: Mutex<Vec<String>>,
    release: Notify,
}

impl Default for Smds {
    fn default() -> Self {
        Self {
            usual: Mutex::new(Line::Well),
            to: Mutex::default(),
            next: Mutex::default(),
            records: Mutex::default(),
            calls: Mutex::default(),
            addresses: Mutex::default(),
            release: Notify::new(),
        }
    }
}

impl Smds {
    /// One whose line is like this.
    pub fn on(line: Line) -> Arc<Self> {
        let smds = Self::default();
        smds.becomes(line);
        Arc::new(smds)
    }

    pub fn becomes(&self, line: Line) {
        *self.usual.lock().unwrap() = line;
    }

    /// The line to this address is like this.
    pub fn at(&self, address: &str, line: Line) {
        self.to.lock().unwrap().insert(address.to_owned(), line);
    }

    /// The next calls go like this, whatever the line is.
    pub fn next(&self, lines: impl IntoIterator<Item = Line>) {
        self.next.lock().unwrap().extend(lines);
    }

    /// Lets a call go on that is held.
    pub fn let_go(&self) {
        self.release.notify_one();
    }

    pub fn record(&self, event_id: &str) -> Record {
        self.records.lock().unwrap().get(event_id).copied().unwrap_or_default()
    }

    pub fn records(&self) -> Vec<Record> {
        self.records.lock().unwrap().values().copied().collect()
    }

    /// How many calls of a function came, whatever became of them.
    pub fn calls(&self, function: Function) -> usize {
        self.calls.lock().unwrap().iter().filter(|(called, _)| *called == function).count()
    }

    pub fn headers(&self) -> Vec<CallHeader> {
        self.calls.lock().unwrap().iter().map(|(_, header)| header.clone()).collect()
    }

    pub fn addresses(&self) -> Vec<String> {
        self.addresses.lock().unwrap().clone()
    }

    /// SGP.22 §5.9.1, §3.6.1: an EventID is taken once, also after it was deleted.
    fn register(&self, event_id: &str) -> Result<(), StatusCode> {
        let mut records = self.records.lock().unwrap();
        let record = records.entry(event_id.to_owned()).or_default();
        if record.registered > 0 {
            return Err(StatusCode::EVENT_IN_USE);
        }
        record.registered += 1;
        Ok(())
    }

    /// SGP.22 §5.9.2.
    fn delete(&self, event_id: &str) -> Result<(), StatusCode> {
        let mut records = self.records.lock().unwrap();
        match records.get_mut(event_id) {
            Some(record) if record.registered > record.deleted => {
                record.deleted += 1;
                Ok(())
            }
            _ => Err(StatusCode::EVENT_UNKNOWN),
        }
    }

    async fn call(
        &self,
        smds: &ServerAddress,
        function: Function,
        header: CallHeader,
        execute: impl Fn() -> Result<(), StatusCode> + Send,
    ) -> Outcome {
        self.addresses.lock().unwrap().push(smds.to_string());
        self.calls.lock().unwrap().push((function, header));
        let scripted = self.next.lock().unwrap().pop_front();
        let to = self.to.lock().unwrap().get(smds.as_str()).copied();
        let line = to.or(scripted).unwrap_or_else(|| *self.usual.lock().unwrap());
        match line {
            Line::Well => answer(execute()),
            Line::Down => Outcome::NotReached("connection refused".to_owned()),
            Line::NotAdmitted => Outcome::NotAdmitted("alert: certificate unknown".to_owned()),
            Line::CallLost => Outcome::Unknown("timed out".to_owned()),
            Line::AnswerLost => {
                let _ = execute();
                Outcome::Unknown("connection reset".to_owned())
            }
            Line::Refuses(code) => answer(Err(code)),
            Line::FailsAfterwards => {
                let _ = execute();
                answer(Err(StatusCode::EXECUTION_ERROR))
            }
            Line::Held => {
                self.release.notified().await;
                answer(execute())
            }
            Line::Hangs => pending().await,
            Line::ExecutedAndHangs => {
                let _ = execute();
                pending().await
            }
        }
    }
}

fn answer(executed: Result<(), StatusCode>) -> Outcome {
    match executed {
        Ok(()) => Outcome::Done,
        Err(code) => Outcome::Refused(StatusData::from(code)),
    }
}

impl EventSender for Smds {
    async fn register(&self, smds: &ServerAddress, header: CallHeader, event: RegisterEvent) -> Outcome {
        // SGP.22 §3.6.1: where the profile waits, and that the Root is to know.
        assert_eq!(event.rsp_server_address, ADDRESS.parse().unwrap());
        assert!(event.forwarding_indicator);
        let id = event.event_id.to_string();
        self.call(smds, Function::RegisterEvent, header, || self.register(&id)).await
    }

    async fn delete(&self, smds: &ServerAddress, header: CallHeader, event: DeleteEvent) -> Outcome {
        let id = event.event_id.to_string();
        self.call(smds, Function::DeleteEvent, header, || self.delete(&id)).await
    }
}

/// A worker of a server, until it is stopped or dropped; dropping it is its death.
pub struct Worker {
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<()>,
}

impl Worker {
    pub fn of<S: Store, T: EventSender>(server: &Server<S>, smds: &Arc<T>) -> Self {
        Self::with(server, smds, Schedule::default())
    }

    pub fn with<S: Store, T: EventSender>(server: &Server<S>, smds: &Arc<T>, schedule: Schedule) -> Self {
        let schedule = Schedule { poll: Duration::from_millis(1), ..schedule };
        let (stop, stopped) = oneshot::channel::<()>();
        let (smdp, smds) = (server.smdp.clone(), smds.clone());
        let task = tokio::spawn(keep_events(smdp, smds, "2.999.10".to_owned(), schedule, async move {
            let _ = stopped.await;
        }));
        Self { stop: Some(stop), task }
    }

    pub async fn stop(mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        (&mut self.task).await.unwrap();
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Every event of a store.
pub async fn events<S: Store>(store: &S) -> Vec<SmdsEvent> {
    store.smds_events(SmdsEventFilter::default()).await.unwrap()
}

/// The stage of the only event of a store.
pub async fn stage<S: Store>(store: &S) -> Option<SmdsEventStage> {
    let events = events(store).await;
    assert!(events.len() <= 1, "{events:?}");
    events.first().map(|event| event.stage)
}

/// Turns the clock until every event of the store is in one of these stages, by as many seconds a time.
pub async fn until_all_are<S: Store>(server: &Server<S>, stages: &[SmdsEventStage], seconds: i64) {
    for _ in 0..20_000 {
        if events(server.store()).await.iter().all(|event| stages.contains(&event.stage)) {
            return;
        }
        server.clock.advance_seconds(seconds);
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    panic!("{:#?}", events(server.store()).await);
}
