//! A PKI of its own for each measurement, the same each time.

use anyhow::Result;
use certs::workshop::{Factory, Holder, Workshop};
use certs::{Identity, Role, UnixTime, Variant};
use crypto::{Curve, Engine, SigningKey};
use protocol::smdp_session::Identities;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

/// When everything here happens: 2026-11-22T03:41:00Z.
pub const NOW: UnixTime = UnixTime(1_795_318_860);

/// What the EIDs begin with: those of the published test certificates (SGP.26).
const ISSUER: &str = "89049032";

/// A Certificate Issuer on one curve, with an SM-DP+ and an EUM below it.
pub struct Authority {
    /// The Certificate Issuer.
    pub ci: Identity,
    /// CERT.DPauth and CERT.DPpb, whose keys sign with the engine of the server.
    pub server: protocol::smdp_session::Identity,
    /// Makes eUICCs.
    pub factory: Factory,
}

impl Authority {
    /// The authority on a curve; the server signs with this engine.
    ///
    /// # Errors
    /// None that a seed would raise.
    pub fn new(curve: Curve, engine: Engine) -> Result<Self> {
        let mut rng = ChaCha20Rng::seed_from_u64(26);
        let mut workshop = Workshop::new(NOW, &mut rng);
        let ci = workshop.certificate_issuer(curve)?;
        let factory = Factory::found(&mut workshop, std::slice::from_ref(&ci), "RSP Test EUM", ISSUER)?;
        let auth = on_engine(workshop.issue(&ci, &Holder::Server(Role::DpAuth))?, engine)?;
        let pb = on_engine(workshop.issue(&ci, &Holder::Server(Role::DpPb))?, engine)?;
        Ok(Self { ci, server: protocol::smdp_session::Identity { variant: Variant::O, auth, pb }, factory })
    }

    /// What an SM-DP+ with this authority knows; it verifies with this engine.
    ///
    /// # Errors
    /// None that a seed would raise.
    pub fn identities(&self, engine: Engine) -> Result<Identities> {
        let anchor = certs::chain::TrustAnchor::new(self.ci.certificate().clone(), engine)?;
        Ok(Identities::new(vec![self.server.clone()], vec![anchor], engine)?)
    }
}

/// The same certificate and key, computed by another engine.
fn on_engine(identity: Identity, engine: Engine) -> Result<Identity> {
    let key = SigningKey::from_scalar(engine, identity.key().curve(), &*identity.key().to_scalar()?)?;
    Ok(Identity::new(identity.certificate().clone(), key)?)
}
