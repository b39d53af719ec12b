//! The SM-DP+ side of one RSP session, without store, order or socket. It begins with the
//! [mutual authentication](crate::mutual_authentication) that an SM-DS knows too.
//!
//! Each function takes what the session knows and what the LPA sent, makes the checks of SGP.22 §5.6 that need neither
//! order nor profile, and returns the next state. The server adds the order, keeps the state and owns the keys.

mod authenticate_client;
mod bound_profile_package;
mod cancel_session;
mod identity;
mod notification;
mod state;

pub use authenticate_client::{Offer, offer};
pub use bound_profile_package::{PreparedDownload, verify_prepare_download};
pub use cancel_session::{Cancellation, verify_cancel_session};
pub use identity::{Identities, Identity, IdentityError};
pub use notification::{
    InstallationResult, NotificationError, OtherNotification, verify_installation_result,
    verify_other_notification,
};
pub use state::{Authenticated, Offered, Stage, StoredCurve};

use crate::mutual_authentication::{our_identity, same_transaction};
