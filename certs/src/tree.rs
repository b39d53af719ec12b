//! A PKI as files: the directory layout of the SGP.26 test certificates.
//!
//! ```text
//! CertificateIssuer/CERT_CI_ECDSA_NIST.der         SK_CI_ECDSA_NIST.pem        …_BRP for brainpoolP256r1
//! EUM/CERT_EUM_ECDSA_NIST.der                      SK_EUM_ECDSA_NIST.pem
//! eUICC/CERT_EUICC_ECDSA_NIST.der                  SK_EUICC_ECDSA_NIST.pem
//! DPauth/CERT_S_SM_DPauth_ECDSA_NIST.der           SK_S_SM_DPauth_ECDSA_NIST.pem
//! DPpb/CERT_S_SM_DPpb_ECDSA_NIST.der               SK_S_SM_DPpb_ECDSA_NIST.pem
//! DPtls/CERT_S_SM_DP_VARO_TLS_NIST.der             SK_S_SM_DP_TLS_NIST.pem
//! DSauth/CERT_S_SM_DSauth_ECDSA_NIST.der           SK_S_SM_DSauth_ECDSA_NIST.pem
//! DStls/CERT_S_SM_DS_VARO_TLS_NIST.der             SK_S_SM_DS_TLS_NIST.pem
//! ```
//!
//! Files of other names, such as those of a second SM-DP+, are passed over.

use std::collections::BTreeMap;

use crypto::{CryptoError, Curve, Engine, SigningKey};
use thiserror::Error;

use crate::{CertError, Certificate, Identity, Reason, Role, Variant, chain::TrustAnchor};

/// Files by their path, folders separated by `/`.
pub type Tree = BTreeMap<String, Vec<u8>>;

/// What is wrong with a tree of certificates. The fault lies in our configuration.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TreeError {
    /// A file is needed that is not there.
    #[error("{path} is missing: it holds {what} on {curve}")]
    Missing {
        /// The file.
        path: String,
        /// What it holds.
        what: String,
        /// The curve it is for.
        curve: Curve,
    },
    /// No certificate of the Certificate Issuer is there, on no curve.
    #[error("no Certificate Issuer: neither {} is there", paths.join(" nor "))]
    NoCertificateIssuer {
        /// The files that were looked for.
        paths: Vec<String>,
    },
    /// A file is no certificate.
    #[error("{path}: {error}")]
    Certificate {
        /// The file.
        path: String,
        /// What is wrong with it.
        error: CertError,
    },
    /// A file is no private key.
    #[error("{path}: {error}")]
    Key {
        /// The file.
        path: String,
        /// What is wrong with it.
        error: CryptoError,
    },
    /// A private key that is no text.
    #[error("{path}: the private key is not a PEM text")]
    KeyNotText {
        /// The file.
        path: String,
    },
    /// The curve of a certificate is not the one its file name promises.
    #[error("{path}: the key lies on {actual}, the file name promises {expected}")]
    Curve {
        /// The file.
        path: String,
        /// What the name promises.
        expected: Curve,
        /// What the certificate holds.
        actual: Curve,
    },
    /// A private key and a certificate do not belong together.
    #[error("{key} does not hold the private key of {certificate}")]
    KeyMismatch {
        /// The file with the private key.
        key: String,
        /// The file with the certificate.
        certificate: String,
    },
    /// A Certificate Issuer's certificate cannot be trusted.
    #[error("{path} cannot be a root of trust: {reason}")]
    Anchor {
        /// The file.
        path: String,
        /// What is wrong with it.
        reason: Reason,
    },
}

/// The two files of an identity.
struct Paths {
    certificate: String,
    key: String,
}

