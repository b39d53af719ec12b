//! File control parameters (ETSI TS 102 221 §11.1.1.3, §11.1.1.4).

use asn1::tlv;

use super::pin_status;
use super::records::Records;
use super::target;
use crate::profile_package::{Installed, InstalledFile, Structure};

/// §11.1.1.4.3: all files are shareable between channels.
const SHAREABLE: u8 = 0x40;
/// The byte behind the file descriptor byte.
const DATA_CODING: u8 = 0x21;

/// §11.1.1.4.6.1: the clock may be stopped at any level; voltage classes A, B and C.
const UICC_CHARACTERISTICS: u8 = 0x71;
/// §11.1.1.4.6.8: TERMINAL CAPABILITY, which a terminal only sends where this says so (SGP.22 §3.4.2).
const TERMINAL_CAPABILITY: u8 = 0x01;
/// §11.1.1.4.6.5: data objects are in DER.
const DER_ONLY: u8 = 0x01;

/// The FCP template of a file. A link shows the content that it leads to under its own name.
pub(super) fn template(files: &Installed, file: &InstalledFile) -> Vec<u8> {
    let body = target::body(files, file).unwrap_or(file);
    let mut members = tlv::wrap(0x82, &descriptor(body));
    match &file.structure {
        // §11.1.1.3.1: an ADF goes by its name.
        Structure::Adf { aid } => members.extend(tlv::wrap(0x84, aid)),
        _ => members.extend(tlv::wrap(0x83, &file.path.file_id().to_be_bytes())),
    }
    let proprietary = proprietary(body);
    if !proprietary.is_empty() {
        members.extend(tlv::wrap(0xA5, &proprietary));
    }
    members.extend(tlv::wrap(0x8A, &[body.life_cycle_status]));
    if let Some(rule) = file.access_rule.or(body.access_rule) {
        let [high, low] = rule.file_id.to_be_bytes();
        members.extend(tlv::wrap(0x8B, &[high, low, rule.record]));
    }
    if file.structure.is_directory() {
        members.extend(tlv::wrap(0xC6, &pin_status::data_objects(files, file)));
        members.extend(tlv::wrap(0x81, &number(total_size(files, file))));
    } else {
        members.extend(tlv::wrap(0x80, &number(size(body))));
        // §11.1.1.4.8: without this object the file would have the last bits of its identifier.
        let short = file.short_file_id.map(|short| vec![short << 3]);
        members.extend(tlv::wrap(0x88, &short.unwrap_or_default()));
    }
    tlv::wrap(0x62, &members)
}

fn descriptor(file: &InstalledFile) -> Vec<u8> {
    let (kind, record_length) = match file.structure {
        Structure::MasterFile | Structure::Directory | Structure::Adf { .. } => (0x38, None),
        Structure::Transparent => (0x01, None),
        Structure::LinearFixed { record_length } => (0x02, Some(record_length)),
        Structure::Cyclic { record_length } => (0x06, Some(record_length)),
        Structure::BerTlv => (0x39, None),
    };
    let mut descriptor = vec![SHAREABLE | kind, DATA_CODING];
    if let Some(record_length) = record_length {
        descriptor.extend(record_length.to_be_bytes());
        descriptor.extend(Records::of(file).map(|records| records.count()));
    }
    descriptor
}

/// Proprietary information: empty where there is none.
fn proprietary(file: &InstalledFile) -> Vec<u8> {
    let mut members = Vec::new();
    match file.structure {
        Structure::MasterFile => {
            members.extend(tlv::wrap(0x80, &[UICC_CHARACTERISTICS]));
            members.extend(tlv::wrap(0x87, &[TERMINAL_CAPABILITY]));
        }
        Structure::BerTlv => {
            // Available memory, and the size that is both reserved and not exceeded.
            members.extend(tlv::wrap(0x83, &number(file.size.saturating_sub(size(file)))));
            members.extend(tlv::wrap(0x84, &[DER_ONLY]));
            members.extend(tlv::wrap(0x85, &number(file.size)));
            members.extend(tlv::wrap(0x86, &number(file.size)));
        }
        _ => {}
    }
    // ETSI TS 102 222 §6.3.2.2.2.
    if file.special_information != 0 {
        members.extend(tlv::wrap(0xC0, &[file.special_information]));
    }
    members
}

/// Bytes of an EF's content.
fn size(file: &InstalledFile) -> u32 {
    u32::try_from(file.content.len()).unwrap_or(u32::MAX)
}

/// Bytes that all EFs in a directory and below it take.
fn total_size(files: &Installed, directory: &InstalledFile) -> u32 {
    let inside = files.files.iter().filter(|file| file.path.is_in(&directory.path));
    inside.fold(0, |total, file| total.saturating_add(file.size))
}

/// A size, in at least two bytes (§11.1.1.4.1).
fn number(value: u32) -> Vec<u8> {
    let bytes = value.to_be_bytes();
    let zeros = bytes.iter().take(2).take_while(|byte| **byte == 0).count();
    bytes.into_iter().skip(zeros).collect()
}
