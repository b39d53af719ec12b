//! Values that exist only if they are well formed.

use std::fmt;
use std::str::FromStr;

use certs::eid;
pub use certs::eid::EidError;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// An EID: 32 decimal digits whose number is 1 modulo 97 (SGP.22 §4.3.1).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Eid([u8; 16]);

impl Eid {
    /// Two digits a byte, the first digit in the high nibble: the form of tag 5A and of the key derivation.
    ///
    /// # Errors
    /// Where it is not decimal, or the check digits do not fit.
    pub fn from_bytes(bytes: [u8; 16]) -> Result<Self, EidError> {
        eid::verify_check_digits(&bytes).map(|()| Self(bytes))
    }

    /// The 16 bytes.
    pub fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl FromStr for Eid {
    type Err = EidError;

    fn from_str(text: &str) -> Result<Self, EidError> {
        eid::from_digits(text).map(Self)
    }
}

impl fmt::Display for Eid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&eid::to_digits(&self.0))
    }
}

impl fmt::Debug for Eid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Eid({self})")
    }
}

impl TryFrom<String> for Eid {
    type Error = EidError;

    fn try_from(text: String) -> Result<Self, EidError> {
        text.parse()
    }
}

impl From<Eid> for String {
    fn from(eid: Eid) -> Self {
        eid.to_string()
    }
}

/// A MatchingID that names an order: digits, upper-case letters and hyphens, not empty (SGP.22 §4.1.1).
///
/// What a peer sends is only compared, never parsed as this: an unknown MatchingID is refused as unknown.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MatchingId(String);

/// Why a text is no MatchingID.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub enum MatchingIdError {
    /// The empty string stands for the default SM-DP+ use case and names no order.
    #[error("a MatchingID that names an order is not empty")]
    Empty,
    /// A character outside the set.
    #[error("a MatchingID holds only 0-9, A-Z and '-', not {0:?}")]
    Character(char),
    /// So long that no activation code could carry it.
    #[error("a MatchingID of {0} characters does not fit an activation code of 255")]
    TooLong(usize),
}

impl MatchingId {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for MatchingId {
    type Err = MatchingIdError;

    fn from_str(text: &str) -> Result<Self, MatchingIdError> {
        if text.is_empty() {
            return Err(MatchingIdError::Empty);
        }
        if let Some(other) = text.chars().find(|c| !matches!(c, '0'..='9' | 'A'..='Z' | '-')) {
            return Err(MatchingIdError::Character(other));
        }
        // SGP.22 §4.1: the whole activation code has at most 255 characters.
        if text.len() > 250 {
            return Err(MatchingIdError::TooLong(text.len()));
        }
        Ok(Self(text.to_owned()))
    }
}

impl TryFrom<String> for MatchingId {
    type Error = MatchingIdError;

    fn try_from(text: String) -> Result<Self, MatchingIdError> {
        text.parse()
    }
}

impl From<MatchingId> for String {
    fn from(id: MatchingId) -> Self {
        id.0
    }
}

impl fmt::Display for MatchingId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An EventID: how an SM-DP+ or Alternative SM-DS names an event at an SM-DS (SGP.22 §3.6.1, §5.9.1). A text of 1 to 255
/// bytes without control characters; the specification only says that it is a String.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EventId(String);

/// Why a text is no EventID.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
#[error("an EventID has 1 to 255 bytes and no control characters")]
pub struct EventIdError;

impl EventId {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for EventId {
    type Err = EventIdError;

    fn from_str(text: &str) -> Result<Self, EventIdError> {
        let ok = (1..=255).contains(&text.len()) && !text.chars().any(char::is_control);
        if ok { Ok(Self(text.to_owned())) } else { Err(EventIdError) }
    }
}

impl TryFrom<String> for EventId {
    type Error = EventIdError;

    fn try_from(text: String) -> Result<Self, EventIdError> {
        text.parse()
    }
}

impl From<EventId> for String {
    fn from(id: EventId) -> Self {
        id.0
    }
}

/// SGP.22 §5.3.2: the MatchingID of an order becomes its EventID.
impl From<MatchingId> for EventId {
    fn from(id: MatchingId) -> Self {
        Self(id.0)
    }
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A server's public name: a host, and a port where it is not 443.
///
/// SGP.22 knows FQDNs only. A test server rarely owns port 443, and LPAs take `host:port` wherever an FQDN stands, so
/// the port is allowed. Compared without regard to case.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ServerAddress(String);

/// Why a text is no server address.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
#[error("a server address is a host name of at most 255 characters, optionally with ':' and a port")]
pub struct ServerAddressError;

impl ServerAddress {
    /// The text as it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The host without the port.
    pub fn host(&self) -> &str {
        self.0.split_once(':').map_or(self.0.as_str(), |(host, _)| host)
    }

