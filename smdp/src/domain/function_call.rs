//! A call of ES2+ that was executed, so that the same call again gets the same answer.

use std::fmt;

/// What makes a call the same call: who made it, and the name it was given (SGP.22 §5.2.2, SGP.02).
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct CallKey {
    /// The operator that TLS authenticated, with its functionRequesterIdentifier.
    pub requester: String,
    /// functionCallIdentifier.
    pub identifier: String,
    /// SHA-256 over function and body: another one under the same name is another call.
    pub digest: [u8; 32],
}

/// Without the digest: a short confirmation code in the body could be found by it.
impl fmt::Debug for CallKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallKey")
            .field("requester", &self.requester)
            .field("identifier", &self.identifier)
            .finish_non_exhaustive()
    }
}

/// A call that is being executed; written together with what it does.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ExecutedCall {
    /// Which call.
    pub key: CallKey,
    /// The answer, as JSON.
    pub answer: String,
    /// When, milliseconds since the Unix epoch.
    pub at: i64,
}

/// What is known of a call.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum EarlierCall {
    /// It was executed, with this answer.
    Same(String),
    /// Another call had its name.
    Other,
}
