//! ES9+.AuthenticateClient with certificates that are wrong in one thing (SGP.22 §5.6.3, §4.5.2.2): a case for each
//! [`EuiccDefect`], which says what is wrong and how it has to be refused.

use super::authenticate_client::FUNCTION;
use crate::case::{Head, Variants};
use crate::pki::EuiccDefect;
use crate::server::Case;
use crate::server::call::Authenticate;
use crate::server::cases::{INITIATE, smdp};
use crate::server::expected::Expected::RefusedAs;
use crate::server::orders::OrderKind::Released;
use crate::server::step::Step::{self, AuthenticateClient, Order};

/// The sequence of SGP.23 that shows a chain of this kind.
const fn sgp23(defect: EuiccDefect) -> Option<&'static str> {
    match defect {
        EuiccDefect::EumSignatureBit => Some("4.3.14.2.2 #1"),
        EuiccDefect::EumExpired => Some("4.3.14.2.2 #2"),
        EuiccDefect::EuiccSignatureBit => Some("4.3.14.2.2 #3"),
        EuiccDefect::EuiccExpired => Some("4.3.14.2.2 #4"),
        EuiccDefect::CiUnknown => Some("4.3.14.2.2 #7"),
        _ => None,
    }
}

/// A case for a defect. Those that tell the codes apart run in every way, the others on each curve.
const fn refuses(number: u16, defect: EuiccDefect, variants: Variants, steps: &'static [Step]) -> Case {
    let (level, sgp23) = (defect.level(), sgp23(defect));
    let head = Head { level, sgp23, ..Head::must(FUNCTION, number, defect.requirement()) };
    smdp(head.tagged(&["certificate"]), variants, steps, RefusedAs(defect))
}

macro_rules! cases {
    ($($number:literal $variants:ident $defect:ident,)+) => {
        pub(super) const CASES: &[Case] = &[
            $(refuses(
                $number,
                EuiccDefect::$defect,
                Variants::$variants,
                &[Order(Released), INITIATE, AuthenticateClient(Authenticate::Chain(EuiccDefect::$defect))],
            ),)+
        ];
    };
}

cases! {
    101 ALL CiUnknown,
    102 ALL EumExpired,
    103 CURVES EumNotYetValid,
    104 ALL EumSignatureBit,
    105 CURVES EumOfForgedCi,
    106 CURVES EumSelfSigned,
    107 CURVES EumBelowEum,
    108 CURVES EumAuthorityKey,
    109 CURVES EumNoAuthorityKey,
    110 CURVES EumNoKeyIdentifier,
    111 CURVES EumOfAnotherRole,
    112 CURVES EumOfTwoRoles,
    113 CURVES EumNoPolicies,
    114 CURVES EumPoliciesNotCritical,
    115 CURVES EumKeyUsage,
    116 CURVES EumNoKeyUsage,
    117 CURVES EumKeyUsageNotCritical,
    118 CURVES EumNotCa,
    119 CURVES EumNoConstraints,
    120 CURVES EumConstraintsNotCritical,
    121 CURVES EumAnyPathLength,
    122 CURVES EumPathLength,
    123 CURVES EumNoNameConstraints,
    124 CURVES EumNameConstraintsNotCritical,
    125 CURVES EumUnknownCritical,
    126 CURVES EumRepeatedExtension,
    127 CURVES EumOtherCurve,
    128 CURVES EumPointOffCurve,
    129 CURVES EumVersion1,
    130 CURVES EumSha384,
    131 CURVES EumRsa,
    132 CURVES EumTwoAlgorithms,
    133 ALL EuiccExpired,
    134 CURVES EuiccNotYetValid,
    135 ALL EuiccSignatureBit,
    136 CURVES EuiccOfForgedEum,
    137 CURVES EuiccSelfSigned,
    138 CURVES EuiccBelowCi,
    139 CURVES EuiccIssuerName,
    140 CURVES EuiccAuthorityKey,
    141 CURVES EuiccNoAuthorityKey,
    142 CURVES EuiccNoKeyIdentifier,
    143 CURVES EuiccOfAnotherRole,
    144 CURVES EuiccOfTwoRoles,
    145 CURVES EuiccNoPolicies,
    146 CURVES EuiccPoliciesNotCritical,
    147 CURVES EuiccKeyUsage,
    148 CURVES EuiccNoKeyUsage,
    149 CURVES EuiccKeyUsageNotCritical,
    150 CURVES EuiccCa,
    151 CURVES EuiccUnknownCritical,
    152 CURVES EuiccRepeatedExtension,
    153 CURVES EidOutOfRange,
    154 CURVES OtherOrganization,
    155 CURVES NoOrganization,
    156 CURVES NoEid,
    157 CURVES EidCheckDigits,
    158 CURVES EidTooShort,
    159 CURVES EidNotPrintable,
    160 CURVES EuiccOtherCurve,
    161 CURVES EuiccPointOffCurve,
    162 CURVES EuiccVersion1,
    163 CURVES EuiccSha384,
    164 CURVES EuiccRsa,
    165 CURVES EuiccTwoAlgorithms,
}
