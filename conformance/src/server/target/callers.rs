//! The port at which callers show a certificate, and whoever may be sent there.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use certs::tree::Chain;
use certs::workshop::{DescribedExtension, Holder, Workshop, WorkshopError};
use certs::{Identity, Oid, Role, SubjectAltName, UnixTime, Validity, oid};
use crypto::{Engine, SigningKey};
use protocol::clock::Clock;
use protocol::types::ServerAddress;
use rand_core::CryptoRng;
use rustls::crypto::aws_lc_rs::{default_provider, sign::any_supported_type};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::time_provider::TimeProvider;
use rustls::{ClientConfig, RootCertStore};
use wire::transport::{Route, Transport};

use crate::pki::{Authority, Client, ClientDefect, PkiError, TlsChain};

/// Where the SM-DP+s are that the judge plays, as their certificates say.
const SMDP_HOST: &str = "smdp.judge.example";
const SMDS_HOST: &str = "smds.judge.example";
/// 2.999.78: the object identifier of the second SM-DP+.
const OTHER_SMDP: &[u32] = &[2, 999, 78];

/// A port at which callers show a certificate.
pub struct Callers {
    /// Where it is.
    address: ServerAddress,
    routes: Vec<Route>,
    /// Below whom the server's own certificate stands, DER.
    roots: Vec<Vec<u8>>,
    clock: Arc<dyn Clock>,
    /// What can be issued for TLS, with the certificates of the directory.
    issuer: Issuer,
}

/// The CI on the curve of TLS.
struct Issuer {
    authority: Authority,
    ci: Option<Identity>,
    smdp: Option<Identity>,
    smds: Option<Identity>,
}

/// Why nobody can be sent there.
#[derive(Debug, thiserror::Error)]
pub enum CallersError {
    /// The certificate cannot be made.
    #[error(transparent)]
    Pki(#[from] PkiError),
    /// TLS cannot be spoken with it.
    #[error("TLS: {0}")]
    Tls(String),
}

impl From<WorkshopError> for CallersError {
    fn from(error: WorkshopError) -> Self {
        Self::Pki(error.into())
    }
}

impl Callers {
    /// A port whose server stands below `roots` (DER). The certificates of callers come from `chain`, or are issued below
    /// it.
    ///
    /// # Errors
    /// [`certs::tree::TreeError`] where the chain has no CI.
    pub fn new(
        address: ServerAddress,
        routes: Vec<Route>,
        roots: Vec<Vec<u8>>,
        clock: Arc<dyn Clock>,
        chain: &Chain,
    ) -> Result<Self, certs::tree::TreeError> {
        // What is not there is told when it is needed.
        let identity = |role| chain.identity(role, Engine::RustCrypto).ok();
        let issuer = Issuer {
            authority: Authority::from_chain(chain)?,
            ci: identity(Role::Ci),
            smdp: identity(Role::DpTls),
            smds: identity(Role::DsTls),
        };
        Ok(Self { address, routes, roots, clock, issuer })
    }

    /// An SM-DP+: that of the directory.
    ///
    /// # Errors
    /// [`PkiError::NoKey`] where the directory has neither its key nor that of the CI.
    pub fn smdp(&self, rng: &mut dyn CryptoRng) -> Result<TlsChain, CallersError> {
        match &self.issuer.smdp {
            Some(own) => Ok(chain_of(own)),
            None => Ok(self.issuer.authority.client(&Client::SmDp(&[SMDP_HOST.to_owned()]), None, rng)?),
        }
    }

    /// An SM-DS: that of the directory.
    ///
    /// # Errors
    /// As [`Self::smdp`].
    pub fn smds(&self, rng: &mut dyn CryptoRng) -> Result<TlsChain, CallersError> {
        match &self.issuer.smds {
            Some(own) => Ok(chain_of(own)),
            None => Ok(self.issuer.authority.client(&Client::SmDs(&[SMDS_HOST.to_owned()]), None, rng)?),
        }
    }

    /// An SM-DP+ with another object identifier.
    ///
    /// # Errors
    /// [`PkiError::NoKey`] without the CI's key.
    pub fn other_smdp(&self, rng: &mut dyn CryptoRng) -> Result<TlsChain, CallersError> {
        /// Whoever judges the time has a clock between 2020 and 2049.
        const VALIDITY: Validity =
            Validity { not_before: UnixTime(1_577_836_800), not_after: UnixTime(2_524_607_999) };
        let whose = Role::Ci.certificate_name();
        let ci = self.issuer.ci.as_ref().ok_or(PkiError::NoKey { whose })?;
        let mut workshop = Workshop::new(VALIDITY.not_before, rng);
        let key = workshop.key(ci.certificate().curve())?;
        let hosts = [SMDP_HOST.to_owned()];
        let holder = Holder::Tls(Role::DpTls, &hosts);
        let mut description = workshop.describe(ci.certificate(), &holder, key.public_key())?;
        description.validity = VALIDITY;
        description.set(DescribedExtension::subject_alt_name(&SubjectAltName {
            dns_names: hosts.to_vec(),
            ip_addresses: Vec::new(),
            registered_ids: vec![oid::owned(OTHER_SMDP)],
        })?);
        Ok(TlsChain { chain: vec![description.sign(ci.key())?], key })
    }

