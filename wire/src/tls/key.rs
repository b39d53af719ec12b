//! A private key from a file.

use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject;

use super::TlsError;

/// A private key for TLS, and the name of where it came from. Debug shows the name only.
pub struct PrivateKey {
    pub(super) name: String,
    pub(super) der: PrivateKeyDer<'static>,
}

impl PrivateKey {
    /// Reads PEM (PKCS#8 or SEC 1; other sections are skipped) or DER. `name` is for error messages: a path, usually.
    pub fn read(name: impl Into<String>, bytes: &[u8]) -> Result<Self, TlsError> {
        let name = name.into();
        // Only the outcome is told: what a parser quotes could be part of the key.
        let der = if bytes.windows(11).any(|window| window == b"-----BEGIN ") {
            PrivateKeyDer::from_pem_slice(bytes).map_err(|_| "no section of the PEM text is a private key")
        } else {
            PrivateKeyDer::try_from(bytes.to_vec()).map_err(|_| "neither PEM text nor a DER private key")
        };
        match der {
            Ok(der) => Ok(Self { name, der }),
            Err(why) => Err(TlsError::NoPrivateKey { name, why: why.to_owned() }),
        }
    }
}

impl std::fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PrivateKey({:?})", self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_a_private_key_is_named() {
        for bytes in [
            &b""[..],
            b"hello",
            b"\x30\x00",
            b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
            b"-----BEGIN PRIVATE KEY-----\nAA",
        ] {
            let error = PrivateKey::read("tls/SK.pem", bytes).unwrap_err().to_string();
            assert!(error.starts_with("tls/SK.pem: no private key"), "{error}");
        }
    }
}
