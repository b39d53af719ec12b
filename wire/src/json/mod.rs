//! The JSON rules of SGP.22 §6.5.1, the same on every interface.
//!
//! A message is one object: its function's members beside `header`. Members nobody asks for are skipped, `null` is the
//! same as absent, and a member that is asked for may stand only once (two parsers on one way could otherwise read
//! two different messages).

mod header;
mod members;
mod object;

pub(crate) use header::FunctionExecutionStatus;
pub use header::{ResponseHeader, Status, StatusCodeData};
pub use members::Members;
pub use object::{FieldError, NotAnObject, Object, Problem, optional};
