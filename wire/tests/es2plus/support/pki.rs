use std::sync::{Arc, OnceLock};

use certs::chain::TrustAnchor;
use certs::workshop::{DescribedExtension, Description, Holder, Workshop};
use certs::{
    Certificate, ExtendedKeyUsage, ExtensionKind, Identity, Oid, Role, SubjectAltName, UnixTime, oid,
};
use crypto::{Curve, Engine, SigningKey};
use protocol::clock::{FixedClock, Timestamp};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;
use rustls::client::WebPkiServerVerifier;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::{ClientConfig, RootCertStore, SupportedProtocolVersion};
use sha2::{Digest, Sha256};
use wire::tls::{
    Caller, Callers, PrivateKey, Recognition, ServerTls, Trust, client_config_with_certificate,
    server_config_with_client_authentication,
};

pub const HOST: &str = "smdp.example.com";
/// 2026-11-22T03:41:00Z.
pub const NOW: Timestamp = Timestamp::from_unix_seconds(1_795_318_860);
/// The operator that the server knows.
pub const OPERATOR: &[u32] = &[2, 999, 20];
pub const DAY: i64 = 86_400;

/// A CI, and an SM-DP+ and an operator below it.
pub struct Pki {
    pub ci: Identity,
    pub smdp: Identity,
    pub operator: Identity,
}

impl Pki {
    pub fn new(seed: u64) -> Self {
        let mut rng = ChaCha20Rng::seed_from_u64(seed);
        let mut workshop = workshop(&mut rng);
        let ci = workshop.certificate_issuer(Curve::P256).unwrap();
        let smdp = workshop.issue(&ci, &Holder::Tls(Role::DpTls, &[HOST.to_owned()])).unwrap();
        let operator = operator(&ci, seed + 1000, |_| ());
        Self { ci, smdp, operator }
    }

    /// The one that most tests use.
    pub fn get() -> &'static Self {
        static PKI: OnceLock<Pki> = OnceLock::new();
        PKI.get_or_init(|| Self::new(7))
    }

    pub fn anchor(&self) -> TrustAnchor {
        TrustAnchor::new(self.ci.certificate().clone(), Engine::AwsLc).unwrap()
    }

    /// The operator by its object identifier.
    pub fn by_oid(&self, oid: &'static [u32]) -> Caller {
        let how = Recognition::Oid { oid: oid::owned(oid), anchors: vec![self.anchor()] };
        Caller { name: "operator".to_owned(), how }
    }

    /// An SM-DP+ that knows these callers.
    pub fn server(&self, callers: impl IntoIterator<Item = Caller>) -> ServerTls {
        self.server_at(NOW, callers)
    }

    pub fn server_at(&self, now: Timestamp, callers: impl IntoIterator<Item = Caller>) -> ServerTls {
        let chain = [self.smdp.certificate().raw().to_vec()];
        let (callers, clock) = (Arc::new(Callers::new(callers)), Arc::new(FixedClock(now)));
        server_config_with_client_authentication(chain, private_key(&self.smdp), callers, clock).unwrap()
    }

    pub fn trust(&self) -> Trust {
        Trust { roots: vec![self.ci.certificate().raw().to_vec()], ..Trust::default() }
    }

    /// A client that shows this certificate.
    pub fn client(&self, identity: &Identity) -> Arc<ClientConfig> {
        client(self.trust(), identity)
    }

    /// The same, whatever certificate goes with whatever key, in one version of TLS.
    pub fn odd_client(
        &self,
        version: &'static SupportedProtocolVersion,
        certificate: Option<(&Certificate, &SigningKey)>,
    ) -> Arc<ClientConfig> {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from(self.ci.certificate().raw().to_vec())).unwrap();
        let time = self.client(&self.operator).time_provider.clone();
        let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider.clone());
        let builder = ClientConfig::builder_with_details(provider.clone(), time)
            .with_protocol_versions(&[version])
            .unwrap()
            .with_webpki_verifier(verifier.build().unwrap());
        let Some((certificate, key)) = certificate else { return Arc::new(builder.with_no_client_auth()) };
        let key = PrivateKeyDer::from_pem_slice(key.to_pem().unwrap().as_bytes()).unwrap();
        let key = provider.key_provider.load_private_key(key).unwrap();
        let chain = vec![CertificateDer::from(certificate.raw().to_vec())];
        let shown = SingleCertAndKey::from(CertifiedKey::new(chain, key));
        Arc::new(builder.with_client_cert_resolver(Arc::new(shown)))
    }
}

pub fn client(trust: Trust, identity: &Identity) -> Arc<ClientConfig> {
    let chain = [identity.certificate().raw().to_vec()];
    client_config_with_certificate(trust, chain, private_key(identity), Arc::new(FixedClock(NOW))).unwrap()
}

pub fn private_key(identity: &Identity) -> PrivateKey {
    PrivateKey::read("SK.pem", identity.key().to_pem().unwrap().as_bytes()).unwrap()
}

pub fn pinned(name: &str, certificate: &Certificate) -> Caller {
    Caller { name: name.to_owned(), how: Recognition::Pinned { sha256: sha256(certificate) } }
}

pub fn sha256(certificate: &Certificate) -> [u8; 32] {
    Sha256::digest(certificate.raw()).into()
}

fn workshop(rng: &mut ChaCha20Rng) -> Workshop<'_> {
    Workshop::new(UnixTime(NOW.unix_seconds()), rng)
}

/// A plain client certificate below an issuer: an object identifier, clientAuth, no policies and no host name; changed
/// before it is signed.
pub fn operator(issuer: &Identity, seed: u64, change: impl FnOnce(&mut Description)) -> Identity {
    issued(issuer, seed, |description| {
        description.remove(ExtensionKind::CertificatePolicies);
        description.set(purposes(&[oid::CLIENT_AUTH]));
        description.set(registered_ids(&[OPERATOR]));
        change(description);
    })
}

/// A CERT.DP.TLS below an issuer, changed before it is signed.
pub fn issued(issuer: &Identity, seed: u64, change: impl FnOnce(&mut Description)) -> Identity {
    let holder = Holder::Tls(Role::DpTls, &["operator.example.com".to_owned()]);
    issued_to(&holder, issuer, seed, change)
}

/// A certificate below an issuer, changed before it is signed.
pub fn issued_to(
    holder: &Holder<'_>,
    issuer: &Identity,
    seed: u64,
    change: impl FnOnce(&mut Description),
) -> Identity {
    let mut rng = ChaCha20Rng::seed_from_u64(seed);
    let mut workshop = workshop(&mut rng);
    let key = workshop.key(issuer.certificate().curve()).unwrap();
    let mut description = workshop.describe(issuer.certificate(), holder, key.public_key()).unwrap();
    change(&mut description);
    let certificate = Certificate::from_der(&description.sign(issuer.key()).unwrap()).unwrap();
    Identity::new(certificate, key).unwrap()
}

pub fn purposes(purposes: &[&'static [u32]]) -> DescribedExtension {
    let purposes: Vec<Oid> = purposes.iter().map(|arcs| oid::owned(arcs)).collect();
    DescribedExtension::extended_key_usage(&ExtendedKeyUsage(purposes)).unwrap()
}

pub fn registered_ids(ids: &[&'static [u32]]) -> DescribedExtension {
    let registered_ids = ids.iter().map(|arcs| oid::owned(arcs)).collect();
    let names = SubjectAltName { dns_names: Vec::new(), ip_addresses: Vec::new(), registered_ids };
    DescribedExtension::subject_alt_name(&names).unwrap()
}
