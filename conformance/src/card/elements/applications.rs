//! Security domains, applications and remote file management.

use asn1::SecretOctets;
use asn1::profile::{ElementKind, OtherElement, ProfileElement};
use asn1::tlv::wrap;

use super::changes;
use super::edit::{Elements, Made};
use super::parts::USIM_AID;

changes! {
    /// A change with a security domain or an application.
    Applications {
        SecurityDomain = "with a security domain";
        OfItself = "with a security domain that names itself as its own";
        SecondDomain = "with a second security domain that belongs to the first";
        FileManagement = "with remote management of the files of the USIM";
        FileManagementWithoutDomain = "with remote file management and no security domain";
        FileManagementBeforeDomain = "with remote file management before the security domain";
        FileManagementOfNobody = "with remote file management of an application that is not there";
        ApplicationWithoutDomain = "with an application and no security domain";
        OfUnknownDomain = "with a security domain that belongs to one that is not there";
        SecondOfUnknownDomain = "with a second security domain that belongs to one that is not there";
        TwoOfOneAid = "with two security domains of one AID";
        FileManagementOfAidOfDomain = "with remote file management that has the AID of the security domain";
        WithoutClass = "with a security domain whose classAID is missing";
        AidOfFourBytes = "with a security domain whose AID has four bytes";
    }
}

/// Code and class of security domains (GlobalPlatform Card Specification, annex H).
const LOAD_PACKAGE: [u8; 7] = [0xA0, 0, 0, 0x01, 0x51, 0x53, 0x50];
const CLASS: [u8; 8] = [0xA0, 0, 0, 0x01, 0x51, 0x53, 0x50, 0x41];
/// Instances.
const FIRST: &[u8] = &[0xA0, 0, 0, 0x01, 0x51, 0, 0, 0];
const SECOND: &[u8] = &[0xA0, 0, 0, 0x01, 0x51, 0, 0, 0x02];
const NOBODY: &[u8] = &[0xA0, 0, 0, 0x01, 0x51, 0, 0, 0x66];
const MANAGER: &[u8] = &[0xA0, 0, 0, 0x05, 0x59, 0x10, 0x10, 0, 0x01];
/// Privileges of a security domain that manages applications, of one beside it, and the state "personalized".
const OF_FIRST: &[u8] = &[0x82, 0xDC, 0x00];
const OF_SECOND: &[u8] = &[0x80, 0x80, 0x00];
const PERSONALIZED: u8 = 0x0F;
/// SCP80 with any options.
const PARAMETERS: &[u8] = &[0x81, 0x02, 0x80, 0x00];

impl Applications {
    pub(super) fn make(self, elements: &mut Elements) -> Made {
        match self {
            Self::SecurityDomain => domain(elements, instance(FIRST, None, OF_FIRST)),
            Self::OfItself => domain(elements, instance(FIRST, Some(FIRST), OF_FIRST)),
            Self::SecondDomain => {
                domain(elements, instance(FIRST, None, OF_FIRST))?;
                domain(elements, instance(SECOND, Some(FIRST), OF_SECOND))
            }
            Self::FileManagement => {
                domain(elements, instance(FIRST, None, OF_FIRST))?;
                file_management(elements, MANAGER, &USIM_AID)
            }
            Self::FileManagementWithoutDomain => file_management(elements, MANAGER, &USIM_AID),
            Self::FileManagementBeforeDomain => {
                file_management(elements, MANAGER, &USIM_AID)?;
                domain(elements, instance(FIRST, None, OF_FIRST))
            }
            Self::FileManagementOfNobody => {
                domain(elements, instance(FIRST, None, OF_FIRST))?;
                file_management(elements, MANAGER, NOBODY)
            }
            Self::ApplicationWithoutDomain => {
                let list = wrap(0xA2, &wrap(0x30, &instance(SECOND, None, OF_SECOND)));
                add(elements, ElementKind::Application, list)
            }
            Self::OfUnknownDomain => domain(elements, instance(FIRST, Some(NOBODY), OF_FIRST)),
            Self::SecondOfUnknownDomain => {
                domain(elements, instance(FIRST, None, OF_FIRST))?;
                domain(elements, instance(SECOND, Some(NOBODY), OF_SECOND))
            }
            Self::TwoOfOneAid => {
                domain(elements, instance(FIRST, None, OF_FIRST))?;
                domain(elements, instance(FIRST, None, OF_SECOND))
            }
            Self::FileManagementOfAidOfDomain => {
                domain(elements, instance(FIRST, None, OF_FIRST))?;
                file_management(elements, FIRST, &USIM_AID)
            }
            Self::WithoutClass => domain(elements, [aid(&LOAD_PACKAGE), rest(OF_FIRST)].concat()),
            Self::AidOfFourBytes => domain(elements, instance(&[0xA0, 0, 0, 0x01], None, OF_FIRST)),
        }
    }
}

fn aid(aid: &[u8]) -> Vec<u8> {
    wrap(0x4F, aid)
}

/// What follows the AIDs of an ApplicationInstance.
fn rest(privileges: &[u8]) -> Vec<u8> {
    [wrap(0x82, privileges), wrap(0x83, &[PERSONALIZED]), wrap(0xC9, PARAMETERS)].concat()
}

/// The members of an ApplicationInstance, which may belong to another security domain than the first.
fn instance(own: &[u8], domain: Option<&[u8]>, privileges: &[u8]) -> Vec<u8> {
    let domain = domain.map(aid).unwrap_or_default();
    [aid(&LOAD_PACKAGE), aid(&CLASS), aid(own), domain, rest(privileges)].concat()
}

fn domain(elements: &mut Elements, instance: Vec<u8>) -> Made {
    add(elements, ElementKind::SecurityDomain, wrap(0xA1, &instance))
}

/// PE-RFM for an ADF: the AID, its TAR, a minimum security level, full access to the UICC and to the ADF.
fn file_management(elements: &mut Elements, own: &[u8], adf: &[u8]) -> Made {
    const TAR: [u8; 3] = [0xB0, 0x01, 0x20];
    const EVERYTHING: &[u8] = &[0x00];
    let access = [wrap(0x80, adf), wrap(0x81, EVERYTHING), wrap(0x82, EVERYTHING)].concat();
    let content = [
        aid(own),
        wrap(0xA0, &wrap(0x04, &TAR)),
        wrap(0x81, &[0x02]),
        wrap(0x04, EVERYTHING),
        wrap(0x04, EVERYTHING),
        wrap(0x30, &access),
    ];
    add(elements, ElementKind::Rfm, content.concat())
}

fn add(elements: &mut Elements, kind: ElementKind, content: Vec<u8>) -> Made {
    let header = elements.mandated();
    elements.add(ProfileElement::Other(OtherElement { kind, header, content: SecretOctets::from(content) }))
}
