//! The certificates and keys that a server identifies itself with, and the CIs that it trusts.

use asn1::SubjectKeyIdentifier;
use certs::chain::TrustAnchor;
use crypto::Engine;

use super::Kind;

/// Whom a server shows itself as, under one CI.
pub trait ServerIdentity {
    /// Whether it is an SM-DP+ or an SM-DS.
    const KIND: Kind;

    /// CERT.DPauth or CERT.DSauth, with its key.
    fn auth(&self) -> &certs::Identity;

    /// The CI that it chains to.
    fn ci(&self) -> Option<&SubjectKeyIdentifier> {
        self.auth().certificate().authority_key_identifier()
    }
}

/// Every identity of one server, and the CIs under which it accepts eUICCs. There is one at least: each kind of server has a
/// constructor of its own, which sees to it.
#[derive(Clone, Debug)]
pub struct Identities<I> {
    identities: Vec<I>,
    anchors: Vec<TrustAnchor>,
    engine: Engine,
}

impl<I: ServerIdentity> Identities<I> {
    /// Identities that were found to be in order.
    pub(crate) fn checked(identities: Vec<I>, anchors: Vec<TrustAnchor>, engine: Engine) -> Self {
        Self { identities, anchors, engine }
    }

    /// The CIs under which eUICCs are accepted.
    pub fn anchors(&self) -> &[TrustAnchor] {
        &self.anchors
    }

    /// The engine that verifies what eUICCs sign.
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// All identities.
    pub fn all(&self) -> &[I] {
        &self.identities
    }

    /// Whether an eUICC that signs under this CI key can be verified.
    pub fn trusts(&self, ci: &SubjectKeyIdentifier) -> bool {
        self.anchors.iter().any(|anchor| anchor.key_identifier() == ci)
    }

    /// The identity under this CI key.
    pub fn under(&self, ci: &SubjectKeyIdentifier) -> Option<&I> {
        self.identities.iter().find(|identity| identity.ci() == Some(ci))
    }
}
