//! A session that was kept, and how a new one differs from it.
//!
//! What is kept is a run of the judge: which cases, in which order, from which seed, and all that travelled. To replay it is to
//! run the same cases from the same seed against a server or a card, which may be another one, and to compare what travels
//! with what travelled then, up to the first difference ([`difference::first`]).

pub mod difference;
mod names;
mod recording;
mod value;

pub use recording::{Recorded, Recording, RecordingError};
