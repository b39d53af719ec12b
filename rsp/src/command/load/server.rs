//! The server of a run.

use std::path::PathBuf;

use anyhow::Result;
use benches::load::client::Server;
use certs::tree::Pki;
use clap::{Args, ValueEnum};
use protocol::types::ServerAddress;
use wire::es9plus::Binding;
use wire::tls::client_config_of_many;
use wire::transport::Route;

use crate::command::lpa::{ci_certificates, parse_route, tls_roots};
use crate::io::machine;

#[derive(Args)]
#[command(next_help_heading = "The server")]
pub struct ServerArguments {
    /// Where LPAs reach the SM-DP+, over HTTPS
    #[arg(value_name = "HOST[:PORT]")]
    address: ServerAddress,
    /// A CI certificate to trust in TLS besides those of --certs (DER or PEM), or a folder with some
    #[arg(long = "ci", value_name = "PATH")]
    trusted: Vec<PathBuf>,
    /// Connect to this address instead of asking DNS for the host: HOST=IP:PORT
    #[arg(long = "route", value_name = "HOST=IP:PORT", value_parser = parse_route)]
    routes: Vec<Route>,
    /// The binding of ES9+
    #[arg(long, value_enum, default_value = "json")]
    binding: BindingName,
    /// Make a connection for each attempt, as LPAs do, instead of keeping connections that attempts share
    #[arg(long)]
    new_connections: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum BindingName {
    Json,
    Asn1,
}

impl ServerArguments {
    pub fn address(&self) -> &ServerAddress {
        &self.address
    }

    pub fn server(&self, pki: &Pki) -> Result<Server> {
        let mut roots = tls_roots(pki)?;
        for path in &self.trusted {
            roots.extend(ci_certificates(path)?);
        }
        let tls = client_config_of_many(roots, machine::system_clock())?;
        let binding = match self.binding {
            BindingName::Json => Binding::Json,
            BindingName::Asn1 => Binding::Asn1,
        };
        let server = Server::new(self.address.clone(), &tls, &self.routes, binding);
        Ok(if self.new_connections { server.with_new_connections() } else { server })
    }
}