impl Paths {
    fn of(variant: Variant, curve: Curve, role: Role) -> Paths {
        let Variant::O = variant;
        let curve = match curve {
            Curve::P256 => "NIST",
            Curve::BrainpoolP256r1 => "BRP",
        };
        let (folder, certificate, key) = match role {
            Role::Ci => ("CertificateIssuer", "CI_ECDSA", "CI_ECDSA"),
            Role::Eum => ("EUM", "EUM_ECDSA", "EUM_ECDSA"),
            Role::Euicc => ("eUICC", "EUICC_ECDSA", "EUICC_ECDSA"),
            Role::DpAuth => ("DPauth", "S_SM_DPauth_ECDSA", "S_SM_DPauth_ECDSA"),
            Role::DpPb => ("DPpb", "S_SM_DPpb_ECDSA", "S_SM_DPpb_ECDSA"),
            Role::DpTls => ("DPtls", "S_SM_DP_VARO_TLS", "S_SM_DP_TLS"),
            Role::DsAuth => ("DSauth", "S_SM_DSauth_ECDSA", "S_SM_DSauth_ECDSA"),
            Role::DsTls => ("DStls", "S_SM_DS_VARO_TLS", "S_SM_DS_TLS"),
        };
        Paths {
            certificate: format!("{folder}/CERT_{certificate}_{curve}.der"),
            key: format!("{folder}/SK_{key}_{curve}.pem"),
        }
    }
}

/// Where in a tree the certificate of a role is.
#[must_use]
pub fn certificate_path(variant: Variant, curve: Curve, role: Role) -> String {
    Paths::of(variant, curve, role).certificate
}

/// Puts an identity where it belongs in a tree, in place of what is there: the certificate in DER, the key in PEM.
///
/// # Errors
/// [`CryptoError`] if the engine will not hand out the key.
pub fn insert(
    tree: &mut Tree,
    variant: Variant,
    curve: Curve,
    role: Role,
    identity: &Identity,
) -> Result<(), CryptoError> {
    let paths = Paths::of(variant, curve, role);
    tree.insert(paths.certificate, identity.certificate().raw().to_vec());
    tree.insert(paths.key, identity.key().to_pem()?.as_bytes().to_vec());
    Ok(())
}

/// The certificates of a tree, and the private keys that are there. Every key has been compared with its certificate.
#[derive(Clone, Debug)]
pub struct Pki {
    chains: Vec<Chain>,
}

/// The certificates of one chain variant on one curve.
#[derive(Clone, Debug)]
pub struct Chain {
    variant: Variant,
    curve: Curve,
    holders: BTreeMap<Role, (Certificate, Option<SigningKey>)>,
}

impl Pki {
    /// Loads what is in a tree: that of the workshop, or the published one of SGP.26, or parts of them. A card needs
    /// the Certificate Issuer, EUM and eUICC, a server no eUICC; what is missing is told when it is asked for.
    ///
    /// # Errors
    /// [`TreeError`] names the file that is broken, or the two that do not fit together.
    pub fn from_tree(tree: &Tree) -> Result<Pki, TreeError> {
        let chains = Curve::ALL.into_iter().map(|curve| Chain::from_tree(tree, Variant::O, curve));
        Ok(Pki { chains: chains.collect::<Result<_, _>>()? })
    }

    /// The certificates of a chain variant on a curve; possibly none.
    #[must_use]
    pub fn chain(&self, variant: Variant, curve: Curve) -> Option<&Chain> {
        self.chains.iter().find(|chain| chain.variant == variant && chain.curve == curve)
    }

    /// The chains that are rooted here: those with a Certificate Issuer.
    pub fn chains(&self) -> impl Iterator<Item = &Chain> {
        self.chains.iter().filter(|chain| chain.holders.contains_key(&Role::Ci))
    }

    /// All roots of trust, computing with this engine.
    ///
    /// # Errors
    /// [`TreeError::NoCertificateIssuer`] if there is none, [`TreeError::Anchor`] if one is no root of trust.
    pub fn trust_anchors(&self, engine: Engine) -> Result<Vec<TrustAnchor>, TreeError> {
        let anchors: Vec<TrustAnchor> =
            self.chains().map(|chain| chain.trust_anchor(engine)).collect::<Result<_, _>>()?;
        if anchors.is_empty() {
            let paths = Curve::ALL.map(|curve| Paths::of(Variant::O, curve, Role::Ci).certificate);
            return Err(TreeError::NoCertificateIssuer { paths: paths.to_vec() });
        }
        Ok(anchors)
    }
}

