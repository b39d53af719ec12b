//! A card whose profile has the files that a test needs.

use std::sync::Arc;

use asn1::tlv;
use euicc_sim::profile_package::{AccessRule, FilePath, Installed, InstalledFile, Structure};
use euicc_sim::state::CardState;
use euicc_sim::{Card, InMemory};

use crate::common::{self, OPERATIONAL, Spec, hex, state_with};

pub const USIM: &str = "A0000000871002FFFFFFFF89";

pub fn path(text: &str) -> FilePath {
    FilePath::from_octets(&hex(text)).unwrap()
}

/// A file whose rule is a record of the EF.ARR of its application or of the MF.
pub fn ef(place: &str, structure: Structure, rule: u8, content: Vec<u8>) -> InstalledFile {
    let path = path(place);
    let file_id = if place.starts_with("7FD") && path.depth() > 1 { 0x6F06 } else { 0x2F06 };
    InstalledFile {
        path,
        structure,
        short_file_id: None,
        life_cycle_status: 0x05,
        special_information: 0,
        access_rule: Some(AccessRule { file_id, record: rule }),
        pin_references: Vec::new(),
        size: u32::try_from(content.len()).unwrap(),
        content,
        link: None,
    }
}

pub fn transparent(place: &str, rule: u8, content: &str) -> InstalledFile {
    ef(place, Structure::Transparent, rule, hex(content))
}

pub fn linear(place: &str, rule: u8, records: &[&str]) -> InstalledFile {
    let record_length = u16::try_from(hex(records[0]).len()).unwrap();
    ef(place, Structure::LinearFixed { record_length }, rule, hex(&records.concat()))
}

pub fn cyclic(place: &str, rule: u8, records: &[&str]) -> InstalledFile {
    let record_length = u16::try_from(hex(records[0]).len()).unwrap();
    ef(place, Structure::Cyclic { record_length }, rule, hex(&records.concat()))
}

pub fn ber_tlv(place: &str, size: u32, content: &str) -> InstalledFile {
    InstalledFile { size, ..ef(place, Structure::BerTlv, READ_UPDATE_PIN1, hex(content)) }
}

pub fn link(place: &str, to: &str) -> InstalledFile {
    InstalledFile {
        link: Some(path(to)),
        size: 0,
        ..ef(place, Structure::Transparent, READ_UPDATE_PIN1, Vec::new())
    }
}

pub fn directory(place: &str) -> InstalledFile {
    ef(place, Structure::Directory, 14, Vec::new())
}

pub fn application(place: &str, aid: &str) -> InstalledFile {
    ef(place, Structure::Adf { aid: hex(aid) }, 14, Vec::new())
}

/// Records of the EF.ARR of the default profile.
pub const READ_PIN1: u8 = 2;
pub const NEVER_UPDATED: u8 = 4;
pub const READ_UPDATE_PIN1: u8 = 5;
pub const INCREASE_PIN1: u8 = 7;
pub const ONLY_ADM1: u8 = 3;
pub const ALL_PIN1_STATE: u8 = 9;

/// A profile with these files beside those of the default profile, whose PIN1 is disabled.
pub struct Laboratory {
    pub card: Card,
    pub memory: InMemory,
}

impl Laboratory {
    pub fn new(files: impl IntoIterator<Item = InstalledFile>) -> Self {
        Self::with(|installed| installed.files.extend(files))
    }

    pub fn with(change: impl FnOnce(&mut Installed)) -> Self {
        let mut state = state_with(&[Spec { enabled: true, ..OPERATIONAL }]);
        let installed = Arc::make_mut(&mut state.profiles[0].installed);
        change(installed);
        installed.files.sort_by(|one, other| one.path.cmp(&other.path));
        Self::of(state)
    }

    pub fn of(state: CardState) -> Self {
        let memory = InMemory::default();
        let card = Card::power_on(state, common::environment(memory.clone())).unwrap();
        Self { card, memory }
    }

