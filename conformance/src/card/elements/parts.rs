//! What changes are made of: file control parameters, commands of file management, elements of other applications.

use asn1::profile::{
    ElementKind, Fcp, File, FileManagementCommand, FileStructure, PeHeader, ProfileElement, TemplateElement,
    TemplateId,
};

/// The temporary identifier of the USIM in the default profile.
pub(super) const USIM: u16 = 0x7FD0;
/// A DF and an EF below the MF that no specification defines.
pub(super) const DF: u16 = 0x7F66;
pub(super) const EF: u16 = 0x2F77;

/// The AID of the USIM in the default profile.
pub(super) const USIM_AID: [u8; 12] = [0xA0, 0, 0, 0, 0x87, 0x10, 0x02, 0xFF, 0xFF, 0xFF, 0xFF, 0x89];
/// The registered application codes of ISIM and CSIM.
pub(super) const ISIM_AID: [u8; 12] = [0xA0, 0, 0, 0, 0x87, 0x10, 0x04, 0xFF, 0xFF, 0xFF, 0xFF, 0x89];
pub(super) const CSIM_AID: [u8; 12] = [0xA0, 0, 0, 0x03, 0x43, 0x10, 0x02, 0xFF, 0xFF, 0xFF, 0xFF, 0x89];

/// Records of EF.ARR: files for the administrator, and directories.
const ADMINISTRATOR: u8 = 3;
const DIRECTORY: u8 = 14;
/// The key reference of ADM1.
const ADM1: u8 = 0x0A;

/// A transparent EF, by the access rules of its directory.
pub(super) fn ef(file_id: u16, size: u8) -> Fcp {
    Fcp {
        file_descriptor: Some(FileStructure::Transparent.to_descriptor()),
        file_id: Some(file_id.to_be_bytes()),
        security_attributes_referenced: Some(vec![ADMINISTRATOR]),
        ef_file_size: Some(vec![size]),
        ..Fcp::default()
    }
}

/// The same, by the access rules of the MF.
pub(super) fn ef_by_rules_of_mf(file_id: u16, size: u8) -> Fcp {
    Fcp { security_attributes_referenced: Some(vec![0x2F, 0x06, ADMINISTRATOR]), ..ef(file_id, size) }
}

/// An EF of another structure.
pub(super) fn structured(file_id: u16, structure: FileStructure, size: u8) -> Fcp {
    Fcp { file_descriptor: Some(structure.to_descriptor()), ..ef(file_id, size) }
}

/// A DF, by the access rules of the MF.
pub(super) fn df(file_id: u16) -> Fcp {
    Fcp {
        file_descriptor: Some(FileStructure::Directory.to_descriptor()),
        file_id: Some(file_id.to_be_bytes()),
        security_attributes_referenced: Some(vec![0x2F, 0x06, DIRECTORY]),
        pin_status_template_do: Some(vec![ADM1]),
        ..Fcp::default()
    }
}

/// A directory of a template.
pub(super) fn directory() -> File {
    File::new(Fcp { pin_status_template_do: Some(vec![0x01, ADM1]), ..Fcp::default() }, None)
}

/// The ADF of an application.
pub(super) fn application(file_id: u16, aid: &[u8]) -> File {
    let fcp = Fcp {
        file_id: Some(file_id.to_be_bytes()),
        df_name: Some(aid.to_vec()),
        pin_status_template_do: Some(vec![0x01, ADM1]),
        ..Fcp::default()
    };
    File::new(fcp, None)
}

/// A linear fixed file of a template.
pub(super) fn records(record_length: u16, size: u8) -> File {
    let structure = FileStructure::LinearFixed { record_length };
    let fcp = Fcp {
        file_descriptor: Some(structure.to_descriptor()),
        ef_file_size: Some(vec![size]),
        ..Fcp::default()
    };
    File::new(fcp, Some(vec![0xFF; usize::from(size)]))
}

pub(super) fn create(fcp: Fcp) -> FileManagementCommand {
    FileManagementCommand::CreateFcp(Box::new(fcp))
}

/// Goes to a file below the MF; to the MF without any identifier.
pub(super) fn select(path: &[u16]) -> FileManagementCommand {
    FileManagementCommand::FilePath(path.iter().copied().flat_map(u16::to_be_bytes).collect())
}

pub(super) fn skip(bytes: u16) -> FileManagementCommand {
    FileManagementCommand::FillFileOffset(bytes)
}

pub(super) fn write(content: impl Into<Vec<u8>>) -> FileManagementCommand {
    FileManagementCommand::FillFileContent(content.into())
}

/// An element that follows a template.
pub(super) fn of_template(
    kind: ElementKind,
    header: PeHeader,
    template: u8,
    files: Vec<(u32, File)>,
) -> ProfileElement {
    let template_id = TemplateId::tca(template);
    ProfileElement::Template(TemplateElement { kind, header, template_id, files })
}

/// PE-ISIM with what it has to have.
pub(super) fn isim(header: PeHeader, template: u8) -> ProfileElement {
    let files = vec![
        (2, application(0x7FD2, &ISIM_AID)),
        (3, File::with_content([0x80, 0x00])),
        (4, records(16, 16)),
        (5, File::with_content([0x80, 0x00])),
        (6, File::with_content([0x00])),
        (8, records(16, 224)),
    ];
    of_template(ElementKind::Isim, header, template, files)
}
