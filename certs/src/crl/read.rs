//! The form of a list (SGP.22 §4.6 tables 17 and 18).

use super::{
    Crl, CrlError, RevokedCertificate,
    extension::{ListExtensions, expiration_date},
    fields::{Fields, decode},
    signed::verify_algorithm,
};
use crate::Name;

const LIST: &str = "tbsCertList";
const ENTRY: &str = "revokedCertificates";

pub(super) fn read(tbs: &[u8]) -> Result<Crl, CrlError> {
    let mut whole = Fields::new(LIST, tbs);
    let mut fields = Fields::new(LIST, whole.take("SEQUENCE", 0x30)?.value);
    // Version 2, which is written 1.
    if fields.take("version", 0x02)?.value != [1] {
        return Err(CrlError::malformed("version", "it is not 2"));
    }
    verify_algorithm("signature", fields.take("signature", 0x30)?.raw)?;
    let issuer = issuer(fields.take("issuer", 0x30)?.raw)?;
    let this_update = fields.take_time("thisUpdate")?;
    // RFC 5280 §5.1.2.5 and SGP.22 §4.6: it has to be there.
    let next_update = fields.take_time("nextUpdate")?;
    let revoked = fields.take_if(&[0x30]).map_or(&[][..], |list| list.value);
    let extensions = fields.take("crlExtensions", 0xA0)?;
    fields.end()?;
    let extensions = ListExtensions::read(extensions.value)?;
    let part = extensions.part()?;
    Ok(Crl {
        issuer,
        this_update,
        next_update,
        number: extensions.number()?,
        base: extensions.base,
        part,
        revoked: entries(revoked, part.is_some())?,
    })
}

fn issuer(bytes: &[u8]) -> Result<Name, CrlError> {
    let name: rasn_pkix::Name = decode("issuer", bytes)?;
    Name::from_rasn("issuer", &name).map_err(|error| CrlError::malformed("issuer", error.to_string()))
}

fn entries(list: &[u8], is_part: bool) -> Result<Vec<RevokedCertificate>, CrlError> {
    let mut fields = Fields::new(ENTRY, list);
    let mut entries = Vec::new();
    while let Some(field) = fields.take_if(&[0x30]) {
        let entry = entry(field.value)?;
        // SGP.22 §4.6 table 18, note: only the parts of a segmented list may leave the date out.
        if entry.expiration_date.is_none() && !is_part {
            return Err(CrlError::NoExpirationDate);
        }
        entries.push(entry);
    }
    fields.end()?;
    Ok(entries)
}

fn entry(value: &[u8]) -> Result<RevokedCertificate, CrlError> {
    let mut fields = Fields::new(ENTRY, value);
    let serial_number = fields.take("userCertificate", 0x02)?.value;
    // RFC 5280 §4.1.2.2: up to 20 bytes.
    if serial_number.is_empty() || serial_number.len() > 20 {
        return Err(CrlError::malformed("userCertificate", "it has not 1 to 20 bytes"));
    }
    let revocation_date = fields.take_time("revocationDate")?;
    let extensions = fields.take_if(&[0x30]);
    fields.end()?;
    Ok(RevokedCertificate {
        serial_number: serial_number.to_vec(),
        revocation_date,
        expiration_date: extensions.map(|list| expiration_date(list.raw)).transpose()?.flatten(),
    })
}
