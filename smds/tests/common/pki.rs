//! A PKI on each curve, always the same.

use std::sync::OnceLock;

use certs::chain::TrustAnchor;
use certs::workshop::{Description, Holder, Workshop};
use certs::{Certificate, Identity, Role, UnixTime, Variant};
use crypto::{Curve, Engine, SigningKey};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

/// The moment at which every test begins: 2026-11-22T03:41:00Z.
pub const NOW: i64 = 1_795_318_860;

/// The digits that every EID of these tests begins with.
pub const ISSUER_DIGITS: &str = "89049032";

/// A CI and who is certified below it.
pub struct Authority {
    pub curve: Curve,
    pub ci: Identity,
    pub eum: Identity,
    pub smds: protocol::smds_session::Identity,
    pub smdp: protocol::smdp_session::Identity,
}

impl Authority {
    /// Another seed makes other keys, and so another CI.
    pub fn new(curve: Curve, seed: u64) -> Self {
        workshop(seed, |workshop| {
            let ci = workshop.certificate_issuer(curve).unwrap();
            let eum = workshop.issue(&ci, &Holder::Eum(&[ISSUER_DIGITS])).unwrap();
            let mut server = |role| workshop.issue(&ci, &Holder::Server(role)).unwrap();
            let (variant, auth, pb) = (Variant::O, server(Role::DpAuth), server(Role::DpPb));
            let smdp = protocol::smdp_session::Identity { variant, auth, pb };
            let smds = protocol::smds_session::Identity { variant, auth: server(Role::DsAuth) };
            Self { curve, ci, eum, smds, smdp }
        })
    }

    pub fn anchor(&self) -> TrustAnchor {
        TrustAnchor::new(self.ci.certificate().clone(), Engine::RustCrypto).unwrap()
    }

    /// The CI as eUICC and server name it.
    pub fn ci_id(&self) -> asn1::SubjectKeyIdentifier {
        self.ci.certificate().subject_key_identifier().unwrap().clone()
    }

    /// CERT.EUM like the good one but for one thing.
    pub fn eum_but(&self, change: impl FnOnce(&mut Description)) -> asn1::Certificate {
        signed(&self.ci, &Holder::Eum(&[ISSUER_DIGITS]), self.eum.key(), change)
    }

    /// CERT.EUICC like the good one but for one thing.
    pub fn euicc_but(
        &self,
        eid: &[u8; 16],
        key: &SigningKey,
        change: impl FnOnce(&mut Description),
    ) -> asn1::Certificate {
        signed(&self.eum, &Holder::Euicc(eid), key, change)
    }

    /// Another manufacturer below the same CI.
    pub fn other_eum(&self, issuer_digits: &str) -> Identity {
        workshop(79, |workshop| workshop.issue(&self.ci, &Holder::Eum(&[issuer_digits])).unwrap())
    }

    /// A certificate signed by a key that is not the issuer's.
    pub fn forged(&self, issuer: &Identity, holder: &Holder<'_>, key: &SigningKey) -> asn1::Certificate {
        workshop(77, |workshop| {
            let forger = workshop.key(self.curve).unwrap();
            let description = workshop.describe(issuer.certificate(), holder, key.public_key()).unwrap();
            asn1::Certificate::from_der(&description.sign(&forger).unwrap()).unwrap()
        })
    }
}

/// A certificate below an issuer that asks nothing before it signs, changed in one thing.
pub fn signed(
    issuer: &Identity,
    holder: &Holder<'_>,
    key: &SigningKey,
    change: impl FnOnce(&mut Description),
) -> asn1::Certificate {
    workshop(78, |workshop| {
        let mut description = workshop.describe(issuer.certificate(), holder, key.public_key()).unwrap();
        change(&mut description);
        asn1::Certificate::from_der(&description.sign(issuer.key()).unwrap()).unwrap()
    })
}

/// The authority that the servers of these tests trust on a curve.
pub fn authority(curve: Curve) -> &'static Authority {
    static P256: OnceLock<Authority> = OnceLock::new();
    static BRAINPOOL: OnceLock<Authority> = OnceLock::new();
    let (cell, seed) = match curve {
        Curve::P256 => (&P256, 1),
        Curve::BrainpoolP256r1 => (&BRAINPOOL, 2),
    };
    cell.get_or_init(|| Authority::new(curve, seed))
}

/// An authority that the servers do not know.
pub fn stranger(curve: Curve) -> Authority {
    Authority::new(curve, 99)
}

pub fn workshop<T>(seed: u64, work: impl FnOnce(&mut Workshop<'_>) -> T) -> T {
    let mut rng = ChaCha20Rng::seed_from_u64(seed);
    work(&mut Workshop::new(UnixTime(NOW), &mut rng))
}

pub fn parsed(certificate: &asn1::Certificate) -> Certificate {
    Certificate::from_der(certificate.raw()).unwrap()
}
