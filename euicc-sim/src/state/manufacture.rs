//! A card fresh from its maker.

use certs::chain::{ChainError, verify_euicc_chain};
use certs::tree::{Pki, TreeError};
use certs::{Role, Variant};
use crypto::{CryptoError, Curve};
use protocol::types::{Eid, EidError};
use thiserror::Error;

use super::{
    CardState, ConfiguredAddresses, Format, IdentityRecord, Information, NotificationStore, Platform,
    RevocationLists, Secret,
};
use crate::keyring::ENGINE;
use crate::quirks::Quirks;

/// Memory for profiles, bytes.
const MEMORY_SIZE: u32 = 500_000;

/// The root SM-DS that a card names where nobody gave it another.
const ROOT_SMDS: &str = "testrootsmds.example.com";

/// Our configuration: why no card can be made.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ManufactureError {
    /// No curve was asked for.
    #[error("a card needs a key on at least one curve")]
    NoCurve,
    /// A certificate or key is missing or unusable.
    #[error(transparent)]
    Tree(#[from] TreeError),
    /// The eUICC's certificate is not good under its own CI.
    #[error("the eUICC's certificate chain on {curve}: {error}")]
    Chain {
        /// The curve of the chain.
        curve: Curve,
        /// What is wrong with it.
        error: ChainError,
    },
    /// The certificate's EID is none.
    #[error("the eUICC's certificate: {0}")]
    Eid(#[from] EidError),
    /// Certificates on two curves are for two cards.
    #[error("the eUICC's certificates name two EIDs, {0} and {1}")]
    TwoEids(Eid, Eid),
    /// The key cannot be taken out of its store.
    #[error(transparent)]
    Crypto(#[from] CryptoError),
}

/// Makes a card with the eUICC's keys of `pki` on the given curves, the most preferred first.
///
/// It trusts the CIs of these curves, has no profile, 500 000 bytes of memory, and an empty Rules Authorisation Table;
/// all of that may be changed in the state before the card is powered on.
///
/// # Errors
/// [`ManufactureError`] where something is missing or does not fit together.
pub fn manufacture(pki: &Pki, curves: &[Curve]) -> Result<CardState, ManufactureError> {
    let mut eid: Option<Eid> = None;
    let mut identities = Vec::new();
    let mut trusted_ci_certificates = Vec::new();
    for &curve in curves {
        let path = || TreeError::NoCertificateIssuer { paths: vec![format!("a chain on {curve}")] };
        let chain = pki.chain(Variant::O, curve).ok_or_else(path)?;
        let euicc = chain.identity(Role::Euicc, ENGINE)?;
        let eum = chain.certificate(Role::Eum)?;
        let anchor = chain.trust_anchor(ENGINE)?;

        let anchors = std::slice::from_ref(&anchor);
        let verified = verify_euicc_chain(anchors, eum, euicc.certificate(), None, &mut |_| ())
            .map_err(|error| ManufactureError::Chain { curve, error })?;
        let this = Eid::from_bytes(verified.eid)?;
        match eid {
            Some(other) if other != this => return Err(ManufactureError::TwoEids(other, this)),
            _ => eid = Some(this),
        }
        trusted_ci_certificates.push(anchor.certificate().raw().to_vec());
        identities.push(IdentityRecord {
            euicc_certificate: euicc.certificate().raw().to_vec(),
            eum_certificate: eum.raw().to_vec(),
            private_key: Secret::new(euicc.key().to_scalar()?),
        });
    }
    Ok(CardState {
        format: Format::CURRENT,
        eid: eid.ok_or(ManufactureError::NoCurve)?,
        identities,
        trusted_ci_certificates,
        platform: Platform::default(),
        quirks: Quirks::default(),
        information: Information::default(),
        addresses: ConfiguredAddresses {
            default_smdp: None,
            initial_default_smdp: None,
            root_smds: ROOT_SMDS.to_owned(),
        },
        revocation: RevocationLists::default(),
        rules_authorisation_table: Vec::new(),
        profiles: Vec::new(),
        notifications: NotificationStore::default(),
        memory_size: MEMORY_SIZE,
        operational_before_test: None,
        pending_change: None,
        retained_one_time_key: None,
        open_installation: None,
    })
}
