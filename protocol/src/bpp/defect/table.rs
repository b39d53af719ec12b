//! The table of defects.

use super::Segment;

macro_rules! defects {
    ($($name:ident = $text:literal, $section:literal, $description:literal;)*) => {
        /// One way in which a Bound Profile Package is wrong, or legal and awkward.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        pub enum PackageDefect {
            /// The MAC of a TLV is wrong in one bit.
            WrongMac(Segment),
            /// A TLV was altered in one bit of what its MAC covers.
            Altered(Segment),
            $(#[doc = concat!($description, " (", $section, ").")] $name,)*
        }

        impl PackageDefect {
            /// Those without a parameter, and those with one for each TLV that is carried out differently.
            pub const ALL: &'static [Self] = &[
                Self::WrongMac(Segment::CONFIGURE_ISDP),
                Self::WrongMac(Segment::STORE_METADATA),
                Self::WrongMac(Segment::STORE_METADATA_2),
                Self::WrongMac(Segment::REPLACE_SESSION_KEYS),
                Self::WrongMac(Segment::of_86(1)),
                Self::WrongMac(Segment::of_86(2)),
                Self::Altered(Segment::CONFIGURE_ISDP),
                Self::Altered(Segment::STORE_METADATA),
                Self::Altered(Segment::REPLACE_SESSION_KEYS),
                Self::Altered(Segment::of_86(1)),
                Self::Altered(Segment::of_86(2)),
                $(Self::$name),*
            ];

            /// The whole name of one without a parameter.
            pub(super) fn plain_name(self) -> Option<&'static str> {
                match self {
                    Self::WrongMac(_) | Self::Altered(_) => None,
                    $(Self::$name => Some($text),)*
                }
            }

            /// The section of the specification that it offends, or uses where it is legal.
            pub fn section(self) -> &'static str {
                match self {
                    Self::WrongMac(_) | Self::Altered(_) => "SGP.22 §2.5.3",
                    $(Self::$name => $section,)*
                }
            }

            /// What is wrong, in one sentence without a full stop.
            pub fn description(self) -> String {
                match self {
                    Self::WrongMac(segment) => format!("the MAC of '{}' number {} is wrong in one bit", tag(segment), segment.number()),
                    Self::Altered(segment) => format!("'{}' number {} was altered in one bit under its MAC", tag(segment), segment.number()),
                    $(Self::$name => $description.to_owned(),)*
                }
            }
        }
    };
}

fn tag(segment: Segment) -> String {
    format!("{:02X}", segment.kind().tag())
}

