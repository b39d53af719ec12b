use std::sync::{Arc, Mutex};

use protocol::es12::{Caller, DeleteEvent, Es12, RegisterEvent};
use protocol::function_call::Call;
use protocol::status::Refusal;
use tokio::sync::Notify;

/// An SM-DS that remembers who asked what.
#[derive(Clone, Default)]
pub struct Fake(Arc<State>);

#[derive(Default)]
struct State {
    seen: Mutex<Vec<(Caller, Asked)>>,
    refusal: Option<Refusal>,
    /// Says when it has begun, and then never ends.
    hangs: Option<Arc<Notify>>,
}

#[derive(Clone, PartialEq, Debug)]
pub enum Asked {
    Register(Call<RegisterEvent>),
    Delete(Call<DeleteEvent>),
}

impl Fake {
    pub fn refusing(refusal: Refusal) -> Self {
        Self(Arc::new(State { refusal: Some(refusal), ..State::default() }))
    }

    pub fn hanging(begun: Arc<Notify>) -> Self {
        Self(Arc::new(State { hangs: Some(begun), ..State::default() }))
    }

    /// Who asked what so far.
    pub fn seen(&self) -> Vec<(Caller, Asked)> {
        self.0.seen.lock().unwrap().clone()
    }

    async fn called(&self, caller: &Caller, asked: Asked) -> Result<(), Refusal> {
        self.0.seen.lock().unwrap().push((caller.clone(), asked));
        if let Some(begun) = &self.0.hangs {
            begun.notify_one();
            std::future::pending::<()>().await;
        }
        self.0.refusal.clone().map_or(Ok(()), Err)
    }
}

impl Es12 for Fake {
    async fn register_event(&self, caller: &Caller, call: Call<RegisterEvent>) -> Result<(), Refusal> {
        self.called(caller, Asked::Register(call)).await
    }

    async fn delete_event(&self, caller: &Caller, call: Call<DeleteEvent>) -> Result<(), Refusal> {
        self.called(caller, Asked::Delete(call)).await
    }
}
