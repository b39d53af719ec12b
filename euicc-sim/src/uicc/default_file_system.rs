//! The file system of a card without an enabled profile (SGP.22 §3.2.2 asks for at least the MF).

use std::sync::OnceLock;

use crate::profile_package::{AccessRule, FilePath, Installed, InstalledFile, Structure};

const EF_DIR: u16 = 0x2F00;
const EF_DIR_RECORD: u16 = 32;
const EF_DIR_SHORT: u8 = 0x1E;
const EF_ARR: u16 = 0x2F06;

/// The records of EF.ARR: everybody reads, nobody does anything else; for directories, nothing.
const RULES: [[u8; 10]; 2] = [
    [0x80, 0x01, 0x01, 0x90, 0x00, 0x80, 0x01, 0x5A, 0x97, 0x00],
    [0x80, 0x01, 0x5E, 0x97, 0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
];
const RULE_LENGTH: u16 = 10;
const READ_ONLY: u8 = 1;
const CLOSED: u8 = 2;

/// MF, an EF.DIR that lists no application, and EF.ARR with the rules of the three.
pub(crate) fn get() -> &'static Installed {
    static FILES: OnceLock<Installed> = OnceLock::new();
    FILES.get_or_init(|| Installed {
        version: (0, 0),
        profile_type: None,
        files: files(),
        unplaced_files: (),
        pins: Vec::new(),
        puks: Vec::new(),
        network_access: Vec::new(),
        applications: Vec::new(),
        memory_used: 0,
        euicc_response: Vec::new(),
    })
}

fn files() -> Vec<InstalledFile> {
    let root = FilePath::master_file();
    let records = |record_length| Structure::LinearFixed { record_length };
    let dir = vec![0xFF; usize::from(EF_DIR_RECORD)];
    vec![
        file(root.clone(), Structure::MasterFile, CLOSED, Vec::new()),
        InstalledFile {
            short_file_id: Some(EF_DIR_SHORT),
            ..file(root.child(EF_DIR), records(EF_DIR_RECORD), READ_ONLY, dir)
        },
        file(root.child(EF_ARR), records(RULE_LENGTH), READ_ONLY, RULES.concat()),
    ]
}

fn file(path: FilePath, structure: Structure, rule: u8, content: Vec<u8>) -> InstalledFile {
    InstalledFile {
        path,
        structure,
        short_file_id: None,
        life_cycle_status: 0x05,
        special_information: 0,
        access_rule: Some(AccessRule { file_id: EF_ARR, record: rule }),
        pin_references: Vec::new(),
        size: u32::try_from(content.len()).unwrap_or(u32::MAX),
        content,
        link: None,
    }
}
