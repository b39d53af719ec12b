//! The SM-DSs at which an SM-DP+ registers events.

use std::str::FromStr;
use std::time::Duration;

use anyhow::{Result, bail};
use protocol::types::{ServerAddress, ServerAddressError};
use serde::Deserialize;
use smdp::{Smds, Unreachable};

/// `[smds]` of the file.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SmdsSection {
    pub unreachable: Option<WhenUnreachable>,
    pub wait_seconds: Option<u64>,
    pub server: Vec<SmdsAccess>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum WhenUnreachable {
    Retry,
    Refuse,
}

/// One SM-DS: `ADDRESS` or `ADDRESS=ES12-ADDRESS` on the command line.
#[derive(Clone, PartialEq, Eq, Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub struct SmdsAccess {
    /// How operators and LPAs know it.
    pub address: ServerAddress,
    /// Where its ES12 is, if not there.
    pub es12: Option<ServerAddress>,
}

impl SmdsAccess {
    /// Where its ES12 is.
    pub fn es12(&self) -> &ServerAddress {
        self.es12.as_ref().unwrap_or(&self.address)
    }
}

impl FromStr for SmdsAccess {
    type Err = ServerAddressError;

    fn from_str(text: &str) -> Result<Self, ServerAddressError> {
        match text.split_once('=') {
            None => Ok(Self { address: text.parse()?, es12: None }),
            Some((address, es12)) => Ok(Self { address: address.parse()?, es12: Some(es12.parse()?) }),
        }
    }
}

/// What the server is told, and where each SM-DS is. The command line replaces the list of the file.
pub fn resolve(flags: Vec<SmdsAccess>, file: &SmdsSection) -> Result<(Smds, Vec<SmdsAccess>)> {
    let servers = if flags.is_empty() { file.server.clone() } else { flags };
    for (number, one) in servers.iter().enumerate() {
        if servers.iter().take(number).any(|other| other.address == one.address) {
            bail!("smds.server: {} is there twice", one.address);
        }
    }
    let usual = Smds::default();
    let smds = Smds {
        servers: servers.iter().map(|one| one.address.clone()).collect(),
        unreachable: match file.unreachable {
            None => usual.unreachable,
            Some(WhenUnreachable::Retry) => Unreachable::Retry,
            Some(WhenUnreachable::Refuse) => Unreachable::Refuse,
        },
        wait: file.wait_seconds.map_or(usual.wait, Duration::from_secs),
    };
    Ok((smds, servers))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_smds_is_named_with_or_without_the_place_of_its_es12() {
        let one: SmdsAccess = "smds.example.com".parse().unwrap();
        assert_eq!((one.address.as_str(), one.es12().as_str()), ("smds.example.com", "smds.example.com"));
        let one: SmdsAccess = "smds.example.com=es12.example.com:8454".parse().unwrap();
        assert_eq!(
            (one.address.as_str(), one.es12().as_str()),
            ("smds.example.com", "es12.example.com:8454")
        );
        for text in ["", "=", "smds.example.com=", "=es12.example.com", "smds example"] {
            assert!(text.parse::<SmdsAccess>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn the_command_line_comes_before_the_file_and_no_smds_is_there_twice() {
        let of_file: SmdsSection = toml::from_str(
            "unreachable = \"refuse\"\nwait_seconds = 1\n[[server]]\naddress = \"a.example.com\"\n",
        )
        .unwrap();
        let (smds, _) = resolve(Vec::new(), &of_file).unwrap();
        assert_eq!(smds.servers[0].as_str(), "a.example.com");
        assert_eq!((smds.unreachable, smds.wait), (Unreachable::Refuse, Duration::from_secs(1)));
        let flags = vec!["b.example.com".parse().unwrap()];
        let (smds, servers) = resolve(flags, &of_file).unwrap();
        assert_eq!((smds.servers.len(), servers[0].address.as_str()), (1, "b.example.com"));
        let twice = ["c.example.com", "C.Example.com=d.example.com"].map(|text| text.parse().unwrap());
        assert!(resolve(twice.to_vec(), &of_file).is_err());
    }
}
