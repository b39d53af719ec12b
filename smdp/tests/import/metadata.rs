//! The metadata of all profiles from a file.

use asn1::{IconType, NotificationEvent, PprIds, ProfileClass};
use smdp::import::{MetadataDefaults, Options, Source};

use crate::{Folder, jpeg, metadata_of, package, png, told};

/// The file, with icons beside it.
fn read(text: &str, icon: &[u8]) -> Result<MetadataDefaults, String> {
    let folder = Folder::of(&[("m.toml", text.as_bytes()), ("icon", icon)]);
    MetadataDefaults::read(&folder.path("m.toml")).map_err(|error| told(&error))
}

/// The metadata of a profile with this file.
fn request(text: &str, icon: &[u8]) -> asn1::StoreMetadataRequest {
    let metadata = read(text, icon).unwrap();
    let folder = Folder::of(&[("a.der", package("8988211000000000102"))]);
    let options = Options { metadata, ..Options::default() };
    metadata_of(&Source::packages(vec![folder.path("a.der")], options).next().unwrap().unwrap())
}

#[test]
fn every_member_reaches_the_metadata() {
    let metadata = request(
        "service_provider_name = 'Telko'\n\
         profile_name = 'Tarif'\n\
         icon = 'icon'\n\
         class = 'provisioning'\n\
         policy_rules = ['PPR1', 'PPR2']\n\
         profile_owner = { mcc_mnc = '001001', gid1 = 'A1', gid2 = '' }\n\
         notifications = [{ event = 'install', address = 'a.example.com' }, { event = 'delete', address = 'b.example.com' }]\n",
        &png(),
    );
    assert_eq!(metadata.iccid.to_string(), "8988211000000000102");
    assert_eq!((&*metadata.service_provider_name, &*metadata.profile_name), ("Telko", "Tarif"));
    assert_eq!(metadata.icon_type, Some(IconType::PNG));
    assert_eq!(metadata.icon.as_ref().map(|icon| icon.bytes().to_vec()), Some(png()));
    assert_eq!(metadata.class(), ProfileClass::PROVISIONING);
    assert_eq!(metadata.profile_policy_rules, Some(PprIds::of([PprIds::PPR1, PprIds::PPR2])));
    let owner = metadata.profile_owner.as_ref().unwrap();
    // 3GPP TS 24.008 §10.5.1.13: MCC 001, MNC 001.
    assert_eq!(owner.mcc_mnc.bytes(), [0x00, 0x11, 0x00]);
    assert!(owner.gid1.as_ref().is_some_and(|gid| gid.as_ref() == [0xA1]));
    let notifications = metadata.notification_configuration_info.unwrap();
    let expected =
        [(NotificationEvent::INSTALL, "a.example.com"), (NotificationEvent::DELETE, "b.example.com")];
    for (notification, (event, address)) in notifications.iter().zip(expected) {
        assert_eq!(notification.profile_management_operation, NotificationEvent::of([event]));
        assert_eq!(notification.notification_address, address);
    }
    assert_eq!(notifications.len(), 2);
}

#[test]
fn an_empty_file_says_what_no_file_says() {
    let (empty, none) = (read("", b"").unwrap(), MetadataDefaults::default());
    assert_eq!(format!("{empty:?}"), format!("{none:?}"));
}

