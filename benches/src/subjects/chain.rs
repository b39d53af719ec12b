//! The certificates of an eUICC verified up to the CI (SGP.22 §4.5.2.2): by a server that meets this EUM for the first time, and
//! by one that has met it before.

use std::hint::black_box;

use anyhow::{Context, Result};
use certs::chain::{TrustAnchor, verify_euicc_chain};
use certs::workshop::Workshop;
use certs::{Certificate, UnixTime};
use crypto::{Curve, Engine};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

use super::primitives::{By, Operation};
use super::{Prepared, Repeated, Subject, Work, curve_name};
use crate::pki::{Authority, NOW};

const CALLS: u32 = 20;

/// Both on each curve.
pub fn subjects() -> Vec<Subject> {
    let on = |curve: Curve| {
        let name = |what: &str| format!("chain/{what}/{}", curve_name(curve));
        use Operation::{Verify, VerifyKnown};
        let floor = |verifications: &[(u32, Operation)]| By::server(curve).sum(curve, verifications);
        [
            // CERT.EUM, the CI being known, and CERT.EUICC; the second alone, the EUM being known too.
            Subject::new(name("cold"), CALLS, move || cold(curve))
                .beside(floor(&[(1, VerifyKnown), (1, Verify)])),
            Subject::new(name("warm"), CALLS, move || warm(curve)).beside(floor(&[(1, VerifyKnown)])),
        ]
    };
    Curve::ALL.into_iter().flat_map(on).collect()
}

struct Chain {
    ci: Certificate,
    eum: Certificate,
    euicc: Certificate,
}

impl Chain {
    fn new(curve: Curve) -> Result<Self> {
        let authority = Authority::new(curve, Engine::AwsLc)?;
        let factory = &authority.factory;
        let mut rng = ChaCha20Rng::seed_from_u64(1);
        let made = factory.euicc(&mut Workshop::new(NOW, &mut rng), &factory.eid(1)?)?;
        let certificate = |identity: &certs::Identity| identity.certificate().clone();
        Ok(Self {
            ci: certificate(&authority.ci),
            eum: factory.eums().first().map(certificate).context("a factory without a key")?,
            euicc: made.first().map(certificate).context("a factory without a key")?,
        })
    }

    /// One that has verified nothing yet.
    fn anchor(&self) -> Result<TrustAnchor> {
        Ok(TrustAnchor::new(self.ci.clone(), Engine::AwsLc)?)
    }

    fn verify(&self, anchor: &TrustAnchor) -> Result<()> {
        let (anchors, now) = (std::slice::from_ref(anchor), UnixTime(NOW.0));
        black_box(verify_euicc_chain(anchors, black_box(&self.eum), &self.euicc, Some(now), &mut |_| ())?);
        Ok(())
    }
}

fn cold(curve: Curve) -> Result<impl Work> {
    let make = |chain: &mut Chain, calls| (0..calls).map(|_| chain.anchor()).collect();
    Ok(Prepared::new(Chain::new(curve)?, make, |chain, anchor| {
        chain.verify(&anchor)?;
        Ok(anchor)
    }))
}

fn warm(curve: Curve) -> Result<impl Work> {
    let chain = Chain::new(curve)?;
    let anchor = chain.anchor()?;
    chain.verify(&anchor)?;
    Ok(Repeated(move || chain.verify(&anchor)))
}