    /// In the USIM.
    pub fn in_usim(files: impl IntoIterator<Item = InstalledFile>) -> Self {
        let mut laboratory = Self::new(files);
        laboratory.select_usim();
        laboratory
    }

    pub fn select_usim(&mut self) {
        self.expect(&format!("00A4040C0C{USIM}"), "9000");
    }

    pub fn adm1(&mut self) {
        self.expect("0020000A083535353535353535", "9000");
    }

    pub fn send(&mut self, command: &str) -> Vec<u8> {
        self.card.transmit(&hex(command))
    }

    /// A command, and GET RESPONSE after it where the card says so.
    pub fn fetch(&mut self, command: &str) -> Vec<u8> {
        let response = self.send(command);
        let [0x61, length] = response[..] else { panic!("{command}: {response:02X?}") };
        let mut response = self.card.transmit(&[0, 0xC0, 0, 0, length]);
        assert_eq!(response.split_off(response.len() - 2), [0x90, 0x00], "{command}");
        response
    }

    #[track_caller]
    pub fn expect(&mut self, command: &str, response: &str) {
        assert_eq!(self.send(command), hex(response), "{command}");
    }

    #[track_caller]
    pub fn expect_all(&mut self, exchanges: &[(&str, &str)]) {
        for (command, response) in exchanges {
            self.expect(command, response);
        }
    }

    /// The FCP of what a command selects, as tag and value.
    pub fn fcp(&mut self, command: &str) -> Vec<(u32, Vec<u8>)> {
        members(&self.fetch(command))
    }

    /// Selects by file identifier: status word, and the current directory after it.
    #[track_caller]
    pub fn walk(&mut self, steps: &[(&str, &str, &str)]) {
        for (file_id, status, here) in steps {
            self.expect(&format!("00A4000C02{file_id}"), status);
            assert_eq!(self.here(), *here, "after {file_id}");
        }
    }

    /// The identifier, or name, of the current directory.
    pub fn here(&mut self) -> String {
        let response = self.send("80F2000000");
        let members = members(&response[..response.len() - 2]);
        let name = members.iter().find(|(tag, _)| matches!(tag, 0x83 | 0x84)).unwrap();
        data_encoding::HEXUPPER.encode(&name.1)
    }

    pub fn content(&self, place: &str) -> Vec<u8> {
        let profile = self.card.state().enabled_profile().unwrap();
        profile.installed.content(&path(place)).unwrap().to_vec()
    }
}

pub fn members(fcp: &[u8]) -> Vec<(u32, Vec<u8>)> {
    let (template, rest) = tlv::read(fcp).unwrap();
    assert_eq!((template.tag.0, rest), (0x62, &[][..]));
    tlv::children(template.value).map(|member| member.unwrap()).map(|m| (m.tag.0, m.value.to_vec())).collect()
}

pub fn value(members: &[(u32, Vec<u8>)], tag: u32) -> Option<Vec<u8>> {
    members.iter().find(|(candidate, _)| *candidate == tag).map(|(_, value)| value.clone())
}

/// MF: 7F10 with 5F3A and an EF; two USIMs; in the first a DF with an EF and a DF.
pub fn tree() -> Vec<InstalledFile> {
    vec![
        directory("7F10"),
        directory("7F105F3A"),
        transparent("7F105F3A4F01", READ_UPDATE_PIN1, "01"),
        transparent("7F106F3A", READ_UPDATE_PIN1, "02"),
        directory("7F20"),
        directory("7FD05F3B"),
        transparent("7FD05F3B4F20", READ_UPDATE_PIN1, "03"),
        directory("7FD05F3C"),
        directory("7FD05F3C5F01"),
        application("7FD1", "A0000000871002FFFFFFFF8901"),
        transparent("7FD16F10", READ_UPDATE_PIN1, "04"),
        application("7FD2", "A0000000871004FFFFFFFF89"),
    ]
}
