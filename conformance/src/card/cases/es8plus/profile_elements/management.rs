//! Generic file management: its commands, file control parameters and links.

use super::prelude::*;
use crate::card::elements::{Links, Management, Parameters};

pub(super) const CASES: &[Case] = &[
    installs!(
        174,
        must,
        Management::Transparent,
        "with a transparent file, filled by file management in pieces"
    ),
    installs!(175, must, Management::LinearFixed, "with a linear fixed file"),
    installs!(176, must, Management::Cyclic, "with a cyclic file"),
    installs!(
        177,
        must,
        Management::BerTlv,
        "with a BER-TLV file that may grow to a maximum, filled with two objects",
        BER_TLV
    ),
    installs!(
        178,
        must,
        Management::ThroughDirectories,
        "with files in a DF in a DF, gone to by their paths"
    ),
    installs!(
        179,
        should,
        Management::BesideAFile,
        "with a file that is created beside the one that was gone to"
    ),
    installs!(180, must, Management::SeveralLists, "with file management in three lists of commands"),
    installs!(181, should, Management::Application, "with an ADF and a file in it"),
    installs!(
        182,
        should,
        Management::MasterFile,
        "with an MF that file management creates instead of PE-MF"
    ),
    refuses!(183, must, Management::NoCommands, "with a list of file management commands that is empty"),
    refuses!(184, must, Management::NoSuchDirectory, "with file management in a DF that is not there"),
    refuses!(185, should, Management::OddPath, "with a path of three bytes"),
    refuses!(186, must, Management::LongPath, "with a path of ten bytes"),
    refuses!(187, must, Management::ContentOfNothing, "with content before any file is created or gone to"),
    refuses!(
        188,
        should,
        Management::OffsetOfNothing,
        "with an offset before any file is created or gone to"
    ),
    refuses!(189, should, Management::ContentOfDirectory, "with content behind a DF that is created"),
    refuses!(190, should, Management::ContentOfDirectoryGoneTo, "with content behind a DF that is gone to"),
    refuses!(191, must, Management::CreatedTwice, "with a file that is created twice"),
    refuses!(192, must, Management::CreatedOverTemplate, "with an EF.ICCID that PE-MF has created already"),
    refuses!(193, must, Management::MfAgain, "with a second MF"),
    refuses!(194, must, Management::WithoutNumber, "with a file that has no file identifier"),
    refuses!(195, must, Management::ContentTooLong, "with content of one byte more than the file has"),
    refuses!(
        196,
        must,
        Management::ContentBeyondTheEnd,
        "with content that begins in a file and ends behind it"
    ),
    refuses!(197, should, Management::BerTlvWithOffset, "with an offset in a BER-TLV file"),
    refuses!(
        198,
        should,
        Management::BerTlvBeyondMaximum,
        "with more content in a BER-TLV file than its maximum size"
    ),
    refuses!(199, must, Parameters::WithoutStructure, "with a file that has no file descriptor"),
    refuses!(200, should, Parameters::UnknownStructure, "with a file descriptor of no structure of a UICC"),
    refuses!(201, should, Parameters::UnknownCoding, "with a file descriptor of an unknown data coding byte"),
    refuses!(
        202,
        must,
        Parameters::RecordsWithoutLength,
        "with a linear fixed file that has no record length"
    ),
    refuses!(203, must, Parameters::RecordsOfNoLength, "with a linear fixed file of records of 0 bytes"),
    refuses!(204, should, Parameters::CyclicWithoutLength, "with a cyclic file that has no record length"),
    refuses!(
        205,
        should,
        Parameters::TransparentWithLength,
        "with a transparent file that has a record length"
    ),
    refuses!(206, must, Parameters::WithoutSize, "with a file that has no size"),
    refuses!(207, should, Parameters::SizeOfFiveBytes, "with a file size of five bytes"),
    refuses!(
        208,
        must,
        Parameters::SizeIsNoMultiple,
        "with a linear fixed file whose size is no multiple of its records"
    ),
    refuses!(
        209,
        should,
        Parameters::CyclicIsNoMultiple,
        "with a cyclic file whose size is no multiple of its records"
    ),
    refuses!(210, should, Parameters::WithoutRule, "with a file that has no access rule"),
    refuses!(211, should, Parameters::RuleOfTwoBytes, "with an access rule of two bytes"),
    refuses!(212, should, Parameters::FileWithAid, "with an EF that has an AID"),
    refuses!(213, must, Parameters::DirectoryWithShortAid, "with an ADF whose AID has four bytes"),
    refuses!(214, should, Parameters::FileWithPinStatus, "with an EF that has a PIN status template"),
    refuses!(215, should, Parameters::DirectoryWithoutPinStatus, "with a DF that has no PIN status template"),
    refuses!(216, should, Parameters::DirectoryWithSize, "with a DF that has a file size"),
    refuses!(217, should, Parameters::DirectoryWithShortId, "with a DF that has a short file identifier"),
    refuses!(
        218,
        should,
        Parameters::DirectoryWithProprietary,
        "with a DF that has proprietary information of an EF"
    ),
    refuses!(219, should, Parameters::ShortIdZero, "with the short file identifier 0"),
    refuses!(220, should, Parameters::ShortId31, "with the short file identifier 31"),
    refuses!(
        221,
        should,
        Parameters::ShortIdInTheWrongBits,
        "with a short file identifier in the lower bits"
    ),
    refuses!(222, must, Parameters::ShortIdOfTwoBytes, "with a short file identifier of two bytes"),
    refuses!(223, should, Parameters::TwoPatterns, "with a fill pattern and a repeat pattern for one file"),
    refuses!(224, must, Parameters::EmptyPattern, "with a fill pattern without any byte"),
    installs!(225, must, Parameters::FillPattern, "with a fill pattern"),
    installs!(226, must, Parameters::RepeatPattern, "with a repeat pattern"),
    installs!(227, should, Parameters::HighUpdate, "with a file that is updated often"),
    installs!(228, must, Parameters::ShortIdGiven, "with files of the short file identifiers 1 and 30"),
    installs!(229, must, Parameters::NoShortId, "with a file that has no short file identifier"),
    installs!(230, should, Parameters::Deactivated, "with a file that is deactivated"),
    installs!(231, must, Parameters::NotShareable, "with a file that is not shareable"),
    installs!(232, must, Parameters::RuleOfItsOwnEf, "with an access rule that names its EF.ARR"),
    installs!(233, should, Links::ToFile, "with a link to a file"),
    installs!(234, should, Links::ToLink, "with a link to a link"),
    installs!(
        235,
        should,
        Links::ToDirectory,
        "with a link to a DF, and a file that is created through it",
        DF_LINK
    ),
    installs!(
        236,
        should,
        Links::ToNothing,
        "with a file whose path for a link is empty, which makes it a file of its own"
    ),
    refuses!(237, must, Links::ToMissingFile, "with a link to a file that is not there"),
    refuses!(238, should, Links::ToApplication, "with a link to an ADF"),
    refuses!(239, should, Links::OddPath, "with a link whose path has three bytes"),
    refuses!(240, should, Links::WithSize, "with a link that has a file size of its own"),
    refuses!(
        241,
        should,
        Links::WithPinStatus,
        "with a link to a DF that has a PIN status template of its own"
    ),
    refuses!(242, should, Links::WithAid, "with a link to a DF that has an AID"),
    refuses!(243, should, Links::WithContent, "with a link that has content of its own"),
];
