//! RSP over HTTP: the JSON and ASN.1 bindings (SGP.22 §6), server and client half, over hyper and rustls.
//!
//! What every interface shares stands at the top: the server loop ([`server`]), TLS ([`tls`]), one POST and its answer
//! ([`transport`]), the header fields of §6.2 ([`header`]) and the JSON rules of §6.5 ([`json`]). Each interface is one
//! module of its own: [`es9plus`] maps HTTP to [`protocol::es9plus::Es9Plus`] and back, [`es2plus`] to
//! [`protocol::es2plus::Es2Plus`].

pub mod es2plus;
pub mod es9plus;
pub mod header;
pub mod json;
pub mod server;
pub mod tls;
pub mod transport;

mod base64;
mod body;
mod call;
mod hop;
