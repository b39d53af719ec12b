//! ES11.AuthenticateClient with certificates that are wrong in one thing (SGP.22 §5.8.2, §4.5.2.2). The whole list is that of
//! ES9+, which verifies them in the same way.

use super::authenticate_client::FUNCTION;
use crate::case::{Head, Variants};
use crate::pki::EuiccDefect;
use crate::server::Case;
use crate::server::call::Authenticate;
use crate::server::cases::{INITIATE, smds};
use crate::server::expected::Expected::RefusedAs;
use crate::server::step::Step::{self, AuthenticateClient};

/// A case for a defect. Those that tell the codes apart run in every way, the others on each curve.
const fn refuses(number: u16, defect: EuiccDefect, variants: Variants, steps: &'static [Step]) -> Case {
    let head = Head { level: defect.level(), ..Head::must(FUNCTION, number, defect.requirement()) };
    smds(head.tagged(&["certificate"]), variants, steps, RefusedAs(defect))
}

macro_rules! cases {
    ($($number:literal $variants:ident $defect:ident,)+) => {
        pub(super) const CASES: &[Case] = &[
            $(refuses(
                $number,
                EuiccDefect::$defect,
                Variants::$variants,
                &[INITIATE, AuthenticateClient(Authenticate::Chain(EuiccDefect::$defect))],
            ),)+
        ];
    };
}

cases! {
    101 ALL CiUnknown,
    102 ALL EumExpired,
    103 ALL EumSignatureBit,
    104 ALL EuiccExpired,
    105 ALL EuiccSignatureBit,
    106 CURVES EumOfForgedCi,
    107 CURVES EumOfAnotherRole,
    108 CURVES EumNotCa,
    109 CURVES EuiccOfForgedEum,
    110 CURVES EuiccOfAnotherRole,
    111 CURVES EuiccKeyUsage,
    112 CURVES EidOutOfRange,
    113 CURVES OtherOrganization,
}
