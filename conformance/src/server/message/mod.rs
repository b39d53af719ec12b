//! What goes to a server and what comes back, as bytes: written and read here by the letter of SGP.22 §6, so that a request
//! may be wrong and an answer is taken for what it is.

mod answer;
mod form;
mod request;

pub use answer::{Answer, Members, Told};
pub use form::{Form, Member};
pub use request::{Message, Path, Value};

use protocol::es9plus;

/// A function that a server offers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Function {
    /// Of ES9+; on an SM-DS the two of them that ES11 has, at the same paths (SGP.22 §6.5.2.6).
    Es9Plus(es9plus::Function),
    /// Of ES2+.
    Es2Plus(protocol::es2plus::Function),
    /// Of ES12 and ES15.
    Es12(protocol::es12::Function),
}

impl Function {
    /// Its name in the specification.
    pub fn name(self) -> &'static str {
        match self {
            Self::Es9Plus(function) => function.name(),
            Self::Es2Plus(function) => function.name(),
            Self::Es12(function) => function.name(),
        }
    }

    /// Its path in the JSON binding.
    pub fn json_path(self) -> &'static str {
        match self {
            Self::Es9Plus(function) => function.json_path(),
            Self::Es2Plus(function) => function.json_path(),
            Self::Es12(function) => function.json_path(),
        }
    }

    /// Whether it is a notification, which is answered with 204 and nothing (SGP.22 §6.3).
    pub fn is_notification(self) -> bool {
        matches!(self, Self::Es9Plus(es9plus::Function::HandleNotification))
    }
}
