//! ECDSA keys.

mod pem;
mod private;
mod public;

pub use private::SigningKey;
pub use public::PublicKey;
