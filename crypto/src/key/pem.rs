//! Private keys as PEM text.

use bp256::BrainpoolP256r1;
use elliptic_curve::pkcs8::der::asn1::{
    AnyRef, BitStringRef, ContextSpecific, ObjectIdentifier, OctetStringRef,
};
use elliptic_curve::pkcs8::der::{
    Decode, Error as DerError, Reader, SliceReader, Tag, TagNumber, Tagged, pem,
};
use elliptic_curve::pkcs8::{EncodePrivateKey, LineEnding, PrivateKeyInfoRef};
use p256::NistP256;
use zeroize::Zeroizing;

use crate::engine::rust_crypto::SecretKey;
use crate::{Curve, PrivateKeyFileError};

type Result<T> = std::result::Result<T, PrivateKeyFileError>;

/// `id-ecPublicKey` of RFC 5480.
const EC_PUBLIC_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");

/// What a private key file says.
pub(super) struct EcPrivateKey {
    pub(super) curve: Curve,
    pub(super) scalar: Zeroizing<[u8; 32]>,
    /// The public key as the file states it, unchecked.
    pub(super) public_key: Option<Vec<u8>>,
}

/// Reads the first private key of a PEM text.
pub(super) fn decode(text: &str) -> Result<EcPrivateKey> {
    // OpenSSL's `ecparam -genkey` names the curve in a block of its own before the key.
    let mut curve_before = None;
    for block in blocks(text) {
        match block.label {
            "EC PARAMETERS" => curve_before = Some(named_curve(&block.decode()?)?),
            "EC PRIVATE KEY" => return decode_sec1(&block.decode()?, curve_before),
            "PRIVATE KEY" => return decode_pkcs8(&block.decode()?),
            "ENCRYPTED PRIVATE KEY" => return Err(PrivateKeyFileError::Encrypted),
            _ => {}
        }
    }
    Err(PrivateKeyFileError::NoPrivateKey)
}

/// Writes a key as PKCS#8.
pub(super) fn encode(curve: Curve, scalar: &[u8; 32]) -> Result<Zeroizing<String>> {
    match curve {
        Curve::P256 => SecretKey::<NistP256>::from_slice(scalar)
            .ok()
            .and_then(|key| key.to_pkcs8_pem(LineEnding::LF).ok()),
        Curve::BrainpoolP256r1 => SecretKey::<BrainpoolP256r1>::from_slice(scalar)
            .ok()
            .and_then(|key| key.to_pkcs8_pem(LineEnding::LF).ok()),
    }
    .ok_or(PrivateKeyFileError::Encoding)
}

/// One block of a PEM text, boundaries included.
struct Block<'a> {
    label: &'a str,
    text: &'a str,
}

impl Block<'_> {
    fn decode(&self) -> Result<Zeroizing<Vec<u8>>> {
        match pem::decode_vec(self.text.as_bytes()) {
            Ok((_, der)) => Ok(Zeroizing::new(der)),
            // RFC 1421 headers within the block: OpenSSL's traditional form of an encrypted key.
            Err(_) if self.text.contains("ENCRYPTED") => Err(PrivateKeyFileError::Encrypted),
            Err(_) => Err(PrivateKeyFileError::Base64),
        }
    }
}

/// The complete blocks of a PEM text, in order; text between them is skipped.
fn blocks(text: &str) -> impl Iterator<Item = Block<'_>> {
    const BEGIN: &str = "-----BEGIN ";
    let mut rest = text;
    std::iter::from_fn(move || {
        let block = rest.get(rest.find(BEGIN)?..)?;
        let (label, _) = block.strip_prefix(BEGIN)?.split_once("-----")?;
        let end = format!("-----END {label}-----");
        let (text, after) = block.split_at_checked(block.find(&end)? + end.len())?;
        rest = after;
        Some(Block { label, text })
    })
}

fn decode_pkcs8(der: &[u8]) -> Result<EcPrivateKey> {
    let info = PrivateKeyInfoRef::try_from(der).map_err(|_| PrivateKeyFileError::Der)?;
    if info.algorithm.oid != EC_PUBLIC_KEY {
        return Err(PrivateKeyFileError::NotEllipticCurve);
    }
    let curve = curve_of(info.algorithm.parameters.ok_or(PrivateKeyFileError::UnknownCurve)?)?;
    decode_sec1(info.private_key.as_bytes(), Some(curve))
}

/// `ECPrivateKey` of RFC 5915 §3.
fn decode_sec1(der: &[u8], curve_outside: Option<Curve>) -> Result<EcPrivateKey> {
    let Sec1 { scalar, parameters, public_key } = read_sec1(der).map_err(|_| PrivateKeyFileError::Der)?;
    let curve = match (parameters.map(curve_of).transpose()?, curve_outside) {
        (Some(inside), Some(outside)) if inside != outside => {
            return Err(PrivateKeyFileError::ContradictoryCurve);
        }
        (inside, outside) => inside.or(outside).ok_or(PrivateKeyFileError::UnknownCurve)?,
    };
    let scalar = scalar.as_bytes().try_into().map_err(|_| PrivateKeyFileError::Der)?;
    let public_key = public_key
        .map(|bits| bits.as_bytes().map(<[u8]>::to_vec).ok_or(PrivateKeyFileError::Der))
        .transpose()?;
    Ok(EcPrivateKey { curve, scalar: Zeroizing::new(scalar), public_key })
}

struct Sec1<'a> {
    scalar: &'a OctetStringRef,
    parameters: Option<AnyRef<'a>>,
    public_key: Option<BitStringRef<'a>>,
}

fn read_sec1(der: &[u8]) -> std::result::Result<Sec1<'_>, DerError> {
    let mut reader = SliceReader::new(der)?;
    let key = reader.sequence(|reader| {
        if u8::decode(reader)? != 1 {
            return Err(Tag::Integer.value_error().into());
        }
        Ok::<_, DerError>(Sec1 {
            scalar: <&OctetStringRef>::decode(reader)?,
            parameters: ContextSpecific::decode_explicit(reader, TagNumber(0))?.map(|found| found.value),
            public_key: ContextSpecific::decode_explicit(reader, TagNumber(1))?.map(|found| found.value),
        })
    })?;
    reader.finish()?;
    Ok(key)
}

fn named_curve(parameters: &[u8]) -> Result<Curve> {
    curve_of(AnyRef::from_der(parameters).map_err(|_| PrivateKeyFileError::Der)?)
}

/// `ECParameters` of RFC 5480 §2.1.1: PKIX knows only the named curve.
fn curve_of(parameters: AnyRef<'_>) -> Result<Curve> {
    if parameters.tag() == Tag::Sequence {
        return Err(PrivateKeyFileError::ExplicitCurve);
    }
    let oid: ObjectIdentifier = parameters.decode_as().map_err(|_| PrivateKeyFileError::UnknownCurve)?;
    Curve::from_oid_arcs(&oid.arcs().collect::<Vec<_>>()).ok_or(PrivateKeyFileError::UnknownCurve)
}
