//! ES9+ over HTTP (SGP.22 §5.6, §6.5.2, §6.6.2): [`protocol::es9plus::Es9Plus`] offered by [`Endpoint`] and reached by
//! [`Client`], each in both bindings.
//!
//! What differs from function to function stands in one file per function, as a `RequestMessage` and the
//! `ResponseMessage` that answers it; the two bindings and the two halves know nothing else about it. [`crate::es11`]
//! stands on the same.

mod asn1_binding;
mod authenticate_client;
mod cancel_session;
mod client;
mod endpoint;
mod exchange;
mod get_bound_profile_package;
mod handle_notification;
mod incoming;
mod initiate_authentication;
mod json_binding;
mod log;

pub use crate::call::ClientError;
pub use client::{Binding, Client};
pub use endpoint::Endpoint;
pub(crate) use exchange::{Asn1Answer, LpaFunction, ResponseMessage};
pub(crate) use incoming::Incoming;
