//! SetDefaultDpAddress (SGP.22 §5.7.4).

use asn1::SetDefaultDpAddressResult;

use crate::card::cases::prelude::*;

const FUNCTION: Function = Function { interface: "ES10a", name: "SetDefaultDpAddress", section: "5.7.4" };

const FIRST: &str = "first.conformance.example.com";
const SECOND: &str = "second.conformance.example.com";

const fn case(head: Head, steps: &'static [Step], expected: Expected) -> Case {
    Case { head, variants: Variants::ONCE, needs: &[], steps, expected }
}

pub(super) const CASES: &[Case] = &[
    case(
        Head::must(FUNCTION, 1, "A text becomes the default SM-DP+ address."),
        &[Step::Ask(Request::SetDefaultDpAddress(FIRST))],
        Expected::Done(&[Check::Address(Address::DefaultIs(Some(FIRST)))]),
    ),
    case(
        Head::must(FUNCTION, 2, "Another text replaces the default SM-DP+ address."),
        &[Step::Do(Request::SetDefaultDpAddress(FIRST)), Step::Ask(Request::SetDefaultDpAddress(SECOND))],
        Expected::Done(&[Check::Address(Address::DefaultIs(Some(SECOND)))]),
    ),
    case(
        Head::must(FUNCTION, 3, "An empty text removes the default SM-DP+ address."),
        &[Step::Do(Request::SetDefaultDpAddress(FIRST)), Step::Ask(Request::SetDefaultDpAddress(""))],
        Expected::Done(&[Check::Address(Address::DefaultIs(None))]),
    ),
    case(
        Head::should(FUNCTION, 4, "Removing a default SM-DP+ address that is not there is no error."),
        &[Step::Do(Request::SetDefaultDpAddress("")), Step::Ask(Request::SetDefaultDpAddress(""))],
        Expected::Done(&[Check::Address(Address::DefaultIs(None))]),
    ),
    case(
        Head::must(FUNCTION, 5, "The default SM-DP+ address outlives a reset.").tagged(&["reset"]),
        &[Step::Ask(Request::SetDefaultDpAddress(FIRST)), Step::Reset],
        Expected::Done(&[Check::Address(Address::DefaultIs(Some(FIRST)))]),
    ),
    case(
        Head::should(FUNCTION, 6, "A request without an address is refused and changes nothing."),
        &[Step::Ask(Request::Bytes("SetDefaultDpAddress without an address", "BF3F00"))],
        Expected::OneOfAnd(
            &[Told::Status(0x6A80), Told::Code(Code::Address(SetDefaultDpAddressResult::UNDEFINED_ERROR))],
            &[Check::Address(Address::DefaultIsAsBefore)],
        ),
    ),
];
