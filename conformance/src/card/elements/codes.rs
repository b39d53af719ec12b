//! PINs and PUKs.

use asn1::SecretOctets;
use asn1::profile::{ElementKind, Fcp, PinCodes, PinConfiguration, PinList, ProfileElement};

use super::changes;
use super::edit::{Elements, Made, with_header};
use super::parts::{DF, USIM, create, df, select};

changes! {
    /// A change of PINs or PUKs.
    Codes {
        GlobalPinsMissing = "without the PINs that protect the MF";
        LocalPinsMissing = "without the PIN that protects the USIM";
        LocalPinInMf = "with a local PIN in the MF";
        GlobalPinInUsim = "with a global PIN in the USIM";
        PinTwice = "with one PIN twice";
        PinCodesTwice = "with two PE-PINCodes for one directory";
        PinOfSevenBytes = "with a PIN of seven bytes";
        PinOfNoReference = "with a PIN of the key reference 9, which there is not";
        PinWithMoreTriesLeft = "with a PIN that has more tries left than it has tries";
        PinWithFewerTriesLeft = "with a PIN that has fewer tries left than it has tries";
        PinByDefault = "with a PIN that says neither its attributes nor its tries";
        PukMissing = "with a PIN whose PUK is not there";
        PukTwice = "with one PUK twice";
        PukCodesTwice = "with two PE-PUKCodes";
        PukOfSevenBytes = "with a PUK of seven bytes";
        PukOfNoReference = "with a PUK of the key reference 9, which there is not";
        PukWithMoreTriesLeft = "with a PUK that has more tries left than it has tries";
        PukByDefault = "with a PUK that does not say its tries";
        Shared = "with a DF that shares the PINs of the USIM";
        SharedWithNobody = "with a DF that shares the PINs of a directory without any";
        OwnPins = "with a DF in a DF, and a local PIN that belongs to the one created first";
        PinOfDirectoryAbove = "with a DF in the USIM that is protected by the local PIN of the USIM";
        PinOfDirectoryBeside = "with a DF beside the USIM that is protected by the local PIN of the USIM";
        AfterOptUsim = "with the PINs of the USIM behind PE-OPT-USIM";
    }
}

/// The local PIN of the USIM, and another one.
const PIN2: u8 = 0x81;
const ANOTHER: u8 = 0x82;
/// Three tries, and four of them left; and one.
const FOUR_OF_THREE: u8 = 0x34;
const ONE_OF_THREE: u8 = 0x31;
/// Neither a PIN nor a PUK has it.
const NO_REFERENCE: u8 = 9;

impl Codes {
    pub(super) fn make(self, elements: &mut Elements) -> Made {
        match self {
            Self::GlobalPinsMissing => drop(elements.take(ElementKind::PinCodes)?),
            Self::LocalPinsMissing => drop(elements.take_last(ElementKind::PinCodes)?),
            Self::LocalPinInMf => elements.global_pin()?.key_reference = ANOTHER,
            Self::GlobalPinInUsim => {
                let element = elements.take_last(ElementKind::PinCodes)?;
                let element = with_pin(element, |pin| pin.key_reference = 2);
                elements.insert(ElementKind::AkaParameter, element)?;
            }
            Self::PinTwice => {
                let pin = elements.global_pin()?.clone();
                if let PinList::Configured(pins) = &mut elements.global_pins()?.pins {
                    pins.push(pin);
                }
            }
            Self::PinCodesTwice => {
                let element = elements.take_last(ElementKind::PinCodes)?;
                let another = with_header(element.clone(), elements.mandated());
                elements.insert(ElementKind::AkaParameter, element)?;
                // With another PIN, so that it is not the PIN that is there twice.
                let another = with_pin(another, |pin| pin.key_reference = ANOTHER);
                elements.insert(ElementKind::AkaParameter, another)?;
            }
            Self::PinOfSevenBytes => elements.global_pin()?.pin_value = SecretOctets::from(vec![b'0'; 7]),
            Self::PinOfNoReference => elements.global_pin()?.key_reference = NO_REFERENCE,
            Self::PinWithMoreTriesLeft => elements.global_pin()?.attempts = Some(FOUR_OF_THREE),
            Self::PinWithFewerTriesLeft => elements.global_pin()?.attempts = Some(ONE_OF_THREE),
            Self::PinByDefault => {
                let pin = elements.global_pin()?;
                (pin.pin_attributes, pin.attempts) = (None, None);
            }
            Self::PukMissing => elements.global_pin()?.unblocking_pin_reference = Some(7),
            Self::PukTwice => {
                let puk = elements.puk()?.clone();
                elements.puks()?.puks.push(puk);
            }
            Self::PukCodesTwice => {
                let mut another = elements.puks()?.clone();
                another.header = elements.mandated();
                // With another PUK, so that it is not the PUK that is there twice.
                another.puks.truncate(1);
                another.puks.iter_mut().for_each(|puk| puk.key_reference = 2);
                elements.insert(ElementKind::PinCodes, ProfileElement::PukCodes(another))?;
            }
            Self::PukOfSevenBytes => elements.puk()?.puk_value = SecretOctets::from(vec![b'1'; 7]),
            Self::PukOfNoReference => {
                let mut another = elements.puk()?.clone();
                another.key_reference = NO_REFERENCE;
                elements.puks()?.puks.push(another);
            }
            Self::PukWithMoreTriesLeft => elements.puk()?.attempts = Some(FOUR_OF_THREE),
            Self::PukByDefault => elements.puk()?.attempts = None,
            Self::Shared => shared(elements, USIM)?,
            Self::SharedWithNobody => shared(elements, 0x7F67)?,
            Self::OwnPins => {
                let pins = elements.take_last(ElementKind::PinCodes)?;
                // The PIN of the USIM stays where it was.
                elements.insert(ElementKind::AkaParameter, pins.clone())?;
                elements.manage(vec![create(protected(DF, ANOTHER)), create(df(0x5F50))])?;
                let own = with_header(pins, elements.mandated());
                elements.add(with_pin(own, |pin| pin.key_reference = ANOTHER))?;
            }
            Self::PinOfDirectoryAbove => {
                // By the access rules of the USIM.
                let rule = Some(vec![14]);
                let directory = Fcp { security_attributes_referenced: rule, ..protected(0x5F66, PIN2) };
                elements.manage(vec![select(&[USIM]), create(directory)])?;
            }
            Self::PinOfDirectoryBeside => elements.manage(vec![create(protected(DF, PIN2))])?,
            Self::AfterOptUsim => {
                let pins = elements.take_last(ElementKind::PinCodes)?;
                elements.add(pins)?;
            }
        }
        Ok(())
    }
}

/// A DF that is protected by this PIN.
fn protected(file_id: u16, pin: u8) -> Fcp {
    Fcp { pin_status_template_do: Some(vec![pin]), ..df(file_id) }
}

/// A DF that is protected by the PIN of the USIM, and has those of some directory.
fn shared(elements: &mut Elements, with: u16) -> Made {
    elements.manage(vec![create(protected(DF, PIN2))])?;
    let pins = PinList::SharedWith(with.to_be_bytes().to_vec());
    let header = elements.mandated();
    elements.add(ProfileElement::PinCodes(PinCodes { header, pins, unknown: Vec::new() }))
}

/// The element with its first PIN changed.
fn with_pin(mut element: ProfileElement, change: impl FnOnce(&mut PinConfiguration)) -> ProfileElement {
    if let ProfileElement::PinCodes(PinCodes { pins: PinList::Configured(pins), .. }) = &mut element
        && let Some(pin) = pins.first_mut()
    {
        change(pin);
    }
    element
}
