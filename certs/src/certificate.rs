//! One certificate, as SGP.22 §4.5.2.1 describes it.

use std::{fmt, net::IpAddr};

use asn1::{SubjectKeyIdentifier, tlv};
use crypto::{Curve, Engine, PublicKey, Signature};
use rasn::types::BitString;
use rasn_pkix::{AlgorithmIdentifier, TbsCertificate, Time};

use crate::{
    Attribute, Extensions, Name, Role, UnixTime, der, eid,
    error::CertError,
    oid::{self, Oid},
    pem, time,
};

/// The longest certificate that is looked at, in bytes. Those of SGP.26 have 500 to 650.
pub const MAX_CERTIFICATE_LENGTH: usize = 16 * 1024;

/// The AlgorithmIdentifier of ecdsa-with-SHA256 without parameters: what has it need not be decoded to be known.
const ECDSA_WITH_SHA256: [u8; 12] = [0x30, 0x0A, 0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02];

/// The same of the parameters that name P-256.
const P256: [u8; 10] = [0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07];

/// The time in which a certificate is valid; both ends belong to it (RFC 5280 §4.1.2.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Validity {
    /// notBefore.
    pub not_before: UnixTime,
    /// notAfter.
    pub not_after: UnixTime,
}

/// A certificate: the bytes it came in, and what they say.
///
/// It exists only if it is of version 3, signed with ECDSA over SHA-256, and holds a point of a supported curve.
/// Whether it is good for anything is for [`chain`](crate::chain) to decide.
#[derive(Clone, PartialEq)]
pub struct Certificate {
    raw: asn1::Certificate,
    tbs: Vec<u8>,
    serial_number: Vec<u8>,
    issuer: Name,
    subject: Name,
    validity: Validity,
    public_key: PublicKey,
    extensions: Extensions,
    signature: Signature,
}

impl Certificate {
    /// Reads a certificate from its DER encoding. Nothing may follow it.
    ///
    /// # Errors
    /// [`CertError`] says which field is not as SGP.22 §4.5.2.1 wants it.
    pub fn from_der(der: &[u8]) -> Result<Certificate, CertError> {
        check_length(der)?;
        let raw = asn1::Certificate::from_der(der)
            .map_err(|error| CertError::Malformed { field: "outermost SEQUENCE", why: error.to_string() })?;
        Certificate::read(raw)
    }

    fn read(raw: asn1::Certificate) -> Result<Certificate, CertError> {
        check_length(raw.raw())?;
        let Parts { tbs, signature_algorithm, signature_value } = split(raw.raw())?;
        // SGP.22 §4.5.2.1.0.1: both algorithm fields are the same, and §4.5.2.1.1 leaves only one value for them.
        if signature_algorithm != ECDSA_WITH_SHA256 {
            verify_algorithm("signatureAlgorithm", &decode("signatureAlgorithm", signature_algorithm)?)?;
        }
        let signature = signature(signature_value)?;
        let fields: TbsCertificate = decode("tbsCertificate", tbs)?;
        verify_algorithm("signature", &fields.signature)?;
        // SGP.22 §4.5.2.1.0.1: version 3, since extensions are used.
        if fields.version != rasn_pkix::Version::V3 {
            return Err(CertError::Version(fields.version.raw_value()));
        }
        Ok(Certificate {
            tbs: tbs.to_vec(),
            serial_number: serial_number(tbs)?,
            issuer: Name::from_rasn("issuer", &fields.issuer)?,
            subject: Name::from_rasn("subject", &fields.subject)?,
            validity: Validity {
                not_before: moment("notBefore", &fields.validity.not_before)?,
                not_after: moment("notAfter", &fields.validity.not_after)?,
            },
            public_key: public_key(&fields.subject_public_key_info)?,
            extensions: Extensions::from_rasn(fields.extensions.as_deref().map_or(&[], Vec::as_slice))?,
            signature,
            raw,
        })
    }

    /// Reads a certificate from DER or PEM, whichever it is.
    ///
    /// # Errors
    /// As [`Certificate::from_der`].
    pub fn from_der_or_pem(file: &[u8]) -> Result<Certificate, CertError> {
        match pem::decode_certificate(file) {
            Some(der) => Certificate::from_der(&der),
            None => Certificate::from_der(file),
        }
    }

    /// The certificate in PEM.
    #[must_use]
    pub fn to_pem(&self) -> String {
        pem::encode_certificate(self.raw())
    }

    /// The bytes it was read from.
    #[must_use]
    pub fn raw(&self) -> &[u8] {
        self.raw.raw()
    }

