//! A simulated eUICC (SGP.22 §2.4): command APDU in, response APDU out.
//!
//! - [`Card`] is the card with power on. [`Card::transmit`] takes any bytes and always answers.
//! - [`state::CardState`] is all that outlives power, as one value; [`state::manufacture`] makes the first one.
//! - [`Environment`] brings what a card has around it: entropy, time, a trace, memory. The crate itself does no I/O, and
//!   the same surroundings, state and commands give the same responses.
//! - [`profile_package`] interprets profile packages.
//!
//! - [`personality`] has kinds of cards, as data; [`quirks`] are where a card is not what the specification asks for;
//!   strict is the default.
//! - [`port`] holds the protocols that programs and readers speak to a card. Sockets and terminals are the caller's.
//!
//! Inside, an APDU passes these modules: `card` (channels, what is selected, STORE DATA blocks) and then either `uicc` (the
//! file system of the enabled profile, PINs, AUTHENTICATE) or `isdr` (which ES10 function), `es10a`, `es10b`, `es10c` (one
//! module a function), `es8plus` (the functions inside a Bound Profile Package), `engine` and `policy` (may a profile
//! change, and what follows), `notification`.

mod apdu;
mod atr;
mod behaviour;
pub mod card;
mod channel;
mod engine;
mod environment;
mod es10a;
mod es10b;
mod es10c;
mod es8plus;
mod isdr;
mod keyring;
mod notification;
mod object;
pub mod personality;
mod policy;
pub mod port;
pub mod profile_package;
pub mod quirks;
mod select;
mod session;
pub mod state;
mod store_data;
mod toolkit;
mod uicc;

pub use apdu::StatusWord;
pub use card::Card;
pub use environment::{Environment, InMemory, MemoryFailure, NonVolatile};
pub use select::{ECASD_AID, ISD_R_AID};
