//! A certificate in a file, PEM or DER.

use std::path::Path;

use anyhow::{Context, Result};

/// The DER of the first certificate in the file.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    der(&bytes).with_context(|| format!("{} holds no certificate", path.display()))
}

fn der(bytes: &[u8]) -> Option<Vec<u8>> {
    use rustls::pki_types::CertificateDer;
    use rustls::pki_types::pem::PemObject;
    if bytes.first() == Some(&0x30) {
        return Some(bytes.to_vec());
    }
    CertificateDer::from_pem_slice(bytes).ok().map(|certificate| certificate.to_vec())
}
