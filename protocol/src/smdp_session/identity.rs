//! The certificates and keys that an SM-DP+ identifies itself with.

use certs::chain::{PairError, TrustAnchor, verify_same_server};
use certs::tree::{Pki, TreeError};
use certs::{Oid, Role, Variant};
use crypto::Engine;
use thiserror::Error;

use crate::mutual_authentication::{self, Kind, ServerIdentity};

/// CERT.DPauth and CERT.DPpb with their keys, under one CI.
#[derive(Clone, Debug)]
pub struct Identity {
    /// The chain variant.
    pub variant: Variant,
    /// CERT.DPauth and SK.DPauth.
    pub auth: certs::Identity,
    /// CERT.DPpb and SK.DPpb.
    pub pb: certs::Identity,
}

impl ServerIdentity for Identity {
    const KIND: Kind = Kind::SMDP;

    fn auth(&self) -> &certs::Identity {
        &self.auth
    }
}

impl Identity {
    /// The SM-DP+ OID of both certificates.
    pub fn oid(&self) -> Option<&Oid> {
        self.auth.certificate().registered_ids().first()
    }
}

/// Why a set of certificates cannot serve an SM-DP+: our configuration.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub enum IdentityError {
    /// There is none.
    #[error("there is no pair of CERT.DPauth and CERT.DPpb on any curve")]
    None,
    /// A file is missing or broken.
    #[error(transparent)]
    Tree(#[from] TreeError),
    /// CERT.DPauth and CERT.DPpb do not belong together.
    #[error("CERT.DPauth and CERT.DPpb are not of the same SM-DP+: {0}")]
    Unrelated(#[from] PairError),
}

/// Every identity of one SM-DP+, and the CIs under which it accepts eUICCs.
pub type Identities = mutual_authentication::Identities<Identity>;

impl Identities {
    /// Identities whose certificates belong together, the CIs of the eUICCs, and the engine to verify with.
    ///
    /// # Errors
    /// Where CERT.DPauth and CERT.DPpb differ in OID or CI (SGP.22 §4.5.2), or there is no identity.
    pub fn new(
        identities: Vec<Identity>,
        anchors: Vec<TrustAnchor>,
        engine: Engine,
    ) -> Result<Self, IdentityError> {
        if identities.is_empty() {
            return Err(IdentityError::None);
        }
        for identity in &identities {
            verify_same_server(identity.auth.certificate(), identity.pb.certificate())?;
        }
        Ok(Self::checked(identities, anchors, engine))
    }

    /// Every pair of CERT.DPauth and CERT.DPpb that a PKI holds, and all its CIs as anchors.
    ///
    /// `signing` makes the server's signatures, `verifying` checks those of others.
    ///
    /// # Errors
    /// Where there is no pair, a key is missing, or a pair does not belong together (SGP.22 §4.5.2).
    pub fn from_pki(pki: &Pki, signing: Engine, verifying: Engine) -> Result<Self, IdentityError> {
        let identities = pki
            .chains()
            .filter(|chain| chain.certificate(Role::DpAuth).is_ok())
            .map(|chain| {
                let auth = chain.identity(Role::DpAuth, signing)?;
                let pb = chain.identity(Role::DpPb, signing)?;
                Ok(Identity { variant: chain.variant(), auth, pb })
            })
            .collect::<Result<_, TreeError>>()?;
        Self::new(identities, pki.trust_anchors(verifying)?, verifying)
    }
}
