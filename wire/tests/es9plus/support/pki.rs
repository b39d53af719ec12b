use std::sync::{Arc, OnceLock};

use certs::workshop::{Holder, Workshop};
use certs::{Identity, Role, UnixTime};
use crypto::Curve;
use protocol::clock::{FixedClock, Timestamp};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;
use rustls::{ClientConfig, ServerConfig};
use wire::tls::{PrivateKey, client_config, server_config};

pub const HOST: &str = "smdp.example.com";
/// 2026-11-22T03:41:00Z.
pub const NOW: Timestamp = Timestamp::from_unix_seconds(1_795_318_860);

/// A CI and a TLS certificate of an SM-DP+ under it.
pub struct Pki {
    pub ci: Identity,
    pub dp_tls: Identity,
}

impl Pki {
    pub fn new(curve: Curve, seed: u64) -> Self {
        let mut rng = ChaCha20Rng::seed_from_u64(seed);
        let mut workshop = Workshop::new(UnixTime(NOW.unix_seconds()), &mut rng);
        let ci = workshop.certificate_issuer(curve).unwrap();
        let hosts = [HOST.to_owned()];
        let dp_tls = workshop.issue(&ci, &Holder::Tls(Role::DpTls, &hosts)).unwrap();
        Self { ci, dp_tls }
    }

    /// The one that most tests use.
    pub fn get() -> &'static Self {
        static PKI: OnceLock<Pki> = OnceLock::new();
        PKI.get_or_init(|| Self::new(Curve::P256, 7))
    }

    pub fn private_key(&self) -> PrivateKey {
        PrivateKey::read("SK_S_SM_DP_TLS.pem", self.dp_tls.key().to_pem().unwrap().as_bytes()).unwrap()
    }

    pub fn server(&self) -> Arc<ServerConfig> {
        server_config([self.dp_tls.certificate().raw().to_vec()], self.private_key()).unwrap()
    }

    pub fn client(&self) -> Arc<ClientConfig> {
        self.client_at(NOW)
    }

    pub fn client_at(&self, now: Timestamp) -> Arc<ClientConfig> {
        client_config([self.ci.certificate().raw().to_vec()], Arc::new(FixedClock(now))).unwrap()
    }
}
