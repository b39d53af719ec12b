//! The TCA (formerly SIMalliance) interoperable profile package: what an SM-DP+ protects and an eUICC installs.
//!
//! An unprotected profile package is a row of profile elements without an outer wrapper. [`ProfilePackage`] finds
//! them, [`ProfileElement`] is one of them decoded, and [`EuiccResponse`] is what the eUICC answers, carried in the
//! profile installation result of SGP.22 §2.5.6.
//!
//! The types follow the PE definitions of the interoperable format, version 3.3.1, which contain those of 2.x.
//! They have a reader of their own instead of rasn derives: an eUICC reports the position of a mistake inside the
//! profile element (PEStatus `offset`), so every error here knows its byte; and all file-system elements share one
//! shape ([`TemplateElement`]) that no ASN.1 compiler sees. Whatever decodes re-encodes to the same bytes.

mod aka;
mod application;
mod codes;
mod element;
mod file;
mod file_management;
mod header;
mod members;
mod other;
mod package;
mod response;
mod template;
mod unknown;

pub use aka::{AkaParameter, AlgoConfiguration, AlgoParameter, AlgorithmId, MappingParameter};
pub use application::{ApplicationInstance, LoadPackage, RemoteFileManagement};
pub use codes::{PinCodes, PinConfiguration, PinList, PukCodes, PukConfiguration};
pub use element::{ElementKind, End, ProfileElement};
pub use file::{Fcp, File, FileItem, FileStructure, ProprietaryInfo};
pub use file_management::{FileManagementCommand, GenericFileManagement};
pub use header::{MandatoryAid, PeHeader, ProfileHeader, Service};
pub use members::{ElementError, ElementFault};
pub use other::OtherElement;
pub use package::{PackageError, ProfilePackage, RawElement};
pub use response::{EuiccResponse, PeStatus, Status};
pub use template::{TemplateElement, TemplateId};
