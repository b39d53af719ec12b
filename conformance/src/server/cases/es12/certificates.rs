//! Who may call ES12 (SGP.22 §5.9, §6.1.1, §4.5.2.1.0.5): an SM-DP+ is known by CERT.DP.TLS.

use super::EVENT;
use crate::case::{Function, Head, Variants};
use crate::pki::ClientDefect;
use crate::server::Case;
use crate::server::call::Caller;
use crate::server::cases::smds;
use crate::server::expected::Expected::TurnedAway;
use crate::server::step::Step::{self, By};

const FUNCTION: Function = Function { interface: "ES12", name: "TLS", section: "6.1.1" };

const fn refuses(number: u16, defect: ClientDefect, steps: &'static [Step]) -> Case {
    let head = Head { level: defect.level(), ..Head::must(FUNCTION, number, defect.requirement()) };
    smds(head.tagged(&["certificate", "tls"]), Variants::ONCE, steps, TurnedAway)
}

const fn must(number: u16, requirement: &'static str) -> Head {
    Head::must(FUNCTION, number, requirement).tagged(&["certificate", "tls"])
}

/// What is asked for is offered to the usual caller, so it is the caller that is turned away.
pub(super) const CASES: &[Case] = &[
    smds(
        must(1, "hears nobody without a certificate"),
        Variants::ONCE,
        &[EVENT, By(Caller::Nobody, &EVENT)],
        TurnedAway,
    ),
    smds(
        must(2, "hears nobody whose certificate is no CERT.DP.TLS and no CERT.DS.TLS"),
        Variants::ONCE,
        &[EVENT, By(Caller::Stranger, &EVENT)],
        TurnedAway,
    ),
];

macro_rules! defects {
    ($($number:literal $defect:ident,)+) => {
        pub(super) const DEFECTS: &[Case] = &[
            $(refuses(
                $number,
                ClientDefect::$defect,
                &[EVENT, By(Caller::Wrong(ClientDefect::$defect), &EVENT)],
            ),)+
        ];
    };
}

defects! {
    101 Expired,
    102 NotYetValid,
    103 CiUnknown,
    104 CiUnknownAndShown,
    105 CiForged,
    106 SelfSigned,
    107 BelowEum,
    108 SignatureBit,
    109 AuthorityKey,
    110 OfSigningRole,
    111 OfEuicc,
    112 ServerOnly,
    113 WrongKeyUsage,
    114 UnknownCritical,
    115 NoRegisteredId,
    116 TwoRegisteredIds,
}
