//! The Local Profile Assistant (SGP.22 §3, §5.7): flows between a card and a server, neither of which it knows the
//! kind of.
//!
//! - [`card::Card`] is the port to a card: an in-process one, a reader, or another program ([`stdio_card`]).
//! - [`isd_r::IsdR`] opens a channel to the ISD-R on it and offers each ES10 function as a method.
//! - [`download::download`] is profile download and installation, [`notifications`] delivers what the eUICC has to
//!   tell, [`profiles`] is local profile management.
//! - [`discovery`] asks an SM-DS what waits for the eUICC, and gets it.
//!
//! An SM-DP+ is anything that implements [`protocol::es9plus::Es9Plus`], an SM-DS anything that implements
//! [`protocol::es11::Es11`]. Both begin with the same [`authentication`].

pub mod apdu;
pub mod authentication;
pub mod card;
pub mod device;
pub mod discovery;
pub mod download;
pub mod error;
pub mod isd_r;
pub mod notifications;
pub mod profiles;
pub mod progress;
pub mod stdio_card;

pub use card::{Card, CardError};
pub use download::download;
pub use error::{Blame, EuiccError};
pub use isd_r::{IsdR, Options};
