//! The one thing that is wrong with a certificate: each a small change to its draft.

mod names;

use certs::workshop::{DescribedExtension, Workshop, WorkshopError};
use certs::{
    Attribute, BasicConstraints, ExtendedKeyUsage, ExtensionKind, KeyUsage, Name, Oid, Role, StringKind, oid,
};
use crypto::{Curve, SigningKey};
use rand_core::CryptoRng;

use super::PkiError;
use super::draft::{Damage, Draft, EXPIRED, ISSUED, NOT_YET};
pub(super) use names::{ELSEWHERE, NamesFlaw, set_host};

/// An extension that nobody knows, and the object identifier of nobody.
const UNKNOWN: &[u32] = &[2, 999, 77];
/// ecdsa-with-SHA384 (RFC 5758).
pub(super) const ECDSA_WITH_SHA384: &[u32] = &[1, 2, 840, 10045, 4, 3, 3];
/// sha256WithRSAEncryption (RFC 8017).
pub(super) const SHA256_WITH_RSA: &[u32] = &[1, 2, 840, 113_549, 1, 1, 11];
/// FRP256V1 (SGP.22 §2.6.7.1), the third curve.
const FRP256V1: &[u32] = &[1, 2, 250, 1, 223, 101, 256, 1];
/// id-kp-codeSigning (RFC 5280 §4.2.1.12).
pub(super) const CODE_SIGNING: &[u32] = &[1, 3, 6, 1, 5, 5, 7, 3, 3];

