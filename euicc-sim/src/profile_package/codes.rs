//! PINs and PUKs.

use std::collections::BTreeSet;

use asn1::profile::{PinCodes, PinConfiguration, PinList, PukCodes, Status};

use super::failure::Fault;
use super::file_system::FileSystem;
use super::installed::{InstalledFile, Pin, PinSet, Puk};
use super::path::FilePath;
use super::secret::Secret;

/// Memory that a PIN or PUK takes.
const CODE_SIZE: u32 = 16;

/// Defaults of PINConfiguration and PUKConfiguration.
const PIN_ATTRIBUTES: u8 = 7;
const PIN_ATTEMPTS: u8 = 0x33;
const PUK_ATTEMPTS: u8 = 0xAA;

/// The codes of the profile so far.
#[derive(Clone, Default)]
pub(super) struct Codes {
    pub pins: Vec<PinSet>,
    pub puks: Vec<Puk>,
    /// The elements that brought the sets of PINs.
    elements: Vec<Option<u16>>,
}

impl Codes {
    /// PE-PUKCodes: once, each reference once.
    pub(super) fn add_puks(&mut self, element: &PukCodes, files: &mut FileSystem) -> Result<(), Fault> {
        if !self.puks.is_empty() {
            return Err(Fault::invalid_request_format("the element pukCodes stands twice"));
        }
        let mut references = BTreeSet::new();
        for puk in &element.puks {
            if !references.insert(puk.key_reference) {
                return Err(Fault::invalid_parameter(format!("PUK {} is defined twice", puk.key_reference)));
            }
            files.reserve(CODE_SIZE)?;
            let (tries, tries_left) = attempts(puk.attempts.unwrap_or(PUK_ATTEMPTS))?;
            let value = Secret::from(puk.puk_value.bytes());
            self.puks.push(Puk { reference: puk.key_reference, value, tries, tries_left });
        }
        Ok(())
    }

    /// PE-PINCodes for a directory.
    pub(super) fn add_pins(
        &mut self,
        element: &PinCodes,
        directory: &FilePath,
        files: &mut FileSystem,
    ) -> Result<(), Fault> {
        if self.of(directory).is_some() {
            return Err(Fault::invalid_request_format(format!("{directory:?} gets PIN codes twice")));
        }
        let set = match &element.pins {
            PinList::Configured(pins) => {
                let pins = own_pins(pins, directory, files)?;
                PinSet { directory: directory.clone(), shared_with: None, pins }
            }
            PinList::SharedWith(octets) => {
                let other = FilePath::from_octets(octets).filter(|other| self.of(other).is_some());
                let other = other.ok_or_else(|| {
                    Fault::invalid_parameter("PIN codes are shared with a directory without any")
                })?;
                PinSet { directory: directory.clone(), shared_with: Some(other), pins: Vec::new() }
            }
        };
        self.pins.push(set);
        self.elements.push(files.element);
        Ok(())
    }

    fn of(&self, directory: &FilePath) -> Option<&PinSet> {
        self.pins.iter().find(|set| set.directory == *directory)
    }

    /// Whether a PIN is defined in a directory, its own or one that it shares.
    fn defines(&self, directory: &FilePath, reference: u8) -> bool {
        let own = self.of(directory);
        let shared = own.and_then(|set| set.shared_with.as_ref()).and_then(|other| self.of(other));
        own.into_iter().chain(shared).flat_map(|set| &set.pins).any(|pin| pin.reference == reference)
    }

    /// TCA profile package, pinStatusTemplateDO: every PIN that protects a directory has to exist, a global one in
    /// the MF, a local one in the directory itself or above it.
    pub(super) fn check_pins_of(&self, file: &InstalledFile, creator: Option<u16>) -> Result<(), Fault> {
        for reference in &file.pin_references {
            let mut directory =
                if is_global(*reference) { FilePath::master_file() } else { file.path.clone() };
            while !self.defines(&directory, *reference) {
                directory = directory.parent().ok_or_else(|| {
                    let explanation =
                        format!("{:?} is protected by PIN {reference}, which does not exist", file.path);
                    let fault = Fault::new(Status::PIN_CODE_MISSING, explanation).about(*reference);
                    Fault { element: creator, ..fault }
                })?;
            }
        }
        Ok(())
    }

    /// PINConfiguration: a PUK that a PIN names has to be defined, anywhere in the package.
    pub(super) fn check_puks(&self) -> Result<(), Fault> {
        for (set, element) in self.pins.iter().zip(&self.elements) {
            let mut named = set.pins.iter().filter_map(|pin| pin.puk);
            if let Some(puk) = named.find(|puk| !self.puks.iter().any(|own| own.reference == *puk)) {
                let explanation = format!("a PIN names PUK {puk}, which does not exist");
                let fault = Fault::invalid_parameter(explanation).about(puk);
                return Err(Fault { element: *element, ..fault });
            }
        }
        Ok(())
    }
}

fn own_pins(
    pins: &[PinConfiguration],
    directory: &FilePath,
    files: &mut FileSystem,
) -> Result<Vec<Pin>, Fault> {
    let mut references = BTreeSet::new();
    let mut own = Vec::with_capacity(pins.len());
    for pin in pins {
        let reference = pin.key_reference;
        // PINConfiguration: global references belong to the MF, local ones to DFs and ADFs.
        if is_global(reference) != (directory.depth() == 0) {
            return Err(Fault::invalid_parameter(format!(
                "PIN {reference} does not belong to {directory:?}"
            )));
        }
        if !references.insert(reference) {
            return Err(Fault::invalid_parameter(format!("PIN {reference} is defined twice")));
        }
        files.reserve(CODE_SIZE)?;
        let (tries, tries_left) = attempts(pin.attempts.unwrap_or(PIN_ATTEMPTS))?;
        own.push(Pin {
            reference,
            value: Secret::from(pin.pin_value.bytes()),
            puk: pin.unblocking_pin_reference,
            attributes: pin.pin_attributes.unwrap_or(PIN_ATTRIBUTES),
            tries,
            tries_left,
            replaced: false,
        });
    }
    Ok(own)
}

/// ETSI TS 102 221 §9.5.1: references below 80 are global.
fn is_global(reference: u8) -> bool {
    reference < 0x80
}

/// maxNumOfAttemps-retryNumLeft: tries allowed in the high nibble, tries left in the low one.
fn attempts(octet: u8) -> Result<(u8, u8), Fault> {
    match (octet >> 4, octet & 0x0F) {
        (tries, left) if left <= tries => Ok((tries, left)),
        _ => Err(Fault::bad_values("a code has more tries left than it has tries")),
    }
}
