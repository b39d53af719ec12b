//! ES10b (SGP.22 §5.7.5 to §5.7.14, §5.7.22): profile download and notifications, LPA to eUICC.

mod authenticate_server;
mod cancel_session;
mod euicc_state;
mod notifications;
mod prepare_download;

pub use authenticate_server::*;
pub use cancel_session::*;
pub use euicc_state::*;
pub use notifications::*;
pub use prepare_download::*;
