//! StoreMetadata (SGP.22 §5.5.3).

use asn1::{BppCommandId, ErrorReason, PprIds};
use crypto::scp03t::Kind;
use protocol::bpp::defect::PackageDefect as Defect;

use super::{altered, defect, form, mac};
use crate::card::cases::prelude::*;

const FUNCTION: Function = Function { interface: "ES8+", name: "StoreMetadata", section: "5.5.3" };

const ROOM: &[Need] = &[Need::Room(1)];

pub(super) const CASES: &[Case] = &[
    defect!(1, mac(Kind::MacOnly88, 1), "A MAC that is wrong in one bit is a security error."),
    defect!(2, altered(Kind::MacOnly88, 1), "Metadata that was altered under its MAC is a security error."),
    defect!(
        3,
        mac(Kind::MacOnly88, 2),
        "A MAC that is wrong in the second '88' is a security error of storeMetadata2."
    ),
    defect!(
        4,
        altered(Kind::MacOnly88, 2),
        "A second '88' that was altered under its MAC is a security error of storeMetadata2."
    ),
    defect!(5, Defect::UnreadableMetadata, "Metadata with an ICCID of nine bytes is refused."),
    defect!(6, Defect::MetadataInTwoSegments, "Metadata in two '88' is taken."),
    defect!(
        7,
        Defect::OtherNameInMetadata,
        "The eUICC takes the profile name as it comes: only the LPA knows the offer."
    ),
    defect!(8, Defect::Missing88, "A package without metadata is not installed."),
    Case {
        head: Head::must(FUNCTION, 9, "An ICCID that an installed profile has is refused.")
            .tagged(&["package"]),
        variants: Variants::CURVES,
        needs: &[Need::Room(2)],
        steps: &[
            Step::Install(Slot::A, Form::Plain),
            Step::NoteNotifications,
            Step::Prepare,
            Step::Ask(Request::Load(Portion::FromTheStart(Package::Good(Slot::A, Form::Plain)))),
        ],
        expected: Expected::Refused(
            BppCommandId::STORE_METADATA,
            &[ErrorReason::INSTALL_FAILED_DUE_TO_ICCID_ALREADY_EXISTS_ON_EUICC],
        ),
    },
    form!(
        10,
        Form::UnknownClass,
        STORE_METADATA,
        [UNSUPPORTED_PROFILE_CLASS, INCORRECT_INPUT_VALUES],
        ROOM,
        "A profile class that there is not is refused."
    ),
    form!(
        11,
        Form::RuledWithoutOwner,
        STORE_METADATA,
        [PPR_NOT_ALLOWED, INCORRECT_INPUT_VALUES],
        ROOM,
        "A Profile Policy Rule without a profile owner is refused."
    )
    .tagged(&["package", "policy"]),
    // SGP.22 §5.5.3 binds those who make metadata. What the eUICC has to verify is that there is an owner, and that the Rules
    // Authorisation Table allows it.
    Case {
        head: Head::should(
            FUNCTION,
            12,
            "A Profile Policy Rule with a wildcard in the profile owner is refused.",
        )
        .tagged(&["package", "policy"]),
        ..form!(
            12,
            Form::RuledWithWildcardOwner,
            STORE_METADATA,
            [PPR_NOT_ALLOWED, INCORRECT_INPUT_VALUES],
            ROOM,
            ""
        )
    },
    form!(
        13,
        Form::Ruled(&[PprIds::PPR1]),
        STORE_METADATA,
        [PPR_NOT_ALLOWED],
        &[Need::Room(1), Need::Forbids(PprIds::PPR1)],
        "PPR1 is refused where the Rules Authorisation Table has no entry for it."
    )
    .tagged(&["package", "policy"]),
    form!(
        14,
        Form::Ruled(&[PprIds::PPR2]),
        STORE_METADATA,
        [PPR_NOT_ALLOWED],
        &[Need::Room(1), Need::Forbids(PprIds::PPR2)],
        "PPR2 is refused where the Rules Authorisation Table has no entry for it."
    )
    .tagged(&["package", "policy"]),
    Case {
        head: Head::must(FUNCTION, 15, "PPR1 is refused beside another Operational Profile.")
            .tagged(&["package", "policy"]),
        variants: Variants::ONCE,
        needs: &[Need::Room(2), Need::Allows(PprIds::PPR1)],
        steps: &[
            Step::Install(Slot::B, Form::Plain),
            Step::NoteNotifications,
            Step::Prepare,
            Step::Ask(Request::Load(Portion::FromTheStart(Package::Good(
                Slot::A,
                Form::Ruled(&[PprIds::PPR1]),
            )))),
        ],
        expected: Expected::Refused(BppCommandId::STORE_METADATA, &[ErrorReason::PPR_NOT_ALLOWED]),
    },
    Case {
        head: Head::must(
            FUNCTION,
            16,
            "PPR1 is taken with the first Operational Profile where the Rules Authorisation Table allows it.",
        )
        .tagged(&["package", "policy"]),
        variants: Variants::ONCE,
        needs: &[Need::Room(1), Need::Allows(PprIds::PPR1), Need::NoOperationalProfile],
        steps: &[
            Step::Prepare,
            Step::Ask(Request::Load(Portion::FromTheStart(Package::Good(
                Slot::A,
                Form::Ruled(&[PprIds::PPR1]),
            )))),
        ],
        expected: Expected::Done(&[Check::Profiles(Profiles::State(Slot::A, asn1::ProfileState::DISABLED))]),
    },
    Case {
        head: Head::must(FUNCTION, 17, "All that metadata can have is taken and told again.")
            .tagged(&["package"]),
        variants: Variants::CURVES,
        needs: ROOM,
        steps: &[
            Step::Install(Slot::A, Form::Full),
            Step::Ask(Request::GetProfilesInfo(Query {
                criterion: Criterion::Profile(Target::Iccid(Slot::A)),
                tags: Some(&[0x5A, 0x91, 0x92, 0x93, 0x94, 0x95, 0xB6, 0xB7]),
            })),
        ],
        expected: Expected::Done(&[
            Check::Profiles(Profiles::TagsAre(Slot::A, &[0x5A, 0x91, 0x92, 0x93, 0x94, 0x95, 0xB6, 0xB7])),
            Check::Profiles(Profiles::ContentIsThatOfMetadata(Slot::A)),
        ]),
    },
    form!(
        18,
        Form::WithoutServiceProvider,
        STORE_METADATA,
        [INCORRECT_INPUT_VALUES],
        ROOM,
        "Metadata without serviceProviderName is refused."
    ),
    Case {
        head: Head::should(FUNCTION, 19, "An icon without iconType is refused.").tagged(&["package"]),
        ..form!(19, Form::IconWithoutType, STORE_METADATA, [INCORRECT_INPUT_VALUES], ROOM, "")
    },
    Case {
        head: Head::must(FUNCTION, 20, "A Provisioning Profile is installed.").tagged(&["package"]),
        variants: Variants::ONCE,
        needs: ROOM,
        steps: &[
            Step::Prepare,
            Step::Ask(Request::Load(Portion::FromTheStart(Package::Good(Slot::A, Form::Provisioning)))),
        ],
        expected: Expected::Done(&[Check::Profiles(Profiles::State(Slot::A, asn1::ProfileState::DISABLED))]),
    },
];
