//! Which elements there are, and in which order.

use asn1::SecretOctets;
use asn1::profile::{
    ElementKind, File, FileItem, OtherElement, PeHeader, ProfileElement, Service, TemplateId,
};

use super::changes;
use super::edit::{Elements, Made, with_header};
use super::parts::{isim, of_template};

changes! {
    /// A change of which elements there are, and in which order.
    Order {
        MfMissing = "without PE-MF";
        MfTwice = "with PE-MF twice";
        UsimBeforeMf = "with PE-USIM before PE-MF";
        CodesBeforeMf = "with PE-PUKCodes before PE-MF";
        NumberTwice = "with two elements of one identification";
        NumberOfOneLeftOut = "with an element that has the identification of one that is unknown and not mandated";
        OptUsimBeforeUsim = "with PE-OPT-USIM before PE-USIM";
        OptUsimTwice = "with PE-OPT-USIM twice for one USIM";
        AkaBeforeUsim = "with PE-AKAParameter before PE-USIM";
        SecondUsim = "with two USIMs and without the service multiple-usim";
        SecondUsimAllowed = "with two USIMs and the service multiple-usim";
        SecondUsimOfSameAid = "with two USIMs of one AID";
        OptionalAndWrong = "with an IMSI that is too long in a PE-USIM that is not mandated";
        OptionalWithUnknownTemplate = "with a PE-ISIM of an unknown template that is not mandated";
        OptionalWithAllThatBelongsToIt = "with a PE-ISIM of an unknown template, its PINs, keys and files, none of them mandated";
        KeysOfOneLeftOut = "with a PE-ISIM of an unknown template that is not mandated, and its keys that are";
        PinsOfOneLeftOut = "with a PE-ISIM of an unknown template that is not mandated, and its PINs that are";
        OptUsimLeftOutBeforePins = "with a PE-OPT-USIM of an unknown template, not mandated, between PE-USIM and its PINs";
        NonStandardOptional = "with a PE-NonStandard of an unknown issuer that is not mandated";
        NonStandardMandated = "with a PE-NonStandard of an unknown issuer that is mandated";
        UnknownMemberMandated = "with a member of no version in a mandated PE-End";
        UnknownMemberOptional = "with a member of no version in a PE-End that is not mandated";
        UnknownFileMandated = "with a file of no version of the template in a mandated PE-OPT-USIM";
        ReservedBeforeKeys = "with an element of a reserved tag that is not mandated, between PE-USIM and its keys";
        UnknownFileOptional = "with a file of no version of the template in a PE-OPT-USIM that is not mandated";
    }
}

/// A template that there is not.
const UNKNOWN_TEMPLATE: u8 = 99;
/// A member that no version of any element has, as TLV and as the number of a file.
const UNKNOWN_MEMBER: [u8; 3] = [0x9E, 0x01, 0xAA];
const UNKNOWN_FILE: u32 = 126;

