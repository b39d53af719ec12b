//! What came of a run, written down. Each module makes one form of it.
//!
//! * [`text`] is for a terminal, [`html`] for people, [`json`] for programs, [`csv`] for spreadsheets;
//! * [`compare`] puts two runs beside each other;
//! * [`packaging`] does the same for a run of [`crate::load::packaging`];
//! * [`units`]: how times, rates and ratios are written; [`caution`]: when the figures are not those of the server.
//!
//! How an attempt ended is told in words that a server chose, and a result may have been read from a file of somebody else. Each
//! form escapes both: see [`printable`].

pub mod caution;
pub mod compare;
pub mod csv;
pub(super) mod histogram;
pub mod html;
pub mod json;
pub mod packaging;
pub mod printable;
mod sheet;
mod table;
pub mod text;
mod told;
pub mod units;
