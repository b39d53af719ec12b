//! The SM-DS side of one RSP session, without store or socket: the [mutual authentication](crate::mutual_authentication), after
//! which the server looks for the events of the eUICC.

use certs::chain::TrustAnchor;
use certs::tree::{Pki, TreeError};
use certs::{Role, Variant};
use crypto::Engine;
use thiserror::Error;

use crate::mutual_authentication::{self, Kind, ServerIdentity};

/// CERT.DSauth with its key, under one CI.
#[derive(Clone, Debug)]
pub struct Identity {
    /// The chain variant.
    pub variant: Variant,
    /// CERT.DSauth and SK.DSauth.
    pub auth: certs::Identity,
}

impl ServerIdentity for Identity {
    const KIND: Kind = Kind::SMDS;

    fn auth(&self) -> &certs::Identity {
        &self.auth
    }
}

/// Why a set of certificates cannot serve an SM-DS: our configuration.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub enum IdentityError {
    /// There is none.
    #[error("there is no CERT.DSauth on any curve")]
    None,
    /// A file is missing or broken.
    #[error(transparent)]
    Tree(#[from] TreeError),
}

/// Every identity of one SM-DS, and the CIs under which it accepts eUICCs.
pub type Identities = mutual_authentication::Identities<Identity>;

impl Identities {
    /// Identities, the CIs of the eUICCs, and the engine to verify with.
    ///
    /// # Errors
    /// Where there is no identity.
    pub fn new(
        identities: Vec<Identity>,
        anchors: Vec<TrustAnchor>,
        engine: Engine,
    ) -> Result<Self, IdentityError> {
        if identities.is_empty() {
            return Err(IdentityError::None);
        }
        Ok(Self::checked(identities, anchors, engine))
    }

    /// Every CERT.DSauth that a PKI holds, and all its CIs as anchors.
    ///
    /// `signing` makes the server's signatures, `verifying` checks those of others.
    ///
    /// # Errors
    /// Where there is none, or a key is missing.
    pub fn from_pki(pki: &Pki, signing: Engine, verifying: Engine) -> Result<Self, IdentityError> {
        let identities = pki
            .chains()
            .filter(|chain| chain.certificate(Role::DsAuth).is_ok())
            .map(|chain| {
                let auth = chain.identity(Role::DsAuth, signing)?;
                Ok(Identity { variant: chain.variant(), auth })
            })
            .collect::<Result<_, TreeError>>()?;
        Self::new(identities, pki.trust_anchors(verifying)?, verifying)
    }
}