impl Order {
    pub(super) fn make(self, elements: &mut Elements) -> Made {
        match self {
            Self::MfMissing => elements.take(ElementKind::Mf).map(drop),
            Self::MfTwice => again(elements, ElementKind::Mf),
            Self::UsimBeforeMf => put(elements, ElementKind::Usim, ElementKind::Mf),
            Self::CodesBeforeMf => put(elements, ElementKind::PukCodes, ElementKind::Mf),
            Self::NumberTwice => {
                elements.template(ElementKind::OptUsim)?.header.identification = 7;
                Ok(())
            }
            Self::NumberOfOneLeftOut => {
                let header = elements.optional();
                elements.insert(ElementKind::OptUsim, non_standard(header))?;
                elements.template(ElementKind::OptUsim)?.header.identification = header.identification;
                Ok(())
            }
            Self::OptUsimBeforeUsim => put(elements, ElementKind::OptUsim, ElementKind::Usim),
            Self::OptUsimTwice => {
                // With another file, so that it is not the file that is there twice.
                let header = elements.mandated();
                let files = vec![(5, File::default())];
                elements.add(of_template(ElementKind::OptUsim, header, 5, files))
            }
            Self::AkaBeforeUsim => put(elements, ElementKind::AkaParameter, ElementKind::Usim),
            Self::SecondUsim => second_usim(elements, 0x88),
            Self::SecondUsimAllowed => {
                elements.header()?.mandatory_services.push(Service::MULTIPLE_USIM);
                second_usim(elements, 0x88)
            }
            Self::SecondUsimOfSameAid => {
                elements.header()?.mandatory_services.push(Service::MULTIPLE_USIM);
                second_usim(elements, 0x89)
            }
            Self::OptionalAndWrong => {
                elements.template(ElementKind::Usim)?.header.mandated = false;
                *elements.file(ElementKind::Usim, 3)? = File::with_content([0xFF; 10]);
                Ok(())
            }
            Self::OptionalWithUnknownTemplate => left_out(elements),
            Self::OptionalWithAllThatBelongsToIt => {
                left_out(elements)?;
                let header = elements.optional();
                elements.add(of_template(ElementKind::OptIsim, header, 9, vec![(5, File::default())]))?;
                let header = elements.optional();
                add_again(elements, ElementKind::PinCodes, header)?;
                let header = elements.optional();
                add_again(elements, ElementKind::AkaParameter, header)
            }
            Self::KeysOfOneLeftOut => {
                left_out(elements)?;
                let header = elements.mandated();
                add_again(elements, ElementKind::AkaParameter, header)
            }
            Self::PinsOfOneLeftOut => {
                left_out(elements)?;
                let header = elements.mandated();
                add_again(elements, ElementKind::PinCodes, header)
            }
            Self::OptUsimLeftOutBeforePins => {
                let (header, id) = (elements.optional(), TemplateId::tca(UNKNOWN_TEMPLATE));
                let mut optional = elements.take(ElementKind::OptUsim)?;
                if let ProfileElement::Template(template) = &mut optional {
                    (template.header, template.template_id) = (header, id);
                }
                let pins = elements.take_last(ElementKind::PinCodes)?;
                elements.insert(ElementKind::AkaParameter, optional)?;
                elements.insert(ElementKind::AkaParameter, pins)
            }
            Self::NonStandardOptional => {
                let element = non_standard(elements.optional());
                elements.add(element)
            }
            Self::NonStandardMandated => {
                let element = non_standard(elements.mandated());
                elements.add(element)
            }
            Self::UnknownMemberMandated => strange_end(elements, true),
            Self::UnknownMemberOptional => strange_end(elements, false),
            Self::UnknownFileMandated => strange_file(elements, true),
            Self::UnknownFileOptional => strange_file(elements, false),
            Self::ReservedBeforeKeys => {
                elements.reserve(ElementKind::AkaParameter);
                Ok(())
            }
        }
    }
}

/// Moves the first element of a kind before that of another.
fn put(elements: &mut Elements, kind: ElementKind, before: ElementKind) -> Made {
    let element = elements.take(kind)?;
    elements.insert(before, element)
}

/// The first element of a kind stands there again, behind itself.
fn again(elements: &mut Elements, kind: ElementKind) -> Made {
    let element = elements.first(kind)?;
    let header = elements.mandated();
    elements.insert(kind, with_header(element, header))
}

/// The first element of a kind stands there again, at the end.
fn add_again(elements: &mut Elements, kind: ElementKind, header: PeHeader) -> Made {
    let element = elements.first(kind)?;
    elements.add(with_header(element, header))
}

/// A second USIM whose AID ends in this.
fn second_usim(elements: &mut Elements, last: u8) -> Made {
    let mut usim = elements.first(ElementKind::Usim)?;
    let header = elements.mandated();
    if let ProfileElement::Template(element) = &mut usim {
        element.header = header;
        let adf = element.files.iter_mut().flat_map(|(_, file)| &mut file.0).find_map(|item| match item {
            FileItem::FileDescriptor(fcp) => Some(fcp),
            _ => None,
        });
        if let Some(adf) = adf {
            adf.file_id = Some([0x7F, 0xD1]);
            adf.pin_status_template_do = Some(vec![0x01, 0x0A]);
            if let Some(end) = adf.df_name.as_mut().and_then(|name| name.last_mut()) {
                *end = last;
            }
        }
    }
    elements.add(usim)
}

/// An ISIM that the card does not have to know how to install, and does not.
fn left_out(elements: &mut Elements) -> Made {
    let header = elements.optional();
    elements.add(isim(header, UNKNOWN_TEMPLATE))
}

/// PE-NonStandard of the arc for examples.
fn non_standard(header: PeHeader) -> ProfileElement {
    // issuerID 2.999 and its content.
    let content = SecretOctets::from(vec![0x81, 0x02, 0x88, 0x37, 0x82, 0x01, 0x00]);
    ProfileElement::Other(OtherElement { kind: ElementKind::NonStandard, header, content })
}

fn strange_end(elements: &mut Elements, mandated: bool) -> Made {
    let header = if mandated { elements.mandated() } else { elements.optional() };
    let mut end = elements.first(ElementKind::End)?;
    if let ProfileElement::End(end) = &mut end {
        (end.header, end.unknown) = (header, UNKNOWN_MEMBER.to_vec());
    }
    elements.add(end)?;
    elements.take_last(ElementKind::End).map(drop)
}

fn strange_file(elements: &mut Elements, mandated: bool) -> Made {
    let element = elements.template(ElementKind::OptUsim)?;
    element.header.mandated = mandated;
    element.files.push((UNKNOWN_FILE, File::with_content([0x01])));
    Ok(())
}
