//! ES11 over HTTP (SGP.22 §5.8, §6.5.2.11, §6.5.2.12, §6.6.2.6, §6.6.2.7): [`protocol::es11::Es11`] offered by [`Endpoint`] in
//! both bindings. It is reached by [`crate::es9plus::Client`], since the requests are those of ES9+ at the same paths, and
//! an LPA cannot tell beforehand which kind of server stands behind an address.

mod authenticate_client;
mod client;
mod endpoint;

pub use endpoint::Endpoint;
