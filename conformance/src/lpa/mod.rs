//! The judge of an LPA.
//!
//! It plays SM-DP+ and SM-DS, puts the LPA into one situation after the other, each reached by an activation code of its own,
//! and judges by what came over the wire alone. A [`case::Case`] is a [`situation`] and the [`expectation`]s of it;
//! [`cases`] has them all.
//!
//! * [`stage`] are the servers: they do what the situation says and keep the [`log`].
//! * [`driver`] is the port to whatever makes the LPA act: a command, a human, a test.
//! * [`run::Judge`] brings the two together.

pub mod case;
pub mod cases;
pub mod driver;
pub mod expectation;
mod judgement;
pub mod log;
pub mod run;
pub mod situation;
pub mod stage;
