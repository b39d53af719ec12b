//! GetEUICCInfo (SGP.22 §5.7.8).

use crate::card::cases::prelude::*;

const FUNCTION: Function = Function { interface: "ES10b", name: "GetEUICCInfo", section: "5.7.8" };

const INFO1: Step = Step::Ask(Request::GetEuiccInfo1);
const INFO2: Step = Step::Ask(Request::GetEuiccInfo2);

const fn case(
    number: u16,
    requirement: &'static str,
    steps: &'static [Step],
    checks: &'static [Check],
) -> Case {
    let head = Head::must(FUNCTION, number, requirement);
    Case { head, variants: Variants::ONCE, needs: &[], steps, expected: Expected::Done(checks) }
}

pub(super) const CASES: &[Case] = &[
    case(
        1,
        "EUICCInfo1 has the SVN and the keys that the eUICC verifies with and signs under.",
        &[INFO1],
        &[Check::Information(Information::Info1NamesKeys)],
    ),
    Case {
        variants: Variants::CURVES,
        ..case(
            2,
            "EUICCInfo1 names the Certificate Issuer that the eUICC is certified under.",
            &[INFO1],
            &[Check::Information(Information::Info1NamesTheDirectory)],
        )
    },
    case(3, "EUICCInfo2 has all that is mandatory.", &[INFO2], &[]),
    case(
        4,
        "EUICCInfo1 and EUICCInfo2 have the same SVN.",
        &[INFO1, INFO2],
        &[Check::Information(Information::SameSvn)],
    ),
    case(
        5,
        "EUICCInfo1 and EUICCInfo2 name the same keys in the same order.",
        &[INFO1, INFO2],
        &[Check::Information(Information::SameLists)],
    ),
    case(
        6,
        "extCardResource says 0 installed applications, and how much memory is free.",
        &[INFO2],
        &[Check::Information(Information::CardResources)],
    ),
    case(7, "rpmSupport is 0.", &[INFO2], &[Check::Information(Information::NoRpm)]),
    case(
        8,
        "forbiddenProfilePolicyRules follow from the Rules Authorisation Table.",
        &[INFO2],
        &[Check::Information(Information::ForbiddenRules)],
    )
    .tagged(&["policy"]),
    Case {
        needs: &[Need::Room(1)],
        ..case(
            9,
            "PPR1 is forbidden beside an Operational Profile.",
            &[Step::Install(Slot::A, Form::Plain), INFO2],
            &[Check::Information(Information::ForbiddenRules)],
        )
        .tagged(&["policy"])
    },
    Case {
        head: Head::should(FUNCTION, 10, "A profile takes of the free memory."),
        needs: &[Need::Room(1)],
        ..case(
            10,
            "",
            &[Step::Install(Slot::A, Form::Plain), INFO2],
            &[Check::Information(Information::LessMemory)],
        )
    },
    case(
        11,
        "EUICCInfo is told in the middle of a session, and the session goes on.",
        &[
            Step::Do(Request::GetEuiccChallenge),
            INFO1,
            Step::Do(Request::AuthenticateServer(Authentication::Good)),
            INFO2,
            Step::Ask(Request::PrepareDownload(Preparation::Good)),
        ],
        &[Check::Prepared(Prepared::SignatureVerifies)],
    )
    .tagged(&["session"]),
];
