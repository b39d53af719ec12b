//! One call of a function on an interface between servers (ES2+, ES12, ES15), free of any binding.

use std::fmt;

use sha2::{Digest, Sha256};

/// `header` of a request (SGP.22 §6.5.1.3).
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct CallHeader {
    /// Who calls, as the caller writes it. TLS, not this text, says who it is.
    pub function_requester_identifier: String,
    /// Which call this is, among those of the same requester.
    pub function_call_identifier: String,
}

/// One call of a function.
#[derive(Clone, PartialEq, Eq)]
pub struct Call<T> {
    /// Its header.
    pub header: CallHeader,
    /// SHA-256 of the body as it came. The same requester, call identifier and body are the same call, sent again.
    pub body_digest: [u8; 32],
    /// What is asked for.
    pub content: T,
}

impl<T> Call<T> {
    /// A call that came as `body`.
    pub fn new(header: CallHeader, body: &[u8], content: T) -> Self {
        Self { header, body_digest: Sha256::digest(body).into(), content }
    }
}

/// Without the digest: a short confirmation code in the body could be found by it.
impl<T: fmt::Debug> fmt::Debug for Call<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut call = f.debug_struct("Call");
        call.field("header", &self.header).field("content", &self.content).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_body_has_the_same_digest() {
        let header = || CallHeader {
            function_requester_identifier: "2.999.20".to_owned(),
            function_call_identifier: "1".to_owned(),
        };
        let one = Call::new(header(), b"{}", ());
        assert_eq!(one, Call::new(header(), b"{}", ()));
        assert_ne!(one.body_digest, Call::new(header(), b"{ }", ()).body_digest);
        assert_eq!(one.body_digest[..4], [0x44, 0x13, 0x6f, 0xa3]);
    }
}
