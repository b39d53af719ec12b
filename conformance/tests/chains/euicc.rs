//! What a server refuses of an eUICC.

use certs::chain::{ChainError, VerifiedEuicc, verify_euicc_chain};
use certs::{CertError, Certificate, Reason};
use conformance::pki::{Authority, EuiccChain, EuiccDefect, Refusal};
use crypto::Curve;

use crate::{EID, NOW, authority, rng};

fn verify(authority: &Authority, chain: &EuiccChain) -> Result<VerifiedEuicc, ChainError> {
    let read = |der: &[u8]| Certificate::from_der(der).map_err(Reason::from);
    let eum = read(&chain.eum).map_err(ChainError::EumInvalid)?;
    let euicc = read(&chain.euicc.certificate).map_err(ChainError::EuiccInvalid)?;
    verify_euicc_chain(&[authority.anchor().clone()], &eum, &euicc, Some(NOW), &mut |_| ())
}

const fn refusal(error: &ChainError) -> Refusal {
    match error {
        ChainError::UnknownCi(_) => Refusal::CiUnknown,
        ChainError::EumInvalid(_) => Refusal::EumInvalid,
        ChainError::EumExpired(_) => Refusal::EumExpired,
        ChainError::EuiccInvalid(_) => Refusal::EuiccInvalid,
        ChainError::EuiccExpired(_) => Refusal::EuiccExpired,
    }
}

#[test]
fn the_good_chain_verifies_on_both_curves_and_its_key_is_that_of_the_certificate() {
    for curve in Curve::ALL {
        let authority = authority(curve);
        let chain = authority.euicc_chain(EID, None, &mut rng()).unwrap();
        let verified = verify(&authority, &chain).unwrap();
        assert_eq!((verified.eid, chain.eid), (EID, EID));
        assert_eq!(&verified.public_key, chain.euicc.key.public_key());
        assert_eq!(&verified.ci, authority.key_id());
    }
}

#[test]
fn every_defect_is_refused_for_its_reason_on_both_curves() {
    for curve in Curve::ALL {
        let authority = authority(curve);
        for defect in EuiccDefect::ALL {
            let chain = authority.euicc_chain(EID, Some(defect), &mut rng()).unwrap();
            let error = verify(&authority, &chain).expect_err(defect.name());
            assert!(fits(defect, &error), "{defect} on {curve}: {error:?}");
            let refusal = refusal(&error);
            assert!(defect.refused_as().contains(&refusal), "{defect} on {curve}: {refusal}");
        }
    }
}