impl Chain {
    fn from_tree(tree: &Tree, variant: Variant, curve: Curve) -> Result<Chain, TreeError> {
        let mut holders = BTreeMap::new();
        for role in Role::ALL {
            if let Some(holder) = load(tree, &Paths::of(variant, curve, role), curve)? {
                holders.insert(role, holder);
            }
        }
        Ok(Chain { variant, curve, holders })
    }

    /// The shape of the chain.
    #[must_use]
    pub fn variant(&self) -> Variant {
        self.variant
    }

    /// The curve that all its keys lie on.
    #[must_use]
    pub fn curve(&self) -> Curve {
        self.curve
    }

    /// The certificate of a role.
    ///
    /// # Errors
    /// [`TreeError::Missing`] names the file.
    pub fn certificate(&self, role: Role) -> Result<&Certificate, TreeError> {
        self.holders.get(&role).map(|(certificate, _)| certificate).ok_or_else(|| {
            let path = self.paths(role).certificate;
            TreeError::Missing { path, what: role.certificate_name().to_owned(), curve: self.curve }
        })
    }

    /// The certificate of a role with its private key, which computes with this engine.
    ///
    /// # Errors
    /// [`TreeError::Missing`] names the file, be it the certificate's or the key's.
    pub fn identity(&self, role: Role, engine: Engine) -> Result<Identity, TreeError> {
        let certificate = self.certificate(role)?;
        let paths = self.paths(role);
        let Some((_, Some(key))) = self.holders.get(&role) else {
            let what = format!("the private key of {}", role.certificate_name());
            return Err(TreeError::Missing { path: paths.key, what, curve: self.curve });
        };
        let key = key.to_scalar().and_then(|scalar| SigningKey::from_scalar(engine, self.curve, &scalar));
        let key = key.map_err(|error| TreeError::Key { path: paths.key.clone(), error })?;
        Identity::new(certificate.clone(), key)
            .map_err(|_| TreeError::KeyMismatch { key: paths.key, certificate: paths.certificate })
    }

    /// The Certificate Issuer as root of trust, computing with this engine.
    ///
    /// # Errors
    /// [`TreeError::Missing`], or [`TreeError::Anchor`] if the certificate is no root of trust.
    pub fn trust_anchor(&self, engine: Engine) -> Result<TrustAnchor, TreeError> {
        TrustAnchor::new(self.certificate(Role::Ci)?.clone(), engine)
            .map_err(|reason| TreeError::Anchor { path: self.paths(Role::Ci).certificate, reason })
    }

    fn paths(&self, role: Role) -> Paths {
        Paths::of(self.variant, self.curve, role)
    }
}

/// Reads the files of one role, if they are there. A key without its certificate is of no use and passed over.
fn load(
    tree: &Tree,
    paths: &Paths,
    curve: Curve,
) -> Result<Option<(Certificate, Option<SigningKey>)>, TreeError> {
    let Some(file) = tree.get(&paths.certificate) else { return Ok(None) };
    let path = paths.certificate.clone();
    let certificate = match Certificate::from_der_or_pem(file) {
        Ok(certificate) => certificate,
        Err(error) => return Err(TreeError::Certificate { path, error }),
    };
    if certificate.curve() != curve {
        return Err(TreeError::Curve { path, expected: curve, actual: certificate.curve() });
    }
    let Some(file) = tree.get(&paths.key) else { return Ok(Some((certificate, None))) };
    let text = std::str::from_utf8(file).map_err(|_| TreeError::KeyNotText { path: paths.key.clone() })?;
    let key = SigningKey::from_pem(Engine::RustCrypto, text)
        .map_err(|error| TreeError::Key { path: paths.key.clone(), error })?;
    if key.public_key() != certificate.public_key() {
        return Err(TreeError::KeyMismatch { key: paths.key.clone(), certificate: path });
    }
    Ok(Some((certificate, Some(key))))
}