    /// The bytes it was read from, as messages carry them.
    #[must_use]
    pub fn to_asn1(&self) -> asn1::Certificate {
        self.raw.clone()
    }

    /// serialNumber: the bytes of the INTEGER.
    #[must_use]
    pub fn serial_number(&self) -> &[u8] {
        &self.serial_number
    }

    /// Who signed it.
    #[must_use]
    pub fn issuer(&self) -> &Name {
        &self.issuer
    }

    /// Who holds it.
    #[must_use]
    pub fn subject(&self) -> &Name {
        &self.subject
    }

    /// When it is valid.
    #[must_use]
    pub fn validity(&self) -> Validity {
        self.validity
    }

    /// The key of the holder.
    #[must_use]
    pub fn public_key(&self) -> &PublicKey {
        &self.public_key
    }

    /// The curve that the key lies on.
    #[must_use]
    pub fn curve(&self) -> Curve {
        self.public_key.curve()
    }

    /// All extensions.
    #[must_use]
    pub fn extensions(&self) -> &Extensions {
        &self.extensions
    }

    /// The identifier of the holder's key. For a Certificate Issuer this is the ciPKId.
    #[must_use]
    pub fn subject_key_identifier(&self) -> Option<&SubjectKeyIdentifier> {
        self.extensions.subject_key_identifier.as_ref().map(|extension| &extension.value)
    }

    /// The identifier of the key that signed the certificate. For a server and an EUM this is the ciPKId.
    #[must_use]
    pub fn authority_key_identifier(&self) -> Option<&SubjectKeyIdentifier> {
        self.extensions.authority_key_identifier.as_ref().and_then(|extension| extension.value.as_ref())
    }

    /// The role that the certificate policies name; `None` if they name none or several.
    #[must_use]
    pub fn role(&self) -> Option<Role> {
        let policies = &self.extensions.certificate_policies.as_ref()?.value;
        let mut roles = policies.iter().filter_map(Role::from_policy);
        let first = roles.next()?;
        roles.next().is_none().then_some(first)
    }

    /// The object identifiers of the holder (registeredID in subjectAltName).
    #[must_use]
    pub fn registered_ids(&self) -> &[Oid] {
        self.extensions.subject_alt_name.as_ref().map_or(&[], |names| &names.value.registered_ids)
    }

    /// The host names of the holder (dNSName in subjectAltName).
    #[must_use]
    pub fn dns_names(&self) -> &[String] {
        self.extensions.subject_alt_name.as_ref().map_or(&[], |names| &names.value.dns_names)
    }

    /// The IP addresses of the holder (iPAddress in subjectAltName).
    #[must_use]
    pub fn ip_addresses(&self) -> &[IpAddr] {
        self.extensions.subject_alt_name.as_ref().map_or(&[], |names| &names.value.ip_addresses)
    }

    /// The holder's organization, if it has just one.
    #[must_use]
    pub fn organization(&self) -> Option<&str> {
        self.subject.get(Attribute::Organization)
    }

    /// The EID that an eUICC's name holds (SGP.22 §4.5.2.1.0.2); `None` if there is none that is well formed.
    #[must_use]
    pub fn eid(&self) -> Option<[u8; 16]> {
        self.subject.get(Attribute::SerialNumber).and_then(|digits| eid::from_digits(digits).ok())
    }

    /// Verifies that a key signed the certificate: over the bytes received, never over a new encoding.
    ///
    /// # Errors
    /// Whatever the engine says of the signature.
    pub fn verify_signature(&self, engine: Engine, issuer: &PublicKey) -> Result<(), crypto::CryptoError> {
        issuer.verify(engine, &self.tbs, &self.signature)
    }
}

impl TryFrom<&asn1::Certificate> for Certificate {
    type Error = CertError;

    fn try_from(received: &asn1::Certificate) -> Result<Certificate, CertError> {
        // Its header has been looked at already, and what is in it is looked at here.
        Certificate::read(received.clone())
    }
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let serial_number = data_encoding::HEXLOWER.encode(&self.serial_number);
        f.debug_struct("Certificate")
            .field("role", &self.role())
            .field("subject", &self.subject)
            .field("issuer", &self.issuer)
            .field("serial_number", &serial_number)
            .field("validity", &self.validity)
            .field("curve", &self.curve())
            .finish_non_exhaustive()
    }
}

fn check_length(der: &[u8]) -> Result<(), CertError> {
    if der.len() > MAX_CERTIFICATE_LENGTH { Err(CertError::TooLong(der.len())) } else { Ok(()) }
}

