//! What is wrong with the certificates of a server (SGP.22 §4.5.2.2), for AuthenticateServer and PrepareDownload.

use super::{authenticate_server, prepare_download};
use crate::card::cases::prelude::*;
use crate::pki::{ServerDefect, SigningDefect};

/// A case for each defect: its number, the same in both functions, and what is wrong with the certificate.
macro_rules! defects {
    ($($number:literal $defect:ident $what:literal;)+) => {
        /// CERT.DPauth.ECDSA is bad.
        pub(super) const AUTHENTICATE_SERVER: &[Case] = &[
            $(Case {
                head: Head {
                    level: SigningDefect::$defect.level(),
                    ..Head::must(
                        authenticate_server::FUNCTION,
                        $number,
                        concat!("A server whose CERT.DPauth.ECDSA ", $what, " is refused."),
                    )
                }
                .tagged(&["certificate"]),
                variants: Variants::CURVES,
                needs: &[],
                steps: &[
                    Step::Do(Request::GetEuiccChallenge),
                    Step::Ask(Request::AuthenticateServer(Authentication::Defect(ServerDefect::Auth(
                        SigningDefect::$defect,
                    )))),
                ],
                expected: Expected::Authenticate(SigningDefect::$defect.authenticate_server_answers()),
            },)+
            DS_SIGNATURE,
            DS_ROLE,
            DS_UNKNOWN,
        ];

        /// CERT.DPpb.ECDSA is bad.
        pub(super) const PREPARE_DOWNLOAD: &[Case] = &[
            $(Case {
                head: Head {
                    level: SigningDefect::$defect.level(),
                    ..Head::must(
                        prepare_download::FUNCTION,
                        $number,
                        concat!("An SM-DP+ whose CERT.DPpb.ECDSA ", $what, " is refused."),
                    )
                }
                .tagged(&["certificate"]),
                variants: Variants::CURVES,
                needs: &[],
                steps: &[
                    Step::Do(Request::GetEuiccChallenge),
                    Step::Do(Request::AuthenticateServer(Authentication::Defect(ServerDefect::Pb(
                        SigningDefect::$defect,
                    )))),
                    Step::Ask(Request::PrepareDownload(Preparation::Good)),
                ],
                expected: Expected::Download(SigningDefect::$defect.prepare_download_answers()),
            },)+
            OIDS_DIFFER,
            AUTH_TWICE,
            TWO_CIS,
        ];
    };
}

defects! {
    31 CiUnknown "is of an unknown Certificate Issuer";
    32 Expired "has expired";
    33 NotYetValid "is not valid yet";
    34 SignatureBit "has a signature that is wrong in one bit";
    35 OfForgedCi "was signed with another key under the name of the Certificate Issuer";
    36 SelfSigned "was issued by itself";
    37 AuthorityKey "names the key of another Certificate Issuer";
    38 NoAuthorityKey "has no authorityKeyIdentifier";
    39 NoKeyIdentifier "has no subjectKeyIdentifier";
    40 OfOtherServerRole "is of the other signing role";
    41 OfTls "is a TLS certificate";
    42 OfEuicc "is of the role of an eUICC";
    43 OfTwoRoles "is of two roles";
    44 NoPolicies "has no certificatePolicies";
    45 PoliciesNotCritical "has certificatePolicies that are not critical";
    46 WrongKeyUsage "may not sign";
    47 MoreKeyUsage "may sign certificates as well";
    48 NoKeyUsage "has no keyUsage";
    49 KeyUsageNotCritical "has a keyUsage that is not critical";
    50 Ca "is marked as that of an authority";
    51 UnknownCritical "has an unknown critical extension";
    52 RepeatedExtension "has an extension twice";
    53 NoRegisteredId "has no object identifier of the server";
    54 TwoRegisteredIds "has two object identifiers of the server";
    55 OtherCurve "has a key on another curve than its issuer's";
    56 UnsupportedCurve "has a key on a curve that the eUICC does not know";
    57 PointOffCurve "has a key that is no point of its curve";
    58 Version1 "is of version 1";
    59 Sha384 "is said to be signed with SHA-384";
    60 Rsa "is said to be signed with RSA";
    61 TwoAlgorithms "names two signature algorithms";
}

macro_rules! smds {
    ($name:ident $number:literal $defect:ident $what:literal) => {
        const $name: Case = Case {
            head: Head::must(
                authenticate_server::FUNCTION,
                $number,
                concat!("An SM-DS whose CERT.DSauth.ECDSA ", $what, " is refused."),
            )
            .tagged(&["certificate"]),
            variants: Variants::CURVES,
            needs: &[],
            steps: &[
                Step::Do(Request::GetEuiccChallenge),
                Step::Ask(Request::AuthenticateServer(Authentication::SmdsDefect(SigningDefect::$defect))),
            ],
            expected: Expected::Authenticate(SigningDefect::$defect.authenticate_server_answers()),
        };
    };
}

smds!(DS_SIGNATURE 71 SignatureBit "has a signature that is wrong in one bit");
smds!(DS_ROLE 72 OfTls "is a TLS certificate");
smds!(DS_UNKNOWN 73 CiUnknown "is of an unknown Certificate Issuer");

macro_rules! pair {
    ($name:ident $number:literal $form:expr, $requirement:literal, $needs:expr) => {
        const $name: Case = Case {
            head: Head::must(prepare_download::FUNCTION, $number, $requirement).tagged(&["certificate"]),
            variants: Variants::CURVES,
            needs: $needs,
            steps: &[
                Step::Do(Request::GetEuiccChallenge),
                Step::Do(Request::AuthenticateServer($form)),
                Step::Ask(Request::PrepareDownload(Preparation::Good)),
            ],
            // There is no code for certificates that do not belong together.
            expected: Expected::OneOf(&[Told::AnyCode]),
        };
    };
}

pair!(OIDS_DIFFER 71 Authentication::Defect(ServerDefect::OidsDiffer),
    "CERT.DPpb.ECDSA of another SM-DP+ than the one that was authenticated is refused.", &[]);
pair!(AUTH_TWICE 72 Authentication::Defect(ServerDefect::AuthTwice),
    "CERT.DPauth.ECDSA is refused in the place of CERT.DPpb.ECDSA.", &[]);
pair!(TWO_CIS 73 Authentication::TwoCis,
    "CERT.DPpb.ECDSA under another Certificate Issuer than CERT.DPauth.ECDSA is refused.", &[Need::BothCurves]);
