//! Every message in every state of an event record.

use std::sync::Arc;
use std::time::Duration;

use crypto::Curve;
use protocol::es12::{Caller, DeleteEvent, RegisterEvent};
use protocol::status::Refusal;
use protocol::types::EventId;
use smds::domain::EventState;
use smds::store::Store;

use crate::common::calls::{SMDP_ADDRESS, event_id, smdp};
use crate::common::euicc::{Euicc, eid};
use crate::common::line::Fate;
use crate::common::server::Server;

/// What there is of the event that the messages are about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    /// Its EventID was never used.
    Unused,
    /// The Root has it and has not answered.
    Forwarding,
    /// The same, and the time for an answer is over.
    Abandoned,
    /// Registered here alone.
    Registered,
    /// Registered here and at the Root.
    Forwarded,
    /// The same, and its time is over.
    Overdue,
    Deleted,
    Expired,
    Removed,
}

impl State {
    /// Whether an event in this state is at the Root once every errand is run.
    fn is_at_root(self) -> bool {
        matches!(self, Self::Forwarding | Self::Abandoned | Self::Forwarded | Self::Overdue)
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Message {
    Register,
    RegisterByAnother,
    Delete,
    DeleteByAnother,
    AskForAll,
    AskByEventId1,
    AskByEventId2,
    Sweep,
    Remove,
}

/// The answer, and the state that it leaves behind where that is another.
type Cell = (&'static str, Option<State>);

/// Nothing happens but this answer.
const fn just(answer: &'static str) -> Cell {
    (answer, None)
}

const fn then(answer: &'static str, state: State) -> Cell {
    (answer, Some(state))
}

/// SGP.22 §5.8.2, §5.9.1, §5.9.2. `told` is the event with its EventID1 and address, `nothing` an empty list; `did` and
/// `did not` say whether those who run the SM-DS found something to sweep or remove.
#[rustfmt::skip]
const TABLE: [(State, [(Message, Cell); 9]); 9] = {
    use Message::*;
    use State::*;
    [
        (Unused, [
            (Register, then("ok", Forwarded)), (RegisterByAnother, just("ok")),
            (Delete, just("8.9.5/3.9")), (DeleteByAnother, just("8.9.5/3.9")),
            (AskForAll, just("nothing")), (AskByEventId1, just("8.9.5/3.9")), (AskByEventId2, just("8.9.5/3.9")),
            (Sweep, just("did not")), (Remove, just("did not")),
        ]),
        (Forwarding, [
            (Register, just("1.2/4.4")), (RegisterByAnother, just("ok")),
            (Delete, just("1.2/4.4")), (DeleteByAnother, just("8.9.5/3.9")),
            (AskForAll, just("nothing")), (AskByEventId1, just("8.9.5/3.9")), (AskByEventId2, just("told")),
            (Sweep, just("did not")), (Remove, just("did not")),
        ]),
        (Abandoned, [
            (Register, then("ok", Forwarded)), (RegisterByAnother, just("ok")),
            (Delete, just("1.2/4.4")), (DeleteByAnother, just("8.9.5/3.9")),
            (AskForAll, just("nothing")), (AskByEventId1, just("8.9.5/3.9")), (AskByEventId2, just("told")),
            (Sweep, then("did", Unused)), (Remove, just("did not")),
        ]),
        (Registered, [
            (Register, just("8.9.5/3.3")), (RegisterByAnother, just("ok")),
            (Delete, then("ok", Deleted)), (DeleteByAnother, just("8.9.5/3.9")),
            (AskForAll, just("told")), (AskByEventId1, just("told")), (AskByEventId2, just("8.9.5/3.9")),
            (Sweep, just("did not")), (Remove, then("did", Removed)),
        ]),
        (Forwarded, [
            (Register, just("8.9.5/3.3")), (RegisterByAnother, just("ok")),
            (Delete, then("ok", Deleted)), (DeleteByAnother, just("8.9.5/3.9")),
            (AskForAll, just("told")), (AskByEventId1, just("told")), (AskByEventId2, just("told")),
            (Sweep, just("did not")), (Remove, then("did", Removed)),
        ]),
        (Overdue, [
            (Register, just("8.9.5/3.3")), (RegisterByAnother, just("ok")),
            (Delete, then("ok", Deleted)), (DeleteByAnother, just("8.9.5/3.9")),
            (AskForAll, just("nothing")), (AskByEventId1, just("8.9.5/3.9")), (AskByEventId2, just("8.9.5/3.9")),
            (Sweep, then("did", Expired)), (Remove, then("did", Removed)),
        ]),
        (Deleted, ENDED),
        (Expired, ENDED),
        (Removed, ENDED),
    ]
};

#[rustfmt::skip]
const ENDED: [(Message, Cell); 9] = {
    use Message::*;
    [
        (Register, just("8.9.5/3.3")), (RegisterByAnother, just("ok")),
        (Delete, just("8.9.5/3.9")), (DeleteByAnother, just("8.9.5/3.9")),
        (AskForAll, just("nothing")), (AskByEventId1, just("8.9.5/3.9")), (AskByEventId2, just("8.9.5/3.9")),
        (Sweep, just("did not")), (Remove, just("did not")),
    ]
};

const LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);

/// An Alternative with an event in some state.
struct World<S> {
    server: Server<S>,
    /// Keeps worlds on one store apart.
    number: u32,
    /// That of the event in its first state.
    event_id2: Option<EventId>,
    state: State,
}

fn caller() -> Caller {
    smdp(1)
}

impl<S: Store> World<S> {
    async fn at(state: State, store: &Arc<S>, number: u32) -> Self {
        let server = Server::alternative_on(store.clone(), number.into(), |config| {
            config.limits.event_days = Some(1);
        });
        let mut world = Self { server, number, event_id2: None, state };
        match state {
            State::Unused => return world,
            State::Forwarding | State::Abandoned => world.die_while_forwarding().await,
            State::Registered => {
                let event = RegisterEvent { forwarding_indicator: false, ..world.event() };
                world.server.register(&caller(), event).await.unwrap();
            }
            _ => world.server.register(&caller(), world.event()).await.unwrap(),
        }
        let record = world.server.record(&caller(), &event_id(number)).await.unwrap();
        world.event_id2 = record.forwarded_as.clone();
        match state {
            State::Abandoned => world.server.outlast_lease(),
            State::Overdue | State::Expired => world.server.clock.advance(LIFETIME),
            State::Deleted => world.server.delete(&caller(), world.deletion()).await.unwrap(),
            State::Removed => assert!(world.server.remove(&record).await),
            _ => {}
        }
        if state == State::Expired {
            world.server.sweep().await;
        }
        world.server.run_errands().await;
        world.assert_is(state, 0, "at first").await;
        world
    }

    async fn die_while_forwarding(&self) {
        self.server.line.next([Fate::Silent]);
        let caller = caller();
        tokio::select! {
            outcome = self.server.register(&caller, self.event()) => panic!("{outcome:?}"),
            () = self.server.line.waiting() => {}
        }
    }

    fn event(&self) -> RegisterEvent {
        RegisterEvent {
            eid: eid(self.number),
            rsp_server_address: SMDP_ADDRESS.parse().unwrap(),
            event_id: event_id(self.number),
            forwarding_indicator: true,
        }
    }

    fn deletion(&self) -> DeleteEvent {
        DeleteEvent { eid: eid(self.number), event_id: event_id(self.number) }
    }

    async fn send(&self, message: Message) -> String {
        let server = &self.server;
        match message {
            Message::Register => code(server.register(&caller(), self.event()).await),
            Message::RegisterByAnother => code(server.register(&smdp(2), self.event()).await),
            Message::Delete => code(server.delete(&caller(), self.deletion()).await),
            Message::DeleteByAnother => code(server.delete(&smdp(2), self.deletion()).await),
            Message::AskForAll => self.ask(None).await,
            Message::AskByEventId1 => self.ask(Some(event_id(self.number).as_str())).await,
            Message::AskByEventId2 => {
                let event_id2 = self.event_id2.as_ref().map_or("NEVER-USED", EventId::as_str);
                self.ask(Some(event_id2)).await
            }
            Message::Sweep => {
                did(server.store().sweep_events(protocol::clock::Clock::now(&*server.clock)).await.unwrap()
                    > 0)
            }
            Message::Remove => match server.record(&caller(), &event_id(self.number)).await {
                Some(record) => did(server.remove(&record).await),
                None => did(false),
            },
        }
    }

    async fn ask(&self, matching_id: Option<&str>) -> String {
        match self.server.ask(&Euicc::new(Curve::P256, self.number), matching_id).await {
            Ok(events) if events.is_empty() => "nothing".to_owned(),
            Ok(events) => {
                assert_eq!(events, [(format!("EVENT-{}", self.number), SMDP_ADDRESS.to_owned())]);
                "told".to_owned()
            }
            Err(refusal) => refusal.code.to_string(),
        }
    }

    /// The record is in this state, and so is what is at the Root; `others` are there of another caller.
    async fn assert_is(&self, state: State, others: usize, what: &str) {
        let record = self.server.record(&caller(), &event_id(self.number)).await;
        let expected = match state {
            State::Unused => None,
            State::Forwarding | State::Abandoned => Some(EventState::Forwarding),
            State::Registered | State::Forwarded | State::Overdue => Some(EventState::Registered),
            State::Deleted => Some(EventState::Deleted),
            State::Expired => Some(EventState::Expired),
            State::Removed => Some(EventState::Removed),
        };
        assert_eq!(record.as_ref().map(|record| record.state), expected, "{what}");
        let ended = matches!(state, State::Deleted | State::Expired | State::Removed);
        assert_eq!(record.as_ref().is_some_and(|record| record.ended.is_some()), ended, "{what}");
        let event_id2 = record.and_then(|record| record.forwarded_as);
        let at_root = event_id2.is_some_and(|event_id2| self.server.book.has(&event_id2));
        assert_eq!(at_root, state.is_at_root(), "{what}");
        let all_at_root = self.server.book.records().len();
        assert_eq!(all_at_root, others + usize::from(at_root), "nothing else is at the Root: {what}");
        assert_eq!(self.server.open_errands().await, 0, "{what}");
    }
}

fn code(outcome: Result<(), Refusal>) -> String {
    outcome.map_or_else(|refusal| refusal.code.to_string(), |()| "ok".to_owned())
}

fn did(something: bool) -> String {
    if something { "did".to_owned() } else { "did not".to_owned() }
}

pub async fn every_message_in_every_state<S: Store>(store: Arc<S>) {
    let mut number = 0;
    for (state, cells) in TABLE {
        for (message, (answer, leads_to)) in cells {
            number += 1;
            let world = World::at(state, &store, number).await;
            let what = format!("{message:?} in {state:?}");
            assert_eq!(world.send(message).await, answer, "{what}");
            world.server.run_errands().await;
            let others = usize::from(message == Message::RegisterByAnother);
            world.assert_is(leads_to.unwrap_or(world.state), others, &what).await;
            let other = world.server.state(&smdp(2), &event_id(number)).await;
            assert_eq!(other, (others == 1).then_some(EventState::Registered), "{what}");
            // What is not over yet is left to no other world on this store.
            world.server.clock.advance(LIFETIME);
            world.server.sweep().await;
            world.server.run_errands().await;
        }
    }
}

#[test]
fn the_table_has_every_state_and_every_message_once() {
    for (number, (state, cells)) in TABLE.iter().enumerate() {
        assert_eq!(TABLE.iter().position(|(other, _)| other == state), Some(number));
        for (number, (message, _)) in cells.iter().enumerate() {
            assert_eq!(*message as usize, number);
        }
    }
}
