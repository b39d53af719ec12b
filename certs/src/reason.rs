//! Why a certificate is not accepted.

use asn1::SubjectKeyIdentifier;
use crypto::Curve;
use thiserror::Error;

use crate::{
    CertError, ExtensionKind, Name, Role, UnixTime,
    eid::EidError,
    extension::{ExtendedKeyUsage, KeyUsage},
    oid::Oid,
};

/// Why a certificate is not accepted: the field, what was expected and what is there. The peer misbehaved, or a
/// certificate of our own is not what it should be.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Reason {
    /// The bytes are no certificate.
    #[error(transparent)]
    Unreadable(#[from] CertError),
    /// The signature is not one of the issuer's key.
    #[error("the signature is not the issuer's")]
    Signature,
    /// The key lies on another curve than the issuer's.
    #[error("the key lies on {actual}, the issuer's on {expected}")]
    Curve {
        /// The issuer's curve.
        expected: Curve,
        /// The certificate's curve.
        actual: Curve,
    },
    /// The issuer's name is not the name of the one who is said to have signed.
    #[error("the issuer is \"{actual}\", expected \"{expected}\"")]
    Issuer {
        /// The subject of the certificate above.
        expected: Box<Name>,
        /// The issuer of this one.
        actual: Box<Name>,
    },
    /// authorityKeyIdentifier does not name the issuer's key.
    #[error("authorityKeyIdentifier is {actual}, expected {expected}")]
    AuthorityKeyIdentifier {
        /// The issuer's subjectKeyIdentifier.
        expected: SubjectKeyIdentifier,
        /// What this certificate names.
        actual: SubjectKeyIdentifier,
    },
    /// An extension is missing.
    #[error("the extension {0} is missing")]
    MissingExtension(ExtensionKind),
    /// An extension is there, but not critical.
    #[error("the extension {0} is not marked critical")]
    NotCritical(ExtensionKind),
    /// A critical extension that nobody understands here, or that has no meaning in such a certificate.
    #[error("the critical extension {0} is not understood in this certificate")]
    UnknownCriticalExtension(Oid),
    /// authorityKeyIdentifier has no keyIdentifier.
    #[error("authorityKeyIdentifier has no keyIdentifier")]
    NoAuthorityKeyIdentifier,
    /// The key may be used for other things than the role demands.
    #[error("keyUsage is {actual}, expected {expected}")]
    KeyUsage {
        /// What the role demands.
        expected: KeyUsage,
        /// What the certificate grants.
        actual: KeyUsage,
    },
    /// extKeyUsage is not serverAuth and clientAuth.
    #[error("extKeyUsage is {actual}, expected {expected}")]
    ExtendedKeyUsage {
        /// What the role demands.
        expected: ExtendedKeyUsage,
        /// What the certificate grants.
        actual: ExtendedKeyUsage,
    },
    /// The certificate policies do not name the role.
    #[error("certificatePolicies name {}, expected {expected}", Role::describe(*actual))]
    Role {
        /// The role that the holder claims.
        expected: Role,
        /// The one role that the policies name, if they name just one.
        actual: Option<Role>,
    },
    /// A certificate authority is not marked as one.
    #[error("basicConstraints has cA false, expected true")]
    NotCa,
    /// A certificate that is no authority's is marked as one.
    #[error("basicConstraints has cA true, expected false")]
    Ca,
    /// pathLenConstraint is not zero.
    #[error("pathLenConstraint is {}, expected 0", PathLength(*.0))]
    PathLength(Option<u32>),
    /// subjectAltName does not have just one registeredID.
    #[error("subjectAltName has {0} registeredID entries, expected 1")]
    RegisteredId(usize),
    /// subjectAltName of a TLS certificate has no dNSName.
    #[error("subjectAltName has no dNSName entry")]
    NoDnsName,
    /// The Certificate Issuer's certificate is not signed by itself.
    #[error("the Certificate Issuer's certificate names another issuer, \"{0}\"")]
    NotSelfSigned(Box<Name>),
    /// The certificate is not valid yet.
    #[error("notBefore is {not_before}, now is {now}")]
    NotYetValid {
        /// Beginning of the validity.
        not_before: UnixTime,
        /// The present time.
        now: UnixTime,
    },
    /// The certificate is not valid any more.
    #[error("notAfter is {not_after}, now is {now}")]
    Expired {
        /// End of the validity.
        not_after: UnixTime,
        /// The present time.
        now: UnixTime,
    },
    /// The certificate of the Certificate Issuer above is not valid now.
    #[error("the certificate of the Certificate Issuer is not valid now: {0}")]
    CertificateIssuer(Box<Reason>),
    /// nameConstraints of an EUM cannot be evaluated.
    #[error("nameConstraints {0}")]
    NameConstraints(&'static str),
    /// The eUICC's name does not have the fields that SGP.22 §4.5.2.1.0.2 asks for.
    #[error("the subject has no single {0}")]
    Subject(&'static str),
    /// serialNumber of the eUICC's name is not a PrintableString.
    #[error("serialNumber of the subject is not a PrintableString")]
    EidNotPrintable,
    /// serialNumber of the eUICC's name is no EID.
    #[error("serialNumber of the subject is {digits:?}: {error}")]
    Eid {
        /// What stands there.
        digits: String,
        /// What is wrong with it.
        error: EidError,
    },
    /// The EUM may not give certificates to this organization with this EID.
    #[error("the subject has O={organization:?} and EID {eid}, the EUM may issue for {permitted}")]
    OutsideNameConstraints {
        /// The eUICC's organization.
        organization: String,
        /// The eUICC's EID.
        eid: String,
        /// What nameConstraints permit.
        permitted: String,
    },
}

struct PathLength(Option<u32>);

impl std::fmt::Display for PathLength {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            Some(length) => write!(f, "{length}"),
            None => f.write_str("absent"),
        }
    }
}
