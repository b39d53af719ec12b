//! Of the addresses that the card keeps (SGP.22 §5.7.3, §5.7.4).

use std::fmt;

use asn1::{EuiccConfiguredAddressesResponse, der};

use super::{Finding, Held, holds};
use crate::card::bench::Bench;
use crate::card::reply::Reply;
use crate::card::request::Request;

/// Of the addresses that the card keeps.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Address {
    /// The default SM-DP+ address is this.
    DefaultIs(Option<&'static str>),
    /// The default SM-DP+ address is not this any more.
    DefaultIsNot(&'static str),
    /// The default SM-DP+ address is what it was before the case.
    DefaultIsAsBefore,
    /// The Root SM-DS address is a host name.
    RootIsAHostName,
}

impl Address {
    pub(super) fn hold(self, bench: &mut Bench<'_>) -> Held {
        let asked = bench.send(Request::GetEuiccConfiguredAddresses)?;
        if asked.reply != Reply::Done {
            return Err(Finding::is(format_args!(
                "GetEuiccConfiguredAddresses is answered with {}",
                asked.reply
            )));
        }
        let addresses: EuiccConfiguredAddressesResponse = der::decode(&asked.answer.data)?;
        let default = addresses.default_dp_address.as_deref();
        match self {
            Self::DefaultIs(expected) => holds(default == expected, format_args!("it is {default:?}")),
            Self::DefaultIsNot(other) => holds(default != Some(other), "it still is"),
            Self::DefaultIsAsBefore => {
                let before = bench.properties.addresses.as_ref().map_err(Clone::clone)?;
                let same = before.default_dp_address == addresses.default_dp_address;
                holds(same, format_args!("it is {default:?}"))
            }
            Self::RootIsAHostName => {
                let name = &addresses.root_ds_address;
                let label = |label: &str| {
                    !label.is_empty()
                        && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
                };
                let host = name.split_once(':').map_or(name.as_str(), |(host, _)| host);
                holds(host.split('.').all(label), format_args!("it is {name:?}"))
            }
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DefaultIs(None) => f.write_str("there is no default SM-DP+ address"),
            Self::DefaultIs(Some(address)) => write!(f, "the default SM-DP+ address is {address:?}"),
            Self::DefaultIsNot(address) => {
                write!(f, "the default SM-DP+ address is not {address:?} any more")
            }
            Self::DefaultIsAsBefore => f.write_str("the default SM-DP+ address is what it was"),
            Self::RootIsAHostName => f.write_str("the Root SM-DS address is a host name"),
        }
    }
}
