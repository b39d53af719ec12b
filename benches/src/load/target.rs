//! Whom the eUICCs ask.

use std::sync::Arc;
use std::time::Duration;

use protocol::es9plus::Es9Plus;

use super::ending::Failure;

/// A server under load, however it is reached.
pub trait Target: Send + Sync + 'static {
    /// The way to it that one attempt takes.
    type Line: Line;

    /// What eUICCs call it (SGP.22 §5.6.1: smdpAddress).
    fn address(&self) -> &str;

    /// In which form it is called: `json`, `asn1`.
    fn binding(&self) -> &'static str;

    /// Whether each attempt makes a connection of its own.
    fn new_connections(&self) -> bool;

    /// A way for one attempt.
    fn line(&self) -> Self::Line;
}

/// The way to a server that one attempt takes.
pub trait Line: Es9Plus<Error: Into<Failure>> {
    /// What the last call took over the wire: from the request whole to the answer whole. None where there is no wire.
    fn took(&self) -> Option<Duration>;
}

impl<T: Target> Target for Arc<T> {
    type Line = T::Line;

    fn address(&self) -> &str {
        T::address(self)
    }

    fn binding(&self) -> &'static str {
        T::binding(self)
    }

    fn new_connections(&self) -> bool {
        T::new_connections(self)
    }

    fn line(&self) -> T::Line {
        T::line(self)
    }
}