/// The three parts of a certificate as they were received.
struct Parts<'a> {
    tbs: &'a [u8],
    signature_algorithm: &'a [u8],
    signature_value: &'a [u8],
}

fn split(der: &[u8]) -> Result<Parts<'_>, CertError> {
    let malformed = |why: &str| CertError::Malformed { field: "outermost SEQUENCE", why: why.to_owned() };
    let (outer, rest) = tlv::read(der).map_err(|error| malformed(&error.to_string()))?;
    if !rest.is_empty() {
        return Err(malformed("there are bytes after it"));
    }
    let parts = tlv::children(outer.value)
        .map(|part| part.map(|part| (part.tag.0, part)))
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| malformed(&error.to_string()))?;
    match (outer.tag.0, parts.as_slice()) {
        (0x30, [(0x30, tbs), (0x30, algorithm), (0x03, signature)]) => {
            Ok(Parts { tbs: tbs.raw, signature_algorithm: algorithm.raw, signature_value: signature.value })
        }
        _ => Err(malformed("it does not hold tbsCertificate, signatureAlgorithm and signatureValue")),
    }
}

fn decode<T: rasn::Decode + rasn::Encode>(field: &'static str, bytes: &[u8]) -> Result<T, CertError> {
    der::decode(bytes).map_err(|why| CertError::Malformed { field, why })
}

fn verify_algorithm(field: &'static str, algorithm: &AlgorithmIdentifier) -> Result<(), CertError> {
    // SGP.22 §4.5.2.1.1: ecdsa-with-SHA256, its parameters left out.
    if oid::is(&algorithm.algorithm, oid::ECDSA_WITH_SHA256) && algorithm.parameters.is_none() {
        Ok(())
    } else {
        Err(CertError::SignatureAlgorithm { field, actual: algorithm.algorithm.clone() })
    }
}

fn signature(bit_string: &[u8]) -> Result<Signature, CertError> {
    match bit_string.split_first() {
        Some((0, der)) => Signature::from_der(der).map_err(CertError::Signature),
        _ => Err(CertError::Malformed {
            field: "signatureValue",
            why: "it is not made of whole bytes".to_owned(),
        }),
    }
}

/// The bytes of the serial number: the first INTEGER after the version.
fn serial_number(tbs: &[u8]) -> Result<Vec<u8>, CertError> {
    let fields = tlv::read(tbs).ok().map(|(tbs, _)| tbs.value);
    let number = fields.and_then(|fields| tlv::children(fields).flatten().find(|field| field.tag.0 == 0x02));
    match number.map(|number| number.value) {
        // RFC 5280 §4.1.2.2: up to 20 bytes.
        Some(bytes) if bytes.len() <= 20 => Ok(bytes.to_vec()),
        _ => {
            Err(CertError::Malformed { field: "serialNumber", why: "it is longer than 20 bytes".to_owned() })
        }
    }
}

fn moment(field: &'static str, time: &Time) -> Result<UnixTime, CertError> {
    time::from_rasn(time).map_err(|why| CertError::Malformed { field, why: why.to_owned() })
}

fn public_key(info: &rasn_pkix::SubjectPublicKeyInfo) -> Result<PublicKey, CertError> {
    // SGP.22 §4.5.2.1.1: id-ecPublicKey, the curve named in the parameters.
    if !oid::is(&info.algorithm.algorithm, oid::EC_PUBLIC_KEY) {
        return Err(CertError::PublicKeyAlgorithm(info.algorithm.algorithm.clone()));
    }
    let parameters = info.algorithm.parameters.as_ref().map_or(&[][..], |any| any.as_bytes());
    let curve = named_curve(parameters)?;
    PublicKey::from_point(curve, whole_bytes(&info.subject_public_key)?).map_err(CertError::PublicKey)
}

fn named_curve(parameters: &[u8]) -> Result<Curve, CertError> {
    if parameters == P256 {
        return Ok(Curve::P256);
    }
    let curve: Oid = decode("named curve", parameters)?;
    let arcs: &[u32] = curve.as_ref();
    Curve::from_oid_arcs(arcs).ok_or_else(|| CertError::UnsupportedCurve(curve.clone()))
}

fn whole_bytes(bits: &BitString) -> Result<&[u8], CertError> {
    if bits.len().is_multiple_of(8) {
        Ok(bits.as_raw_slice())
    } else {
        Err(CertError::Malformed {
            field: "subjectPublicKey",
            why: "it is not made of whole bytes".to_owned(),
        })
    }
}
