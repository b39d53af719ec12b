//! Who can issue certificates here.

use std::collections::BTreeMap;

use asn1::SubjectKeyIdentifier;
use certs::chain::TrustAnchor;
use certs::tree::{Chain, TreeError};
use certs::workshop::Workshop;
use certs::{Attribute, Certificate, Identity, Name, Role};
use crypto::{Curve, Engine, SigningKey};
use rand_core::CryptoRng;

use super::PkiError;
use super::draft::{Draft, ISSUED};

/// The judge signs deterministically (RFC 6979), so that the same seed makes the same bytes.
pub(super) const ENGINE: Engine = Engine::RustCrypto;

/// The roles that have an identity of their own in a certificate directory.
const HOLDERS: [Role; 7] =
    [Role::Eum, Role::Euicc, Role::DpAuth, Role::DpPb, Role::DpTls, Role::DsAuth, Role::DsTls];

/// A Certificate Issuer on one curve, with the private keys that are at hand: its own, that of an EUM below it, or those
/// of some holders only.
#[derive(Clone, Debug)]
pub struct Authority {
    anchor: TrustAnchor,
    key: Option<SigningKey>,
    /// CERT.EUM.ECDSA as the directory has it, also where its key is not there.
    eum: Option<Certificate>,
    identities: BTreeMap<Role, Identity>,
}

impl Authority {
    /// What the certificates of a directory on one curve allow.
    ///
    /// # Errors
    /// [`TreeError`] without a Certificate Issuer, or if its certificate is no root of trust.
    pub fn from_chain(chain: &Chain) -> Result<Self, TreeError> {
        // What is not there is told when it is needed; what does not fit together was found when the directory was read.
        let identity = |role: Role| chain.identity(role, ENGINE).ok().map(|identity| (role, identity));
        Ok(Self {
            anchor: chain.trust_anchor(ENGINE)?,
            key: identity(Role::Ci).map(|(_, identity)| identity.key().clone()),
            eum: chain.certificate(Role::Eum).ok().cloned(),
            identities: HOLDERS.into_iter().filter_map(identity).collect(),
        })
    }

    /// A new Certificate Issuer, that nobody trusts yet.
    ///
    /// # Errors
    /// [`PkiError`] if random numbers run dry.
    pub fn new_own(curve: Curve, rng: &mut dyn CryptoRng) -> Result<Self, PkiError> {
        let key = Workshop::new(ISSUED, rng).key(curve)?;
        Self::founded_as(Draft::certificate_issuer(key, rng)?)
    }

    /// A new Certificate Issuer of another name, on the same curve.
    pub(super) fn stranger(&self, rng: &mut dyn CryptoRng) -> Result<Self, PkiError> {
        let key = Workshop::new(ISSUED, rng).key(self.curve())?;
        let mut draft = Draft::certificate_issuer(key, rng)?;
        draft.rename(Name::new(&[
            (Attribute::CommonName, "Unknown CI"),
            (Attribute::Organization, "Stranger"),
        ]));
        Self::founded_as(draft)
    }

    fn founded_as(ci: Draft) -> Result<Self, PkiError> {
        let ci = ci.finish_good()?;
        Ok(Self {
            anchor: TrustAnchor::new(ci.certificate().clone(), ENGINE).map_err(PkiError::NotARoot)?,
            key: Some(ci.key().clone()),
            eum: None,
            identities: BTreeMap::new(),
        })
    }

    /// CERT.CI.ECDSA.
    #[must_use]
    pub fn ci_certificate(&self) -> &Certificate {
        self.anchor.certificate()
    }

    /// The identifier of the Certificate Issuer's key, by which eUICCs and servers name it.
    #[must_use]
    pub fn key_id(&self) -> &SubjectKeyIdentifier {
        self.anchor.key_identifier()
    }

    /// The curve of all its chains.
    #[must_use]
    pub fn curve(&self) -> Curve {
        self.anchor.curve()
    }

    /// The Certificate Issuer as a root to verify chains with.
    #[must_use]
    pub fn anchor(&self) -> &TrustAnchor {
        &self.anchor
    }

    /// The EID of the eUICC that the directory has a certificate and a key for.
    #[must_use]
    pub fn own_eid(&self) -> Option<[u8; 16]> {
        self.identity(Role::Euicc)?.certificate().eid()
    }

    /// Whether it can issue everything: new EUMs and servers, and every defect.
    #[must_use]
    pub fn has_ci_key(&self) -> bool {
        self.key.is_some()
    }

    /// The certificate and the key of a role, if the directory has both.
    pub(super) fn identity(&self, role: Role) -> Option<&Identity> {
        self.identities.get(&role)
    }

    /// CERT.EUM.ECDSA of the directory.
    pub(super) fn eum_certificate(&self) -> Option<&Certificate> {
        self.eum.as_ref()
    }

    /// The Certificate Issuer with its key.
    pub(super) fn ci(&self) -> Result<Identity, PkiError> {
        let key = self.key.clone().ok_or(PkiError::NoKey { whose: Role::Ci.certificate_name() })?;
        Ok(Identity::new(self.ci_certificate().clone(), key)?)
    }

    /// Another Certificate Issuer of the same name and with the same key identifier, that is not this one: its key is
    /// another.
    pub(super) fn forged_ci(&self, rng: &mut dyn CryptoRng) -> Result<Identity, PkiError> {
        let key = Workshop::new(ISSUED, rng).key(self.curve())?;
        let mut draft = Draft::certificate_issuer(key, rng)?;
        draft.rename(self.ci_certificate().subject().clone());
        draft.set_key_identifier(self.key_id().bytes())?;
        draft.finish_good()
    }
}
