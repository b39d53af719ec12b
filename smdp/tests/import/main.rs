//! `smdp::import`: files in, profiles or a mistake with its place out.

#![cfg(test)]

mod bulk;
mod csv;
mod metadata;
mod packages;
mod secrets;
mod seed;

use std::path::{Path, PathBuf};

use asn1::{Raw, StoreMetadataRequest};
use protocol::profile::{ProfileTemplate, Subscriber, default_profile};
use smdp::domain::NewProfile;
use smdp::import::{ImportError, Options, Source};
use zeroize::Zeroizing;

/// A black and white PNG of 64 × 64 pixels.
const PNG: &str = "89504e470d0a1a0a0000000d494844520000004000000040010000000082124c73000000174944415478da6360f80f8514\
                   32a8640cc3a87b86947b00f302ff018174f7700000000049454e44ae426082";

/// The outline of a JPEG: SOI, APP0, SOF0 with this size, EOI.
fn jpeg(width: u16, height: u16) -> Vec<u8> {
    let mut bytes = b"\xFF\xD8\xFF\xE0\x00\x04ab\xFF\xFF\xC0\x00\x0B\x08".to_vec();
    bytes.extend(height.to_be_bytes());
    bytes.extend(width.to_be_bytes());
    bytes.extend(b"\x01\x01\x11\x00\xFF\xD9");
    bytes
}

fn png() -> Vec<u8> {
    data_encoding::HEXLOWER.decode(PNG.as_bytes()).unwrap()
}

/// A folder with files in it.
struct Folder(tempfile::TempDir);

impl Folder {
    fn of<C: AsRef<[u8]>>(files: &[(&str, C)]) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        for (name, content) in files {
            std::fs::write(folder.path(name), content).unwrap();
        }
        folder
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }
}

/// The default profile with this ICCID.
fn package(iccid: &str) -> Zeroizing<Vec<u8>> {
    default_profile(&Subscriber::new(
        iccid.parse().unwrap(),
        "001010000000001".parse().unwrap(),
        Zeroizing::new([0xA1; 16]),
        Zeroizing::new([0xB2; 16]),
    ))
}

fn metadata_of(profile: &NewProfile) -> StoreMetadataRequest {
    Raw::<StoreMetadataRequest>::from_der(&profile.metadata).unwrap().into_value()
}

/// All profiles of a CSV file with this text against the built-in template, or the first mistake.
fn read_csv(text: impl AsRef<[u8]>, options: Options) -> Result<Vec<NewProfile>, ImportError> {
    let folder = Folder::of(&[("s.csv", text)]);
    let source = Source::csv(&folder.path("s.csv"), ProfileTemplate::built_in(), options)?;
    let count = source.len_hint();
    let profiles: Vec<_> = source.collect::<Result<_, _>>()?;
    assert_eq!(count, Some(profiles.len() as u64));
    Ok(profiles)
}

/// The mistake as it is told, without the folder.
fn told(error: &ImportError) -> String {
    let folder = error.path.parent().map_or(Path::new(""), |folder| folder);
    error.to_string().replace(&format!("{}/", folder.display()), "")
}
