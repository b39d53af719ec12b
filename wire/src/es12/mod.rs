//! ES12 over HTTP (SGP.22 §5.9, §6.5.2.13, §6.5.2.14), in JSON, and ES15, which is the same between two SM-DSs (§5.10):
//! [`protocol::es12::Es12`] offered by [`Endpoint`] and called by the [`Client`] of an SM-DP+ or Alternative SM-DS.
//!
//! Both ends show a certificate: the SM-DS takes anybody with a CERT.DP.TLS or CERT.DS.TLS ([`crate::tls::RspServers`]).

mod client;
mod delete_event;
mod endpoint;
mod register_event;

pub use crate::call::ClientError;
pub use client::Client;
pub use endpoint::Endpoint;
