//! Properties of the Bound Profile Package.

use super::{AUTHENTICATE, DOWNLOAD, Row};
use crate::server::defects::Kind;
use crate::server::defects::spoil::{execution_status, inside_member, last_bit, octets};

pub fn row(says: &str) -> Option<Row> {
    Some(match says {
        "transactionId and boundProfilePackage are there" => {
            ("leaves transactionId out", DOWNLOAD, Kind::Json(|answer| drop(answer.remove("transactionId"))))
        }
        "the package is BF36 with BF23, A0, A1, A2 if need be, and A3" => (
            "stores the metadata before it configures the ISD-P",
            DOWNLOAD,
            Kind::Json(|answer| octets(answer, "boundProfilePackage", |package| reordered(&package))),
        ),
        "smdpSign verifies with the key of CERT.DPpb over the request and both one-time keys" => (
            "signs InitialiseSecureChannel with another key",
            DOWNLOAD,
            Kind::Json(|answer| inside_member(answer, "boundProfilePackage", &[0xBF23, 0x5F37], last_bit)),
        ),
        "InitialiseSecureChannel names the transactionId of the session" => (
            "names another transactionId in InitialiseSecureChannel",
            DOWNLOAD,
            Kind::Json(|answer| inside_member(answer, "boundProfilePackage", &[0xBF23, 0x80], last_bit)),
        ),
        "controlRefTemplate names AES-128 and a host id of 1 to 16 bytes" => (
            "names another key type",
            DOWNLOAD,
            Kind::Json(|answer| {
                inside_member(answer, "boundProfilePackage", &[0xBF23, 0xA6, 0x80], last_bit)
            }),
        ),
        "every segment opens with the keys that both sides agree upon" => (
            "writes a wrong MAC",
            DOWNLOAD,
            Kind::Json(|answer| inside_member(answer, "boundProfilePackage", &[0xA3, 0x86], last_bit)),
        ),
        "StoreMetadata has the metadata that AuthenticateClient offered" => (
            "offers other metadata than it stores",
            AUTHENTICATE,
            Kind::Json(|answer| inside_member(answer, "profileMetadata", &[0x91], last_bit)),
        ),
        "no segment has more than 1024 bytes with tag and length" => (
            "writes a segment of 1100 bytes",
            DOWNLOAD,
            Kind::Json(|answer| octets(answer, "boundProfilePackage", |package| with_long_segment(&package))),
        ),
        "the header of the profile package has the ICCID of the metadata" => (
            "hands out the package of another profile",
            "downloadOrder",
            Kind::Mistakes(|body| {
                String::from_utf8_lossy(&body).replace("\"basic\"", "\"mixed-up\"").into_bytes()
            }),
        ),
        "everything behind InitialiseSecureChannel is the same as before" => (
            "binds anew where it need not",
            DOWNLOAD,
            Kind::JsonOf(2, |answer, _| {
                inside_member(answer, "boundProfilePackage", &[0xA3, 0x86], last_bit)
            }),
        ),
        "it hands out a package for the new key, or refuses with 8.2/3.7" => (
            "hands out the package for the old key",
            DOWNLOAD,
            Kind::JsonOf(2, |answer, first| {
                answer["boundProfilePackage"] = first["boundProfilePackage"].clone();
            }),
        ),
        "a package that is bound anew has another one-time key of the SM-DP+" => (
            "uses its one-time key again",
            DOWNLOAD,
            Kind::JsonOf(2, |answer, first| {
                answer["boundProfilePackage"] = first["boundProfilePackage"].clone();
            }),
        ),
        "one wrong code is answered with 8.2.7/6.4" => (
            "never says that a code was wrong too often",
            DOWNLOAD,
            Kind::Json(|answer| execution_status(answer)["statusCodeData"]["reasonCode"] = "3.8".into()),
        ),
        _ => return None,
    })
}

fn parts(package: &[u8]) -> Vec<Vec<u8>> {
    let (package, _) = asn1::tlv::read(package).unwrap();
    asn1::tlv::children(package.value).map(|part| part.unwrap().raw.to_vec()).collect()
}

fn reordered(package: &[u8]) -> Vec<u8> {
    let mut parts = parts(package);
    parts.swap(1, 2);
    asn1::tlv::wrap(0xBF36, &parts.concat())
}

fn with_long_segment(package: &[u8]) -> Vec<u8> {
    let mut parts = parts(package);
    let last = parts.pop().unwrap();
    let value = asn1::tlv::read(&last).unwrap().0.value;
    let long = asn1::tlv::wrap(0x86, &[0; 1100]);
    parts.push(asn1::tlv::wrap(0xA3, &[value, &long].concat()));
    asn1::tlv::wrap(0xBF36, &parts.concat())
}
