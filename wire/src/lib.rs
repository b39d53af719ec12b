//! RSP over HTTP: the JSON and ASN.1 bindings (SGP.22 §6), server and client half, over hyper and rustls.
//!
//! What every interface shares stands at the top: the server loop ([`server`]), TLS ([`tls`]), one POST and its answer
//! ([`transport`]), the header fields of §6.2 ([`header`]) and the JSON rules of §6.5 ([`json`]). Each interface is one
//! module of its own:
//!
//! * [`es9plus`] maps HTTP to [`protocol::es9plus::Es9Plus`] and back, in both bindings; [`es11`] maps the same requests to
//!   [`protocol::es11::Es11`]. One client is both, since an LPA learns from the answer which kind of server it asked.
//! * [`es2plus`] maps to [`protocol::es2plus::Es2Plus`]; [`es12`], which is ES15 too, to [`protocol::es12::Es12`]. Servers call
//!   servers there: each request has a `header`, and TLS says who calls ([`tls::Callers`], [`tls::RspServers`]).

pub mod es11;
pub mod es12;
pub mod es2plus;
pub mod es9plus;
pub mod fault;
pub mod header;
pub mod json;
pub mod server;
pub mod tls;
pub mod transport;

mod base64;
mod body;
mod call;
mod function_call;
mod hop;
