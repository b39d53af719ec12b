//! ISD-R selection and LPAe activation (SGP.22 §5.7.1).

use asn1::LpaeActivationResult;

use crate::card::cases::prelude::*;

const FUNCTION: Function = Function { interface: "ES10", name: "IsdrSelection", section: "5.7.1" };
const LPAE: Function = Function { interface: "ES10", name: "LpaeActivation", section: "5.7.1" };

const ISD_R: Step = Step::AskSelect("the ISD-R", "A000000559 1010 FFFFFFFF 8900000100");

pub(super) const CASES: &[Case] = &[
    Case {
        head: Head::must(
            FUNCTION,
            1,
            "The ISD-R is selected on a logical channel that MANAGE CHANNEL opens.",
        ),
        variants: Variants::ONCE,
        needs: &[Need::Channels],
        steps: &[ISD_R],
        expected: Expected::OneOfAnd(
            &[Told::Done, Told::NoData],
            &[Check::Transport(Transport::ChannelOpened)],
        ),
    },
    Case {
        head: Head::must(
            FUNCTION,
            2,
            "SELECT of the ISD-R gives its template E0 behind what GlobalPlatform puts into the FCI.",
        ),
        variants: Variants::ONCE,
        needs: &[Need::Channels],
        steps: &[ISD_R],
        expected: Expected::Done(&[Check::Transport(Transport::TemplateIsLast)]),
    },
    Case {
        head: Head::must(FUNCTION, 3, "The SVN in the FCI is that of EUICCInfo1, and of version 2 or later."),
        variants: Variants::ONCE,
        needs: &[Need::Channels],
        steps: &[ISD_R],
        expected: Expected::Done(&[
            Check::Transport(Transport::SvnIsOfVersion2),
            Check::Transport(Transport::SvnIsThatOfInfo1),
        ]),
    },
    Case {
        head: Head::must(FUNCTION, 4, "SELECT of an application that is not there is answered with 6A82."),
        variants: Variants::ONCE,
        needs: &[Need::Channels],
        steps: &[Step::AskSelect("an unknown application", "A000000559 1010 FFFFFFFF 89FFFFFFFF")],
        expected: Expected::OneOf(&[Told::Status(0x6A82)]),
    },
    Case {
        head: Head::should(FUNCTION, 5, "A command on a channel that was closed is answered with 6881."),
        variants: Variants::ONCE,
        needs: &[Need::Channels],
        steps: &[Step::CloseChannel, Step::Ask(Request::GetEid)],
        expected: Expected::OneOf(&[Told::Status(0x6881)]),
    },
    Case {
        head: Head::should(LPAE, 1, "An LPAe that the ISD-R does not announce is not activated."),
        variants: Variants::ONCE,
        needs: &[Need::NoLpae],
        steps: &[Step::Ask(Request::LpaeActivation)],
        expected: Expected::OneOf(&[
            Told::Code(Code::Lpae(LpaeActivationResult::NOT_SUPPORTED)),
            Told::Status(0x6A88),
        ]),
    },
];
