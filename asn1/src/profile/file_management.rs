//! PE-GenericFileManagement: files created one by one, without a template.

use super::file::Fcp;
use super::header::PeHeader;
use super::members::{ElementError, ElementFault, Member, put, put_uint, put_with};

/// PE-GenericFileManagement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GenericFileManagement {
    /// `gfm-header`.
    pub header: PeHeader,
    /// `fileManagementCMD`: lists of commands, executed one after the other.
    pub commands: Vec<Vec<FileManagementCommand>>,
    /// Members of a later version.
    pub unknown: Vec<u8>,
}

/// One command of a FileManagement list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileManagementCommand {
    /// `filePath`: go to the file with this path below the MF (empty for the MF itself), up to 8 bytes.
    FilePath(Vec<u8>),
    /// `createFCP`: create a file here.
    CreateFcp(Box<Fcp>),
    /// `fillFileOffset`: bytes to skip.
    FillFileOffset(u16),
    /// `fillFileContent`: bytes to write next.
    FillFileContent(Vec<u8>),
}

impl GenericFileManagement {
    pub(super) fn read(member: &Member<'_>) -> Result<Self, ElementError> {
        let mut members = member.members();
        let header = PeHeader::read(&members.required(0xA0, "gfm-header")?)?;
        let list = members.required(0xA1, "fileManagementCMD")?;
        let commands = list.each(|m| {
            m.expect(0x30)?;
            m.each(FileManagementCommand::read)
        })?;
        if commands.is_empty() || commands.iter().any(Vec::is_empty) {
            return list.value_error("a list of file management commands is empty");
        }
        Ok(Self { header, commands, unknown: members.unknown(&[0xA0, 0xA1])? })
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        self.header.write(out);
        put_with(out, 0xA1, |out| {
            for list in &self.commands {
                put_with(out, 0x30, |out| list.iter().for_each(|command| command.write(out)));
            }
        });
        out.extend_from_slice(&self.unknown);
    }
}

impl FileManagementCommand {
    fn read(member: &Member<'_>) -> Result<Self, ElementError> {
        match member.tlv.tag.0 {
            0x80 => member.octets_of(0..=8).map(Self::FilePath),
            0x62 => Fcp::read(member).map(|fcp| Self::CreateFcp(Box::new(fcp))),
            0x02 => member.uint16().map(Self::FillFileOffset),
            0x81 => Ok(Self::FillFileContent(member.octets())),
            _ => Err(member.error(ElementFault::Misplaced(member.tlv.tag))),
        }
    }

    fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::FilePath(path) => put(out, 0x80, path),
            Self::CreateFcp(fcp) => put_with(out, 0x62, |out| fcp.write(out)),
            Self::FillFileOffset(offset) => put_uint(out, 0x02, *offset),
            Self::FillFileContent(content) => put(out, 0x81, content),
        }
    }
}
