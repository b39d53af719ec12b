//! The files of PE-MF and PE-USIM.

use asn1::profile::{ElementKind, Fcp, File, FileItem, FileStructure};

use super::changes;
use super::edit::{Elements, Made};
use super::parts::{USIM, create, ef, select, skip, write};
use crate::card::bench::Stop;

changes! {
    /// A change of the files of PE-MF and PE-USIM.
    Files {
        MfWithoutItself = "with a PE-MF without mf";
        MfWithoutEfIccid = "with a PE-MF without ef-iccid";
        MfWithoutEfDir = "with a PE-MF without ef-dir";
        MfWithoutEfArr = "with a PE-MF without ef-arr";
        UsimWithoutAdf = "with a PE-USIM without adf-usim";
        UsimWithoutEfImsi = "with a PE-USIM without ef-imsi";
        UsimWithoutEfArr = "with a PE-USIM without ef-arr";
        UsimWithoutEfUst = "with a PE-USIM without ef-ust";
        UsimWithoutEfSpn = "with a PE-USIM without ef-spn";
        UsimWithoutEfEst = "with a PE-USIM without ef-est";
        UsimWithoutEfAcc = "with a PE-USIM without ef-acc";
        UsimWithoutEfEcc = "with a PE-USIM without ef-ecc";
        AdfWithoutAid = "with an ADF that has no AID";
        AdfWithoutNumber = "with an ADF that has no temporary file identifier";
        AdfIsAFile = "with an ADF that is described as a transparent EF";
        FileIsADirectory = "with an EF.SPN that is described as a DF";
        ContentTooLong = "with an IMSI of one byte more than the file has";
        ContentBeyondTheEnd = "with content that begins in EF.SPN and ends behind it";
        ContentToTheEnd = "with content in two pieces that ends where EF.SPN does";
        ContentBeforeParameters = "with content of EF.SPN before its parameters";
        ParametersTwice = "with two sets of parameters of EF.SPN";
        CreatedAndNot = "with an EF.SPN that is not to be created and has content";
        NotCreated = "with an EF.LOCI that is not to be created, and is created by file management";
        CreatedAgain = "with an EF.LOCI that the template creates, and file management again";
        AlwaysCreated = "with an EF.PL that is not to be created, but belongs to every MF";
        OfService = "with content in the files of the services that EF.UST has";
        NotOfService = "with content in a file of a service that EF.UST has not";
        OfAddedService = "with content in the file of a service that EF.UST was given";
        RecordsOfAnotherLength = "with an EF.SMSP whose record is longer than that of the template";
        SizeOfContent = "with an EF.ARR that is as large as its content makes it";
        SizeOfContentExceeded = "with an EF.ARR that is as large as its content makes it, and content behind that";
        SizeIsNoMultiple = "with an EF.ECC whose size is no multiple of its records";
    }
}

/// Members of PE-MF and PE-USIM.
const EF_PL: u32 = 3;
const ADF: u32 = 2;
const EF_IMSI: u32 = 3;
const EF_ARR: u32 = 4;
const EF_UST: u32 = 8;
const EF_SMSP: u32 = 11;
const EF_SPN: u32 = 13;
const EF_LOCI: u32 = 20;
const EF_ECC: u32 = 22;
/// Bytes of EF.SPN.
const SPN: usize = 17;

