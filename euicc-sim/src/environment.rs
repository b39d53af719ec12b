//! What the card is given from outside: entropy, time, a trace and memory that outlives power.

use std::sync::{Arc, Mutex, PoisonError};

use protocol::clock::Clock;
use protocol::trace::Tracer;
use rand_core::CryptoRng;
use thiserror::Error;

use crate::state::CardState;

/// The card's surroundings. The same seed, clock, state and commands give the same responses.
pub struct Environment {
    /// Entropy for challenges and one-time keys.
    pub rng: Box<dyn CryptoRng + Send>,
    /// The time certificates are checked against.
    pub clock: Arc<dyn Clock>,
    /// Where APDUs, checks and changes of state are told.
    pub tracer: Tracer,
    /// Where the state is kept.
    pub memory: Box<dyn NonVolatile + Send>,
}

/// Memory that outlives power: takes a state whole or not at all.
pub trait NonVolatile {
    /// Keeps `state`; when this returns, the state survives a loss of power.
    ///
    /// # Errors
    /// [`MemoryFailure`], and what was kept before is still kept.
    fn commit(&mut self, state: &CardState) -> Result<(), MemoryFailure>;
}

/// Our storage failed: the card's memory could not be written.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
#[error("our storage: the card's memory cannot be written: {0}")]
pub struct MemoryFailure(pub String);

/// Memory for tests and for runs that leave nothing behind: keeps the last state where its clones see it.
#[derive(Clone, Default)]
pub struct InMemory(Arc<Mutex<Option<CardState>>>);

impl InMemory {
    /// The state last committed.
    pub fn kept(&self) -> Option<CardState> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl NonVolatile for InMemory {
    fn commit(&mut self, state: &CardState) -> Result<(), MemoryFailure> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(state.clone());
        Ok(())
    }
}
