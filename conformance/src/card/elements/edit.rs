//! The elements of a package, to be changed.

use asn1::profile::{
    AkaParameter, AlgoConfiguration, AlgoParameter, ElementKind, Fcp, File, FileItem, FileManagementCommand,
    GenericFileManagement, PeHeader, PinCodes, PinConfiguration, PinList, ProfileElement, ProfileHeader,
    ProfilePackage, PukCodes, PukConfiguration, TemplateElement,
};
use asn1::tlv;
use zeroize::Zeroizing;

use crate::card::bench::Stop;

/// What making a change comes to.
pub(in crate::card) type Made = Result<(), Stop>;

/// Numbers of elements that a change brings, above those of the default profile.
const FIRST_NEW_NUMBER: u16 = 40;

/// The elements of a package, in their order.
pub(in crate::card) struct Elements {
    elements: Vec<ProfileElement>,
    reserved_before: Option<ElementKind>,
    next_number: u16,
}

/// The first tag that the format keeps for later.
const RESERVED: u32 = 0xAB;

impl Elements {
    /// The elements of the default profile.
    pub(in crate::card) fn parse(package: &[u8]) -> Result<Self, Stop> {
        let package = ProfilePackage::parse(package).map_err(|error| Stop::impossible(&error))?;
        let elements: Result<_, _> = package.elements().iter().map(|element| element.decode()).collect();
        let elements = elements.map_err(|error| Stop::impossible(&error))?;
        Ok(Self { elements, reserved_before: None, next_number: FIRST_NEW_NUMBER })
    }

    pub(in crate::card) fn encoded(&self) -> Zeroizing<Vec<u8>> {
        let mut pieces: Vec<_> =
            self.elements.iter().map(|element| Zeroizing::new(element.to_der())).collect();
        if let Some(place) =
            self.elements.iter().position(|element| Some(element.kind()) == self.reserved_before)
        {
            // A PEHeader without mandated, and an identification that no other element has.
            let header = tlv::wrap(0xA0, &[0x81, 0x02, 0x7F, 0xF0]);
            pieces.insert(place, Zeroizing::new(tlv::wrap(RESERVED, &header)));
        }
        // Grown once: a buffer that moves would leave its content behind.
        let mut package = Zeroizing::new(Vec::with_capacity(pieces.iter().map(|piece| piece.len()).sum()));
        pieces.iter().for_each(|piece| package.extend_from_slice(piece));
        package
    }

    /// The header of an element that the eUICC has to support, with a number of its own.
    pub(super) fn mandated(&mut self) -> PeHeader {
        let number = self.next_number;
        self.next_number += 1;
        PeHeader::mandated(number)
    }

    /// The header of an element that the eUICC may pass over.
    pub(super) fn optional(&mut self) -> PeHeader {
        PeHeader { mandated: false, ..self.mandated() }
    }

    fn place_of(&self, kind: ElementKind) -> Result<usize, Stop> {
        let place = self.elements.iter().position(|element| element.kind() == kind);
        place.ok_or_else(|| Stop::Impossible(format!("the package has no element {}", kind.name())))
    }

    /// The first element of a kind, which is in the package no more.
    pub(super) fn take(&mut self, kind: ElementKind) -> Result<ProfileElement, Stop> {
        let place = self.place_of(kind)?;
        Ok(self.elements.remove(place))
    }

    /// The last element of a kind, which is in the package no more.
    pub(super) fn take_last(&mut self, kind: ElementKind) -> Result<ProfileElement, Stop> {
        let place = self.elements.iter().rposition(|element| element.kind() == kind);
        let place = place.map_or_else(|| self.place_of(kind), Ok)?;
        Ok(self.elements.remove(place))
    }

    /// The first element of a kind.
    pub(super) fn first(&self, kind: ElementKind) -> Result<ProfileElement, Stop> {
        let place = self.place_of(kind)?;
        self.elements.get(place).cloned().ok_or_else(|| Stop::impossible("the package is empty"))
    }

    /// Puts an element before the first one of a kind.
    pub(super) fn insert(&mut self, before: ElementKind, element: ProfileElement) -> Made {
        let place = self.place_of(before)?;
        self.elements.insert(place, element);
        Ok(())
    }

    /// Puts an element before the end.
    pub(super) fn add(&mut self, element: ProfileElement) -> Made {
        self.insert(ElementKind::End, element)
    }

    /// Puts an element of a reserved tag, which the eUICC may pass over, before the first one of a kind.
    pub(super) fn reserve(&mut self, before: ElementKind) {
        self.reserved_before = Some(before);
    }

    /// Creates and fills files, before the end.
    pub(in crate::card) fn manage(&mut self, commands: Vec<FileManagementCommand>) -> Made {
        let header = self.mandated();
        self.add(file_management(header, commands))
    }

