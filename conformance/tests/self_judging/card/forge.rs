//! Answers of a card that takes everything: each looks like the one that a good request gets.

use asn1::tlv::wrap;
use certs::{Role, Variant};
use crypto::{Curve, Engine, OneTimeKey, SigningKey};

use super::broken::bytes;
use super::lab;

/// The answer in place of an error: the good one of that function, signed by the eUICC where that is called for.
pub fn accepted(tag: u32, data: &[u8], status: &[u8], transaction_id: &[u8]) -> Vec<u8> {
    let refused = status.first().is_some_and(|high| high >> 4 == 6 || *high == 0x93);
    let is_error = refused || is_error_object(tag, data);
    if !is_error {
        return [data, status].concat();
    }
    let object = match tag {
        0xBF38 => authenticate_server(transaction_id),
        0xBF21 => prepare_download(transaction_id),
        0xBF41 => {
            signed(0xBF41, &[wrap(0x80, transaction_id), bytes("8103 88370A"), bytes("810101")].concat())
        }
        0xBF28 | 0xBF2B | 0xBF2D | 0xBF35 | 0xBF43 => wrap(tag, &wrap(0xA0, &[])),
        0xBF29 | 0xBF30..=0xBF34 | 0xBF3F | 0xBF42 => wrap(tag, &[0x80, 1, 0]),
        0xBF3E => bytes("BF3E12 5A10 89049032123451234512345678901235"),
        0xBF20 | 0xBF22 | 0xBF2E => bytes("BF2E12 8010 00000000000000000000000000000000"),
        _ => installed(transaction_id),
    };
    [object, vec![0x90, 0]].concat()
}

fn is_error_object(tag: u32, data: &[u8]) -> bool {
    let Ok((outer, _)) = asn1::tlv::read(data) else { return false };
    let first = asn1::tlv::children(outer.value).next().and_then(Result::ok);
    match (tag, first) {
        (0xBF38 | 0xBF21, Some(first)) => first.tag.0 == 0xA1,
        (0xBF28 | 0xBF2B | 0xBF2D | 0xBF35 | 0xBF41, Some(first)) => first.tag.0 == 0x81,
        (0xBF29 | 0xBF30..=0xBF34 | 0xBF3F | 0xBF42, Some(first)) => first.value != [0],
        _ => is_failed_installation(data),
    }
}

/// BF37 { BF27 { … A2 { A1 } } }.
fn is_failed_installation(data: &[u8]) -> bool {
    let find = |value: &[u8], tag: u32| asn1::tlv::find(value, tag).map(|object| object.value.to_vec());
    let Ok((outer, _)) = asn1::tlv::read(data) else { return false };
    let result = find(outer.value, 0xBF27).and_then(|data| find(&data, 0xA2));
    result.is_some_and(|result| result.first() == Some(&0xA1))
}

fn key() -> SigningKey {
    let chain = lab::pki().chain(Variant::O, Curve::P256).unwrap();
    chain.identity(Role::Euicc, Engine::RustCrypto).unwrap().key().clone()
}

fn certificate(role: Role) -> Vec<u8> {
    lab::pki().chain(Variant::O, Curve::P256).unwrap().certificate(role).unwrap().raw().to_vec()
}

fn authenticate_server(transaction_id: &[u8]) -> Vec<u8> {
    let info = bytes(
        "BF2259 8103020301 8203020202 8303010000 840D 810100 820400010000 83020400 85020780 88020490 \
         A916 0414 0000000000000000000000000000000000000000 AA16 0414 0000000000000000000000000000000000000000 \
         0403000001 0C00",
    );
    let info = wrap(0xBF22, &info[3..]);
    let context = bytes("A00C 8000 A108 8004 35290611 A100");
    let address = wrap(0x83, b"smdp.conformance.example.com");
    let members = [wrap(0x80, transaction_id), address, wrap(0x84, &[0; 16]), info, context].concat();
    let signed = wrap(0x30, &members);
    let signature = wrap(0x5F37, key().sign(&signed).unwrap().as_bytes());
    let ok = [signed, signature, certificate(Role::Euicc), certificate(Role::Eum)].concat();
    wrap(0xBF38, &wrap(0xA0, &ok))
}

fn prepare_download(transaction_id: &[u8]) -> Vec<u8> {
    let key = OneTimeKey::from_scalar(Engine::RustCrypto, Curve::P256, &[7; 32]).unwrap();
    let members = [wrap(0x80, transaction_id), wrap(0x5F49, key.public_key().point())].concat();
    signed(0xBF21, &members)
}

fn signed(tag: u32, members: &[u8]) -> Vec<u8> {
    let signed = wrap(0x30, members);
    let signature = wrap(0x5F37, key().sign(&signed).unwrap().as_bytes());
    wrap(tag, &wrap(0xA0, &[signed, signature].concat()))
}

/// A Profile Installation Result of success.
fn installed(transaction_id: &[u8]) -> Vec<u8> {
    let metadata = bytes("BF2F 0E 80020400 81020780 0C04 736D6470");
    let success = bytes("A0 1D 4F10 A0000005591010FFFFFFFF8900001100 0409 3007A0053003800100");
    let members = [wrap(0x80, transaction_id), metadata, bytes("0603 88370A"), wrap(0xA2, &success)].concat();
    let data = wrap(0xBF27, &members);
    let signature = wrap(0x5F37, key().sign(&data).unwrap().as_bytes());
    wrap(0xBF37, &[data, signature].concat())
}
