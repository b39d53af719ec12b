//! What became of an event.

use super::error::EventError;
use super::event::Event;
use crate::download::{Cancellation, Declined, Downloaded};

/// An event, and what became of it. `E` is what the client of a server fails with.
#[derive(Debug)]
pub struct Processed<E> {
    /// The event, and the SM-DSs by which it was found.
    pub event: Event,
    /// What became of it.
    pub outcome: Outcome<E>,
}

/// What became of an event.
#[derive(Debug)]
pub enum Outcome<E> {
    /// A profile is installed, disabled, and not yet reported to the SM-DP+.
    Downloaded(Box<Downloaded>),
    /// The user did not want the profile, or not now.
    Declined {
        /// How.
        declined: Declined,
        /// How the RSP session was ended.
        cancellation: Option<Cancellation<E>>,
    },
    /// The server is another SM-DS and told these events. They are processed next.
    Followed(Vec<Event>),
    /// The same server was asked for the same EventID before in this discovery. It was not asked again.
    SeenBefore,
    /// The server is another SM-DS, and [`MAX_SMDS`](super::MAX_SMDS) of them lie on the way already. It was not asked.
    TooDeep,
    /// It came to nothing.
    Failed(Box<EventError<E>>),
}

impl<E> Outcome<E> {
    /// Whether something was there to be had and was not got.
    pub fn is_failure(&self) -> bool {
        match self {
            Self::Downloaded(_) | Self::Followed(_) | Self::SeenBefore => false,
            Self::Declined { .. } | Self::TooDeep | Self::Failed(_) => true,
        }
    }
}
