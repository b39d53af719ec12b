//! The ECASD's services (SGP.22 §2.4.2): eUICC signatures, and the CIs whose servers are believed.

use asn1::SubjectKeyIdentifier;
use certs::Certificate;
use certs::chain::TrustAnchor;
use crypto::{Engine, SigningKey};

use crate::state::{CardState, IdentityRecord, StateError};

/// The engine of the card: not the servers' one, so that the two ends of a download are computed by independent code.
pub(crate) const ENGINE: Engine = Engine::RustCrypto;

/// The eUICC under one CI.
pub(crate) struct Identity {
    /// The CI whose key signed the EUM's certificate: the ciPKId.
    pub ci: SubjectKeyIdentifier,
    /// SK.EUICC.ECDSA.
    pub key: SigningKey,
    /// CERT.EUICC.ECDSA, DER.
    pub euicc_certificate: Vec<u8>,
    /// CERT.EUM.ECDSA, DER.
    pub eum_certificate: Vec<u8>,
}

/// All keys of the card, ready for use.
pub(crate) struct Keyring {
    /// Most preferred first: euiccCiPKIdListForSigning.
    pub identities: Vec<Identity>,
    /// Most preferred first: euiccCiPKIdListForVerification.
    pub anchors: Vec<TrustAnchor>,
}

impl Keyring {
    /// Reads keys and certificates of a state.
    ///
    /// # Errors
    /// [`StateError`] where one cannot be read, or a key and a certificate do not belong together.
    pub fn new(state: &CardState) -> Result<Self, StateError> {
        let identities: Vec<_> = state.identities.iter().map(identity).collect::<Result<_, _>>()?;
        if identities.is_empty() {
            return Err(StateError::NoIdentity);
        }
        let anchors = state.trusted_ci_certificates.iter().map(|der| {
            let certificate = read("a CI certificate", der)?;
            TrustAnchor::new(certificate, ENGINE)
                .map_err(|reason| StateError::CiCertificate(Box::new(reason)))
        });
        Ok(Self { identities, anchors: anchors.collect::<Result<_, _>>()? })
    }

    /// The identity under a CI.
    pub fn identity(&self, ci: &SubjectKeyIdentifier) -> Option<&Identity> {
        self.identities.iter().find(|identity| identity.ci == *ci)
    }

    /// The trusted CI with this key identifier.
    pub fn anchor(&self, ci: &SubjectKeyIdentifier) -> Option<&TrustAnchor> {
        self.anchors.iter().find(|anchor| anchor.key_identifier() == ci)
    }
}

fn identity(record: &IdentityRecord) -> Result<Identity, StateError> {
    let certificate = read("an eUICC certificate", &record.euicc_certificate)?;
    let eum = read("an EUM certificate", &record.eum_certificate)?;
    let key = SigningKey::from_scalar(ENGINE, certificate.curve(), record.private_key.expose())?;
    if key.public_key() != certificate.public_key() {
        return Err(StateError::KeyMismatch);
    }
    let ci = eum.authority_key_identifier().cloned().ok_or(StateError::NoIssuer)?;
    Ok(Identity {
        ci,
        key,
        euicc_certificate: record.euicc_certificate.clone(),
        eum_certificate: record.eum_certificate.clone(),
    })
}

fn read(what: &'static str, der: &[u8]) -> Result<Certificate, StateError> {
    Certificate::from_der(der).map_err(|source| StateError::Certificate { what, source })
}