    fn find<'e, T>(
        &'e mut self,
        what: &str,
        wanted: impl Fn(&'e mut ProfileElement) -> Option<T>,
    ) -> Result<T, Stop> {
        let mut found = self.elements.iter_mut().filter_map(wanted);
        found.next().ok_or_else(|| Stop::Impossible(format!("the package has no {what}")))
    }

    pub(super) fn header(&mut self) -> Result<&mut ProfileHeader, Stop> {
        self.find("header", |element| match element {
            ProfileElement::Header(header) => Some(header),
            _ => None,
        })
    }

    pub(super) fn template(&mut self, kind: ElementKind) -> Result<&mut TemplateElement, Stop> {
        self.find(kind.name(), |element| match element {
            ProfileElement::Template(template) if template.kind == kind => Some(template),
            _ => None,
        })
    }

    /// A file of an element, by its member number.
    pub(in crate::card) fn file(&mut self, kind: ElementKind, member: u32) -> Result<&mut File, Stop> {
        let mut files = self.template(kind)?.files.iter_mut();
        let file = files.find(|(number, _)| *number == member).map(|(_, file)| file);
        file.ok_or_else(|| Stop::Impossible(format!("{} has no member {member}", kind.name())))
    }

    /// The parameters of a file.
    pub(super) fn fcp(&mut self, kind: ElementKind, member: u32) -> Result<&mut Fcp, Stop> {
        let parameters = self.file(kind, member)?.0.iter_mut().find_map(|item| match item {
            FileItem::FileDescriptor(fcp) => Some(&mut **fcp),
            _ => None,
        });
        parameters.ok_or_else(|| Stop::Impossible(format!("member {member} has no parameters")))
    }

    pub(super) fn puks(&mut self) -> Result<&mut PukCodes, Stop> {
        self.find("PUK codes", |element| match element {
            ProfileElement::PukCodes(codes) => Some(codes),
            _ => None,
        })
    }

    /// The first PUK.
    pub(super) fn puk(&mut self) -> Result<&mut PukConfiguration, Stop> {
        self.puks()?.puks.first_mut().ok_or_else(|| Stop::impossible("there is no PUK"))
    }

    /// The PIN codes of the MF.
    pub(super) fn global_pins(&mut self) -> Result<&mut PinCodes, Stop> {
        self.find("PIN codes", |element| match element {
            ProfileElement::PinCodes(codes) => Some(codes),
            _ => None,
        })
    }

    /// The first PIN of the MF.
    pub(super) fn global_pin(&mut self) -> Result<&mut PinConfiguration, Stop> {
        match &mut self.global_pins()?.pins {
            PinList::Configured(pins) => pins.first_mut().ok_or_else(|| Stop::impossible("there is no PIN")),
            PinList::SharedWith(_) => Err(Stop::impossible("there is no PIN")),
        }
    }

    pub(in crate::card) fn aka(&mut self) -> Result<&mut AkaParameter, Stop> {
        self.find("AKA parameters", |element| match element {
            ProfileElement::AkaParameter(parameters) => Some(parameters),
            _ => None,
        })
    }

    pub(in crate::card) fn algorithm(&mut self) -> Result<&mut AlgoParameter, Stop> {
        algorithm_of(self.aka()?)
    }
}

/// The algorithm of an element that has one of its own.
pub(super) fn algorithm_of(parameters: &mut AkaParameter) -> Result<&mut AlgoParameter, Stop> {
    match &mut parameters.algo_configuration {
        AlgoConfiguration::Algo(algorithm) => Ok(algorithm),
        AlgoConfiguration::Mapping(_) => Err(Stop::impossible("there is no algorithm")),
    }
}

/// The same element with another header.
pub(super) fn with_header(mut element: ProfileElement, header: PeHeader) -> ProfileElement {
    match &mut element {
        ProfileElement::Header(_) => {}
        ProfileElement::GenericFileManagement(element) => element.header = header,
        ProfileElement::PinCodes(element) => element.header = header,
        ProfileElement::PukCodes(element) => element.header = header,
        ProfileElement::AkaParameter(element) => element.header = header,
        ProfileElement::Template(element) => element.header = header,
        ProfileElement::Other(element) => element.header = header,
        ProfileElement::End(element) => element.header = header,
    }
    element
}

/// PE-GenericFileManagement of one list.
pub(super) fn file_management(header: PeHeader, commands: Vec<FileManagementCommand>) -> ProfileElement {
    ProfileElement::GenericFileManagement(GenericFileManagement {
        header,
        commands: vec![commands],
        unknown: Vec::new(),
    })
}
