//! The judge: tells over the wire whether an SM-DP+, an SM-DS, an eUICC or an LPA does what SGP.22 asks of it.
//!
//! * [`case`] is what a case is: data, one sentence of the specification each. The cases stand beside the judge that runs
//!   them, one file per function: [`server`] for SM-DP+ and SM-DS, [`card`] for eUICCs, [`lpa`] for LPAs.
//! * [`pki`] makes certificate chains that differ from a good one in one thing.
//! * [`report`] tells how a run went: a tree for the terminal, JUnit XML, JSON, HTML.
//! * [`selection`] and [`expectations`] say which cases run and which failures are known.
//!
//! A judge knows nothing of whom it judges but what comes over the wire, so that it can judge one that none of this code is
//! in. The same seed makes the same inputs, whichever cases run beside: see [`random`].

pub mod card;
pub mod case;
pub mod evidence;
pub mod expectations;
mod json;
pub mod lpa;
pub mod outcome;
pub mod pki;
pub mod random;
pub mod replay;
pub mod report;
pub mod selection;
pub mod server;
