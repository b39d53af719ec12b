//! The cases, one file a function.
//!
//! A number is never used again, and a case never changes what it asks for: expectations files name them.

pub mod es11;
pub mod es12;
pub mod es2plus;
pub mod es9plus;

use super::Case;
use super::call::{Authenticate, Download, Initiate};
use super::expected::Expected;
use super::step::Step;
use super::target::Kind;
use crate::case::{Head, Variants};

/// Every case for servers, in the order in which they run.
pub fn all() -> impl Iterator<Item = &'static Case> {
    let all = [es9plus::CASES, es2plus::CASES, es11::CASES, es12::CASES];
    all.into_iter().flatten().copied().flatten()
}

/// A case for an SM-DP+.
const fn smdp(head: Head, variants: Variants, steps: &'static [Step], expected: Expected) -> Case {
    Case { head, of: Kind::Smdp, variants, steps, expected }
}

/// A case for an SM-DS.
const fn smds(head: Head, variants: Variants, steps: &'static [Step], expected: Expected) -> Case {
    Case { head, of: Kind::Smds, variants, steps, expected }
}

const INITIATE: Step = Step::InitiateAuthentication(Initiate::Good);
const AUTHENTICATE: Step = Step::AuthenticateClient(Authenticate::Good);
const DOWNLOAD: Step = Step::GetBoundProfilePackage(Download::Good);
