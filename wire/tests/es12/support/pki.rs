use std::sync::{Arc, OnceLock};

use certs::workshop::{DescribedExtension, Description, Holder};
use certs::{Certificate, ExtendedKeyUsage, Identity, Oid, Role, SubjectAltName, oid};
use crypto::SigningKey;
use protocol::clock::{FixedClock, Timestamp};
use rustls::{ClientConfig, SupportedProtocolVersion};
use wire::tls::{Admitted, RspServers, ServerTls, Trust, server_config_with_client_authentication};

use super::certificates::{self, issued_to, private_key};
pub use super::certificates::{DAY, NOW, registered_ids, sha256};

/// The SM-DS.
pub const HOST: &str = "smds.example.com";
/// What the workshop's SM-DP+ and SM-DS are called.
pub const SMDP: &[u32] = oid::TEST_SM_DP;
pub const SMDS: &[u32] = oid::TEST_SM_DS;

/// A CI, and below it the SM-DS that is called, an SM-DP+, another SM-DS and an operator.
pub struct Pki {
    base: certificates::Pki,
    pub smds: Identity,
    pub smdp: Identity,
    pub other_smds: Identity,
}

impl Pki {
    pub fn new(seed: u64) -> Self {
        let base = certificates::Pki::new(seed);
        let tls = |role, host: &str, seed| {
            issued_to(&Holder::Tls(role, &[host.to_owned()]), &base.ci, seed, |_| ())
        };
        let smds = tls(Role::DsTls, HOST, seed + 2000);
        let smdp = tls(Role::DpTls, "smdp.example.com", seed + 3000);
        let other_smds = tls(Role::DsTls, "alternative.example.com", seed + 4000);
        Self { base, smds, smdp, other_smds }
    }

    /// The one that most tests use.
    pub fn get() -> &'static Self {
        static PKI: OnceLock<Pki> = OnceLock::new();
        PKI.get_or_init(|| Self::new(7))
    }

    pub fn ci(&self) -> &Identity {
        &self.base.ci
    }

    pub fn operator(&self) -> &Identity {
        &self.base.operator
    }

    /// Everybody below the CI.
    pub fn all(&self) -> RspServers {
        RspServers::below([self.base.anchor()])
    }

    /// Everybody below either CI.
    pub fn and(&self, other: &Self) -> RspServers {
        RspServers::below([self.base.anchor(), other.base.anchor()])
    }

    /// The SM-DS, which lets these in.
    pub fn server(&self, admitted: impl Into<Admitted>) -> ServerTls {
        self.server_at(NOW, admitted)
    }

    pub fn server_at(&self, now: Timestamp, admitted: impl Into<Admitted>) -> ServerTls {
        let chain = [self.smds.certificate().raw().to_vec()];
        let clock = Arc::new(FixedClock(now));
        server_config_with_client_authentication(chain, private_key(&self.smds), admitted, clock).unwrap()
    }

    pub fn trust(&self) -> Trust {
        self.base.trust()
    }

    /// A client that shows this certificate.
    pub fn client(&self, identity: &Identity) -> Arc<ClientConfig> {
        certificates::client(self.trust(), identity)
    }

    /// The same, whatever certificate goes with whatever key, in one version of TLS.
    pub fn odd_client(
        &self,
        version: &'static SupportedProtocolVersion,
        certificate: Option<(&Certificate, &SigningKey)>,
    ) -> Arc<ClientConfig> {
        self.base.odd_client(version, certificate)
    }

    /// A CERT.DP.TLS below the CI, changed before it is signed.
    pub fn dp_tls(&self, change: impl FnOnce(&mut Description)) -> Identity {
        issued_to(&Holder::Tls(Role::DpTls, &["smdp.example.com".to_owned()]), self.ci(), 50, change)
    }

    /// A CERT.DS.TLS below the CI, changed before it is signed.
    pub fn ds_tls(&self, change: impl FnOnce(&mut Description)) -> Identity {
        issued_to(&Holder::Tls(Role::DsTls, &["smds.example.com".to_owned()]), self.ci(), 51, change)
    }

    /// A certificate that signs messages.
    pub fn signing(&self, role: Role, change: impl FnOnce(&mut Description)) -> Identity {
        issued_to(&Holder::Server(role), self.ci(), 52, change)
    }
}

/// A host name and these object identifiers.
pub fn names(ids: &[&'static [u32]]) -> DescribedExtension {
    let names = SubjectAltName {
        dns_names: vec!["smdp.example.com".to_owned()],
        ip_addresses: Vec::new(),
        registered_ids: ids.iter().map(|arcs| oid::owned(arcs)).collect(),
    };
    DescribedExtension::subject_alt_name(&names).unwrap()
}

pub fn policies(roles: &[Role], critical: bool) -> DescribedExtension {
    let policies: Vec<Oid> = roles.iter().map(|role| role.policy()).collect();
    DescribedExtension::certificate_policies(&policies, critical).unwrap()
}

pub fn tls_purposes() -> DescribedExtension {
    DescribedExtension::extended_key_usage(&ExtendedKeyUsage::tls()).unwrap()
}
