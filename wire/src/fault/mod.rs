//! HTTP answers that are wrong in one way: for those who judge an LPA, and for a server that is asked to give one.
//!
//! [`AnswerFault::apply`] spoils an answer that is otherwise good. What only the connection can do, such as cutting it, is left
//! to the server loop by an extension of the answer ([`crate::server::Delivery`]). A handler that knows neither the answer nor
//! the connection says with [`note`] what is to become of its answer.

mod body;
mod note;
mod table;

pub(crate) use note::{scope, take_noted};

pub use body::{HUGE, REDIRECTED_TO, RETRY_AFTER};
pub use note::note;
pub use table::{AnswerFault, Effect};

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use http::Response;
use http::header::CONTENT_LENGTH;
use hyper::body::Bytes;
use thiserror::Error;

use crate::server::{Cut, Delivery};

/// A name that no fault has.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
#[error("there is no answer fault {0:?}")]
pub struct UnknownFault(String);

/// The name: `http-503`, `slow-3s`, `slow-1500ms`.
impl fmt::Display for AnswerFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Slow(delay) if delay.subsec_millis() == 0 => write!(f, "slow-{}s", delay.as_secs()),
            Self::Slow(delay) => write!(f, "slow-{}ms", delay.as_millis()),
            other => f.write_str(other.plain_name().unwrap_or_default()),
        }
    }
}

impl FromStr for AnswerFault {
    type Err = UnknownFault;

    /// Every name of [`AnswerFault::ALL`], and `slow-` with any number of seconds or milliseconds.
    fn from_str(name: &str) -> Result<Self, UnknownFault> {
        let slow = name.strip_prefix("slow-").and_then(delay).map(Self::Slow);
        let plain = || Self::ALL.iter().copied().find(|fault| fault.plain_name() == Some(name));
        slow.or_else(plain).ok_or_else(|| UnknownFault(name.to_owned()))
    }
}

fn delay(text: &str) -> Option<Duration> {
    let number = |digits: &str| digits.parse::<u32>().ok().map(u64::from);
    match text.strip_suffix("ms") {
        Some(milliseconds) => number(milliseconds).map(Duration::from_millis),
        None => number(text.strip_suffix('s')?).map(Duration::from_secs),
    }
}

impl AnswerFault {
    /// Spoils an answer; `false` where it has no place for this fault and stays as it is. One of the JSON binding has none for a
    /// fault of JSON where there is no JSON object in the body, as with 204 and in the ASN.1 binding.
    pub fn apply(self, response: &mut Response<Bytes>) -> bool {
        let deliver = |response: &mut Response<Bytes>, delivery| {
            response.extensions_mut().insert::<Delivery>(delivery);
            true
        };
        let applied = match self {
            Self::Slow(delay) => deliver(response, Delivery { delay, ..Delivery::default() }),
            Self::CutBeforeAnswer => {
                deliver(response, Delivery { cut: Some(Cut::BeforeAnswer), ..Delivery::default() })
            }
            Self::CutInBody if !response.body().is_empty() => {
                deliver(response, Delivery { cut: Some(Cut::InBody), ..Delivery::default() })
            }
            Self::Chunked if !response.body().is_empty() => {
                deliver(response, Delivery { chunked: true, ..Delivery::default() })
            }
            other => body::spoil(other, response),
        };
        if applied {
            // Of the body that was there before.
            response.headers_mut().remove(CONTENT_LENGTH);
        }
        applied
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_fault_has_a_name_of_its_own_and_is_found_by_it() {
        let names: BTreeSet<String> = AnswerFault::ALL.iter().map(ToString::to_string).collect();
        assert_eq!(names.len(), AnswerFault::ALL.len());
        for fault in AnswerFault::ALL {
            let name = fault.to_string();
            assert_eq!(name.parse(), Ok(*fault));
            let kebab = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            assert!(name.chars().all(kebab) && !name.is_empty(), "{name}");
            assert!(!fault.description().is_empty());
        }
    }

    #[test]
    fn a_delay_is_a_number_with_its_unit() {
        for (name, delay) in [("slow-20s", 20_000), ("slow-0s", 0), ("slow-1500ms", 1500)] {
            assert_eq!(name.parse(), Ok(AnswerFault::Slow(Duration::from_millis(delay))));
            assert_eq!(name.parse::<AnswerFault>().unwrap().to_string(), name);
        }
        for name in ["slow-", "slow-3", "slow--3s", "slow-99999999999s", "slow-s", "Slow-3s", ""] {
            assert!(name.parse::<AnswerFault>().is_err(), "{name}");
        }
    }
}
