//! The cases for eUICCs: data, one file a function.

mod es10;
mod es10a;
mod es10b;
mod es10c;
mod es8plus;
mod uicc;

use super::Case;

/// All of them, in the order of the interfaces.
pub fn all() -> impl Iterator<Item = &'static Case> {
    [es10::CASES, es10a::CASES, es10b::CASES, es8plus::CASES, es10c::CASES, uicc::CASES]
        .into_iter()
        .flatten()
        .flat_map(|cases| cases.iter())
}

/// What the files of cases begin with.
mod prelude {
    pub use crate::card::Case;
    pub use crate::card::check::{
        Address, Authenticated, Cancelled, Check, Information, Installed, Note, Notified, Prepared, Profiles,
        Transport,
    };
    pub use crate::card::crl::Crl;
    pub use crate::card::expected::{Expected, Told};
    pub use crate::card::need::Need;
    pub use crate::card::package::Package;
    pub use crate::card::profile::{Form, Slot};
    pub use crate::card::reply::Code;
    pub use crate::card::request::{
        Change, Criterion, Number, Outcome, Portion, Query, Request, Search, Target,
    };
    pub use crate::card::session::{Authentication, Cancellation, Preparation};
    pub use crate::card::step::Step;
    pub use crate::card::uicc::{Answered, Challenge, Exchange, Wanted, gives, refused, works};
    pub use crate::case::{Function, Head, Variants};
}
