//! LoadBoundProfilePackage (SGP.22 §5.7.6), and the Profile Installation Result (§2.5.6).

use asn1::NotificationEvent;

use crate::card::cases::prelude::*;

const FUNCTION: Function = Function { interface: "ES10b", name: "LoadBoundProfilePackage", section: "5.7.6" };
const RESULT: Function = Function { interface: "ES10b", name: "ProfileInstallationResult", section: "2.5.6" };

const PLAIN: Package = Package::Good(Slot::A, Form::Plain);

const fn load(package: Package) -> Step {
    Step::Ask(Request::Load(Portion::FromTheStart(package)))
}

const fn next(number: usize) -> Step {
    Step::Do(Request::Load(Portion::Next(number)))
}

const INSTALLATION: &[Step] = &[Step::Prepare, load(PLAIN)];
const REST: Step = Step::Ask(Request::Load(Portion::Rest));
const OUT_OF_TURN: &[Told] = &[Told::Status(0x6A88), Told::Status(0x6985)];

const fn case(head: Head, steps: &'static [Step], expected: Expected) -> Case {
    Case { head, variants: Variants::ONCE, needs: &[Need::Room(1)], steps, expected }
}

const fn installs(number: u16, requirement: &'static str, steps: &'static [Step]) -> Case {
    let expected = Expected::Done(&[
        Check::Installed(Installed::NamesIccid),
        Check::Installed(Installed::SignatureVerifies),
        Check::Installed(Installed::OnlyAtTheEnd),
        Check::Profiles(Profiles::State(Slot::A, asn1::ProfileState::DISABLED)),
    ]);
    case(Head::must(FUNCTION, number, requirement), steps, expected)
}

/// The same, as what should be so: SGP.22 §2.5.5 and §5.7.6 have the LPA send 255 bytes at a time, §5.7.2 (Table 47) with Le.
const fn also_installs(number: u16, requirement: &'static str, steps: &'static [Step]) -> Case {
    Case { head: Head::should(FUNCTION, number, requirement), ..installs(number, requirement, steps) }
}

const fn result(number: u16, requirement: &'static str, checks: &'static [Check]) -> Case {
    let head = Head::must(RESULT, number, requirement).tagged(&["notification"]);
    Case { variants: Variants::CURVES, ..case(head, INSTALLATION, Expected::Done(checks)) }
}

