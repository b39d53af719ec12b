//! Defects of the profile elements.

use asn1::profile::{ElementKind, FileItem, ProfileElement, ProfilePackage, RawElement, Service};
use asn1::tlv;
use zeroize::Zeroizing;

use super::PackageDefect;
use super::metadata::other_iccid;

/// A tag that no version of the format uses.
const UNKNOWN_ELEMENT: u32 = 0xBF60;
/// The number of EF.ICCID among the members of PE-MF.
const EF_ICCID: u32 = 4;
/// Bytes of an element that fills one segment and more.
const FILLER: usize = 1100;

/// The package with the defect, if it is one of profile elements; `None` where there is no place for it.
pub(super) fn spoiled(defect: PackageDefect, package: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    use PackageDefect as D;
    match defect {
        D::NoProfile => return Some(Zeroizing::new(vec![0xFF; package.len()])),
        D::ProfileCut => return Some(Zeroizing::new(package.get(..package.len().checked_sub(3)?)?.to_vec())),
        // So that there is enough for it, whatever the profile.
        D::OversizedSegment => return elements(package)?.insert_before_end(filler()),
        _ => {}
    }
    let spoil: fn(Elements) -> Option<Zeroizing<Vec<u8>>> = match defect {
        D::HeaderMissing => |elements| elements.drop_kind(ElementKind::Header),
        D::HeaderTwice => |elements| {
            let header = elements.of_kind(ElementKind::Header)?;
            elements.insert_at(1, header)
        },
        D::EndMissing => |elements| elements.drop_kind(ElementKind::End),
        D::ElementAfterEnd => |elements| elements.insert_at(usize::MAX, unknown_element(false)),
        D::UnknownMandatedElement => |elements| elements.insert_before_end(unknown_element(true)),
        D::UnknownOptionalElement => |elements| elements.insert_before_end(unknown_element(false)),
        D::UnsupportedService => |elements| elements.change(ElementKind::Header, demand_multos),
        D::UnsupportedVersion => |elements| elements.change(ElementKind::Header, version_99),
        D::OtherIccidInHeader => |elements| elements.change(ElementKind::Header, other_iccid_in_header),
        D::OtherIccidInFile => |elements| elements.change(ElementKind::Mf, other_iccid_in_file),
        _ => return Some(Zeroizing::new(package.to_vec())),
    };
    spoil(elements(package)?)
}

/// The elements of a package, each its bytes.
struct Elements(Vec<(Option<ElementKind>, Zeroizing<Vec<u8>>)>);

fn elements(package: &[u8]) -> Option<Elements> {
    let package = ProfilePackage::parse(package).ok()?;
    let bytes = |element: &RawElement<'_>| (element.kind(), Zeroizing::new(element.bytes().to_vec()));
    Some(Elements(package.elements().iter().map(bytes).collect()))
}

impl Elements {
    fn join(self) -> Option<Zeroizing<Vec<u8>>> {
        let mut package =
            Zeroizing::new(Vec::with_capacity(self.0.iter().map(|(_, bytes)| bytes.len()).sum()));
        self.0.iter().for_each(|(_, bytes)| package.extend_from_slice(bytes));
        Some(package)
    }

    fn place_of(&self, wanted: ElementKind) -> Option<usize> {
        self.0.iter().position(|(kind, _)| *kind == Some(wanted))
    }

    fn of_kind(&self, wanted: ElementKind) -> Option<Zeroizing<Vec<u8>>> {
        self.0.get(self.place_of(wanted)?).map(|(_, bytes)| bytes.clone())
    }

    fn drop_kind(mut self, kind: ElementKind) -> Option<Zeroizing<Vec<u8>>> {
        self.0.remove(self.place_of(kind)?);
        self.join()
    }

    fn insert_at(mut self, place: usize, element: Zeroizing<Vec<u8>>) -> Option<Zeroizing<Vec<u8>>> {
        self.0.insert(place.min(self.0.len()), (None, element));
        self.join()
    }

    fn insert_before_end(self, element: Zeroizing<Vec<u8>>) -> Option<Zeroizing<Vec<u8>>> {
        let end = self.place_of(ElementKind::End)?;
        self.insert_at(end, element)
    }

    fn change(
        mut self,
        kind: ElementKind,
        change: fn(&mut ProfileElement) -> Option<()>,
    ) -> Option<Zeroizing<Vec<u8>>> {
        let place = self.place_of(kind)?;
        let (_, bytes) = self.0.get_mut(place)?;
        let mut element = ProfileElement::from_der(bytes).ok()?;
        change(&mut element)?;
        *bytes = Zeroizing::new(element.to_der());
        self.join()
    }
}

/// An element of no known kind; its identification is one that a package hardly has.
fn unknown_element(mandated: bool) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(tlv::wrap(UNKNOWN_ELEMENT, &header(mandated, 0x7FF0)))
}

/// A PE-NonStandard that need not be understood, with content.
fn filler() -> Zeroizing<Vec<u8>> {
    // 2.999, the arc for examples.
    const ISSUER: [u8; 2] = [0x88, 0x37];
    let mut members = header(false, 0x7FF1);
    members.extend(tlv::wrap(0x81, &ISSUER));
    members.extend(tlv::wrap(0x82, &[0; FILLER]));
    Zeroizing::new(tlv::wrap(ElementKind::NonStandard.tag(), &members))
}

/// A PEHeader.
fn header(mandated: bool, identification: u16) -> Vec<u8> {
    let mut header = if mandated { tlv::wrap(0x80, &[]) } else { Vec::new() };
    header.extend(tlv::wrap(0x81, &identification.to_be_bytes()));
    tlv::wrap(0xA0, &header)
}

fn demand_multos(element: &mut ProfileElement) -> Option<()> {
    let ProfileElement::Header(header) = element else { return None };
    header.mandatory_services.push(Service::MULTOS);
    header.mandatory_services.sort_unstable();
    header.mandatory_services.dedup();
    Some(())
}

fn version_99(element: &mut ProfileElement) -> Option<()> {
    let ProfileElement::Header(header) = element else { return None };
    header.major_version = 99;
    Some(())
}

fn other_iccid_in_header(element: &mut ProfileElement) -> Option<()> {
    let ProfileElement::Header(header) = element else { return None };
    other_iccid(&mut header.iccid);
    Some(())
}

fn other_iccid_in_file(element: &mut ProfileElement) -> Option<()> {
    let ProfileElement::Template(mf) = element else { return None };
    let (_, file) = mf.files.iter_mut().find(|(number, _)| *number == EF_ICCID)?;
    let content = file.0.iter_mut().find_map(|item| match item {
        FileItem::FillFileContent(content) => Some(content),
        _ => None,
    })?;
    other_iccid(content);
    Some(())
}
