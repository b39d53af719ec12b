//! The parts of a call, and in which of them two calls differ.

use std::collections::BTreeMap;

use asn1::tlv;
use certs::Certificate;
use conformance::server::message::{Message, Value};
use crypto::{Engine, PublicKey, Signature};
use data_encoding::HEXUPPER;

/// The parts of a call by the way to them: the member of JSON, and the tags from the outside in. A signature that is right is
/// the same part whatever it signs.
pub type Parts = BTreeMap<String, Vec<u8>>;

/// The members that are objects of ASN.1.
const OBJECTS: [&str; 5] = [
    "euiccInfo1",
    "authenticateServerResponse",
    "prepareDownloadResponse",
    "pendingNotification",
    "cancelSessionResponse",
];
/// Where certificates stand; other tests look inside.
const CERTIFICATES: [&str; 4] = [
    "authenticateServerResponse/BF38/A0/30#2",
    "authenticateServerResponse/BF38/A0/30#3",
    "pendingNotification/30/30",
    "pendingNotification/30/30#2",
];

/// The parts of a call of an eUICC with this key; `behind` is signed behind what is signed.
pub fn parts(message: &Message, key: &PublicKey, behind: &[u8]) -> Parts {
    let mut parts = Parts::new();
    for (name, value) in &message.members {
        match value {
            Value::Bytes(object) if OBJECTS.contains(name) => {
                leaves((*name).to_owned(), object, &mut parts);
                if is_well_signed(object, key, behind) {
                    let signatures = parts.iter_mut().filter(|(path, _)| path.ends_with("/5F37"));
                    signatures.for_each(|(_, signature)| *signature = b"right".to_vec());
                }
            }
            Value::Bytes(octets) => drop(parts.insert((*name).to_owned(), octets.clone())),
            Value::Text(text) => drop(parts.insert((*name).to_owned(), text.clone().into_bytes())),
            Value::Flag(flag) => drop(parts.insert((*name).to_owned(), vec![u8::from(*flag)])),
        }
    }
    parts
}

/// The parts in which two calls differ; a member as a whole where it has nothing in common with that of the other.
pub fn different(bad: &Parts, good: &Parts) -> Vec<String> {
    let names = bad.keys().chain(good.keys().filter(|name| !bad.contains_key(*name)));
    let mut names: Vec<String> = names.filter(|name| bad.get(*name) != good.get(*name)).cloned().collect();
    let is_of = |path: &str, member: &str| path.split('/').next() == Some(member);
    for member in OBJECTS {
        let in_common = good.iter().any(|(path, part)| is_of(path, member) && bad.get(path) == Some(part));
        if !in_common && names.iter().any(|path| is_of(path, member)) {
            names.retain(|path| !is_of(path, member));
            names.push(member.to_owned());
        }
    }
    names.sort();
    names
}

fn children(value: &[u8]) -> Option<Vec<(u32, Vec<u8>)>> {
    tlv::children(value).map(|child| child.ok().map(|child| (child.tag.0, child.raw.to_vec()))).collect()
}

fn leaves(path: String, object: &[u8], parts: &mut Parts) {
    if let Ok((outer, [])) = tlv::read(object)
        && let path = if path.contains('/') { path.clone() } else { format!("{path}/{:X}", outer.tag.0) }
        && outer.tag.is_constructed()
        && !CERTIFICATES.contains(&path.as_str())
        && let Some(children) = children(outer.value)
    {
        let mut seen: BTreeMap<u32, usize> = BTreeMap::new();
        for (tag, raw) in children {
            let number = seen.entry(tag).and_modify(|count| *count += 1).or_insert(1);
            let suffix = if *number > 1 { format!("#{number}") } else { String::new() };
            leaves(format!("{path}/{tag:X}{suffix}"), &raw, parts);
        }
    } else {
        parts.insert(path, object.to_vec());
    }
}

/// Whether the first member of an object is signed by the second, with the key of the certificate behind it or that of the
/// eUICC.
fn is_well_signed(object: &[u8], own: &PublicKey, behind: &[u8]) -> bool {
    let verify = || -> Option<bool> {
        let (outer, _) = tlv::read(object).ok()?;
        let members = match outer.tag.0 {
            0xBF37 | 0x30 => children(outer.value)?,
            _ => children(tlv::read(outer.value).ok()?.0.value)?,
        };
        let signature = Signature::from_bytes(tlv::read(&members.get(1)?.1).ok()?.0.value).ok()?;
        let shown = members.get(2).map(|(_, certificate)| Certificate::from_der(certificate));
        let covered = [members.first()?.1.as_slice(), behind].concat();
        let key = match &shown {
            Some(shown) => shown.as_ref().ok()?.public_key(),
            None => own,
        };
        Some(key.verify(Engine::RustCrypto, &covered, &signature).is_ok())
    };
    verify().unwrap_or(false)
}

/// Whether the body in ASN.1 has every member that the body in JSON has.
pub fn is_the_same_in_asn1(message: &Message) -> bool {
    let Some(body) = &message.asn1 else { return true };
    message.members.iter().all(|(name, value)| {
        let octets = match (*name, value) {
            ("transactionId", Value::Text(text)) => HEXUPPER.decode(text.as_bytes()).unwrap(),
            (_, Value::Text(text)) => text.clone().into_bytes(),
            // SGP.22 §6.6: the tag of the response gives way to that of the member here.
            ("cancelSessionResponse", Value::Bytes(response)) => match tlv::read(response) {
                Ok((response, [])) => response.value.to_vec(),
                _ => response.clone(),
            },
            (_, Value::Bytes(octets)) => octets.clone(),
            (_, Value::Flag(_)) => return false,
        };
        octets.is_empty() || body.windows(octets.len()).any(|part| part == octets)
    })
}
