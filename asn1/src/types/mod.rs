//! What several interfaces share: the basic types of SGP.22 Annex H and the objects built from them.

mod bits;
mod device_info;
mod euicc_info;
mod integers;
mod isdr;
mod metadata;
mod notification;
mod octets;
mod text;

pub use bits::*;
pub use device_info::*;
pub use euicc_info::*;
pub use integers::*;
pub use isdr::*;
pub use metadata::*;
pub use notification::*;
pub use octets::*;
pub use text::*;