/// Whether a chain is refused for what is wrong with it, and for nothing else.
fn fits(defect: EuiccDefect, error: &ChainError) -> bool {
    let (of_eum, reason) = match error {
        ChainError::UnknownCi(_) => {
            return matches!(defect, D::CiUnknown | D::EumSelfSigned | D::EumBelowEum | D::EumAuthorityKey);
        }
        ChainError::EumInvalid(reason) | ChainError::EumExpired(reason) => (true, reason),
        ChainError::EuiccInvalid(reason) | ChainError::EuiccExpired(reason) => (false, reason),
    };
    use EuiccDefect as D;
    let of_eum_by_name = defect.name().starts_with("eum-");
    of_eum == of_eum_by_name
        && match defect {
            D::CiUnknown | D::EumSelfSigned | D::EumBelowEum | D::EumAuthorityKey => false,
            D::EumExpired | D::EuiccExpired => matches!(reason, Reason::Expired { .. }),
            D::EumNotYetValid | D::EuiccNotYetValid => matches!(reason, Reason::NotYetValid { .. }),
            D::EumSignatureBit | D::EumOfForgedCi | D::EuiccSignatureBit | D::EuiccOfForgedEum => {
                matches!(reason, Reason::Signature)
            }
            D::EuiccSelfSigned | D::EuiccBelowCi | D::EuiccAuthorityKey => {
                matches!(reason, Reason::AuthorityKeyIdentifier { .. })
            }
            D::EuiccIssuerName => matches!(reason, Reason::Issuer { .. }),
            D::EumNoAuthorityKey
            | D::EumNoKeyIdentifier
            | D::EumNoPolicies
            | D::EumNoKeyUsage
            | D::EumNoConstraints
            | D::EumNoNameConstraints
            | D::EuiccNoAuthorityKey
            | D::EuiccNoKeyIdentifier
            | D::EuiccNoPolicies
            | D::EuiccNoKeyUsage => matches!(reason, Reason::MissingExtension(_)),
            D::EumPoliciesNotCritical
            | D::EumKeyUsageNotCritical
            | D::EumConstraintsNotCritical
            | D::EumNameConstraintsNotCritical
            | D::EuiccPoliciesNotCritical
            | D::EuiccKeyUsageNotCritical => matches!(reason, Reason::NotCritical(_)),
            D::EumOfAnotherRole | D::EumOfTwoRoles | D::EuiccOfAnotherRole | D::EuiccOfTwoRoles => {
                matches!(reason, Reason::Role { .. })
            }
            D::EumKeyUsage | D::EuiccKeyUsage => matches!(reason, Reason::KeyUsage { .. }),
            D::EumNotCa => matches!(reason, Reason::NotCa),
            D::EumAnyPathLength => matches!(reason, Reason::PathLength(None)),
            D::EumPathLength => matches!(reason, Reason::PathLength(Some(1))),
            D::EuiccCa => matches!(reason, Reason::Ca),
            D::EumUnknownCritical | D::EuiccUnknownCritical => {
                matches!(reason, Reason::UnknownCriticalExtension(_))
            }
            D::EumRepeatedExtension | D::EuiccRepeatedExtension => {
                matches!(reason, Reason::Unreadable(CertError::RepeatedExtension(_)))
            }
            D::EumOtherCurve | D::EuiccOtherCurve => matches!(reason, Reason::Curve { .. }),
            D::EumPointOffCurve | D::EuiccPointOffCurve => {
                matches!(reason, Reason::Unreadable(CertError::PublicKey(_)))
            }
            D::EumVersion1 | D::EuiccVersion1 => matches!(reason, Reason::Unreadable(CertError::Version(0))),
            D::EumSha384
            | D::EumRsa
            | D::EumTwoAlgorithms
            | D::EuiccSha384
            | D::EuiccRsa
            | D::EuiccTwoAlgorithms => {
                matches!(reason, Reason::Unreadable(CertError::SignatureAlgorithm { .. }))
            }
            D::EidOutOfRange | D::OtherOrganization => {
                matches!(reason, Reason::OutsideNameConstraints { .. })
            }
            D::NoOrganization | D::NoEid => matches!(reason, Reason::Subject(_)),
            D::EidCheckDigits | D::EidTooShort => matches!(reason, Reason::Eid { .. }),
            D::EidNotPrintable => matches!(reason, Reason::EidNotPrintable),
        }
}

#[test]
fn an_eid_out_of_range_is_told_and_is_an_eid() {
    let authority = authority(Curve::P256);
    let chain = authority.euicc_chain(EID, Some(EuiccDefect::EidOutOfRange), &mut rng()).unwrap();
    assert_ne!(chain.eid, EID);
    assert_eq!(Certificate::from_der(&chain.euicc.certificate).unwrap().eid(), Some(chain.eid));
    assert_eq!(chain.eid[4..15], EID[4..15], "only the issuer's digits and the check digits differ");
}

#[test]
fn where_the_eum_is_spoilt_the_euicc_below_it_is_not() {
    let authority = authority(Curve::P256);
    for defect in EuiccDefect::ALL.into_iter().filter(|defect| defect.name().starts_with("eum-")) {
        let chain = authority.euicc_chain(EID, Some(defect), &mut rng()).unwrap();
        let euicc = Certificate::from_der(&chain.euicc.certificate).unwrap();
        assert_eq!(euicc.eid(), Some(EID));
        // Signed by the key that stands in CERT.EUM.ECDSA, where one can be read there.
        if let Ok(eum) = Certificate::from_der(&chain.eum) {
            assert_eq!(
                euicc.verify_signature(crypto::Engine::RustCrypto, eum.public_key()),
                Ok(()),
                "{defect}"
            );
            assert!(euicc.issuer().matches(eum.subject()), "{defect}");
        }
    }
}
