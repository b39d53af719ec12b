//! ES2+ over HTTP (SGP.22 §5.3, §6.5.2.1 to §6.5.2.5), in JSON: [`protocol::es2plus::Es2Plus`] offered by [`Endpoint`] and
//! called by the operator's [`Client`]; and the way back, HandleDownloadProgressInfo, which [`ProgressClient`] sends to
//! the operator's [`ProgressEndpoint`].
//!
//! What differs from function to function stands in one file per function, as in [`crate::es9plus`]; the rest is shared with
//! [`crate::es12`]. A confirmation code is in no trace and in no log.

mod cancel_order;
mod client;
mod confirm_order;
mod download_order;
mod endpoint;
mod handle_download_progress_info;
mod progress_client;
mod progress_endpoint;
mod progress_url;
mod redacted;
mod release_profile;

pub use crate::call::ClientError;
pub use client::Client;
pub use endpoint::Endpoint;
pub use progress_client::{NoTls, ProgressClient};
pub use progress_endpoint::{ProgressEndpoint, ProgressReceiver};
pub use progress_url::{ProgressUrl, ProgressUrlError};
