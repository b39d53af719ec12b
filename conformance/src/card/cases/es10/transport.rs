//! The transport command: STORE DATA and GET RESPONSE (SGP.22 §5.7.2).

use crate::card::cases::prelude::*;

const FUNCTION: Function = Function { interface: "ES10", name: "TransportCommand", section: "5.7.2" };

const GET_EID: Step = Step::Ask(Request::GetEid);
const SAME: Expected =
    Expected::Done(&[Check::Transport(Transport::SameDataAsFirst), Check::Transport(Transport::NoEarlyData)]);
const TAGS: &[u32] = &[0x5A, 0x4F, 0x9F70, 0x90, 0x91, 0x92, 0x93, 0x95, 0xB6, 0xB7, 0xB8, 0x99];
const ALL_TAGS: Step =
    Step::Ask(Request::GetProfilesInfo(Query { criterion: Criterion::All, tags: Some(TAGS) }));
const AUTHENTICATE: Step = Step::Ask(Request::AuthenticateServer(Authentication::Good));
const CHALLENGE: Step = Step::Do(Request::GetEuiccChallenge);

/// A command object that is no DER, or no command.
const fn refused(number: u16, requirement: &'static str, steps: &'static [Step], expected: Expected) -> Case {
    let head = Head::must(FUNCTION, number, requirement);
    Case { head, variants: Variants::ONCE, needs: &[], steps, expected }
}

const fn should(head: Head, steps: &'static [Step], expected: Expected) -> Case {
    Case { head, variants: Variants::ONCE, needs: &[], steps, expected }
}

const WRONG_DATA: Expected = Expected::OneOf(&[Told::Status(0x6A80)]);
const UNKNOWN: Expected = Expected::OneOf(&[Told::Status(0x6A88)]);

pub(super) const CASES: &[Case] = &[
    refused(
        1,
        "A command in blocks of one byte is answered as in one block.",
        &[ALL_TAGS, Step::Blocks(1), ALL_TAGS],
        SAME,
    ),
    refused(
        2,
        "A command in blocks of 7 bytes is answered as in one block.",
        &[ALL_TAGS, Step::Blocks(7), ALL_TAGS],
        SAME,
    ),
    refused(
        3,
        "A long command in blocks of 255 bytes is answered with the last one only.",
        &[Step::Blocks(255), CHALLENGE, AUTHENTICATE],
        Expected::Done(&[
            Check::Transport(Transport::NoEarlyData),
            Check::Authenticated(Authenticated::SignatureVerifies),
        ]),
    ),
    refused(
        4,
        "A long command in blocks of 120 bytes is answered with the last one only.",
        &[Step::Blocks(120), CHALLENGE, AUTHENTICATE],
        Expected::Done(&[
            Check::Transport(Transport::NoEarlyData),
            Check::Authenticated(Authenticated::SignatureVerifies),
        ]),
    ),
    should(
        Head::should(FUNCTION, 5, "STORE DATA without Le is carried out as well."),
        &[GET_EID, Step::WithoutLe, GET_EID],
        SAME,
    ),
    refused(
        6,
        "An object that ends too early is answered with 6A80.",
        &[Step::Ask(Request::Bytes("GetProfilesInfo that lacks its value", "BF2D03"))],
        WRONG_DATA,
    ),
    refused(
        7,
        "An object whose length is not in its shortest form is answered with 6A80.",
        &[Step::Ask(Request::Bytes("GetEUICCInfo with a length of two bytes", "BF208100"))],
        WRONG_DATA,
    ),
    refused(
        8,
        "An object of indefinite length is answered with 6A80.",
        &[Step::Ask(Request::Bytes("GetEUICCInfo of indefinite length", "BF20800000"))],
        WRONG_DATA,
    ),
    should(
        Head::should(FUNCTION, 9, "Two objects in one command are answered with 6A80."),
        &[Step::Ask(Request::Bytes("GetEUICCInfo twice", "BF2000BF2000"))],
        WRONG_DATA,
    ),
    refused(
        10,
        "A member that ends outside of its object is answered with 6A80.",
        &[Step::Ask(Request::Bytes("SetNickname with an ICCID that is too long", "BF29035A0A98"))],
        WRONG_DATA,
    ),
    refused(
        11,
        "An unknown command is answered with 6A88.",
        &[Step::Ask(Request::Bytes("a command with the tag BF7E", "BF7E00"))],
        UNKNOWN,
    ),
    refused(
        12,
        "A command with the tag of a response object of another interface is answered with 6A88.",
        &[Step::Ask(Request::Bytes("a ProfileInfo object", "E30C5A0A98000000000000000010"))],
        UNKNOWN,
    ),
    should(
        Head::should(FUNCTION, 13, "A first block that is not number 0 is answered with 6A86."),
        &[Step::AskApdu("STORE DATA, block 1 first", "80E2910106BF3E035C015A00")],
        Expected::OneOf(&[Told::Status(0x6A86)]),
    ),
    should(
        Head::should(FUNCTION, 14, "A block that leaves out a number is answered with 6A86."),
        &[
            Step::AskApdu("STORE DATA, block 0 of more", "80E2110003BF3E0300"),
            Step::AskApdu("STORE DATA, block 2 as the last", "80E29102035C015A00"),
        ],
        Expected::OneOf(&[Told::Status(0x6A86)]),
    ),
    should(
        Head::should(FUNCTION, 15, "Block number 0 begins a new command, whatever was begun before."),
        &[GET_EID, Step::AskApdu("STORE DATA, block 0 of more", "80E2110003BF2D0F00"), GET_EID],
        Expected::Done(&[Check::Transport(Transport::SameDataAsFirst)]),
    ),
    should(
        Head::should(FUNCTION, 16, "P1 that asks for decryption is answered with 6A86."),
        &[Step::AskApdu("STORE DATA with P1 F1", "80E2F10006BF3E035C015A00")],
        Expected::OneOf(&[Told::Status(0x6A86)]),
    ),
    should(
        Head::should(FUNCTION, 17, "P1 that announces DGI format is answered with 6A86."),
        &[Step::AskApdu("STORE DATA with P1 89", "80E2890006BF3E035C015A00")],
        Expected::OneOf(&[Told::Status(0x6A86)]),
    ),
    should(
        Head::should(FUNCTION, 18, "An unknown instruction is answered with 6D00."),
        &[Step::AskApdu("instruction EE", "80EE000000")],
        Expected::OneOf(&[Told::Status(0x6D00)]),
    ),
    Case {
        head: Head::should(FUNCTION, 19, "An unknown class is answered with 6E00."),
        variants: Variants::ONCE,
        needs: &[Need::AnyBytes],
        steps: &[Step::AskApdu("class A0", "A0E2910006BF3E035C015A00")],
        expected: Expected::OneOf(&[Told::Status(0x6E00), Told::Status(0x6881), Told::Status(0x6882)]),
    },
    Case {
        head: Head::should(FUNCTION, 20, "Lc that does not fit the data is answered with 6700."),
        variants: Variants::ONCE,
        needs: &[Need::AnyBytes],
        steps: &[Step::AskApdu("STORE DATA with Lc 0A and six bytes", "80E291000ABF3E035C015A")],
        expected: Expected::OneOf(&[Told::Status(0x6700)]),
    },
    refused(
        21,
        "An answer that is longer than one response is fetched with GET RESPONSE to its end.",
        &[CHALLENGE, AUTHENTICATE],
        Expected::Done(&[Check::Authenticated(Authenticated::Echoes)]),
    ),
];
