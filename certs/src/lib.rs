//! X.509 as remote SIM provisioning uses it (SGP.22 §4.5.2).
//!
//! * [`Certificate`] reads one certificate and keeps the bytes it came in; signatures are verified over those.
//! * [`chain`] decides whether a server's or an eUICC's chain is good, and says why not.
//! * [`crl`] reads revocation lists.
//! * [`workshop`] makes a whole test PKI, or single certificates under a Certificate Issuer that exists already.
//! * [`tree`] names the files of a PKI as the SGP.26 test certificates do, and loads such a tree.
//!
//! Nothing here reads a disk, a clock or a source of entropy: trees are maps in memory, the time is an argument
//! ([`UnixTime`]) and random numbers come from the caller.
//!
//! General-purpose X.509 validators are of no use for these chains: they refuse brainpool curves, critical
//! certificate policies and the EUM's name constraints, and some cannot read the object identifiers below 2.999
//! that the test certificates carry.

pub mod chain;
pub mod crl;
pub mod eid;
pub mod oid;
pub mod tree;
pub mod workshop;

mod certificate;
mod check;
mod der;
mod error;
mod extension;
mod identity;
mod name;
mod pem;
mod reason;
mod role;
mod time;

pub use certificate::{Certificate, MAX_CERTIFICATE_LENGTH, Validity};
pub use check::{Check, Observer, Verdict};
pub use error::CertError;
pub use extension::{
    BasicConstraints, ExtendedKeyUsage, Extension, ExtensionKind, Extensions, KeyUsage, NameConstraints,
    SubjectAltName,
};
pub use identity::{Identity, KeyMismatch};
pub use name::{Attribute, Name, StringKind};
pub use oid::Oid;
pub use reason::Reason;
pub use role::{Role, Variant};
pub use time::UnixTime;
