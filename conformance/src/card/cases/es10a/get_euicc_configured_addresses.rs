//! GetEuiccConfiguredAddresses (SGP.22 §5.7.3).

use crate::card::cases::prelude::*;

const FUNCTION: Function =
    Function { interface: "ES10a", name: "GetEuiccConfiguredAddresses", section: "5.7.3" };

pub(super) const CASES: &[Case] = &[
    Case {
        head: Head::must(FUNCTION, 1, "The eUICC tells the address of the Root SM-DS."),
        variants: Variants::ONCE,
        needs: &[],
        steps: &[Step::Ask(Request::GetEuiccConfiguredAddresses)],
        expected: Expected::Done(&[Check::Address(Address::RootIsAHostName)]),
    },
    Case {
        head: Head::must(FUNCTION, 2, "The eUICC tells the default SM-DP+ address where there is one."),
        variants: Variants::ONCE,
        needs: &[],
        steps: &[
            Step::Do(Request::SetDefaultDpAddress("told.conformance.example.com")),
            Step::Ask(Request::GetEuiccConfiguredAddresses),
        ],
        expected: Expected::Done(&[Check::Address(Address::DefaultIs(Some("told.conformance.example.com")))]),
    },
    Case {
        head: Head::must(FUNCTION, 3, "The eUICC tells no default SM-DP+ address where there is none."),
        variants: Variants::ONCE,
        needs: &[],
        steps: &[Step::Do(Request::SetDefaultDpAddress("")), Step::Ask(Request::GetEuiccConfiguredAddresses)],
        expected: Expected::Done(&[Check::Address(Address::DefaultIs(None))]),
    },
];