    /// An SM-DP+ whose certificate is wrong in one thing.
    ///
    /// # Errors
    /// [`PkiError::NoKey`] without the CI's key.
    pub fn bad_smdp(&self, defect: ClientDefect, rng: &mut dyn CryptoRng) -> Result<TlsChain, CallersError> {
        Ok(self.issuer.authority.client(&Client::SmDp(&[SMDP_HOST.to_owned()]), Some(defect), rng)?)
    }

    /// An operator with this object identifier, whose certificate is wrong in one thing.
    ///
    /// # Errors
    /// [`PkiError::NoKey`] without the CI's key.
    pub fn bad_operator(
        &self,
        oid: &Oid,
        defect: ClientDefect,
        rng: &mut dyn CryptoRng,
    ) -> Result<TlsChain, CallersError> {
        Ok(self.issuer.authority.client(&Client::Operator { name: "judge", oid }, Some(defect), rng)?)
    }

    /// An operator that nobody knows, with a good certificate.
    ///
    /// # Errors
    /// [`PkiError::NoKey`] without the CI's key.
    pub fn unknown_operator(&self, rng: &mut dyn CryptoRng) -> Result<TlsChain, CallersError> {
        let oid = oid::owned(OTHER_SMDP);
        Ok(self.issuer.authority.client(&Client::Operator { name: "unknown", oid: &oid }, None, rng)?)
    }

    /// The way there for whoever shows this; for somebody who shows nothing.
    ///
    /// # Errors
    /// [`CallersError::Tls`]: the key is none that TLS here signs with.
    pub fn shown(&self, chain: Option<&TlsChain>) -> Result<Transport, CallersError> {
        let tls = |error: rustls::Error| CallersError::Tls(error.to_string());
        let mut roots = RootCertStore::empty();
        for root in &self.roots {
            roots.add(CertificateDer::from(root.clone())).map_err(tls)?;
        }
        let time = Arc::new(Time(self.clock.clone()));
        let config = ClientConfig::builder_with_details(Arc::new(default_provider()), time)
            .with_protocol_versions(rustls::DEFAULT_VERSIONS)
            .map_err(tls)?
            .with_root_certificates(roots);
        let mut config = match chain {
            None => config.with_no_client_auth(),
            // Not looked at: a bad one has to be shown too.
            Some(chain) => config.with_client_cert_resolver(Arc::new(certified(chain)?)),
        };
        // Each connection shows its certificate anew, and HTTP/2 would lose what a refusal says.
        config.resumption = rustls::client::Resumption::disabled();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        let transport = Transport::new(self.address.clone(), Arc::new(config));
        Ok(self.routes.iter().cloned().fold(transport, Transport::with_route))
    }
}

fn chain_of(identity: &Identity) -> TlsChain {
    TlsChain { chain: vec![identity.certificate().raw().to_vec()], key: identity.key().clone() }
}

fn certified(chain: &TlsChain) -> Result<SingleCertAndKey, CallersError> {
    let certificates = chain.chain.iter().cloned().map(CertificateDer::from).collect();
    Ok(SingleCertAndKey::from(CertifiedKey::new(certificates, tls_key(&chain.key)?)))
}

fn tls_key(key: &SigningKey) -> Result<Arc<dyn rustls::sign::SigningKey>, CallersError> {
    // What a parser says could be part of the key.
    let unusable = || CallersError::Tls("the key cannot be used".to_owned());
    let pem = key.to_pem().map_err(|_| unusable())?;
    let der = PrivateKeyDer::from_pem_slice(pem.as_bytes()).map_err(|_| unusable())?;
    any_supported_type(&der).map_err(|_| unusable())
}

/// The clock of the run as TLS asks for it.
struct Time(Arc<dyn Clock>);

impl TimeProvider for Time {
    fn current_time(&self) -> Option<rustls::pki_types::UnixTime> {
        let seconds = u64::try_from(self.0.now().unix_seconds()).ok()?;
        Some(rustls::pki_types::UnixTime::since_unix_epoch(Duration::from_secs(seconds)))
    }
}

impl fmt::Debug for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Time")
    }
}
