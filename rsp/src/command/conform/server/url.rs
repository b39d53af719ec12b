//! The URL of a server.

use std::fmt;
use std::str::FromStr;

use protocol::types::ServerAddress;

/// Where LPAs reach a server.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Url {
    /// Over TLS.
    Https(ServerAddress),
    /// Without.
    Http(ServerAddress),
}

impl Url {
    pub fn address(&self) -> &ServerAddress {
        match self {
            Self::Https(address) | Self::Http(address) => address,
        }
    }
}

impl FromStr for Url {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let address = |rest: &str| {
            // The paths are those of SGP.22 §6.5.2.
            let rest = rest.strip_suffix('/').unwrap_or(rest);
            rest.parse::<ServerAddress>().map_err(|why| why.to_string())
        };
        if let Some(rest) = text.strip_prefix("https://") {
            return address(rest).map(Self::Https);
        }
        let Some(rest) = text.strip_prefix("http://") else {
            return Err("it begins with https:// or http://".to_owned());
        };
        match rest.contains(':') {
            true => address(rest).map(Self::Http),
            false => Err("http:// needs a port: http://HOST:PORT".to_owned()),
        }
    }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Https(address) => write!(f, "https://{address}"),
            Self::Http(address) => write!(f, "http://{address}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_a_scheme_and_an_address() {
        for good in ["https://smdp.example.com", "https://localhost:8443", "http://localhost:8000"] {
            assert_eq!(good.parse::<Url>().unwrap().to_string(), good);
        }
        assert_eq!("https://a/".parse::<Url>().unwrap().to_string(), "https://a");
        for bad in ["localhost:8443", "ftp://a", "http://a", "https://a/path", "https://", "https://a:0"] {
            assert!(bad.parse::<Url>().is_err(), "{bad}");
        }
    }
}
