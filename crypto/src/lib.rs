//! The cryptography of RSP behind one narrow interface: ECDSA, key agreement and SCP03t.
//!
//! * [`SigningKey`], [`PublicKey`], [`Signature`]: ECDSA with SHA-256 in the plain format of BSI TR-03111
//!   (SGP.22 §2.6.7.2).
//! * [`OneTimeKey`], [`SharedSecret`], [`kdf`]: key agreement between the two one-time keys and the X9.63
//!   key derivation (SGP.22 Annex G).
//! * [`scp03t`]: the session keys and the TLVs '86', '87' and '88' of a Bound Profile Package
//!   (SGP.22 §2.5.3, §5.5).
//! * [`at_rest`]: records that a server keeps, sealed.
//! * [`aka`]: how a subscriber and a mobile network authenticate each other: Milenage, TUAK and the test algorithm.
//!
//! Two curves ([`Curve`]) and two engines ([`Engine`]) are known. A caller chooses the engine when it makes or
//! loads a key; nothing above this crate depends on which one runs. Servers take [`Engine::AwsLc`] for speed,
//! cards and tests [`Engine::RustCrypto`], so that the two ends of a download are computed by independent code.
//!
//! This crate does no I/O. Keys are made from the entropy that the caller hands in. The one exception to
//! determinism is stated at [`Engine::AwsLc`].

pub mod aka;
pub mod at_rest;
mod curve;
pub mod digest;
mod engine;
mod error;
pub mod kdf;
mod key;
mod one_time_key;
mod random;
pub mod scp03t;
mod signature;

pub use curve::Curve;
pub use engine::Engine;
pub use error::{CryptoError, PrivateKeyFileError};
pub use key::{PublicKey, SigningKey};
pub use one_time_key::{OneTimeKey, SharedSecret};
pub use signature::Signature;