#[test]
fn a_mistake_is_told_with_its_line_and_field() {
    let long = "x".repeat(65);
    for (text, expected) in [
        (&*format!("\n\nprofile_name = '{long}'"), "m.toml:3: profile_name: 65 characters, more than 64"),
        (
            &format!("service_provider_name = '{long}'"),
            "m.toml:1: service_provider_name: 65 characters, more than 32",
        ),
        (
            "class = 'test'\npolicy_rules = ['PPR2']",
            "m.toml:2: profile_owner: policy_rules need a profile_owner",
        ),
        (
            "profile_owner = { mcc_mnc = '0010' }",
            "m.toml:1: profile_owner.mcc_mnc: MCC and MNC are 5 or 6 decimal digits",
        ),
        (
            "[profile_owner]\nmcc_mnc = '00101'\ngid1 = 'A'",
            "m.toml:3: profile_owner.gid1: an even number of hexadecimal digits is needed",
        ),
        (
            "[profile_owner]\nmcc_mnc = '00101'\ngid2 = 'xx'",
            "m.toml:3: profile_owner.gid2: an even number of hexadecimal digits is needed",
        ),
        ("\nicon = 'none.png'", "m.toml:2: icon: No such file or directory (os error 2)"),
        (
            "\nclass = 'gold'",
            "m.toml:2: class: unknown variant `gold`, expected one of `test`, `provisioning`, `operational`",
        ),
        ("profile_name = 3", "m.toml:1: profile_name: invalid type: integer `3`, expected a string"),
    ] {
        assert_eq!(read(text, b"").unwrap_err(), expected);
    }
    for (text, begin) in [
        ("\nprofil_name = 'x'", "m.toml:2: profil_name: unknown field `profil_name`"),
        ("policy_rules = ['PPR3']", "m.toml:1: policy_rules: unknown variant `PPR3`"),
        ("class 3", "m.toml:1: "),
        ("notifications = [\n{ event = 'enable', address = 'a b' }]", "m.toml:2: notifications.address: "),
    ] {
        let told = read(text, b"").unwrap_err();
        assert!(told.starts_with(begin), "{told}");
    }
    let folder = Folder::of::<&str>(&[]);
    let error = MetadataDefaults::read(&folder.path("m.toml")).unwrap_err();
    assert_eq!(told(&error), "m.toml: No such file or directory (os error 2)");
}

#[test]
fn an_empty_list_of_rules_needs_no_owner() {
    assert_eq!(request("policy_rules = []", b"").profile_policy_rules, None);
}

#[test]
fn an_icon_is_png_or_jpeg_by_its_bytes() {
    let icon_type = |bytes: &[u8]| request("icon = 'icon'", bytes).icon_type;
    assert_eq!(icon_type(&png()), Some(IconType::PNG));
    assert_eq!(icon_type(&jpeg(64, 64)), Some(IconType::JPG));
}

/// SGP.22 §5.5.3: 64 × 64 pixels, at most 1024 bytes.
#[test]
fn an_icon_that_a_device_could_not_show_is_refused() {
    let refusal = |bytes: &[u8]| {
        let told = read("\nicon = 'icon'", bytes).unwrap_err();
        told.strip_prefix("m.toml:2: icon: ").unwrap().to_owned()
    };
    let changed = |at: usize, byte: u8| {
        let mut png = png();
        png[at] = byte;
        png
    };
    assert_eq!(refusal(b"GIF89a"), "the icon is neither PNG nor JPEG");
    assert_eq!(refusal(b""), "the icon is neither PNG nor JPEG");
    assert_eq!(refusal(&[0; 1025]), "the icon has 1025 bytes, 1024 are allowed");
    assert_eq!(refusal(&changed(19, 63)), "the icon has 63 × 64 pixels, it has to have 64 × 64");
    assert_eq!(refusal(&changed(23, 128)), "the icon has 64 × 128 pixels, it has to have 64 × 64");
    assert_eq!(refusal(&jpeg(64, 32)), "the icon has 64 × 32 pixels, it has to have 64 × 64");
    // Another first chunk, no data, no end, something behind it.
    for damaged in [changed(12, b'J'), changed(37, b'j'), changed(72, b'j'), [png(), vec![0]].concat()] {
        assert_eq!(refusal(&damaged), "the PNG of the icon is cut short or damaged");
    }
    for length in 8..png().len() {
        assert_eq!(refusal(&png()[..length]), "the PNG of the icon is cut short or damaged");
    }
    for length in 3..jpeg(64, 64).len() {
        assert_eq!(refusal(&jpeg(64, 64)[..length]), "the JPEG of the icon is cut short or damaged");
    }
    // A scan before any frame header.
    let scan = [b"\xFF\xD8\xFF\xDA\x00\x02".as_slice(), b"\xFF\xD9"].concat();
    assert_eq!(refusal(&scan), "the JPEG of the icon is cut short or damaged");
}
