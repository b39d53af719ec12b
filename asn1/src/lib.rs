//! The ASN.1 types of SGP.22 and the strict DER codec they travel in.
//!
//! - [`der`] decodes and encodes. Decoding bounds depth, element count and size before anything is allocated,
//!   accepts only canonical DER, and proves it by encoding the value again.
//! - [`Raw`] keeps the received bytes beside a decoded value: signatures cover bytes, never a re-encoding.
//! - [`Unknown`] keeps the members that a newer peer adds (`EXTENSIBILITY IMPLIED`), each in its place.
//! - [`tlv`] reads and writes bare TLVs, for what is cut, chained or forwarded rather than decoded.
//! - [`dump`] prints any TLV tree with the names of the objects.
//!
//! Modules follow the interfaces of SGP.22: [`es8plus`], [`es9plus`], [`es10a`], [`es10b`], [`es10c`], [`es11`],
//! with [`types`] for what they share. All of them are re-exported here. The TCA profile package has its own
//! module, [`profile`].

#![expect(
    clippy::large_enum_variant,
    reason = "a message is made or decoded once and moved a few times; a Box in every pattern would cost its readers more"
)]

#[macro_use]
mod macros;

pub mod der;
pub mod dump;
pub mod es10a;
pub mod es10b;
pub mod es10c;
pub mod es11;
pub mod es8plus;
pub mod es9plus;
pub mod profile;
pub mod tlv;
pub mod types;

mod raw;
mod unknown;

pub use es8plus::*;
pub use es9plus::*;
pub use es10a::*;
pub use es10b::*;
pub use es10c::*;
pub use es11::*;
pub use raw::Raw;
pub use types::*;
pub use unknown::{Unknown, UnknownMember};

pub use rasn::types::{BitString, ObjectIdentifier, Oid};