impl Files {
    pub(super) fn make(self, elements: &mut Elements) -> Made {
        use ElementKind::{Mf, Usim};
        match self {
            Self::MfWithoutItself => without(elements, Mf, 2),
            Self::MfWithoutEfIccid => without(elements, Mf, 4),
            Self::MfWithoutEfDir => without(elements, Mf, 5),
            Self::MfWithoutEfArr => without(elements, Mf, 6),
            Self::UsimWithoutAdf => without(elements, Usim, ADF),
            Self::UsimWithoutEfImsi => without(elements, Usim, EF_IMSI),
            Self::UsimWithoutEfArr => without(elements, Usim, EF_ARR),
            Self::UsimWithoutEfUst => without(elements, Usim, EF_UST),
            Self::UsimWithoutEfSpn => without(elements, Usim, EF_SPN),
            Self::UsimWithoutEfEst => without(elements, Usim, 14),
            Self::UsimWithoutEfAcc => without(elements, Usim, 18),
            Self::UsimWithoutEfEcc => without(elements, Usim, EF_ECC),
            Self::AdfWithoutAid => adf(elements, |fcp| fcp.df_name = None),
            Self::AdfWithoutNumber => adf(elements, |fcp| fcp.file_id = None),
            Self::AdfIsAFile => {
                adf(elements, |fcp| fcp.file_descriptor = Some(FileStructure::Transparent.to_descriptor()))
            }
            Self::FileIsADirectory => {
                let file_descriptor = Some(FileStructure::Directory.to_descriptor());
                spn(elements, vec![parameters(Fcp { file_descriptor, ..Fcp::default() })])
            }
            Self::ContentTooLong => {
                *elements.file(Usim, EF_IMSI)? = File::with_content([0xFF; 10]);
                Ok(())
            }
            Self::ContentBeyondTheEnd => spn(elements, vec![FileItem::FillFileOffset(1), content(SPN)]),
            Self::ContentToTheEnd => {
                spn(elements, vec![content(1), FileItem::FillFileOffset(5), content(SPN - 6)])
            }
            Self::ContentBeforeParameters => spn(elements, vec![content(SPN), parameters(Fcp::default())]),
            Self::ParametersTwice => {
                spn(elements, vec![parameters(Fcp::default()), parameters(Fcp::default()), content(SPN)])
            }
            Self::CreatedAndNot => spn(elements, vec![FileItem::DoNotCreate, content(SPN)]),
            Self::NotCreated => {
                add(elements, Usim, EF_LOCI, File(vec![FileItem::DoNotCreate]))?;
                elements.manage(vec![select(&[USIM]), create(ef(0x6F7E, 11))])
            }
            Self::CreatedAgain => elements.manage(vec![select(&[USIM]), create(ef(0x6F7E, 11))]),
            Self::AlwaysCreated => {
                add(elements, Mf, EF_PL, File(vec![FileItem::DoNotCreate]))?;
                elements.manage(vec![select(&[0x2F05]), write([0xFF, 0xFF])])
            }
            Self::OfService => {
                // The last byte of EF.SMS, EF.SMSP, EF.SMSS, EF.EPSLOCI and EF.EPSNSC.
                let files = [(0x6F3C, 1760), (0x6F42, 38), (0x6F43, 2), (0x6FE3, 18), (0x6FE4, 80)];
                elements.manage(files.into_iter().flat_map(|(file, size)| last_byte(file, size)).collect())
            }
            Self::NotOfService => elements.manage(last_byte(0x6F3B, 520)),
            Self::OfAddedService => {
                available(elements, 89)?;
                elements.manage(last_byte(0x6F3B, 520))
            }
            Self::RecordsOfAnotherLength => {
                let structure = FileStructure::LinearFixed { record_length: 40 };
                let file_descriptor = Some(structure.to_descriptor());
                let file = File::new(Fcp { file_descriptor, ..Fcp::default() }, Some(vec![0xFF; 40]));
                add(elements, Usim, EF_SMSP, file)
            }
            Self::SizeOfContent => {
                let size = as_large_as_content(elements)?;
                elements.manage(last_byte(0x6F06, size))
            }
            Self::SizeOfContentExceeded => {
                let size = as_large_as_content(elements)?;
                elements.manage(last_byte(0x6F06, size.saturating_add(1)))
            }
            Self::SizeIsNoMultiple => {
                let structure = FileStructure::LinearFixed { record_length: 4 };
                let fcp = Fcp {
                    file_descriptor: Some(structure.to_descriptor()),
                    ef_file_size: Some(vec![6]),
                    ..Fcp::default()
                };
                *elements.file(Usim, EF_ECC)? = File::new(fcp, Some(vec![0xFF; 4]));
                Ok(())
            }
        }
    }
}

/// A mandatory member is not there.
fn without(elements: &mut Elements, kind: ElementKind, member: u32) -> Made {
    elements.file(kind, member)?;
    elements.template(kind)?.files.retain(|(number, _)| *number != member);
    Ok(())
}

fn adf(elements: &mut Elements, change: impl FnOnce(&mut Fcp)) -> Made {
    elements.fcp(ElementKind::Usim, ADF).map(change)
}

fn spn(elements: &mut Elements, items: Vec<FileItem>) -> Made {
    *elements.file(ElementKind::Usim, EF_SPN)? = File(items);
    Ok(())
}

fn parameters(fcp: Fcp) -> FileItem {
    FileItem::FileDescriptor(Box::new(fcp))
}

fn content(bytes: usize) -> FileItem {
    FileItem::FillFileContent(vec![0xFF; bytes])
}

/// Puts a file at its place in an element.
fn add(elements: &mut Elements, kind: ElementKind, member: u32, file: File) -> Made {
    let files = &mut elements.template(kind)?.files;
    files.push((member, file));
    files.sort_by_key(|(number, _)| *number);
    Ok(())
}

/// Goes to a file of the USIM and writes its last byte.
fn last_byte(file_id: u16, size: u16) -> Vec<asn1::profile::FileManagementCommand> {
    vec![select(&[USIM, file_id]), skip(size - 1), write([0xFF])]
}

/// The service is there in EF.UST (3GPP TS 31.102 §4.2.8).
fn available(elements: &mut Elements, service: usize) -> Made {
    for item in &mut elements.file(ElementKind::Usim, EF_UST)?.0 {
        if let FileItem::FillFileContent(table) = item
            && let Some(byte) = table.get_mut((service - 1) / 8)
        {
            *byte |= 1 << ((service - 1) % 8);
        }
    }
    Ok(())
}

/// Takes the size of EF.ARR away, and one byte of its last record: how large the file is then.
fn as_large_as_content(elements: &mut Elements) -> Result<u16, Stop> {
    elements.fcp(ElementKind::Usim, EF_ARR)?.ef_file_size = None;
    let mut items = elements.file(ElementKind::Usim, EF_ARR)?.0.iter_mut();
    let content = items.find_map(|item| match item {
        FileItem::FillFileContent(content) => Some(content),
        _ => None,
    });
    let content = content.ok_or_else(|| Stop::impossible("EF.ARR is empty"))?;
    let size = u16::try_from(content.len()).map_err(|_| Stop::impossible("EF.ARR is too large"))?;
    content.pop();
    Ok(size)
}
