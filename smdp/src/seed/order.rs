//! From one entry of a seed file to an order.

use asn1::Iccid;
use protocol::clock::Timestamp;
use protocol::confirmation_code::ConfirmationCodeHash;
use protocol::profile::{Subscriber, default_profile};
use toml::Spanned;
use zeroize::Zeroizing;

use super::file::{self, Entry};
use super::{Mistake, metadata};
use crate::domain::{NewOrder, NewProfile, Package, PackageProtection};

/// Makes the order, with its package.
pub fn new_order(entry: Entry, load: &dyn Fn(&str) -> Result<Vec<u8>, String>) -> Result<NewOrder, Mistake> {
    let iccid: Iccid = parsed(&entry.iccid, "order.iccid")?;
    let matching_id = entry.matching_id.as_ref().map(|id| parsed(id, "order.matching_id")).transpose()?;
    let eid = entry.eid.as_ref().map(|eid| parsed(eid, "order.eid")).transpose()?;
    // SGP.22 §3.3: without a MatchingID only the EID leads to the order.
    if matching_id.is_none() && eid.is_none() {
        return Err(Mistake {
            offset: None,
            field: "order.eid".to_owned(),
            reason: "an order without matching_id is for the default SM-DP+ use case and needs an eid"
                .to_owned(),
        });
    }
    let confirmation_code = entry.confirmation_code.as_ref().map(confirmation_code).transpose()?;
    let expires = entry.expires.as_ref().map(expiry).transpose()?;
    let metadata = metadata::build(&iccid, &entry.metadata, load)?;
    let package = package(&entry, &iccid, load)?;
    let profile = NewProfile {
        iccid,
        operator: entry.operator.clone(),
        profile_type: entry.profile_type.clone(),
        protection: match entry.protection {
            file::Protection::SessionKeys => PackageProtection::SessionKeys,
            file::Protection::ProfileProtectionKeys => PackageProtection::ProfileProtectionKeys,
        },
        metadata: metadata.bytes().to_vec(),
        package,
    };
    Ok(NewOrder { profile, matching_id, eid, confirmation_code, expires })
}

pub fn parsed<T>(text: &Spanned<String>, field: &str) -> Result<T, Mistake>
where
    T: std::str::FromStr,
    T::Err: std::fmt::Display,
{
    text.get_ref().parse().map_err(|error: T::Err| mistake(text, field, error.to_string()))
}

pub fn mistake<T>(value: &Spanned<T>, field: &str, reason: impl Into<String>) -> Mistake {
    Mistake { offset: Some(value.span().start), field: field.to_owned(), reason: reason.into() }
}

fn confirmation_code(code: &Spanned<String>) -> Result<ConfirmationCodeHash, Mistake> {
    if code.get_ref().is_empty() {
        return Err(mistake(code, "order.confirmation_code", "a confirmation code is not empty"));
    }
    Ok(ConfirmationCodeHash::of(code.get_ref()))
}

fn expiry(at: &Spanned<toml::value::Datetime>) -> Result<Timestamp, Mistake> {
    let text = at.get_ref().to_string();
    text.parse::<jiff::Timestamp>().map(|at| Timestamp::from_unix_millis(at.as_millisecond())).map_err(|_| {
        mistake(at, "order.expires", "a date, a time and an offset are needed: 2027-01-31T12:00:00Z")
    })
}

/// The package: a file as it is, or the built-in template filled in.
fn package(
    entry: &Entry,
    iccid: &Iccid,
    load: &dyn Fn(&str) -> Result<Vec<u8>, String>,
) -> Result<Package, Mistake> {
    match (&entry.package, &entry.subscriber) {
        (Some(name), None) => {
            let field = "order.package";
            let bytes = Zeroizing::new(load(name.get_ref()).map_err(|reason| mistake(name, field, reason))?);
            let header_iccid = protocol::profile::iccid_of(&bytes)
                .map_err(|error| mistake(name, field, format!("not a profile package: {error}")))?;
            if header_iccid != *iccid {
                return Err(mistake(
                    name,
                    field,
                    format!("the package is for ICCID {header_iccid}, the order for {iccid}"),
                ));
            }
            Ok(Package(bytes))
        }
        (None, Some(subscriber)) => {
            let data = subscriber.get_ref();
            let subscriber = Subscriber::new(
                *iccid,
                parsed(&data.imsi, "order.subscriber.imsi")?,
                key(&data.ki, "order.subscriber.ki")?,
                key(&data.opc, "order.subscriber.opc")?,
            );
            Ok(Package(default_profile(&subscriber)))
        }
        (Some(name), Some(_)) => Err(mistake(
            name,
            "order.package",
            "package and subscriber exclude each other: one of them makes the profile",
        )),
        (None, None) => Err(Mistake {
            offset: None,
            field: "order.package".to_owned(),
            reason: "a package file, or a subscriber for the built-in profile, is missing".to_owned(),
        }),
    }
}

/// 16 bytes in hex; the value is not repeated in the message, it is a secret.
fn key(text: &Spanned<String>, field: &str) -> Result<Zeroizing<[u8; 16]>, Mistake> {
    data_encoding::HEXLOWER_PERMISSIVE
        .decode(text.get_ref().as_bytes())
        .ok()
        .and_then(|bytes| <[u8; 16]>::try_from(bytes).ok())
        .map(Zeroizing::new)
        .ok_or_else(|| mistake(text, field, "32 hexadecimal digits are needed"))
}
