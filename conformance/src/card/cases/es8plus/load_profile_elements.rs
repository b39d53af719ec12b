//! LoadProfileElements (SGP.22 §5.5.5).

use asn1::{BppCommandId, ErrorReason};
use crypto::scp03t::Kind;
use protocol::bpp::defect::PackageDefect as Defect;

use super::{altered, defect, form, mac};
use crate::card::cases::prelude::*;

const FUNCTION: Function = Function { interface: "ES8+", name: "LoadProfileElements", section: "5.5.5" };

const ROOM: &[Need] = &[Need::Room(1)];
const TEST: &[Need] = &[Need::Room(1), Need::TestProfiles];

pub(super) const CASES: &[Case] = &[
    defect!(1, mac(Kind::Encrypted86, 1), "A MAC that is wrong in the first '86' is a security error."),
    defect!(2, mac(Kind::Encrypted86, 2), "A MAC that is wrong in the second '86' is a security error."),
    defect!(
        3,
        altered(Kind::Encrypted86, 1),
        "A first '86' that was altered under its MAC is a security error."
    ),
    defect!(
        4,
        altered(Kind::Encrypted86, 2),
        "A second '86' that was altered under its MAC is a security error."
    ),
    defect!(5, Defect::SegmentsSwapped, "Segments that are swapped are a security error."),
    defect!(6, Defect::SegmentRepeated, "A segment that comes twice is a security error."),
    defect!(7, Defect::SegmentMissing, "A segment that is left out is a security error."),
    defect!(8, Defect::SegmentWithoutMac, "A TLV that is shorter than a MAC is a structure error."),
    defect!(9, Defect::Truncated, "A package whose last '86' is cut short is refused."),
    defect!(10, Defect::UnknownSegmentTag, "A package with an unknown tag among the '86' is not installed."),
    defect!(11, Defect::UnknownList, "A package with an unknown list is not installed."),
    defect!(12, Defect::Missing86, "A package without profile elements is not installed."),
    defect!(13, Defect::EmptySegment, "An '86' that carries nothing is taken."),
    defect!(14, Defect::ShortSegments, "'86' of any length up to the longest are taken."),
    defect!(
        15,
        Defect::OversizedSegment,
        "An '86' of more than 1024 bytes is taken, or refused in good order."
    ),
    defect!(16, Defect::NoProfile, "Bytes that are no profile elements are refused."),
    defect!(17, Defect::ProfileCut, "A profile element that is cut is refused."),
    defect!(18, Defect::HeaderMissing, "A profile without a header is refused."),
    defect!(19, Defect::HeaderTwice, "A profile with two headers is refused."),
    defect!(20, Defect::EndMissing, "A profile without an end is refused."),
    defect!(21, Defect::ElementAfterEnd, "A profile element after the end is refused."),
    defect!(22, Defect::UnknownMandatedElement, "A mandated profile element that is unknown is refused."),
    defect!(
        23,
        Defect::UnknownOptionalElement,
        "An unknown profile element that is not mandated is passed over."
    ),
    defect!(24, Defect::UnsupportedService, "A profile that needs an unsupported service is refused."),
    defect!(25, Defect::UnsupportedVersion, "A profile package of an unknown version is refused."),
    defect!(26, Defect::OtherIccidInHeader, "The ICCID in the profile header is ignored."),
    defect!(27, Defect::OtherIccidInFile, "EF.ICCID with another ICCID than the metadata is a mismatch."),
    defect!(28, Defect::OtherIccidInMetadata, "Metadata with another ICCID than EF.ICCID is a mismatch."),
    form!(
        29,
        Form::OtherOwner,
        LOAD_PROFILE_ELEMENTS,
        [INSTALL_FAILED_DUE_TO_DATA_MISMATCH],
        ROOM,
        "A profile owner of another network than EF.IMSI is a mismatch."
    ),
    form!(
        30,
        Form::OwnerWithGid1,
        LOAD_PROFILE_ELEMENTS,
        [INSTALL_FAILED_DUE_TO_DATA_MISMATCH],
        ROOM,
        "A profile owner with a GID1 that the profile has not is a mismatch."
    ),
    form!(
        31,
        Form::TestWithOtherKey,
        LOAD_PROFILE_ELEMENTS,
        [TEST_PROFILE_INSTALL_FAILED_DUE_TO_INVALID_NAA_KEY],
        TEST,
        "A Test Profile with a key like that of an Operational Profile is refused."
    )
    .tagged(&["package", "test-profile"]),
    form!(
        33,
        Form::TooBig,
        LOAD_PROFILE_ELEMENTS,
        [INSTALL_FAILED_DUE_TO_INSUFFICIENT_MEMORY_FOR_PROFILE],
        ROOM,
        "A profile that is larger than the free memory is refused for that."
    ),
    Case {
        head: Head::must(FUNCTION, 32, "A Test Profile whose key has 32 bits is installed.")
            .tagged(&["package", "test-profile"]),
        variants: Variants::ONCE,
        needs: TEST,
        steps: &[
            Step::Prepare,
            Step::Ask(Request::Load(Portion::FromTheStart(Package::Good(Slot::A, Form::Test)))),
        ],
        expected: Expected::Done(&[Check::Profiles(Profiles::State(Slot::A, asn1::ProfileState::DISABLED))]),
    },
];
