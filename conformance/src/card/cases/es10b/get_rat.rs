//! GetRAT (SGP.22 §5.7.22).

use crate::card::cases::prelude::*;

const FUNCTION: Function = Function { interface: "ES10b", name: "GetRAT", section: "5.7.22" };

const RAT: Step = Step::Ask(Request::GetRat);

pub(super) const CASES: &[Case] = &[
    Case {
        head: Head::must(
            FUNCTION,
            1,
            "The Rules Authorisation Table has entries that name a rule and operators.",
        )
        .tagged(&["policy"]),
        variants: Variants::ONCE,
        needs: &[],
        steps: &[RAT],
        expected: Expected::Done(&[Check::Information(Information::RatIsMeaningful)]),
    },
    Case {
        head: Head::must(
            FUNCTION,
            2,
            "The Rules Authorisation Table is told in the order in which it is stored, each time.",
        )
        .tagged(&["policy"]),
        variants: Variants::ONCE,
        needs: &[],
        steps: &[Step::Do(Request::GetRat), Step::Reset, RAT],
        expected: Expected::Done(&[Check::Information(Information::SameRat)]),
    },
    Case {
        head: Head::must(FUNCTION, 3, "The Rules Authorisation Table is told in the middle of a session.")
            .tagged(&["policy", "session"]),
        variants: Variants::ONCE,
        needs: &[],
        steps: &[Step::Authenticate, RAT],
        expected: Expected::Done(&[Check::Information(Information::SameRat)]),
    },
];
