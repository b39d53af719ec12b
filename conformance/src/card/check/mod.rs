//! What has to hold once the steps of a case are done.

mod addresses;
mod authentication;
mod cancellation;
mod information;
mod installation;
mod notifications;
mod preparation;
mod profiles;
mod transport;

use std::fmt;

use asn1::der::DerError;
use lpa::CardError;

pub use addresses::Address;
pub use authentication::Authenticated;
pub use cancellation::Cancelled;
pub use information::Information;
pub use installation::{Installed, installed, installed_or_not, not_installed, refused};
pub use notifications::{Note, Notified};
pub use preparation::Prepared;
pub use profiles::Profiles;
pub use transport::Transport;

use super::bench::{Bench, Stop};

/// What a check has found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Finding {
    /// It does not hold: what there is instead.
    Difference(String),
    /// It could not be found out.
    Stop(Stop),
}

impl Finding {
    /// What there is instead.
    fn is(actual: impl ToString) -> Self {
        Self::Difference(actual.to_string())
    }
}

impl From<Stop> for Finding {
    fn from(stop: Stop) -> Self {
        Self::Stop(stop)
    }
}

impl From<CardError> for Finding {
    fn from(error: CardError) -> Self {
        Self::Stop(error.into())
    }
}

/// What the card said and is not what it should be.
impl From<String> for Finding {
    fn from(actual: String) -> Self {
        Self::Difference(actual)
    }
}

impl From<&str> for Finding {
    fn from(actual: &str) -> Self {
        Self::Difference(actual.to_owned())
    }
}

impl From<DerError> for Finding {
    fn from(error: DerError) -> Self {
        Self::Difference(error.to_string())
    }
}

/// Whether it holds.
type Held = Result<(), Finding>;

/// It holds, or what there is instead.
fn holds(condition: bool, actual: impl ToString) -> Held {
    if condition { Ok(()) } else { Err(Finding::is(actual)) }
}

/// The two are equal.
fn equal<T: PartialEq + fmt::Display>(actual: &T, expected: &T) -> Held {
    holds(actual == expected, format_args!("{actual}, expected {expected}"))
}

/// Bytes in hexadecimal.
fn hex(bytes: &[u8]) -> String {
    data_encoding::HEXUPPER.encode(bytes)
}

/// The data of the last answer that is judged.
fn last_data<'b>(bench: &'b Bench<'_>) -> Result<&'b [u8], Finding> {
    let asked = bench.last().ok_or_else(|| Stop::impossible("the case asks nothing"))?;
    Ok(&asked.answer.data)
}

macro_rules! checks {
    ($($name:ident($type:ty) $what:literal;)+) => {
        /// What has to hold once the steps of a case are done.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum Check {
            $(#[doc = $what] $name($type),)+
        }

        impl Check {
            /// Whether it holds. The card may be asked for it.
            ///
            /// # Errors
            /// [`Finding`].
            pub fn hold(self, bench: &mut Bench<'_>) -> Held {
                match self {
                    $(Self::$name(check) => check.hold(bench),)+
                }
            }
        }

        impl fmt::Display for Check {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $(Self::$name(check) => check.fmt(f),)+
                }
            }
        }
    };
}

checks! {
    Transport(Transport) "Of APDUs and what selecting the ISD-R gives.";
    Address(Address) "Of the addresses that the card keeps.";
    Information(Information) "Of what the card says of itself.";
    Authenticated(Authenticated) "Of the answer to AuthenticateServer.";
    Prepared(Prepared) "Of the answer to PrepareDownload.";
    Cancelled(Cancelled) "Of the answer to CancelSession.";
    Installed(Installed) "Of the Profile Installation Result.";
    Notified(Notified) "Of the pending notifications.";
    Profiles(Profiles) "Of the profiles on the card.";
}
