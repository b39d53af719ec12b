//! Generic file management.

use asn1::profile::{ElementKind, Fcp, FileItem, FileManagementCommand, FileStructure, ProfileElement};

use super::changes;
use super::edit::{Elements, Made, file_management};
use super::parts::{DF, EF, USIM, create, df, ef, ef_by_rules_of_mf, select, skip, structured, write};

changes! {
    /// A change of file management.
    Management {
        Transparent = "with a transparent file, filled by file management in pieces";
        LinearFixed = "with a linear fixed file";
        Cyclic = "with a cyclic file";
        BerTlv = "with a BER-TLV file that may grow to a maximum, filled with two objects";
        ThroughDirectories = "with files in a DF in a DF, gone to by their paths";
        BesideAFile = "with a file that is created beside the one that was gone to";
        SeveralLists = "with file management in three lists of commands";
        Application = "with an ADF and a file in it";
        MasterFile = "with an MF that file management creates instead of PE-MF";
        NoCommands = "with a list of file management commands that is empty";
        NoSuchDirectory = "with file management in a DF that is not there";
        OddPath = "with a path of three bytes";
        LongPath = "with a path of ten bytes";
        ContentOfNothing = "with content before any file is created or gone to";
        OffsetOfNothing = "with an offset before any file is created or gone to";
        ContentOfDirectory = "with content behind a DF that is created";
        ContentOfDirectoryGoneTo = "with content behind a DF that is gone to";
        CreatedTwice = "with a file that is created twice";
        CreatedOverTemplate = "with an EF.ICCID that PE-MF has created already";
        MfAgain = "with a second MF";
        WithoutNumber = "with a file that has no file identifier";
        ContentTooLong = "with content of one byte more than the file has";
        ContentBeyondTheEnd = "with content that begins in a file and ends behind it";
        BerTlvWithOffset = "with an offset in a BER-TLV file";
        BerTlvBeyondMaximum = "with more content in a BER-TLV file than its maximum size";
    }
}

impl Management {
    pub(super) fn make(self, elements: &mut Elements) -> Made {
        match self {
            Self::SeveralLists => {
                let header = elements.mandated();
                let mut element = file_management(header, vec![create(ef(EF, 4))]);
                if let ProfileElement::GenericFileManagement(element) = &mut element {
                    // What is gone to in one list is still gone to in the next.
                    element.commands.push(vec![skip(3)]);
                    element.commands.push(vec![write([0xFF])]);
                }
                elements.add(element)
            }
            Self::MasterFile => master_file(elements),
            other => elements.manage(other.commands()),
        }
    }

