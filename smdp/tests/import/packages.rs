//! Packages as files and in directories.

use std::path::PathBuf;

use asn1::profile::{ProfileElement, ProfilePackage};
use smdp::domain::{NewProfile, PackageProtection};
use smdp::import::{ImportError, MetadataDefaults, Options, Source};

use crate::{Folder, metadata_of, package, told};

const FIRST: &str = "8988211000000000102";
const SECOND: &str = "8988211000000000110";

/// The default profile after a change of its elements.
fn changed(iccid: &str, change: impl FnOnce(&mut Vec<ProfileElement>)) -> Vec<u8> {
    let package = package(iccid);
    let package = ProfilePackage::parse(&package).unwrap();
    let mut elements = package.elements().iter().map(|element| element.decode().unwrap()).collect();
    change(&mut elements);
    elements.iter().flat_map(ProfileElement::to_der).collect()
}

pub fn without_profile_type(iccid: &str) -> Vec<u8> {
    changed(iccid, |elements| {
        let ProfileElement::Header(header) = &mut elements[0] else { panic!() };
        header.profile_type = None;
    })
}

fn read(folder: &Folder, names: &[&str], options: Options) -> Result<Vec<NewProfile>, ImportError> {
    let paths: Vec<PathBuf> = names.iter().map(|name| folder.path(name)).collect();
    let source = Source::packages(paths, options);
    assert_eq!(source.len_hint(), Some(names.len() as u64));
    source.collect()
}

/// The mistake that a file with these bytes is.
fn refusal(content: &[u8]) -> String {
    let folder = Folder::of(&[("bad.der", content)]);
    told(&read(&folder, &["bad.der"], Options::default()).unwrap_err())
}

#[test]
fn a_package_is_taken_as_it_is() {
    let folder = Folder::of(&[("one.upp", package(FIRST)), ("two.der", package(SECOND))]);
    let options = Options {
        operator: Some("telko".to_owned()),
        protection: PackageProtection::ProfileProtectionKeys,
        ..Options::default()
    };
    let profiles = read(&folder, &["two.der", "one.upp"], options).unwrap();
    for (profile, iccid) in profiles.iter().zip([SECOND, FIRST]) {
        assert_eq!(profile.iccid.to_string(), iccid);
        assert!(*profile.package.0 == *package(iccid));
        assert_eq!(profile.profile_type, "rsplab default profile");
        assert_eq!(profile.operator.as_deref(), Some("telko"));
        assert_eq!(profile.protection, PackageProtection::ProfileProtectionKeys);
        assert_eq!(metadata_of(profile).iccid, profile.iccid);
    }
    assert_eq!(profiles.len(), 2);
}

#[test]
fn the_profile_type_is_that_of_the_header_where_it_has_one() {
    let folder =
        Folder::of(&[("with.der", package(FIRST).to_vec()), ("without.der", without_profile_type(SECOND))]);
    let option =
        |profile_type: &str| Options { profile_type: Some(profile_type.to_owned()), ..Options::default() };
    let profiles = read(&folder, &["with.der", "without.der"], Options::default()).unwrap();
    let types: Vec<_> = profiles.iter().map(|profile| profile.profile_type.as_str()).collect();
    assert_eq!(types, ["rsplab default profile", "generic"]);
    assert_eq!(read(&folder, &["without.der"], option("gold")).unwrap()[0].profile_type, "gold");
    let error = read(&folder, &["with.der"], option("gold")).unwrap_err();
    assert_eq!(
        told(&error),
        "with.der: profile_type: the option says 'gold', the profile header says 'rsplab default profile'"
    );
    assert!(read(&folder, &["with.der"], option("rsplab default profile")).is_ok());
}

#[test]
fn what_is_no_package_is_told_with_the_name_of_the_file() {
    assert_eq!(
        refusal(b"\x30\x00\x30\x00"),
        "bad.der: not a profile package: it does not begin with a profile header"
    );
    assert_eq!(refusal(b""), "bad.der: not a profile package: it does not begin with a profile header");
    let whole = package(FIRST);
    let cut = refusal(&whole[..whole.len() - 3]);
    assert!(cut.starts_with("bad.der: not a profile package: no profile element at byte "), "{cut}");
    let without_end = changed(FIRST, |elements| drop(elements.pop()));
    assert_eq!(
        refusal(&without_end),
        "bad.der: not a profile package: it does not finish with an end element"
    );
    let folder = Folder::of::<&str>(&[]);
    let error = read(&folder, &["none.der"], Options::default()).unwrap_err();
    assert_eq!(told(&error), "none.der: No such file or directory (os error 2)");
}

