//! Files to try the commands of a phone on: what [`Form::Laboratory`](super::super::profile::Form) has beside the files of
//! a plain profile.
//!
//! ```text
//! MF
//! └ DF 7F4A
//!   ├ EF 6F01  transparent, SFI 01: 0102030405060708
//!   ├ EF 6F02  linear fixed, SFI 02: 01A1A1A1 02B2B2B2 03A1A1A1
//!   ├ EF 6F03  cyclic, SFI 03: 000003 000002 000001
//!   ├ EF 6F04  BER-TLV, 64 bytes
//!   ├ EF 6F05  transparent: CAFE, for ADM1 alone
//!   ├ EF 6F06  transparent: 55, read by everybody, updated by nobody
//!   ├ EF 6F07  transparent, no SFI: 3 bytes of a fill pattern, A1 B2 B2
//!   ├ EF 6F08  transparent: 5 bytes of a repeated pattern, A1 B2 A1 B2 A1
//!   ├ EF 6F09  a link to 6F01
//!   ├ EF 6F0A  transparent: 77, deactivated
//!   ├ DF 5F3A
//!   │ └ EF 4F01  transparent: 99
//!   ├ EF 6F0B  transparent: 66, activated with PIN1, deactivated with ADM1
//!   └ EF 6F0C  transparent: 88, read and updated also when deactivated
//! ```

use asn1::profile::{Fcp, FileManagementCommand, FileStructure, ProprietaryInfo};

use crate::card::elements::{Elements, Made};

/// Records of the EF.ARR of a plain profile: who may do what.
mod rule {
    /// Only ADM1.
    pub const ADM1: u8 = 3;
    /// Everybody reads, nobody updates.
    pub const READ_ONLY: u8 = 4;
    /// Read and updated with PIN1.
    pub const PIN1: u8 = 5;
    /// Read and activated with PIN1, updated and deactivated with ADM1.
    pub const PIN1_ACTIVATES: u8 = 6;
    /// Read and updated with PIN1, and INCREASE.
    pub const COUNTER: u8 = 7;
    /// For directories.
    pub const DIRECTORY: u8 = 14;
}

/// Bit 7 of the special file information (ETSI TS 102 222 §6.3.2.2.2).
const USABLE_WHEN_DEACTIVATED: u8 = 0x40;

/// Adds the files of the laboratory to a profile.
///
/// # Errors
/// Where it has no end.
pub(in crate::card) fn put_into(elements: &mut Elements) -> Made {
    elements.manage(commands())
}

fn commands() -> Vec<FileManagementCommand> {
    use FileManagementCommand::{CreateFcp, FilePath, FillFileContent, FillFileOffset};
    let create = |fcp: Fcp| CreateFcp(Box::new(fcp));
    let records = |record_length| FileStructure::LinearFixed { record_length };
    let counters = FileStructure::Cyclic { record_length: 3 };
    vec![
        create(directory([0x7F, 0x4A])),
        create(with_sfi(1, ef([0x6F, 0x01], FileStructure::Transparent, rule::PIN1, 8))),
        FillFileContent(vec![1, 2, 3]),
        // What is skipped is filled by the next content.
        FillFileOffset(2),
        FillFileContent(vec![6, 7, 8]),
        FilePath(vec![0x7F, 0x4A, 0x6F, 0x01]),
        FillFileOffset(3),
        FillFileContent(vec![4, 5]),
        FilePath(vec![0x7F, 0x4A]),
        create(with_sfi(2, ef([0x6F, 0x02], records(4), rule::PIN1, 12))),
        FillFileContent(vec![1, 0xA1, 0xA1, 0xA1, 2, 0xB2, 0xB2, 0xB2, 3, 0xA1, 0xA1, 0xA1]),
        create(with_sfi(3, ef([0x6F, 0x03], counters, rule::COUNTER, 9))),
        FillFileContent(vec![0, 0, 3, 0, 0, 2, 0, 0, 1]),
        create(Fcp {
            ef_file_size: Some(vec![64]),
            proprietary_ef_info: Some(ProprietaryInfo {
                maximum_file_size: Some(vec![64]),
                ..ProprietaryInfo::default()
            }),
            ..ef([0x6F, 0x04], FileStructure::BerTlv, rule::PIN1, 0)
        }),
        create(ef([0x6F, 0x05], FileStructure::Transparent, rule::ADM1, 2)),
        FillFileContent(vec![0xCA, 0xFE]),
        create(ef([0x6F, 0x06], FileStructure::Transparent, rule::READ_ONLY, 1)),
        FillFileContent(vec![0x55]),
        create(Fcp {
            short_ef_id: Some(Vec::new()),
            proprietary_ef_info: Some(ProprietaryInfo {
                fill_pattern: Some(vec![0xA1, 0xB2]),
                ..ProprietaryInfo::default()
            }),
            ..ef([0x6F, 0x07], FileStructure::Transparent, rule::PIN1, 3)
        }),
        create(Fcp {
            proprietary_ef_info: Some(ProprietaryInfo {
                repeat_pattern: Some(vec![0xA1, 0xB2]),
                ..ProprietaryInfo::default()
            }),
            ..ef([0x6F, 0x08], FileStructure::Transparent, rule::PIN1, 5)
        }),
        create(Fcp {
            ef_file_size: None,
            link_path: Some(vec![0x7F, 0x4A, 0x6F, 0x01]),
            ..ef([0x6F, 0x09], FileStructure::Transparent, rule::PIN1, 0)
        }),
        create(Fcp { lcsi: Some(0x04), ..ef([0x6F, 0x0A], FileStructure::Transparent, rule::PIN1, 1) }),
        FillFileContent(vec![0x77]),
        create(directory([0x5F, 0x3A])),
        create(ef([0x4F, 0x01], FileStructure::Transparent, rule::PIN1, 1)),
        FillFileContent(vec![0x99]),
        FilePath(vec![0x7F, 0x4A]),
        create(ef([0x6F, 0x0B], FileStructure::Transparent, rule::PIN1_ACTIVATES, 1)),
        FillFileContent(vec![0x66]),
        create(Fcp {
            proprietary_ef_info: Some(ProprietaryInfo {
                special_file_information: Some(USABLE_WHEN_DEACTIVATED),
                ..ProprietaryInfo::default()
            }),
            ..ef([0x6F, 0x0C], FileStructure::Transparent, rule::PIN1, 1)
        }),
        FillFileContent(vec![0x88]),
    ]
}

fn directory(file_id: [u8; 2]) -> Fcp {
    Fcp {
        file_descriptor: Some(FileStructure::Directory.to_descriptor()),
        file_id: Some(file_id),
        security_attributes_referenced: Some(vec![0x2F, 0x06, rule::DIRECTORY]),
        pin_status_template_do: Some(vec![0x01, 0x0A]),
        ..Fcp::default()
    }
}

fn ef(file_id: [u8; 2], structure: FileStructure, rule: u8, size: u8) -> Fcp {
    Fcp {
        file_descriptor: Some(structure.to_descriptor()),
        file_id: Some(file_id),
        // In the MF, since the directory of the laboratory has no EF.ARR of its own.
        security_attributes_referenced: Some(vec![0x2F, 0x06, rule]),
        ef_file_size: Some(vec![size]),
        ..Fcp::default()
    }
}

/// The short file identifier stands in the upper five bits.
fn with_sfi(number: u8, fcp: Fcp) -> Fcp {
    Fcp { short_ef_id: Some(vec![number << 3]), ..fcp }
}
