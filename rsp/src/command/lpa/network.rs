//! How to reach servers.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use certs::Certificate;
use certs::tree::Pki;
use clap::{Args, ValueEnum};
use protocol::clock::Clock;
use protocol::trace::Tracer;
use protocol::types::ServerAddress;
use wire::es9plus::{Binding, Client, ClientError};
use wire::transport::Route;

use crate::io::folder;

#[derive(Args)]
pub struct Network {
    /// A CI certificate to trust in TLS (DER or PEM), or a folder of certificates with its CIs
    #[arg(long = "ci", global = true, value_name = "PATH")]
    trusted: Vec<PathBuf>,
    /// Connect to this address instead of asking DNS for the host: HOST=IP:PORT. May be given for several hosts
    #[arg(long = "route", global = true, value_name = "HOST=IP:PORT", value_parser = parse_route)]
    routes: Vec<Route>,
    /// The binding of ES9+ and ES11
    #[arg(long, global = true, value_enum, default_value = "json")]
    binding: BindingName,
}

#[derive(Clone, Copy, ValueEnum)]
enum BindingName {
    Json,
    Asn1,
}

/// `HOST=IP:PORT`.
pub fn parse_route(text: &str) -> Result<Route, String> {
    let (host, to) = text.split_once('=').ok_or("HOST=IP:PORT is needed")?;
    let to: SocketAddr = to.parse().map_err(|_| format!("{to:?} is no IP:PORT"))?;
    Ok(Route { host: host.to_owned(), to })
}

impl Network {
    pub fn servers(&self, clock: Arc<dyn Clock>, tracer: Tracer) -> Result<Servers> {
        if self.trusted.is_empty() {
            bail!("which CI does TLS trust? --ci with its certificate, or with a folder of certificates");
        }
        let mut roots = Vec::new();
        for path in &self.trusted {
            roots.extend(ci_certificates(path)?);
        }
        let servers = Servers::new(roots, clock, tracer)?;
        let binding = match self.binding {
            BindingName::Json => Binding::Json,
            BindingName::Asn1 => Binding::Asn1,
        };
        Ok(Servers { routes: self.routes.clone(), binding, ..servers })
    }
}

/// Makes clients for the servers that a card, an activation code or an SM-DS names.
pub struct Servers {
    tls: Arc<rustls::ClientConfig>,
    routes: Vec<Route>,
    binding: Binding,
    tracer: Tracer,
}

impl Servers {
    /// Servers below these CI certificates.
    pub fn new(roots: Vec<Vec<u8>>, clock: Arc<dyn Clock>, tracer: Tracer) -> Result<Self> {
        let tls = wire::tls::client_config(roots, clock)?;
        Ok(Self { tls, routes: Vec::new(), binding: Binding::Json, tracer })
    }

    /// The same, one more host at a fixed place.
    pub fn with_route(mut self, route: Route) -> Self {
        self.routes.push(route);
        self
    }

    /// Whether a host is at a fixed place.
    pub fn has_route(&self, host: &str) -> bool {
        self.routes.iter().any(|route| route.host.eq_ignore_ascii_case(host))
    }

    /// A client for one server.
    pub fn client(&self, address: ServerAddress) -> Client {
        let client = Client::new(address, self.tls.clone(), self.tracer.clone()).with_binding(self.binding);
        self.routes.iter().cloned().fold(client, Client::with_route)
    }
}

impl lpa::discovery::Servers for Servers {
    type Error = ClientError;
    type Server = Client;

    fn server(&self, address: &ServerAddress) -> Client {
        self.client(address.clone())
    }
}

/// The CI certificates in a file or in a folder, as `--ci` takes them.
pub fn ci_certificates(path: &PathBuf) -> Result<Vec<Vec<u8>>> {
    if path.is_dir() {
        let pki = Pki::from_tree(&folder::read(path)?)?;
        return tls_roots(&pki);
    }
    let file = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let certificate = Certificate::from_der_or_pem(&file).with_context(|| path.display().to_string())?;
    Ok(vec![certificate.raw().to_vec()])
}

/// The CIs that TLS can verify under: those on P-256.
pub fn tls_roots(pki: &Pki) -> Result<Vec<Vec<u8>>> {
    pki.chains()
        .filter(|chain| chain.curve() == crypto::Curve::P256)
        .map(|chain| Ok(chain.certificate(certs::Role::Ci)?.raw().to_vec()))
        .collect()
}
