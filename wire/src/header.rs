//! The HTTP header fields of SGP.22 §6.2.

use std::fmt;

use http::header::{CONTENT_TYPE, HeaderName, USER_AGENT};
use http::{HeaderMap, HeaderValue, StatusCode};
use protocol::trace::Tracer;

/// Carries the version of SGP.22 that the sender supports.
pub const X_ADMIN_PROTOCOL: HeaderName = HeaderName::from_static("x-admin-protocol");

/// What an LPA in the device calls itself (SGP.22 §6.2).
pub const USER_AGENT_LPAD: &str = "gsma-rsp-lpad";

/// The two bindings, as `Content-Type` names them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MediaType {
    /// SGP.22 §6.5.
    Json,
    /// SGP.22 §6.6.
    Asn1,
}

impl MediaType {
    /// The value to send.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Asn1 => "application/x-gsma-rsp-asn1",
        }
    }

    /// Whether the message with these header fields is of this type; parameters such as `charset` do not matter.
    pub fn is_of(self, headers: &HeaderMap) -> bool {
        let value = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let essence = value.split(';').next().unwrap_or_default().trim();
        essence.eq_ignore_ascii_case(self.as_str())
    }
}

/// The value of `X-Admin-Protocol`: a version of SGP.22.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct AdminProtocol {
    major: u8,
    minor: u8,
    patch: u8,
}

impl AdminProtocol {
    /// The highest version that this project speaks on its interfaces.
    pub const OWN: Self = Self::new(2, 2, 2);

    /// A version.
    pub const fn new(major: u8, minor: u8, patch: u8) -> Self {
        Self { major, minor, patch }
    }

    /// The version a peer sent. Nobody is refused over this field, so every spelling seen in the field is read
    /// (`gsma/rsp/v2.2.2`, `v2.2.0`, `2.5`), and anything else is as good as absent.
    pub fn of(headers: &HeaderMap) -> Option<Self> {
        let text = headers.get(X_ADMIN_PROTOCOL)?.to_str().ok()?.trim();
        let version = text.rsplit('/').next()?.trim_start_matches(['v', 'V']);
        let mut numbers = version.split('.').map(|number| number.parse::<u8>().ok());
        let major = numbers.next()??;
        let (minor, patch) = (numbers.next().flatten(), numbers.next().flatten());
        Some(Self::new(major, minor.unwrap_or(0), patch.unwrap_or(0)))
    }

    /// What to answer a peer: our own version, but never a higher major than the peer's. LPAs of v2 take a v3 for an
    /// error, so whoever says nothing is taken for one of them.
    #[must_use]
    pub fn towards(self, peer: Option<Self>) -> Self {
        let peer = peer.unwrap_or(Self::new(2, 0, 0));
        if self.major > peer.major { peer } else { self }
    }

    /// Puts the field among the others.
    pub(crate) fn write(self, headers: &mut HeaderMap) {
        // A version is ASCII: nothing is lost here.
        headers.extend(HeaderValue::try_from(self.to_string()).ok().map(|value| (X_ADMIN_PROTOCOL, value)));
    }
}

/// `gsma/rsp/v2.2.2`.
impl fmt::Display for AdminProtocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "gsma/rsp/v{}.{}.{}", self.major, self.minor, self.patch)
    }
}

/// Tells a trace of a message: of its body, and of the fields to which SGP.22 §6.2 gives a meaning.
pub fn trace(
    tracer: &Tracer,
    message: &'static str,
    path: &str,
    status: Option<StatusCode>,
    headers: &HeaderMap,
    body: &[u8],
) {
    if tracer.is_on() {
        tracer.http(message, path, status.map(|status| status.as_u16()), shown(headers), body);
    }
}

/// Those fields, in a fixed order. What else there is may tell of this machine and changes from run to run.
fn shown(headers: &HeaderMap) -> Vec<(String, String)> {
    let fields = [X_ADMIN_PROTOCOL, USER_AGENT, CONTENT_TYPE];
    let value = |name: &HeaderName| Some(String::from_utf8_lossy(headers.get(name)?.as_bytes()).into_owned());
    fields.iter().filter_map(|name| Some((name.to_string(), value(name)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(name: HeaderName, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_static(value))])
    }

    #[test]
    fn a_version_is_read_in_every_spelling_seen() {
        for (text, version) in [
            ("gsma/rsp/v2.2.2", Some((2, 2, 2))),
            ("v2.2.0", Some((2, 2, 0))),
            ("2.5", Some((2, 5, 0))),
            (" gsma/rsp/V3.1.0 ", Some((3, 1, 0))),
            ("gsma/rsp/", None),
            ("latest", None),
        ] {
            let expected = version.map(|(major, minor, patch)| AdminProtocol::new(major, minor, patch));
            assert_eq!(AdminProtocol::of(&with(X_ADMIN_PROTOCOL, text)), expected, "{text}");
        }
        assert_eq!(AdminProtocol::of(&HeaderMap::new()), None);
    }

    #[test]
    fn a_v2_peer_is_never_answered_v3() {
        let v3 = AdminProtocol::new(3, 1, 0);
        assert_eq!(v3.towards(Some(AdminProtocol::new(2, 5, 0))).to_string(), "gsma/rsp/v2.5.0");
        assert_eq!(v3.towards(None).major, 2);
        assert_eq!(v3.towards(Some(AdminProtocol::new(3, 0, 0))), v3);
        assert_eq!(AdminProtocol::OWN.towards(Some(AdminProtocol::new(2, 6, 0))), AdminProtocol::OWN);
        assert_eq!(AdminProtocol::OWN.towards(Some(v3)), AdminProtocol::OWN);
    }

    #[test]
    fn a_media_type_is_compared_without_case_and_parameters() {
        for text in ["application/json", "Application/JSON; charset=UTF-8", " application/json ;x=y"] {
            assert!(MediaType::Json.is_of(&with(CONTENT_TYPE, text)), "{text}");
        }
        for text in ["text/plain", "application/jsonx", "", "application/x-gsma-rsp-asn1"] {
            assert!(!MediaType::Json.is_of(&with(CONTENT_TYPE, text)), "{text}");
        }
        assert!(!MediaType::Json.is_of(&HeaderMap::new()));
    }

    #[test]
    fn a_trace_shows_three_fields_in_a_fixed_order() {
        let mut headers = with(CONTENT_TYPE, "application/json");
        headers.insert("host", HeaderValue::from_static("127.0.0.1:8443"));
        headers.insert(USER_AGENT, HeaderValue::from_static("gsma-rsp-lpad"));
        headers.insert(X_ADMIN_PROTOCOL, HeaderValue::from_static("gsma/rsp/v2.2.2"));
        let names: Vec<String> = shown(&headers).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["x-admin-protocol", "user-agent", "content-type"]);
    }
}
