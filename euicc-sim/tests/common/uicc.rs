//! A card whose profile is enabled, and the commands of a phone for it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use asn1::profile::{
    AkaParameter, AlgoConfiguration, AlgoParameter, FileItem, PinConfiguration, PinList, ProfileElement,
    ProfilePackage, TemplateElement,
};
use crypto::Curve;
use euicc_sim::profile_package::Installed;
use euicc_sim::state::CardState;
use euicc_sim::{Card, InMemory, MemoryFailure, NonVolatile};
use protocol::trace::{Actor, Tracer};

use super::smdp::{Binding, Download};
use super::{ICCID, Terminal, enable, environment_with, hex, new_state};

/// AID of the USIM in the generated package.
pub const USIM: &str = "A0000000871002FFFFFFFF89";

/// Positions in the generated package.
pub const PINS: usize = 3;
pub const USIM_ELEMENT: usize = 4;
pub const LOCAL_PINS: usize = 5;
pub const AKA: usize = 6;

/// The generated package as elements, changed by `change`, and encoded again.
pub fn changed_package(change: impl FnOnce(&mut Vec<ProfileElement>)) -> Vec<u8> {
    let package = super::package::package();
    let package = ProfilePackage::parse(&package).unwrap();
    let mut elements: Vec<_> = package.elements().iter().map(|raw| raw.decode().unwrap()).collect();
    change(&mut elements);
    elements.iter().flat_map(ProfileElement::to_der).collect()
}

pub fn aka_of(elements: &mut [ProfileElement]) -> &mut AkaParameter {
    let ProfileElement::AkaParameter(element) = &mut elements[AKA] else { panic!("akaParameter") };
    element
}

pub fn algorithm_of(elements: &mut [ProfileElement]) -> &mut AlgoParameter {
    let AlgoConfiguration::Algo(algorithm) = &mut aka_of(elements).algo_configuration else { panic!() };
    algorithm
}

pub fn pins_of(elements: &mut [ProfileElement], position: usize) -> &mut Vec<PinConfiguration> {
    let ProfileElement::PinCodes(element) = &mut elements[position] else { panic!("pinCodes") };
    let PinList::Configured(pins) = &mut element.pins else { panic!("pinconfig") };
    pins
}

/// Makes these the services of the USIM, besides those that are there.
pub fn add_services(elements: &mut [ProfileElement], services: &[usize]) {
    const EF_UST: u32 = 8;
    let ProfileElement::Template(TemplateElement { files, .. }) = &mut elements[USIM_ELEMENT] else {
        panic!()
    };
    let (_, file) = files.iter_mut().find(|(member, _)| *member == EF_UST).unwrap();
    for item in &mut file.0 {
        if let FileItem::FillFileContent(table) = item {
            services.iter().for_each(|service| table[(service - 1) / 8] |= 1 << ((service - 1) % 8));
        }
    }
}

/// Memory that takes so many more states and then fails.
#[derive(Clone)]
pub struct Limited {
    pub kept: InMemory,
    pub writes: Arc<AtomicUsize>,
}

impl NonVolatile for Limited {
    fn commit(&mut self, state: &CardState) -> Result<(), MemoryFailure> {
        let left = self.writes.load(Ordering::SeqCst);
        self.writes.store(left.checked_sub(1).ok_or(MemoryFailure("worn out".into()))?, Ordering::SeqCst);
        self.kept.commit(state)
    }
}

/// A card with an enabled profile. Channel 0 is for the file system, channel 1 has the ISD-R.
pub struct Uicc(pub Terminal);

impl Uicc {
    /// Downloads the package onto a new card and enables its profile.
    pub fn with(package: Vec<u8>) -> Self {
        let mut download = Download::prepare(Terminal::new(new_state(Curve::P256)), Curve::P256);
        let binding = Binding { package, ..download.binding() };
        download.install(&binding);
        let mut terminal = download.terminal;
        assert_eq!(terminal.result(&enable(ICCID, false)), 0);
        Self(terminal)
    }

    /// The same card with its USIM selected.
    pub fn usim(package: Vec<u8>) -> Self {
        let mut uicc = Self::with(package);
        uicc.select(USIM);
        uicc
    }

    /// A card that has lost its power and comes up again with what it had written.
    pub fn restarted(&self) -> Self {
        Self(Terminal::new(self.0.card.state().clone()))
    }

    /// A card that was made otherwise than its package says.
    pub fn edited(&self, edit: impl FnOnce(&mut Installed)) -> Self {
        let mut state = self.0.card.state().clone();
        edit(Arc::make_mut(&mut state.profiles[0].installed));
        Self(Terminal::new(state))
    }

    /// The card with a memory that takes `writes` more states.
    pub fn with_limited_memory(&self) -> (Self, Limited) {
        let memory = Limited { kept: InMemory::default(), writes: Arc::new(AtomicUsize::new(usize::MAX)) };
        let environment = environment_with(Box::new(memory.clone()), Tracer::off(Actor::Euicc));
        let card = Card::power_on(self.0.card.state().clone(), environment).unwrap();
        (Self(Terminal::with_card(card, memory.kept.clone())), memory)
    }

    pub fn installed(&self) -> &Installed {
        &self.0.card.state().enabled_profile().unwrap().installed
    }

    /// A command, hex with spaces; what 61xx announces is fetched.
    pub fn apdu(&mut self, command: &str) -> (Vec<u8>, u16) {
        self.bytes(&hex(command))
    }

    pub fn bytes(&mut self, command: &[u8]) -> (Vec<u8>, u16) {
        let mut data = Vec::new();
        let mut response = self.0.send(command);
        loop {
            let status = response.split_off(response.len() - 2);
            data.extend(response);
            match status[..] {
                [0x61, left] => response = self.0.send(&[command[0] & 0x03, 0xC0, 0, 0, left]),
                [high, low] => return (data, u16::from_be_bytes([high, low])),
                _ => unreachable!(),
            }
        }
    }

    /// A command without response data: its status word.
    pub fn status(&mut self, command: &str) -> u16 {
        let (data, status) = self.apdu(command);
        assert!(data.is_empty(), "{command}: {data:02X?}");
        status
    }

    /// Selects an application by its AID.
    pub fn select(&mut self, aid: &str) {
        let (_, status) = self.apdu(&format!("00A40404 {:02X} {aid}", aid.len() / 2));
        assert_eq!(status, 0x9000, "{aid}");
    }

    /// Selects a file by its identifier: its file control parameters.
    pub fn select_file(&mut self, file_id: &str) -> Vec<u8> {
        let (fcp, status) = self.apdu(&format!("00A40004 02 {file_id}"));
        assert_eq!(status, 0x9000, "{file_id}");
        fcp
    }

    /// Selects a transparent EF and reads it.
    pub fn read(&mut self, file_id: &str) -> (Vec<u8>, u16) {
        self.select_file(file_id);
        self.apdu("00B0 0000 00")
    }
}

/// The record length of a linear fixed EF, from its file control parameters (ETSI TS 102 221 §11.1.1.4.3).
pub fn record_length(fcp: &[u8]) -> u16 {
    let template = asn1::tlv::find(fcp, 0x62).unwrap().value;
    let descriptor = asn1::tlv::find(template, 0x82).unwrap().value;
    assert_eq!(descriptor[0] & 0x07, 0x02, "linear fixed: {descriptor:02X?}");
    u16::from_be_bytes([descriptor[2], descriptor[3]])
}