    /// The port, 443 unless it is named.
    pub fn port(&self) -> u16 {
        self.0.split_once(':').and_then(|(_, port)| port.parse().ok()).unwrap_or(443)
    }

    /// Whether a peer that wrote `other` meant this server: same host, and same port where it wrote one.
    pub fn is_meant_by(&self, other: &str) -> bool {
        match other.split_once(':') {
            Some((host, port)) => {
                host.eq_ignore_ascii_case(self.host()) && port.parse::<u16>() == Ok(self.port())
            }
            None => other.eq_ignore_ascii_case(self.host()),
        }
    }
}

impl PartialEq for ServerAddress {
    fn eq(&self, other: &Self) -> bool {
        self.is_meant_by(&other.0) && self.port() == other.port()
    }
}

impl Eq for ServerAddress {}

impl FromStr for ServerAddress {
    type Err = ServerAddressError;

    fn from_str(text: &str) -> Result<Self, ServerAddressError> {
        let (host, port) = match text.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (text, None),
        };
        let host_ok = !host.is_empty()
            && text.len() <= 255
            && host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'));
        let port_ok = port.is_none_or(|port| port.parse::<u16>().is_ok_and(|port| port != 0));
        if host_ok && port_ok { Ok(Self(text.to_owned())) } else { Err(ServerAddressError) }
    }
}

impl TryFrom<String> for ServerAddress {
    type Error = ServerAddressError;

    fn try_from(text: String) -> Result<Self, ServerAddressError> {
        text.parse()
    }
}

impl From<ServerAddress> for String {
    fn from(address: ServerAddress) -> Self {
        address.0
    }
}

impl fmt::Display for ServerAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_eid_is_read_with_its_check_digits() {
        let eid: Eid = "89049032123451234512345678901235".parse().unwrap();
        assert_eq!(eid.to_string(), "89049032123451234512345678901235");
        assert_eq!(eid.as_bytes()[..4], [0x89, 0x04, 0x90, 0x32]);
        assert_eq!(
            "89049032123451234512345678901236".parse::<Eid>(),
            Err(EidError::CheckDigits { expected: 35, actual: 36 })
        );
        assert_eq!("8904903212345123451234567890123".parse::<Eid>(), Err(EidError::Length(31)));
        assert_eq!("8904903212345123451234567890123A".parse::<Eid>(), Err(EidError::NotDecimal));
    }

    #[test]
    fn a_matching_id_has_its_own_alphabet() {
        assert!("AB-12".parse::<MatchingId>().is_ok());
        assert_eq!("".parse::<MatchingId>(), Err(MatchingIdError::Empty));
        assert_eq!("AB_12".parse::<MatchingId>(), Err(MatchingIdError::Character('_')));
        assert_eq!("ab".parse::<MatchingId>(), Err(MatchingIdError::Character('a')));
        assert_eq!("A".repeat(251).parse::<MatchingId>(), Err(MatchingIdError::TooLong(251)));
    }

    #[test]
    fn an_event_id_is_any_short_text() {
        for text in ["A", "ab_12 ü", &"x".repeat(255)] {
            assert_eq!(text.parse::<EventId>().unwrap().as_str(), text);
        }
        for text in ["", "a\n", "a\u{7f}", &"x".repeat(256)] {
            assert_eq!(text.parse::<EventId>(), Err(EventIdError));
        }
    }

    #[test]
    fn a_server_address_is_compared_without_case_and_with_an_optional_port() {
        let address: ServerAddress = "smdp.example.com:8443".parse().unwrap();
        assert_eq!((address.host(), address.port()), ("smdp.example.com", 8443));
        for same in ["SMDP.example.COM", "smdp.example.com:8443"] {
            assert!(address.is_meant_by(same), "{same}");
        }
        for other in ["smdp.example.com:8444", "smdp.example.org", "", "smdp.example.com.evil.org"] {
            assert!(!address.is_meant_by(other), "{other}");
        }
        for bad in ["", ":1", "a b", "a:0", "a:99999", "a:b:c", "a/b"] {
            assert!(bad.parse::<ServerAddress>().is_err(), "{bad}");
        }
    }
}
