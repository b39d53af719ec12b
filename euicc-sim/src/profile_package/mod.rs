//! The profile package interpreter: what a card does with the plaintext that LoadProfileElements brought
//! (SGP.22 §5.5.5, and the TCA interoperable profile package for the profile elements themselves).
//!
//! [`interpret`] is a pure function from a package to an [`Installed`] profile or a [`Failure`]: nothing is half
//! written, since nothing is written at all. The card keeps the result or reports the failure.
//!
//! What it builds is the file system with all contents, PINs and PUKs, authentication parameters per network access
//! application, and the list of applications. Applications are recorded, not run: there is no Java here.

mod aka_functions;
mod applications;
mod codes;
mod failure;
mod file;
mod file_management;
mod file_system;
mod final_checks;
mod header;
mod installation;
mod installed;
mod naa;
mod path;
mod secret;
mod template;
mod template_element;

use asn1::StoreMetadataRequest;
use asn1::profile::{EuiccResponse, ProfilePackage};

pub use failure::Failure;
pub use header::{SUPPORTED_MAJOR_VERSIONS, SUPPORTED_SERVICES, uicc_capability};
pub use installed::{
    AccessRule, Algorithm, Application, Authentication, AuthenticationParameters, Installed, InstalledFile,
    Instance, NetworkAccessApplication, Pin, PinSet, Puk, Structure,
};
pub use path::FilePath;
pub use secret::Secret;
pub(crate) use template_element::{EF_UST, is_available};

use failure::Fault;
use installation::Installation;

/// Elements of a package at most: thirty are usual, and each is work.
const MAX_ELEMENTS: usize = 1_000;

/// What the package is installed against.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The metadata that StoreMetadata brought.
    pub metadata: &'a StoreMetadataRequest,
    /// Bytes of memory that the profile may take.
    pub free_memory: u32,
}

/// Installs an unprotected profile package, or says why not.
///
/// # Errors
/// [`Failure`] with the reason for the profile installation result. The package is at fault, except where memory runs
/// out.
pub fn interpret(package: &[u8], context: &Context<'_>) -> Result<Installed, Failure> {
    let package = ProfilePackage::parse(package)
        .map_err(|error| Failure::of_element(&Fault::from(&error), None, &[]))?;
    let mut installation = Installation::new(context.free_memory);
    if package.elements().len() > MAX_ELEMENTS {
        let fault = Fault::invalid_request_format(format!("more than {MAX_ELEMENTS} elements"));
        return Err(Failure::of_element(&fault, None, &[]));
    }
    for raw in package.elements() {
        installation.process(raw)?;
    }
    let (mut installed, warnings) = installation.conclude()?;
    final_checks::check(&installed, context.metadata).map_err(|mismatch| mismatch.into_failure(&warnings))?;
    if !warnings.is_empty() {
        installed.euicc_response = EuiccResponse::of(warnings, false).to_der();
    }
    Ok(installed)
}