pub(super) const CASES: &[Case] = &[
    Case {
        variants: Variants::CURVES,
        ..installs(
            1,
            "A package that is protected with the session keys is installed.",
            &[Step::Prepare, load(PLAIN)],
        )
    },
    Case {
        variants: Variants::CURVES,
        ..installs(
            2,
            "A package with Profile Protection Keys is installed.",
            &[Step::Prepare, load(Package::WithKeys(Slot::A, Form::Plain))],
        )
    },
    installs(3, "A host id of one byte is taken.", &[Step::Prepare, load(Package::WithHostId(Slot::A, 1))]),
    installs(4, "A host id of 16 bytes is taken.", &[Step::Prepare, load(Package::WithHostId(Slot::A, 16))]),
    also_installs(
        5,
        "Segments in blocks of 16 bytes are taken.",
        &[Step::Blocks(16), Step::Prepare, load(PLAIN)],
    ),
    also_installs(
        6,
        "Segments in blocks of 100 bytes are taken.",
        &[Step::Blocks(100), Step::Prepare, load(PLAIN)],
    ),
    also_installs(7, "Segments without Le are taken.", &[Step::WithoutLe, Step::Prepare, load(PLAIN)]),
    case(
        Head::must(FUNCTION, 8, "A segment that is not the last is answered without data."),
        &[Step::Prepare, Step::Bind(PLAIN), Step::Ask(Request::Load(Portion::Next(4)))],
        Expected::OneOf(&[Told::NoData]),
    ),
    case(
        Head::must(FUNCTION, 9, "A package without a session is refused with 6A88 or 6985.")
            .tagged(&["session"]),
        &[Step::Prepare, Step::Bind(PLAIN), Step::Reset, REST],
        Expected::OneOfAnd(OUT_OF_TURN, &[Check::Profiles(Profiles::Absent(Slot::A))]),
    ),
    case(
        Head::must(FUNCTION, 10, "A package before PrepareDownload is refused with 6A88 or 6985.")
            .tagged(&["session"]),
        &[Step::Prepare, Step::Bind(PLAIN), Step::Authenticate, REST],
        Expected::OneOfAnd(OUT_OF_TURN, &[Check::Profiles(Profiles::Absent(Slot::A))]),
    ),
    case(
        Head::must(FUNCTION, 11, "A segment whose turn has not come is refused with 6A88 or 6985.")
            .tagged(&["session"]),
        &[Step::Prepare, Step::Bind(PLAIN), next(1), Step::Ask(Request::Load(Portion::SkipOne))],
        Expected::OneOf(OUT_OF_TURN),
    ),
    case(
        Head::must(FUNCTION, 12, "A segment with an unknown tag is refused with 6A88.").tagged(&["package"]),
        &[
            Step::Prepare,
            Step::Bind(PLAIN),
            next(2),
            Step::Ask(Request::Bytes("a segment with the tag 85", "850100")),
        ],
        Expected::OneOf(&[Told::Status(0x6A88)]),
    ),
    case(
        Head::must(FUNCTION, 13, "A segment with an unknown tag does not end the session.")
            .tagged(&["package", "session"]),
        &[
            Step::Prepare,
            Step::Bind(PLAIN),
            next(2),
            Step::Ask(Request::Bytes("a segment with the tag 85", "850100")),
            REST,
        ],
        Expected::Done(&[
            Check::Installed(Installed::NamesIccid),
            Check::Profiles(Profiles::State(Slot::A, asn1::ProfileState::DISABLED)),
        ]),
    ),
    case(
        Head::must(
            FUNCTION,
            14,
            "The package comes again after the result, and is refused with 6A88 or 6985.",
        )
        .tagged(&["session"]),
        &[
            Step::Prepare,
            Step::Do(Request::Load(Portion::FromTheStart(PLAIN))),
            Step::Ask(Request::Load(Portion::FromTheStart(Package::Good(Slot::B, Form::Plain)))),
        ],
        Expected::OneOfAnd(OUT_OF_TURN, &[Check::Profiles(Profiles::Absent(Slot::B))]),
    ),
    case(
        Head::must(FUNCTION, 15, "Of a package that a reset cuts short nothing stays.")
            .tagged(&["session", "reset"]),
        &[
            Step::Prepare,
            Step::Bind(PLAIN),
            Step::Do(Request::Load(Portion::Next(6))),
            Step::Reset,
            Step::Ask(Request::Load(Portion::Next(1))),
        ],
        Expected::OneOfAnd(OUT_OF_TURN, &[Check::Profiles(Profiles::Absent(Slot::A))]),
    ),
    case(
        Head::must(FUNCTION, 16, "An installed profile has an ISD-P with an AID of its own range."),
        &[Step::Prepare, load(PLAIN)],
        Expected::Done(&[Check::Profiles(Profiles::AidIsOfAnIsdP(Slot::A))]),
    ),
    case(
        Head::must(FUNCTION, 17, "Installing a profile leaves the others as they are."),
        &[Step::Prepare, load(PLAIN)],
        Expected::Done(&[Check::Profiles(Profiles::OthersAreUntouched)]),
    ),
    Case {
        needs: &[Need::Room(2)],
        ..case(
            Head::must(FUNCTION, 18, "A second profile is installed beside the first."),
            &[Step::Install(Slot::B, Form::Plain), Step::NoteNotifications, Step::Prepare, load(PLAIN)],
            Expected::Done(&[
                Check::Profiles(Profiles::State(Slot::A, asn1::ProfileState::DISABLED)),
                Check::Profiles(Profiles::State(Slot::B, asn1::ProfileState::DISABLED)),
            ]),
        )
    },
    result(
        1,
        "The result has the transactionId of the session.",
        &[Check::Installed(Installed::NamesTransaction)],
    ),
    result(
        2,
        "smdpOid is the object identifier in CERT.DPpb.ECDSA.",
        &[Check::Installed(Installed::NamesTheServer)],
    ),
    result(
        3,
        "The result is a notification of an installation for the serverAddress of the session.",
        &[Check::Installed(Installed::MetadataIsRight)],
    ),
    result(4, "The result names the ICCID.", &[Check::Installed(Installed::NamesIccid)]),
    result(
        5,
        "euiccSignPIR is made with the eUICC's key over the data object BF27.",
        &[Check::Installed(Installed::SignatureVerifies)],
    ),
    result(6, "The result of success has the AID of the ISD-P.", &[Check::Installed(Installed::NamesAid)]),
    result(7, "The result is kept until it is removed.", &[Check::Installed(Installed::IsKept)]),
    Case {
        needs: &[Need::Room(2)],
        ..case(
            Head::must(RESULT, 8, "The result has a sequence number above all before.")
                .tagged(&["notification"]),
            &[Step::Install(Slot::B, Form::Notifying), Step::NoteNotifications, Step::Prepare, load(PLAIN)],
            Expected::Done(&[Check::Installed(Installed::NumberIsNew)]),
        )
    },
    result(
        9,
        "After the result segments are refused with 6A88 or 6985.",
        &[Check::Installed(Installed::NothingMoreIsTaken)],
    ),
    case(
        Head::must(RESULT, 10, "First comes the result, then the notifications that the metadata asks for.")
            .tagged(&["notification"]),
        &[Step::Prepare, load(Package::Good(Slot::A, Form::Notifying))],
        Expected::Done(&[Check::Notified(Notified::Are(&[
            Note::Result(Slot::A),
            Note::Event(NotificationEvent::INSTALL, Slot::A),
        ]))]),
    ),
    case(
        Head::must(RESULT, 11, "Where the metadata asks for no notification there is none but the result.")
            .tagged(&["notification"]),
        &[Step::Prepare, load(PLAIN)],
        Expected::Done(&[Check::Notified(Notified::Are(&[Note::Result(Slot::A)]))]),
    ),
    case(
        Head::must(RESULT, 12, "The result outlives a reset.").tagged(&["notification", "reset"]),
        &[Step::Prepare, load(PLAIN), Step::Reset],
        Expected::Done(&[Check::Installed(Installed::IsKept)]),
    ),
];