#[test]
fn header_and_ef_iccid_have_to_agree() {
    let two_numbers = changed(FIRST, |elements| {
        let ProfileElement::Header(header) = &mut elements[0] else { panic!() };
        header.iccid[9] = 0x3F;
    });
    assert_eq!(
        refusal(&two_numbers),
        "bad.der: iccid: the profile header says '8988211000000000103', EF.ICCID says '8988211000000000102'"
    );
}

#[test]
fn a_profile_that_is_there_twice_is_told_with_both_files() {
    let folder = Folder::of(&[("a.der", package(FIRST)), ("b.der", package(FIRST))]);
    let error = read(&folder, &["a.der", "b.der"], Options::default()).unwrap_err();
    let first = folder.path("a.der");
    assert_eq!(error.reason, format!("{FIRST} is the ICCID of {} already", first.display()));
    assert_eq!((error.path, error.field.as_deref()), (folder.path("b.der"), Some("iccid")));
}

#[test]
fn a_directory_is_read_in_the_order_of_its_names_with_the_metadata_beside_each_package() {
    let folder = Folder::of(&[
        ("b.upp", package(SECOND).to_vec()),
        ("a.DER", package(FIRST).to_vec()),
        ("a.toml", b"profile_name = 'From the table'\nicon = 'icon.png'".to_vec()),
        ("icon.png", crate::png()),
        ("README", b"something else".to_vec()),
    ]);
    std::fs::create_dir(folder.path("c")).unwrap();
    let defaults = Folder::of(&[("all.toml", "service_provider_name = 'For all'\nprofile_name = 'All'")]);
    let metadata = MetadataDefaults::read(&defaults.path("all.toml")).unwrap();
    let source = Source::directory(folder.0.path(), Options { metadata, ..Options::default() }).unwrap();
    assert_eq!(source.len_hint(), Some(2));
    let profiles: Vec<_> = source.collect::<Result<_, _>>().unwrap();
    let [first, second] = profiles.as_slice() else { panic!() };
    assert_eq!((first.iccid.to_string(), second.iccid.to_string()), (FIRST.to_owned(), SECOND.to_owned()));
    // The table beside a package stands in place of that for all.
    let metadata = metadata_of(first);
    assert_eq!((&*metadata.service_provider_name, &*metadata.profile_name), ("rsplab", "From the table"));
    assert!(metadata.icon.is_some());
    let metadata = metadata_of(second);
    assert_eq!((&*metadata.service_provider_name, &*metadata.profile_name), ("For all", "All"));
    assert!(metadata.icon.is_none());
}

#[test]
fn mistakes_in_a_directory_are_told_with_the_name_of_the_file() {
    let open = |files: &[(&str, &[u8])]| {
        let folder = Folder::of(files);
        let read = Source::directory(folder.0.path(), Options::default())
            .and_then(|source| source.collect::<Result<Vec<_>, _>>());
        let error = read.unwrap_err();
        assert!(error.path.starts_with(folder.0.path()));
        told(&error)
    };
    let good = package(FIRST);
    assert_eq!(
        open(&[("a.der", &good), ("b.upp", b"\x00")]),
        "b.upp: not a profile package: no profile element at byte 0 of the profile package: the data ends inside a TLV"
    );
    assert_eq!(
        open(&[("a.der", &good), ("a.toml", b"\nprofile_name = 3\n")]),
        "a.toml:2: profile_name: invalid type: integer `3`, expected a string"
    );
    assert_eq!(
        open(&[("a.der", &good), ("b.toml", b"")]),
        "b.toml: there is no *.der and no *.upp of this name beside it"
    );
    assert!(open(&[("a.txt", b"")]).ends_with(": there is no *.der and no *.upp in it"));
    let folder = Folder::of::<&str>(&[]);
    let error = Source::directory(&folder.path("none"), Options::default()).err().unwrap();
    assert_eq!(told(&error), "none: No such file or directory (os error 2)");
}
