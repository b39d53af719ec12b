//! What a program that opens thousands of connections to one server spares itself.

use std::sync::{Mutex, PoisonError};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{DigitallySignedStruct, Error, SignatureScheme};

/// For how many seconds a certificate is not verified anew.
const SECONDS: u64 = 60;

/// Verifies the certificate of a server, and for a minute recognises it by its bytes. That the server has its key is verified each
/// time.
#[derive(Debug)]
pub(super) struct Remembering<V> {
    verifier: V,
    last: Mutex<Option<Verified>>,
}

#[derive(Debug)]
struct Verified {
    certificate: CertificateDer<'static>,
    name: ServerName<'static>,
    at: UnixTime,
}

impl<V> Remembering<V> {
    pub(super) fn new(verifier: V) -> Self {
        Self { verifier, last: Mutex::default() }
    }

    fn knows(&self, certificate: &CertificateDer<'_>, name: &ServerName<'_>, now: UnixTime) -> bool {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        last.as_ref().is_some_and(|last| {
            let age = now.as_secs().checked_sub(last.at.as_secs());
            last.certificate == *certificate && last.name == *name && age.is_some_and(|age| age < SECONDS)
        })
    }
}

impl<V: ServerCertVerifier> ServerCertVerifier for Remembering<V> {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if self.knows(end_entity, server_name, now) {
            return Ok(ServerCertVerified::assertion());
        }
        let verified =
            self.verifier.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)?;
        let (certificate, name) = (end_entity.clone().into_owned(), server_name.to_owned());
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        *last = Some(Verified { certificate, name, at: now });
        Ok(verified)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.verifier.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.verifier.verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.verifier.supported_verify_schemes()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;

    /// Believes certificates that begin with a one, and counts those it was shown.
    #[derive(Debug, Default)]
    struct Counting(AtomicUsize);

    impl ServerCertVerifier for Counting {
        fn verify_server_cert(
            &self,
            end_entity: &CertificateDer<'_>,
            _: &[CertificateDer<'_>],
            _: &ServerName<'_>,
            _: &[u8],
            _: UnixTime,
        ) -> Result<ServerCertVerified, Error> {
            self.0.fetch_add(1, Ordering::Relaxed);
            match end_entity.first() {
                Some(1) => Ok(ServerCertVerified::assertion()),
                _ => Err(Error::General("not believed".to_owned())),
            }
        }

        fn verify_tls12_signature(
            &self,
            _: &[u8],
            _: &CertificateDer<'_>,
            _: &DigitallySignedStruct,
        ) -> Result<HandshakeSignatureValid, Error> {
            unreachable!()
        }

        fn verify_tls13_signature(
            &self,
            _: &[u8],
            _: &CertificateDer<'_>,
            _: &DigitallySignedStruct,
        ) -> Result<HandshakeSignatureValid, Error> {
            unreachable!()
        }

        fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
            Vec::new()
        }
    }

    #[test]
    fn a_certificate_is_known_for_a_minute_by_its_bytes_and_for_its_host() {
        let verifier = Remembering::new(Counting::default());
        let show = |certificate: &[u8], name: &str, second: u64| {
            let name = ServerName::try_from(name.to_owned()).unwrap();
            let now = UnixTime::since_unix_epoch(Duration::from_secs(second));
            let shown = verifier.verify_server_cert(&certificate.into(), &[], &name, &[], now);
            (shown.is_ok(), verifier.verifier.0.load(Ordering::Relaxed))
        };
        assert_eq!(show(&[1, 2], "smdp.example.com", 100), (true, 1));
        assert_eq!(show(&[1, 2], "smdp.example.com", 159), (true, 1));
        assert_eq!(show(&[1, 2], "smdp.example.com", 160), (true, 2));
        assert_eq!(show(&[1, 2], "other.example.com", 161), (true, 3));
        assert_eq!(show(&[1, 3], "other.example.com", 161), (true, 4));
        assert_eq!(show(&[2, 3], "other.example.com", 161), (false, 5));
        assert_eq!(
            show(&[2, 3], "other.example.com", 161),
            (false, 6),
            "what is not believed is not remembered"
        );
        assert_eq!(show(&[1, 3], "other.example.com", 161), (true, 6));
        // The clock was set back: the certificate may not be valid yet.
        assert_eq!(show(&[1, 3], "other.example.com", 160), (true, 7));
    }
}
