//! The PIN status template of a directory (ETSI TS 102 221 §9.5.2, §11.1.1.4.10).

use asn1::tlv;

use super::pin::{self, UNIVERSAL_PIN};
use crate::profile_package::{Installed, InstalledFile};

/// PS_DO, then each PIN with its key reference. A bit of PS_DO, from the highest on, says whether the PIN is enabled.
pub(super) fn data_objects(files: &Installed, directory: &InstalledFile) -> Vec<u8> {
    let references = references(files, directory);
    let enabled: Vec<bool> =
        references.iter().map(|reference| pin::is_enabled_in(files, &directory.path, *reference)).collect();
    let byte = |bits: &[bool]| {
        bits.iter().zip((0..8).rev()).fold(0, |byte, (bit, place)| byte | u8::from(*bit) << place)
    };
    let mut status: Vec<u8> = enabled.chunks(8).map(byte).collect();
    if status.is_empty() {
        status.push(0);
    }
    let mut objects = tlv::wrap(0x90, &status);
    for (reference, is_enabled) in references.iter().zip(enabled) {
        if *reference == UNIVERSAL_PIN {
            // Whether it replaces the PIN of the application.
            objects.extend(tlv::wrap(0x95, &[if is_enabled { 0x08 } else { 0x00 }]));
        }
        objects.extend(tlv::wrap(0x83, &[*reference]));
    }
    objects
}

/// The PINs of a directory: its own, else those of the next one above that has some.
fn references<'a>(files: &'a Installed, directory: &'a InstalledFile) -> &'a [u8] {
    let mut directory = directory;
    while directory.pin_references.is_empty() {
        match directory.path.parent().and_then(|parent| files.file(&parent)) {
            Some(parent) => directory = parent,
            None => break,
        }
    }
    &directory.pin_references
}
