//! File control parameters, of files that generic file management creates.

use asn1::profile::{Fcp, FileStructure, ProprietaryInfo};

use super::changes;
use super::edit::{Elements, Made};
use super::parts::{DF, EF, create, df, ef, structured, write};

changes! {
    /// A change of file control parameters.
    Parameters {
        WithoutStructure = "with a file that has no file descriptor";
        UnknownStructure = "with a file descriptor of no structure of a UICC";
        UnknownCoding = "with a file descriptor of an unknown data coding byte";
        RecordsWithoutLength = "with a linear fixed file that has no record length";
        RecordsOfNoLength = "with a linear fixed file of records of 0 bytes";
        CyclicWithoutLength = "with a cyclic file that has no record length";
        TransparentWithLength = "with a transparent file that has a record length";
        WithoutSize = "with a file that has no size";
        SizeOfFiveBytes = "with a file size of five bytes";
        SizeIsNoMultiple = "with a linear fixed file whose size is no multiple of its records";
        CyclicIsNoMultiple = "with a cyclic file whose size is no multiple of its records";
        WithoutRule = "with a file that has no access rule";
        RuleOfTwoBytes = "with an access rule of two bytes";
        FileWithAid = "with an EF that has an AID";
        DirectoryWithShortAid = "with an ADF whose AID has four bytes";
        FileWithPinStatus = "with an EF that has a PIN status template";
        DirectoryWithoutPinStatus = "with a DF that has no PIN status template";
        DirectoryWithSize = "with a DF that has a file size";
        DirectoryWithShortId = "with a DF that has a short file identifier";
        DirectoryWithProprietary = "with a DF that has proprietary information of an EF";
        ShortIdZero = "with the short file identifier 0";
        ShortId31 = "with the short file identifier 31";
        ShortIdInTheWrongBits = "with a short file identifier in the lower bits";
        ShortIdOfTwoBytes = "with a short file identifier of two bytes";
        TwoPatterns = "with a fill pattern and a repeat pattern for one file";
        EmptyPattern = "with a fill pattern without any byte";
        FillPattern = "with a fill pattern";
        RepeatPattern = "with a repeat pattern";
        HighUpdate = "with a file that is updated often";
        ShortIdGiven = "with files of the short file identifiers 1 and 30";
        NoShortId = "with a file that has no short file identifier";
        Deactivated = "with a file that is deactivated";
        NotShareable = "with a file that is not shareable";
        RuleOfItsOwnEf = "with an access rule that names its EF.ARR";
    }
}

impl Parameters {
    pub(super) fn make(self, elements: &mut Elements) -> Made {
        let commands = match self {
            Self::ShortIdGiven => vec![
                create(Fcp { short_ef_id: Some(vec![0x08]), ..ef(EF, 4) }),
                create(Fcp { short_ef_id: Some(vec![0xF0]), ..ef(EF + 1, 4) }),
            ],
            Self::FillPattern | Self::RepeatPattern => vec![create(self.fcp()), write([0; 4])],
            other => vec![create(other.fcp())],
        };
        elements.manage(commands)
    }

    fn fcp(self) -> Fcp {
        let described = |descriptor: &[u8]| Fcp { file_descriptor: Some(descriptor.to_vec()), ..ef(EF, 4) };
        let info = |info: ProprietaryInfo| Some(info);
        match self {
            Self::WithoutStructure => Fcp { file_descriptor: None, ..ef(EF, 4) },
            Self::UnknownStructure => described(&[0x43, 0x21]),
            Self::UnknownCoding => described(&[0x41, 0x22]),
            Self::RecordsWithoutLength => described(&[0x42, 0x21]),
            Self::RecordsOfNoLength => described(&[0x42, 0x21, 0, 0]),
            Self::CyclicWithoutLength => described(&[0x46, 0x21]),
            Self::TransparentWithLength => described(&[0x41, 0x21, 0, 4]),
            Self::NotShareable => described(&[0x01, 0x21]),
            Self::WithoutSize => Fcp { ef_file_size: None, ..ef(EF, 4) },
            Self::SizeOfFiveBytes => Fcp { ef_file_size: Some(vec![1, 0, 0, 0, 0]), ..ef(EF, 4) },
            Self::SizeIsNoMultiple => structured(EF, FileStructure::LinearFixed { record_length: 4 }, 6),
            Self::CyclicIsNoMultiple => structured(EF, FileStructure::Cyclic { record_length: 4 }, 6),
            Self::WithoutRule => Fcp { security_attributes_referenced: None, ..ef(EF, 4) },
            Self::RuleOfTwoBytes => {
                Fcp { security_attributes_referenced: Some(vec![0x2F, 0x06]), ..ef(EF, 4) }
            }
            Self::RuleOfItsOwnEf => {
                Fcp { security_attributes_referenced: Some(vec![0x2F, 0x06, 0x03]), ..ef(EF, 4) }
            }
            Self::ShortIdZero => Fcp { short_ef_id: Some(vec![0x00]), ..ef(EF, 4) },
            Self::ShortId31 => Fcp { short_ef_id: Some(vec![0xF8]), ..ef(EF, 4) },
            Self::ShortIdInTheWrongBits => Fcp { short_ef_id: Some(vec![0x0C]), ..ef(EF, 4) },
            Self::ShortIdOfTwoBytes => Fcp { short_ef_id: Some(vec![0x08, 0x08]), ..ef(EF, 4) },
            Self::NoShortId => Fcp { short_ef_id: Some(Vec::new()), ..ef(EF, 4) },
            Self::Deactivated => Fcp { lcsi: Some(0x04), ..ef(EF, 4) },
            Self::TwoPatterns => Fcp {
                proprietary_ef_info: info(ProprietaryInfo {
                    fill_pattern: Some(vec![1]),
                    repeat_pattern: Some(vec![2]),
                    ..ProprietaryInfo::default()
                }),
                ..ef(EF, 4)
            },
            Self::EmptyPattern => patterned(Some(Vec::new()), None),
            Self::RepeatPattern => patterned(None, Some(vec![1, 2, 3])),
            Self::HighUpdate => Fcp {
                proprietary_ef_info: info(ProprietaryInfo {
                    special_file_information: Some(0x80),
                    ..ProprietaryInfo::default()
                }),
                ..ef(EF, 4)
            },
            Self::FileWithAid => Fcp { df_name: Some(vec![0xA0, 0, 0, 0, 1]), ..ef(EF, 4) },
            Self::FileWithPinStatus => Fcp { pin_status_template_do: Some(vec![0x0A]), ..ef(EF, 4) },
            Self::DirectoryWithShortAid => Fcp { df_name: Some(vec![0xA0, 0, 0, 0]), ..df(DF) },
            Self::DirectoryWithoutPinStatus => Fcp { pin_status_template_do: None, ..df(DF) },
            Self::DirectoryWithSize => Fcp { ef_file_size: Some(vec![4]), ..df(DF) },
            Self::DirectoryWithShortId => Fcp { short_ef_id: Some(vec![0x08]), ..df(DF) },
            Self::DirectoryWithProprietary => {
                Fcp { proprietary_ef_info: info(ProprietaryInfo::default()), ..df(DF) }
            }
            Self::FillPattern | Self::ShortIdGiven => patterned(Some(vec![1, 2]), None),
        }
    }
}

fn patterned(fill_pattern: Option<Vec<u8>>, repeat_pattern: Option<Vec<u8>>) -> Fcp {
    let info = ProprietaryInfo { fill_pattern, repeat_pattern, ..ProprietaryInfo::default() };
    Fcp { proprietary_ef_info: Some(info), ..ef(EF, 8) }
}