defects! {
    WrongSignature = "wrong-signature", "SGP.22 §5.5.1", "smdpSign is wrong in one bit";
    SignedByAnotherKey = "signed-by-another-key", "SGP.22 §5.5.1", "smdpSign was made with another key than that of CERT.DPpb";
    SignedWithoutEuiccOtpk = "signed-without-euicc-otpk", "SGP.22 §5.5.1", "smdpSign does not cover the one-time key of the eUICC";
    WrongTransactionId = "wrong-transaction-id", "SGP.22 §5.5.1", "transactionId of InitialiseSecureChannel is that of another session";
    WrongRemoteOpId = "wrong-remote-op-id", "SGP.22 §5.5.1", "remoteOpId is not installBoundProfilePackage";
    WrongKeyType = "wrong-key-type", "SGP.22 §5.5.1", "the control reference template asks for another key type than AES";
    WrongKeyLength = "wrong-key-length", "SGP.22 §5.5.1", "the control reference template asks for keys of 32 bytes";
    OtherHostId = "other-host-id", "SGP.22 Annex G", "the host id of the message is not that of the key derivation";
    OtpkOffTheCurve = "otpk-off-the-curve", "SGP.22 §5.5.1", "otPK.DP is no point of the curve";
    OtpkOfAnotherKey = "otpk-of-another-key", "SGP.22 §5.5.1", "otPK.DP is not the key that the session keys come from";

    UnknownCommandIn87 = "unknown-command-in-87", "SGP.22 §5.5.2", "the first '87' carries an unknown command instead of ConfigureISDP";
    IsdpDataTooLong = "isdp-data-too-long", "SGP.22 §5.5.2", "dpProprietaryData of ConfigureISDP is longer than 128 bytes";

    OtherIccidInMetadata = "other-iccid-in-metadata", "SGP.22 §5.5.3", "the metadata in the package names another ICCID than the offer and the profile";
    OtherNameInMetadata = "other-name-in-metadata", "SGP.22 §3.1.3.2", "the metadata in the package has another profile name than the offer";
    UnreadableMetadata = "unreadable-metadata", "SGP.22 §5.5.3", "the ICCID in the metadata has nine bytes";
    MetadataInTwoSegments = "metadata-in-two-segments", "SGP.22 §2.5.4", "the metadata is cut over two '88', which is legal";

    ShortReplacementKeys = "short-replacement-keys", "SGP.22 §5.5.4", "ReplaceSessionKeys brings keys of eight bytes";
    ReplacementKeysUnused = "replacement-keys-unused", "SGP.22 §5.5.4", "what follows ReplaceSessionKeys is still protected with the session keys";

    SegmentsSwapped = "segments-swapped", "SGP.22 §2.5.3", "the second and third '86' are swapped";
    SegmentRepeated = "segment-repeated", "SGP.22 §2.5.3", "the second '86' comes twice";
    SegmentMissing = "segment-missing", "SGP.22 §2.5.3", "the second of three '86' is missing";
    SegmentWithoutMac = "segment-without-mac", "SGP.22 §2.5.3", "the first '86' is shorter than a MAC";
    UnknownSegmentTag = "unknown-segment-tag", "SGP.22 §2.5.4", "the first TLV among the '86' has the tag '85'";
    EmptySegment = "empty-segment", "SGP.22 §2.5.3", "between two '86' stands one that carries nothing, which is legal";
    ShortSegments = "short-segments", "SGP.22 §2.5.3", "each '86' carries at most 100 bytes, which is legal";
    OversizedSegment = "oversized-segment", "SGP.22 §2.5.3", "the first '86' has more than 1024 bytes, which an eUICC need not take";

    UnknownList = "unknown-list", "SGP.22 §2.5.4", "between the '88' and the '86' stands a list with the unknown tag 'A5'";
    EmptyList = "empty-list", "SGP.22 §2.5.4", "the second list of '87' is there and empty";
    ListsOutOfOrder = "lists-out-of-order", "SGP.22 §2.5.4", "the list of '88' comes before the first list of '87'";
    Missing87 = "missing-87", "SGP.22 §2.5.4", "the first list of '87' is missing";
    Missing88 = "missing-88", "SGP.22 §2.5.4", "the list of '88' is missing";
    Missing86 = "missing-86", "SGP.22 §2.5.4", "the list of '86' is missing";
    Truncated = "truncated", "SGP.22 §2.5.3", "the last '86' has lost its second half, and its length says so";

    NoProfile = "no-profile", "SGP.22 §5.5.5", "the '86' carry no profile elements";
    ProfileCut = "profile-cut", "SGP.22 §5.5.5", "the '86' end in the middle of a profile element";
    HeaderMissing = "header-missing", "SGP.22 §5.5.5", "the profile header is missing";
    HeaderTwice = "header-twice", "SGP.22 §5.5.5", "the profile header comes twice";
    EndMissing = "end-missing", "SGP.22 §5.5.5", "PE-End is missing";
    ElementAfterEnd = "element-after-end", "SGP.22 §5.5.5", "a profile element follows PE-End";
    UnknownMandatedElement = "unknown-mandated-element", "SGP.22 §5.5.5", "a mandated profile element is of an unknown kind";
    UnknownOptionalElement = "unknown-optional-element", "SGP.22 §5.5.5", "a profile element that is not mandated is of an unknown kind, which is legal";
    UnsupportedService = "unsupported-service", "SGP.22 §5.5.5", "the profile header makes MULTOS mandatory";
    UnsupportedVersion = "unsupported-version", "SGP.22 §5.5.5", "the profile package is of version 99";
    OtherIccidInHeader = "other-iccid-in-header", "SGP.22 §5.5.5", "the profile header names another ICCID, which the eUICC ignores";
    OtherIccidInFile = "other-iccid-in-file", "SGP.22 §5.5.5", "EF.ICCID of the profile holds another ICCID than the metadata";
}