/// What can be wrong with a certificate, whoever holds it.
#[derive(Clone, Copy)]
pub(super) enum Flaw {
    /// It was valid from 2014 to 2016.
    Expired,
    /// It will be valid in 2048.
    NotYetValid,
    /// Version 1, which has no extensions.
    Version1,
    /// Both places that name the signature algorithm name this one.
    Algorithm(&'static [u32]),
    /// Something happens to its bytes.
    Damaged(Damage),
    /// A key signed it that is not the issuer's, though the key identifier is.
    SignedByAnotherKey,
    /// Its holder issued it.
    SelfSigned,
    /// The issuer's name is another one's.
    IssuerName,
    /// authorityKeyIdentifier is that of a key that nobody has.
    AuthorityKey,
    /// An extension is missing.
    Without(ExtensionKind),
    /// An extension is not critical that has to be.
    NotCritical(ExtensionKind),
    /// keyUsage is the sum of these.
    KeyUsage(&'static [KeyUsage]),
    /// extKeyUsage is this list.
    ExtendedKeyUsage(&'static [&'static [u32]]),
    /// certificatePolicies name these roles.
    Roles(&'static [Role]),
    /// certificatePolicies name the TLS role of the other kind of server.
    OtherTlsRole,
    /// certificatePolicies name this role besides the right one.
    AlsoRole(Role),
    /// basicConstraints says this.
    Constraints(BasicConstraints),
    /// The key lies on the other curve.
    OtherCurve,
    /// The key is said to lie on a curve that hardly anyone supports.
    UnsupportedCurve,
    /// The key is no point of the curve.
    PointOffCurve,
    /// A critical extension that nobody knows.
    UnknownCritical,
    /// keyUsage stands there twice.
    Repeated,
    /// The subject has no attribute of this kind.
    SubjectWithout(Attribute),
    /// The subject has this text for this attribute.
    Subject(Attribute, &'static str),
    /// serialNumber of the subject is a UTF8String.
    Utf8SerialNumber,
    /// The last check digit of the EID is another one.
    CheckDigits,
    /// The EID lacks its last two digits.
    ShortEid,
    /// Something is wrong with subjectAltName.
    Names(NamesFlaw),
}

impl Flaw {
    /// Changes a good draft into a bad one.
    pub(super) fn spoil(self, draft: &mut Draft, rng: &mut dyn CryptoRng) -> Result<(), PkiError> {
        match self {
            Self::Expired => draft.description.validity = EXPIRED,
            Self::NotYetValid => draft.description.validity = NOT_YET,
            Self::Version1 => draft.description.version = 0,
            Self::Algorithm(arcs) => draft.description.signature_algorithm = oid::owned(arcs),
            Self::Damaged(damage) => draft.damage = damage,
            Self::SignedByAnotherKey => draft.signer = new_key(draft.signer.curve(), rng)?,
            Self::SelfSigned => draft.sign_by_holder()?,
            Self::IssuerName => draft.description.issuer = somebody_else(),
            Self::AuthorityKey => draft.set_authority_key_identifier(&random_identifier(rng))?,
            Self::Without(kind) => draft.description.remove(kind),
            Self::NotCritical(kind) => draft.description.set_critical(kind, false),
            Self::KeyUsage(usages) => {
                let usage = usages.iter().fold(KeyUsage::NONE, |sum, usage| sum | *usage);
                draft.description.set(DescribedExtension::key_usage(usage)?);
            }
            Self::ExtendedKeyUsage(purposes) => {
                let purposes = purposes.iter().map(|purpose| oid::owned(purpose)).collect();
                draft.description.set(DescribedExtension::extended_key_usage(&ExtendedKeyUsage(purposes))?);
            }
            Self::Roles(roles) => {
                draft.set_policies(&roles.iter().map(|role| role.policy()).collect::<Vec<_>>())?
            }
            Self::OtherTlsRole => {
                let role = if draft.names_role(Role::DpTls)? { Role::DsTls } else { Role::DpTls };
                draft.set_policies(&[role.policy()])?;
            }
            Self::AlsoRole(role) => draft.add_policy(role)?,
            Self::Constraints(constraints) => {
                draft.description.set(DescribedExtension::basic_constraints(constraints)?);
            }
            Self::OtherCurve => {
                draft.key = new_key(other_curve(draft.key.curve()), rng)?;
                draft.description.set_public_key(draft.key.public_key())?;
            }
            Self::UnsupportedCurve => draft.description.curve = oid::owned(FRP256V1),
            Self::PointOffCurve => {
                if let Some(last) = draft.description.point.last_mut() {
                    *last ^= 1;
                }
            }
            Self::UnknownCritical => {
                // Its value is NULL.
                let unknown =
                    DescribedExtension { id: oid::owned(UNKNOWN), critical: true, value: vec![5, 0] };
                draft.description.set(unknown);
            }
            Self::Repeated => {
                let key_usage = ExtensionKind::KeyUsage.oid();
                let extensions = &mut draft.description.extensions;
                let found = extensions.iter().find(|extension| extension.id == key_usage).cloned();
                extensions.extend(found);
            }
            Self::SubjectWithout(attribute) => draft.change_subject(|subject| subject.without(attribute)),
            Self::Subject(attribute, text) => draft.set_subject(attribute, text),
            Self::Utf8SerialNumber => {
                let digits = draft.subject(Attribute::SerialNumber);
                draft.change_subject(|subject| {
                    let without = subject.without(Attribute::SerialNumber);
                    without.with(Attribute::SerialNumber, StringKind::Utf8, &digits)
                });
            }
            Self::CheckDigits => {
                let mut digits = draft.subject(Attribute::SerialNumber);
                let next = if digits.pop() == Some('9') { '8' } else { '9' };
                digits.push(next);
                draft.set_subject(Attribute::SerialNumber, &digits);
            }
            Self::ShortEid => {
                let mut digits = draft.subject(Attribute::SerialNumber);
                digits.truncate(30);
                draft.set_subject(Attribute::SerialNumber, &digits);
            }
            Self::Names(flaw) => flaw.spoil(&mut draft.description),
        }
        Ok(())
    }
}

impl Draft {
    /// Its subjectKeyIdentifier.
    pub(super) fn set_key_identifier(&mut self, identifier: &[u8]) -> Result<(), PkiError> {
        self.description.set(DescribedExtension::subject_key_identifier(identifier)?);
        Ok(())
    }

    /// The name of one who issues its own certificate.
    pub(super) fn rename(&mut self, name: Name) {
        self.description.issuer = name.clone();
        self.description.subject = name;
    }

    /// Its authorityKeyIdentifier.
    pub(super) fn set_authority_key_identifier(&mut self, identifier: &[u8]) -> Result<(), PkiError> {
        self.description.set(DescribedExtension::authority_key_identifier(identifier)?);
        Ok(())
    }

    /// An attribute of the subject, in its old place if it was there.
    pub(super) fn set_subject(&mut self, attribute: Attribute, text: &str) {
        let kind = match attribute {
            Attribute::SerialNumber | Attribute::Country => StringKind::Printable,
            _ => StringKind::Utf8,
        };
        self.change_subject(|subject| subject.without(attribute).with(attribute, kind, text));
    }

    fn change_subject(&mut self, change: impl FnOnce(Name) -> Name) {
        self.description.subject = change(self.description.subject.clone());
    }

    fn subject(&self, attribute: Attribute) -> String {
        self.description.subject.get(attribute).unwrap_or_default().to_owned()
    }

    fn sign_by_holder(&mut self) -> Result<(), PkiError> {
        self.description.issuer = self.description.subject.clone();
        self.set_authority_key_identifier(&crypto::digest::key_identifier(self.key.public_key().point()))?;
        self.signer = self.key.clone();
        Ok(())
    }

    /// The policies of this certificate, with the criticality that the extension has.
    fn set_policies(&mut self, policies: &[Oid]) -> Result<(), PkiError> {
        let critical = self.policies().is_some_and(|extension| extension.critical);
        self.description.set(DescribedExtension::certificate_policies(policies, critical)?);
        Ok(())
    }

    fn names_role(&self, role: Role) -> Result<bool, PkiError> {
        let only = DescribedExtension::certificate_policies(&[role.policy()], false)?;
        Ok(self.policies().is_some_and(|extension| extension.value == only.value))
    }

    fn add_policy(&mut self, added: Role) -> Result<(), PkiError> {
        for role in Role::ALL {
            if self.names_role(role)? {
                return self.set_policies(&[role.policy(), added.policy()]);
            }
        }
        self.set_policies(&[added.policy()])
    }

    fn policies(&self) -> Option<&DescribedExtension> {
        let id = ExtensionKind::CertificatePolicies.oid();
        self.description.extensions.iter().find(|extension| extension.id == id)
    }
}

fn new_key(curve: Curve, rng: &mut dyn CryptoRng) -> Result<SigningKey, WorkshopError> {
    Workshop::new(ISSUED, rng).key(curve)
}

const fn other_curve(curve: Curve) -> Curve {
    match curve {
        Curve::P256 => Curve::BrainpoolP256r1,
        Curve::BrainpoolP256r1 => Curve::P256,
    }
}

fn random_identifier(rng: &mut dyn CryptoRng) -> [u8; 20] {
    let mut identifier = [0; 20];
    rng.fill_bytes(&mut identifier);
    identifier
}

fn somebody_else() -> Name {
    Name::new(&[(Attribute::Organization, "Somebody Else"), (Attribute::CommonName, "Another Issuer")])
}
