//! Which code a key reference means (ETSI TS 102 221 §9.5.1), and which codes were presented.

use std::collections::BTreeSet;

use crate::profile_package::{FilePath, Installed, Pin, PinSet};

/// Key reference of the universal PIN (ETSI TS 102 221 §9.4.1).
pub(in crate::uicc) const UNIVERSAL_PIN: u8 = 0x11;

/// Bits of `pinAttributes` (TCA profile package, PINConfiguration).
const ENABLED: u8 = 0x01;
pub(super) const MAY_BE_CHANGED: u8 = 0x02;
pub(super) const MAY_BE_DISABLED: u8 = 0x04;

/// The codes that were presented since the last reset or change of profile, on whatever channel.
#[derive(Clone, Debug, Default)]
pub(crate) struct VerifiedCodes(BTreeSet<Code>);

impl VerifiedCodes {
    /// Whether an access condition "key reference `reference`" is met for a file in `directory`: the code was
    /// presented, or is one that its holder has disabled. Never so for a code that does not exist or is blocked.
    pub fn satisfy(&self, files: &Installed, directory: &FilePath, reference: u8) -> bool {
        let Some(code) = Code::find(files, directory, reference) else { return false };
        let Some(pin) = code.pin(files).filter(|pin| pin.tries_left > 0) else { return false };
        if is_enabled(pin) {
            return self.0.contains(&code);
        }
        // ETSI TS 102 221 §11.1.11: as if always, unless the universal PIN took its place.
        let is_replaced = pin.replaced && reference != UNIVERSAL_PIN;
        !is_replaced || self.satisfy(files, directory, UNIVERSAL_PIN)
    }

    pub(super) fn insert(&mut self, code: Code) {
        self.0.insert(code);
    }

    pub(super) fn forget(&mut self, code: &Code) {
        self.0.remove(code);
    }
}

/// A PIN or administrative code: the directory that defines it, and its key reference.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Code {
    directory: FilePath,
    reference: u8,
}

impl Code {
    /// The code that a key reference means in a directory: a global one is the MF's, a local one that of the directory
    /// or the nearest above it. A directory can share the codes of another.
    pub fn find(files: &Installed, directory: &FilePath, reference: u8) -> Option<Self> {
        let is_global = reference & 0x80 == 0;
        let mut place = if is_global { FilePath::master_file() } else { directory.clone() };
        loop {
            if let Some(directory) = defining(files, &place, reference) {
                return Some(Self { directory, reference });
            }
            place = place.parent()?;
        }
    }

    pub fn pin<'a>(&self, files: &'a Installed) -> Option<&'a Pin> {
        pin_of(files, &self.directory, self.reference)
    }

    pub fn pin_mut<'a>(&self, files: &'a mut Installed) -> Option<&'a mut Pin> {
        let set = files.pins.iter_mut().find(|set| set.directory == self.directory)?;
        set.pins.iter_mut().find(|pin| pin.reference == self.reference)
    }
}

/// The directory whose own code it is that a directory has under this reference.
fn defining(files: &Installed, directory: &FilePath, reference: u8) -> Option<FilePath> {
    let shared = set_of(files, directory).and_then(|set| set.shared_with.as_ref());
    let places = [Some(directory), shared];
    places.into_iter().flatten().find(|place| pin_of(files, place, reference).is_some()).cloned()
}

fn set_of<'a>(files: &'a Installed, directory: &FilePath) -> Option<&'a PinSet> {
    files.pins.iter().find(|set| set.directory == *directory)
}

fn pin_of<'a>(files: &'a Installed, directory: &FilePath, reference: u8) -> Option<&'a Pin> {
    set_of(files, directory)?.pins.iter().find(|pin| pin.reference == reference)
}

/// Whether the code has to be presented.
pub(super) fn is_enabled(pin: &Pin) -> bool {
    pin.attributes & ENABLED != 0
}

pub(super) fn set_enabled(pin: &mut Pin) {
    pin.attributes |= ENABLED;
    pin.replaced = false;
}

pub(super) fn set_disabled(pin: &mut Pin, replaced: bool) {
    pin.attributes &= !ENABLED;
    pin.replaced = replaced;
}
