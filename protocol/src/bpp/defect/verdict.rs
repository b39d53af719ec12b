//! What is right to make of each defect.

use asn1::{BppCommandId as Command, CancelSessionReason, ErrorReason as Reason};
use crypto::scp03t::Kind;

use super::{PackageDefect, Segment};

/// What an eUICC makes of a package that it is given segment by segment (SGP.22 §2.5.6.1, §5.7.6).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// The profile is installed: the package is legal.
    Installed,
    /// The installation ends in an error result with this command and one of these reasons.
    Refused {
        /// bppCommandId.
        command: Command,
        /// errorReason; the first is the one that fits best.
        reasons: &'static [Reason],
    },
    /// It is not installed. The specification leaves open whether the eUICC says so with an error result or the status word of
    /// an error, or waits for more.
    NotInstalled,
    /// It may be installed, or refused: an eUICC need not support so much.
    MayBeInstalled,
}

impl PackageDefect {
    /// Why an LPA that compares the package with the offer (SGP.22 §3.1.3.2 step 12) and cuts it (§2.5.5) ends the session before
    /// the eUICC has seen it; `None` where it has nothing to find.
    pub fn found_by_lpa(self) -> Option<CancelSessionReason> {
        match self {
            Self::Altered(Segment::STORE_METADATA | Segment::STORE_METADATA_2)
            | Self::OtherIccidInMetadata
            | Self::OtherNameInMetadata
            | Self::UnreadableMetadata
            | Self::Missing88 => Some(CancelSessionReason::METADATA_MISMATCH),
            Self::UnknownList | Self::EmptyList => Some(CancelSessionReason::LOAD_BPP_EXECUTION_ERROR),
            _ => None,
        }
    }

    /// What an eUICC makes of it, if it is given it all the same.
    pub fn verdict(self) -> Verdict {
        let channel = |reasons| refused(Command::INITIALISE_SECURE_CHANNEL, reasons);
        let profile = refused(Command::LOAD_PROFILE_ELEMENTS, PE_PROCESSING);
        match self {
            Self::WrongMac(segment) | Self::Altered(segment) => refused(command(segment), SECURITY),

            Self::WrongSignature | Self::SignedByAnotherKey | Self::SignedWithoutEuiccOtpk => {
                channel(&[Reason::INVALID_SIGNATURE])
            }
            Self::WrongTransactionId => channel(&[Reason::INVALID_TRANSACTION_ID]),
            Self::WrongRemoteOpId => channel(&[Reason::UNSUPPORTED_REMOTE_OPERATION_TYPE]),
            Self::WrongKeyType | Self::WrongKeyLength => channel(&[Reason::UNSUPPORTED_CRT_VALUES]),
            Self::OtpkOffTheCurve => channel(&[Reason::INCORRECT_INPUT_VALUES]),
            // The channel opens, with keys that are not the SM-DP+'s.
            Self::OtherHostId | Self::OtpkOfAnotherKey => refused(Command::CONFIGURE_ISDP, SECURITY),

            Self::UnknownCommandIn87 | Self::IsdpDataTooLong => {
                refused(Command::CONFIGURE_ISDP, INCORRECT_INPUT)
            }
            Self::UnreadableMetadata => refused(Command::STORE_METADATA, INCORRECT_INPUT),
            Self::ShortReplacementKeys => refused(Command::REPLACE_SESSION_KEYS, INCORRECT_INPUT),

            Self::ReplacementKeysUnused
            | Self::SegmentsSwapped
            | Self::SegmentRepeated
            | Self::SegmentMissing => refused(Command::LOAD_PROFILE_ELEMENTS, SECURITY),
            // The last bytes that are left stand where the MAC stood.
            Self::Truncated => refused(Command::LOAD_PROFILE_ELEMENTS, SECURITY_OR_STRUCTURE),
            Self::SegmentWithoutMac => refused(Command::LOAD_PROFILE_ELEMENTS, STRUCTURE),

            Self::UnknownSegmentTag
            | Self::UnknownList
            | Self::EmptyList
            | Self::ListsOutOfOrder
            | Self::Missing87
            | Self::Missing88
            | Self::Missing86 => Verdict::NotInstalled,

            Self::NoProfile
            | Self::ProfileCut
            | Self::HeaderMissing
            | Self::HeaderTwice
            | Self::EndMissing
            | Self::ElementAfterEnd
            | Self::UnknownMandatedElement
            | Self::UnsupportedService
            | Self::UnsupportedVersion => profile,
            Self::OtherIccidInMetadata | Self::OtherIccidInFile => {
                refused(Command::LOAD_PROFILE_ELEMENTS, &[Reason::INSTALL_FAILED_DUE_TO_DATA_MISMATCH])
            }

            // Only the LPA knows the offer.
            Self::OtherNameInMetadata
            | Self::MetadataInTwoSegments
            | Self::EmptySegment
            | Self::ShortSegments
            | Self::UnknownOptionalElement
            | Self::OtherIccidInHeader => Verdict::Installed,
            Self::OversizedSegment => Verdict::MayBeInstalled,
        }
    }
}

const SECURITY: &[Reason] = &[Reason::SCP03T_SECURITY_ERROR];
const STRUCTURE: &[Reason] = &[Reason::SCP03T_STRUCTURE_ERROR];
const SECURITY_OR_STRUCTURE: &[Reason] = &[Reason::SCP03T_SECURITY_ERROR, Reason::SCP03T_STRUCTURE_ERROR];
const INCORRECT_INPUT: &[Reason] = &[Reason::INCORRECT_INPUT_VALUES];
const PE_PROCESSING: &[Reason] = &[Reason::INSTALL_FAILED_DUE_TO_PE_PROCESSING_ERROR];

fn refused(command: Command, reasons: &'static [Reason]) -> Verdict {
    Verdict::Refused { command, reasons }
}

/// The bppCommandId under which a TLV is opened.
fn command(segment: Segment) -> Command {
    match (segment.kind(), segment.number()) {
        (Kind::Encrypted87, 1) => Command::CONFIGURE_ISDP,
        (Kind::Encrypted87, _) => Command::REPLACE_SESSION_KEYS,
        (Kind::MacOnly88, 1) => Command::STORE_METADATA,
        (Kind::MacOnly88, _) => Command::STORE_METADATA_2,
        (Kind::Encrypted86, _) => Command::LOAD_PROFILE_ELEMENTS,
    }
}