    fn commands(self) -> Vec<FileManagementCommand> {
        match self {
            Self::Transparent => {
                vec![create(ef(EF, 6)), skip(1), write([1, 2]), skip(2), write([3])]
            }
            Self::LinearFixed => vec![create(of_records(false, 10)), write([0; 10])],
            Self::Cyclic => vec![create(of_records(true, 10)), write([0; 10])],
            Self::BerTlv => vec![create(ber_tlv()), write([0x80, 1, 1]), write([0x81, 1, 2])],
            Self::ThroughDirectories => vec![
                create(df(DF)),
                create(df(0x5F66)),
                create(ef_by_rules_of_mf(0x6F01, 4)),
                select(&[DF, 0x5F66, 0x6F01]),
                write([1, 2, 3, 4]),
                select(&[DF]),
                create(ef_by_rules_of_mf(0x6F01, 4)),
                select(&[]),
                create(ef(EF, 4)),
                select(&[USIM]),
                create(ef(0x6F66, 4)),
                select(&[USIM, 0x6F66]),
                write([1, 2, 3, 4]),
            ],
            Self::BesideAFile => {
                vec![select(&[USIM, 0x6F07]), create(ef(0x6F66, 4)), select(&[USIM, 0x6F66]), write([1])]
            }
            Self::Application => {
                let df_name = Some(vec![0xA0, 0, 0, 0x05, 0x59, 0x66]);
                let adf = Fcp { df_name, ..df(0x7FD6) };
                vec![create(adf), create(ef_by_rules_of_mf(0x6F01, 4)), select(&[0x7FD6, 0x6F01]), write([1])]
            }
            Self::NoSuchDirectory => vec![select(&[DF]), create(ef(0x6F01, 4))],
            Self::OddPath => vec![FileManagementCommand::FilePath(vec![0x7F, 0xD0, 0x6F])],
            Self::LongPath => vec![select(&[USIM, 0x5F66, 0x5F67, 0x5F68, 0x6F07])],
            Self::ContentOfNothing => vec![write([1])],
            Self::OffsetOfNothing => vec![skip(1)],
            Self::ContentOfDirectory => vec![create(ef(EF, 4)), create(df(DF)), write([1])],
            Self::ContentOfDirectoryGoneTo => vec![create(ef(EF, 4)), select(&[USIM]), write([1])],
            Self::CreatedTwice => vec![create(ef(EF, 4)), create(ef(EF, 4))],
            Self::CreatedOverTemplate => vec![create(ef(0x2FE2, 10))],
            Self::MfAgain => {
                vec![create(Fcp { security_attributes_referenced: Some(vec![14]), ..df(0x3F00) })]
            }
            Self::WithoutNumber => vec![create(Fcp { file_id: None, ..ef(EF, 4) })],
            Self::ContentTooLong => vec![create(ef(EF, 4)), write([0; 5])],
            Self::ContentBeyondTheEnd => vec![create(ef(EF, 4)), skip(3), write([0; 2])],
            Self::BerTlvWithOffset => vec![create(ber_tlv()), skip(1), write([0x80, 1, 1])],
            Self::BerTlvBeyondMaximum => vec![create(ber_tlv()), write([0x80; 17])],
            // The others are no list of commands, or an empty one.
            Self::NoCommands | Self::SeveralLists | Self::MasterFile => Vec::new(),
        }
    }
}

/// Two records.
fn of_records(cyclic: bool, size: u8) -> Fcp {
    let record_length = u16::from(size) / 2;
    let structure = match cyclic {
        true => FileStructure::Cyclic { record_length },
        false => FileStructure::LinearFixed { record_length },
    };
    structured(EF, structure, size)
}

/// Eight bytes, and at most twice as many.
fn ber_tlv() -> Fcp {
    let info = asn1::profile::ProprietaryInfo { maximum_file_size: Some(vec![16]), ..Default::default() };
    Fcp { proprietary_ef_info: Some(info), ..structured(EF, FileStructure::BerTlv, 8) }
}

/// The files of PE-MF, created one by one: EF.ICCID, EF.DIR and EF.ARR with the content that they had.
fn master_file(elements: &mut Elements) -> Made {
    let ProfileElement::Template(element) = elements.take(ElementKind::Mf)? else { return Ok(()) };
    let protection = Some(vec![0x01, 0x0A]);
    let mf = Fcp {
        security_attributes_referenced: Some(vec![14]),
        pin_status_template_do: protection,
        ..df(0x3F00)
    };
    let mut commands = vec![select(&[]), create(mf)];
    for (member, file_id, record) in [(4, 0x2FE2, 11), (5, 0x2F00, 10), (6, 0x2F06, 10)] {
        let Some(file) = element.file(member) else { continue };
        let content = file.0.iter().find_map(|item| match item {
            FileItem::FillFileContent(content) => Some(content.clone()),
            _ => None,
        });
        let content = content.unwrap_or_default();
        let own = file.fcp().cloned().unwrap_or_default();
        let size = u16::try_from(content.len()).unwrap_or(u16::MAX);
        let size = size.to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect();
        commands.push(create(Fcp {
            file_descriptor: own.file_descriptor.or(ef(0, 0).file_descriptor),
            security_attributes_referenced: Some(vec![record]),
            ef_file_size: Some(size),
            ..ef(file_id, 0)
        }));
        commands.push(write(content));
    }
    let header = elements.mandated();
    elements.insert(ElementKind::PukCodes, file_management(header, commands))
}
