//! What can be wrong with subjectAltName. Its entries are taken and left as they are encoded.

use asn1::tlv;
use certs::ExtensionKind;
use certs::workshop::{DescribedExtension, Description};

/// dNSName, iPAddress and registeredID of a GeneralName (RFC 5280 §4.2.1.6).
const DNS_NAME: u32 = 0x82;
const IP_ADDRESS: u32 = 0x87;
const REGISTERED_ID: u32 = 0x88;

/// 2.999.77, the object identifier of nobody.
const NOBODY: [u8; 3] = [0x88, 0x37, 0x4D];
/// A host that is not asked for (RFC 2606).
pub(in crate::pki) const ELSEWHERE: &str = "elsewhere.example.com";

/// What can be wrong with subjectAltName.
#[derive(Clone, Copy)]
pub(in crate::pki) enum NamesFlaw {
    /// There is no registeredID; the whole extension is missing where nothing else was in it.
    NoRegisteredId,
    /// There is a second one.
    TwoRegisteredIds,
    /// There is another one.
    OtherRegisteredId,
    /// There is an IP address in place of host names.
    IpAddressOnly,
    /// There is no host.
    NoHost,
    /// The host is another one; the common name still is the right one.
    OtherHost,
}

impl NamesFlaw {
    pub(super) fn spoil(self, description: &mut Description) {
        let mut names = names(description);
        match self {
            Self::NoRegisteredId => names.retain(|(tag, _)| *tag != REGISTERED_ID),
            Self::TwoRegisteredIds => names.push((REGISTERED_ID, NOBODY.to_vec())),
            Self::OtherRegisteredId => {
                names.retain(|(tag, _)| *tag != REGISTERED_ID);
                names.push((REGISTERED_ID, NOBODY.to_vec()));
            }
            Self::IpAddressOnly => {
                names.retain(|(tag, _)| *tag == REGISTERED_ID);
                names.insert(0, (IP_ADDRESS, vec![127, 0, 0, 1]));
            }
            Self::NoHost => names.retain(|(tag, _)| *tag == REGISTERED_ID),
            Self::OtherHost => return set_host(description, ELSEWHERE),
        }
        set_names(description, &names);
    }
}

/// Puts one host into a certificate in place of all its host names and addresses.
pub(in crate::pki) fn set_host(description: &mut Description, host: &str) {
    let mut names = names(description);
    names.retain(|(tag, _)| *tag == REGISTERED_ID);
    names.insert(0, (DNS_NAME, host.as_bytes().to_vec()));
    set_names(description, &names);
}

/// The entries, each a tag and a value.
fn names(description: &Description) -> Vec<(u32, Vec<u8>)> {
    let id = ExtensionKind::SubjectAltName.oid();
    let extension = description.extensions.iter().find(|extension| extension.id == id);
    let Some(Ok((names, _))) = extension.map(|extension| tlv::read(&extension.value)) else {
        return Vec::new();
    };
    tlv::children(names.value).flatten().map(|name| (name.tag.0, name.value.to_vec())).collect()
}

fn set_names(description: &mut Description, names: &[(u32, Vec<u8>)]) {
    if names.is_empty() {
        description.remove(ExtensionKind::SubjectAltName);
        return;
    }
    let names: Vec<u8> = names.iter().flat_map(|(tag, value)| tlv::wrap(*tag, value)).collect();
    let id = ExtensionKind::SubjectAltName.oid();
    description.set(DescribedExtension { id, critical: false, value: tlv::wrap(0x30, &names) });
}
