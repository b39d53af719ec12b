//! Who may call ES2+ (SGP.22 §6.1.1, §2.6.6): the operator is known by its TLS certificate.

use super::ORDERED;
use crate::case::{Function, Head, Variants};
use crate::pki::ClientDefect;
use crate::server::Case;
use crate::server::call::Caller;
use crate::server::cases::smdp;
use crate::server::expected::Expected::TurnedAway;
use crate::server::step::Step::{self, By};

const FUNCTION: Function = Function { interface: "ES2+", name: "TLS", section: "6.1.1" };

const fn refuses(number: u16, defect: ClientDefect, steps: &'static [Step]) -> Case {
    let head = Head { level: defect.level(), ..Head::must(FUNCTION, number, defect.requirement()) };
    smdp(head.tagged(&["certificate", "tls"]), Variants::ONCE, steps, TurnedAway)
}

const fn must(number: u16, requirement: &'static str) -> Head {
    Head::must(FUNCTION, number, requirement).tagged(&["certificate", "tls"])
}

/// What is asked for is offered to the usual caller, so it is the caller that is turned away.
pub(super) const CASES: &[Case] = &[
    smdp(
        must(1, "hears nobody without a certificate"),
        Variants::ONCE,
        &[ORDERED, By(Caller::Nobody, &ORDERED)],
        TurnedAway,
    ),
    smdp(
        must(2, "hears no operator that it does not know"),
        Variants::ONCE,
        &[ORDERED, By(Caller::Stranger, &ORDERED)],
        TurnedAway,
    ),
];

macro_rules! defects {
    ($($number:literal $defect:ident,)+) => {
        pub(super) const DEFECTS: &[Case] = &[
            $(refuses(
                $number,
                ClientDefect::$defect,
                &[ORDERED, By(Caller::Wrong(ClientDefect::$defect), &ORDERED)],
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
    109 ServerOnly,
    110 WrongKeyUsage,
    111 Ca,
    112 UnknownCritical,
    113 NoRegisteredId,
    114 TwoRegisteredIds,
    115 Sha384,
    116 Truncated,
}
