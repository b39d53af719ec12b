//! The interfaces between servers: who the judge is there.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use certs::tree::Chain;
use clap::Args;
use conformance::server::target::{Callers, Operator, Reports};
use crypto::Curve;
use protocol::types::ServerAddress;
use wire::tls::{Trust, client_config_with_certificate, server_config};
use wire::transport::Transport;

use super::Setting;
use crate::command::es2::private_key;
use crate::compose::serving::listen;
use crate::io::certificate_file;

/// ES2+ of an SM-DP+, and the operators that it knows.
#[derive(Args)]
#[command(next_help_heading = "ES2+ of an SM-DP+")]
pub struct Es2 {
    /// Where operators reach the SM-DP+
    #[arg(
        long,
        value_name = "HOST[:PORT]",
        requires_all = ["operator_cert", "operator_key", "profile_type"]
    )]
    es2: Option<ServerAddress>,
    /// The certificate of the operator (PEM or DER)
    #[arg(long, value_name = "FILE", requires = "es2")]
    operator_cert: Option<PathBuf>,
    /// Its private key
    #[arg(long, value_name = "FILE", requires = "es2")]
    operator_key: Option<PathBuf>,
    /// functionRequesterIdentifier of the operator: the object identifier in its certificate
    #[arg(long, value_name = "OID", default_value = "2.999.20")]
    requester: String,
    /// The type of its profiles, of which the SM-DP+ has enough: see docs/conformance.md
    #[arg(long, value_name = "TYPE", requires = "es2")]
    profile_type: Option<String>,
    /// The certificate of another operator, that has other profiles of another type
    #[arg(long, value_name = "FILE", requires_all = ["es2", "other_operator_key"])]
    other_operator_cert: Option<PathBuf>,
    /// Its private key
    #[arg(long, value_name = "FILE", requires = "other_operator_cert")]
    other_operator_key: Option<PathBuf>,
    /// functionRequesterIdentifier of the other operator
    #[arg(long, value_name = "OID", default_value = "2.999.21")]
    other_requester: String,
    /// Where the SM-DP+ sends its reports of downloads, over TLS with the certificate of the operator
    #[arg(long, value_name = "IP:PORT", requires = "es2")]
    es2_listen: Option<SocketAddr>,
    /// It sends them without TLS
    #[arg(long, requires = "es2_listen")]
    es2_listen_plain: bool,
}

/// ES12 of an SM-DS.
#[derive(Args)]
#[command(next_help_heading = "ES12 of an SM-DS")]
pub struct Es12 {
    /// Where SM-DP+s and other SM-DSs reach the SM-DS
    #[arg(long, value_name = "HOST[:PORT]")]
    es12: Option<ServerAddress>,
}

impl Es2 {
    /// The port, for those who are to be turned away.
    pub fn callers(&self, setting: &Setting) -> Result<Option<Callers>> {
        self.es2.as_ref().map(|server| setting.callers(server)).transpose()
    }

    pub fn operator(&self, setting: &Setting) -> Result<Option<Operator>> {
        let (Some(server), Some(certificate), Some(key)) =
            (&self.es2, &self.operator_cert, &self.operator_key)
        else {
            return Ok(None);
        };
        Ok(Some(Operator {
            transport: setting.shown(server, certificate, key)?,
            requester: self.requester.clone(),
            profile_type: self.profile_type.clone().unwrap_or_default(),
        }))
    }

    pub fn other_operator(&self, setting: &Setting) -> Result<Option<Operator>> {
        let (Some(server), Some(certificate), Some(key)) =
            (&self.es2, &self.other_operator_cert, &self.other_operator_key)
        else {
            return Ok(None);
        };
        Ok(Some(Operator {
            transport: setting.shown(server, certificate, key)?,
            requester: self.other_requester.clone(),
            profile_type: String::new(),
        }))
    }

    /// Begins to take reports.
    pub async fn reports(&self) -> Result<Option<Reports>> {
        let Some(address) = self.es2_listen else { return Ok(None) };
        let tls = match (&self.operator_cert, &self.operator_key) {
            (Some(certificate), Some(key)) if !self.es2_listen_plain => {
                Some(server_config([certificate_file::read(certificate)?], private_key(key)?)?.into())
            }
            _ => None,
        };
        Ok(Some(Reports::taken_at(listen(address).await?, tls)))
    }
}

impl Es12 {
    /// The port.
    pub fn callers(&self, setting: &Setting) -> Result<Option<Callers>> {
        self.es12.as_ref().map(|server| setting.callers(server)).transpose()
    }
}

impl Setting {
    fn callers(&self, server: &ServerAddress) -> Result<Callers> {
        let chain: Option<&Chain> = self.pki.chains().find(|chain| chain.curve() == Curve::P256);
        let chain = chain.context("TLS needs a P-256 chain, --certs has none")?;
        let (roots, clock) = (self.roots.clone(), self.clock.clone());
        Ok(Callers::new(server.clone(), self.routes.clone(), roots, clock, chain)?)
    }

    /// How somebody with a certificate reaches a server.
    fn shown(&self, server: &ServerAddress, certificate: &Path, key: &Path) -> Result<Transport> {
        let trust = Trust { roots: self.roots.clone(), ..Trust::default() };
        let chain = [certificate_file::read(certificate)?];
        let tls = client_config_with_certificate(trust, chain, private_key(key)?, self.clock.clone())?;
        let transport = Transport::new(server.clone(), tls);
        Ok(self.routes.iter().cloned().fold(transport, Transport::with_route))
    }
}
