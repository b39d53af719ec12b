//! Where an operator wants to be told.

use std::fmt;
use std::str::FromStr;

use http::Uri;
use http::uri::Scheme;
use protocol::es2plus::Function;
use protocol::types::ServerAddress;
use thiserror::Error;

/// The URL of an operator's HandleDownloadProgressInfo. Where it has a path, that path is called; else the one of
/// SGP.22 §6.5.2.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ProgressUrl {
    pub(super) https: bool,
    pub(super) address: ServerAddress,
    /// With the query, if there is one.
    pub(super) path: String,
}

/// Why a text is no such URL: a fault of the configuration. The text is not repeated, since URLs can hold passwords.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
pub enum ProgressUrlError {
    /// No URL.
    #[error("not a URL")]
    Malformed,
    /// Neither `https` nor `http`.
    #[error("the URL has to begin with https:// (or with http:// in a laboratory)")]
    Scheme,
    /// No host, or one with user name, password or an IPv6 address.
    #[error("the URL has to name a host, with a port if need be, and nothing else before the path")]
    Host,
}

impl ProgressUrl {
    /// Whether it is reached over TLS, with a certificate (SGP.22 §6.1).
    pub fn is_https(&self) -> bool {
        self.https
    }
}

impl FromStr for ProgressUrl {
    type Err = ProgressUrlError;

    fn from_str(text: &str) -> Result<Self, ProgressUrlError> {
        let uri: Uri = text.parse().map_err(|_| ProgressUrlError::Malformed)?;
        let https = match uri.scheme() {
            Some(scheme) if *scheme == Scheme::HTTPS => true,
            Some(scheme) if *scheme == Scheme::HTTP => false,
            _ => return Err(ProgressUrlError::Scheme),
        };
        let authority = uri.authority().map_or("", |authority| authority.as_str());
        let address: ServerAddress = match authority.contains(':') || https {
            true => authority.parse(),
            // An address without a port means 443.
            false => format!("{authority}:80").parse(),
        }
        .map_err(|_| ProgressUrlError::Host)?;
        let path = match uri.path_and_query().map(|path| path.as_str()) {
            None | Some("" | "/") => Function::HandleDownloadProgressInfo.json_path(),
            Some(path) => path,
        };
        Ok(Self { https, address, path: path.to_owned() })
    }
}

/// Without the query, which may hold a secret.
impl fmt::Display for ProgressUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.https { "https" } else { "http" };
        let path = self.path.split('?').next().unwrap_or_default();
        write!(f, "{scheme}://{}{path}", self.address)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATH: &str = "/gsma/rsp2/es2plus/handleDownloadProgressInfo";

    #[test]
    fn a_url_without_a_path_gets_the_one_of_the_specification() {
        for (text, shown) in [
            ("https://op.example.com", format!("https://op.example.com{PATH}")),
            ("https://op.example.com:8443/", format!("https://op.example.com:8443{PATH}")),
            ("http://localhost:8080", format!("http://localhost:8080{PATH}")),
            ("http://localhost", format!("http://localhost:80{PATH}")),
            ("https://op.example.com/rsp/progress", "https://op.example.com/rsp/progress".to_owned()),
        ] {
            assert_eq!(text.parse::<ProgressUrl>().unwrap().to_string(), shown);
        }
    }

    #[test]
    fn a_query_is_sent_but_not_shown() {
        let url: ProgressUrl = "https://op.example.com/p?token=secret".parse().unwrap();
        assert_eq!(
            (url.path.as_str(), url.to_string().as_str()),
            ("/p?token=secret", "https://op.example.com/p")
        );
    }

    #[test]
    fn what_is_no_such_url_is_refused() {
        use ProgressUrlError as E;
        for (text, error) in [
            ("", E::Malformed),
            ("https://", E::Malformed),
            ("op.example.com", E::Scheme),
            ("ftp://op.example.com", E::Scheme),
            ("https://user:password@op.example.com", E::Host),
            ("https://[::1]:8443", E::Host),
        ] {
            assert_eq!(text.parse::<ProgressUrl>(), Err(error), "{text}");
        }
    }
}
