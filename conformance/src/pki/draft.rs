//! A certificate before it is signed, with everything about it still open.

use asn1::tlv;
use certs::oid;
use certs::workshop::{Description, Holder, Workshop};
use certs::{Identity, UnixTime, Validity};
use crypto::SigningKey;
use rand_core::CryptoRng;

use super::{Credential, PkiError};

/// 2026-01-01: when everything is issued.
pub(super) const ISSUED: UnixTime = UnixTime(1_767_225_600);

/// 2020-01-01 to 2049-12-31: whoever judges the time has a clock between the two.
pub(super) const GOOD: Validity =
    Validity { not_before: UnixTime(1_577_836_800), not_after: UnixTime(2_524_607_999) };

/// 2014-01-01 to 2016-12-31.
pub(super) const EXPIRED: Validity =
    Validity { not_before: UnixTime(1_388_534_400), not_after: UnixTime(1_483_228_799) };

/// From 2048-01-01.
pub(super) const NOT_YET: Validity = Validity { not_before: UnixTime(2_461_449_600), ..GOOD };

/// A certificate before it is signed.
pub(super) struct Draft {
    /// What will stand in it.
    pub(super) description: Description,
    /// The holder's key.
    pub(super) key: SigningKey,
    /// The key that signs it.
    pub(super) signer: SigningKey,
    /// What happens to it when it is signed.
    pub(super) damage: Damage,
}

/// What is done to the bytes of a signed certificate.
#[derive(Clone, Copy)]
pub(super) enum Damage {
    /// Nothing.
    None,
    /// The last bit of the signature is turned.
    SignatureBit,
    /// The algorithm beside the signature is another one than the algorithm that is signed.
    OuterAlgorithm(&'static [u32]),
    /// Bytes follow that do not belong to it.
    TrailingBytes,
    /// Its last bytes are missing.
    Truncated,
    /// Nothing is left of it but a SEQUENCE without members.
    Emptied,
}

impl Draft {
    /// A good certificate with a new key on the issuer's curve.
    pub(super) fn new(
        issuer: &Identity,
        holder: &Holder<'_>,
        rng: &mut dyn CryptoRng,
    ) -> Result<Self, PkiError> {
        let key = Workshop::new(ISSUED, rng).key(issuer.certificate().curve())?;
        Self::for_key(issuer, holder, key, rng)
    }

    /// A good certificate for a key that is there already.
    pub(super) fn for_key(
        issuer: &Identity,
        holder: &Holder<'_>,
        key: SigningKey,
        rng: &mut dyn CryptoRng,
    ) -> Result<Self, PkiError> {
        let mut workshop = Workshop::new(ISSUED, rng);
        let mut description = workshop.describe(issuer.certificate(), holder, key.public_key())?;
        description.validity = GOOD;
        Ok(Self { description, key, signer: issuer.key().clone(), damage: Damage::None })
    }

    /// The certificate of a new Certificate Issuer.
    pub(super) fn certificate_issuer(key: SigningKey, rng: &mut dyn CryptoRng) -> Result<Self, PkiError> {
        let mut description = Workshop::new(ISSUED, rng).describe_certificate_issuer(key.public_key())?;
        description.validity = GOOD;
        Ok(Self { description, signer: key.clone(), key, damage: Damage::None })
    }

    /// Signs it.
    pub(super) fn finish(self) -> Result<Credential, PkiError> {
        let mut certificate = self.description.sign(&self.signer)?;
        match self.damage {
            Damage::None => {}
            Damage::SignatureBit => {
                if let Some(last) = certificate.last_mut() {
                    *last ^= 1;
                }
            }
            Damage::OuterAlgorithm(arcs) => certificate = self.with_outer_algorithm(&certificate, arcs)?,
            Damage::TrailingBytes => certificate.extend_from_slice(b"trailing"),
            Damage::Truncated => certificate.truncate(certificate.len().saturating_sub(16)),
            Damage::Emptied => certificate = tlv::wrap(0x30, &[]),
        }
        Ok(Credential { certificate, key: self.key })
    }

    /// Signs it, as one that is good.
    pub(super) fn finish_good(self) -> Result<Identity, PkiError> {
        let Credential { certificate, key } = self.finish()?;
        Ok(Identity::new(certs::Certificate::from_der(&certificate)?, key)?)
    }

    /// The signed part and the signature of this certificate, and between them the algorithm of one that is signed under
    /// another name.
    fn with_outer_algorithm(&self, certificate: &[u8], arcs: &'static [u32]) -> Result<Vec<u8>, PkiError> {
        let other = Description { signature_algorithm: oid::owned(arcs), ..self.description.clone() };
        let other = other.sign(&self.signer)?;
        let [tbs, _, signature] = parts(certificate);
        let [_, algorithm, _] = parts(&other);
        Ok(tlv::wrap(0x30, &[tbs, algorithm, signature].concat()))
    }
}

/// tbsCertificate, signatureAlgorithm and signatureValue of a certificate that was just made.
fn parts(certificate: &[u8]) -> [&[u8]; 3] {
    let members = tlv::read(certificate).map_or(&[][..], |(outermost, _)| outermost.value);
    let mut members = tlv::children(members).flatten().map(|member| member.raw);
    [(); 3].map(|()| members.next().unwrap_or_default())
}
