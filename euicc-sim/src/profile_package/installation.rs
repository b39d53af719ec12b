//! One installation: the elements in their order, and what is known between them.

use std::collections::BTreeSet;

use asn1::profile::{
    ElementKind, EuiccResponse, OtherElement, PeHeader, PeStatus, ProfileElement, ProfileHeader, RawElement,
    Service, Status,
};

use super::codes::Codes;
use super::failure::{Failure, Fault};
use super::file_system::FileSystem;
use super::header;
use super::installed::{Application, Installed, InstanceAid};
use super::naa::{NetworkAccess, PARAMETERS_SIZE};
use super::path::FilePath;

/// A package that is being worked through.
pub(super) struct Installation {
    header: Option<ProfileHeader>,
    identifications: BTreeSet<u16>,
    ended: bool,
    /// Elements that were left out because they were not mandated.
    warnings: Vec<PeStatus>,
    applications: Vec<Application>,
    codes: Codes,
    pub(super) files: FileSystem,
    pub(super) network_access: NetworkAccess,
    /// Kinds of template elements so far.
    pub(super) seen: BTreeSet<ElementKind>,
    /// The directory that the next PIN codes belong to.
    pub(super) context_of_pins: Option<FilePath>,
}

impl Installation {
    pub(super) fn new(free_memory: u32) -> Self {
        Self {
            header: None,
            identifications: BTreeSet::new(),
            ended: false,
            warnings: Vec::new(),
            applications: Vec::new(),
            codes: Codes::default(),
            files: FileSystem::new(free_memory),
            network_access: NetworkAccess::default(),
            seen: BTreeSet::new(),
            context_of_pins: None,
        }
    }

    /// Carries out the next element.
    pub(super) fn process(&mut self, raw: &RawElement<'_>) -> Result<(), Failure> {
        let header = raw.header();
        match self.element(raw) {
            Ok(()) => Ok(()),
            // PEHeader, mandated: only then has the card to support the element.
            Err(fault) if fault.is_lack_of_support() && header.is_some_and(|header| !header.mandated) => {
                self.warnings.push(fault.to_status(header.map(|header| header.identification)));
                // PIN codes after an element that was left out belong to nothing.
                if raw.kind().is_none_or(ElementKind::is_template) {
                    self.context_of_pins = None;
                }
                Ok(())
            }
            Err(fault) => Err(self.failure(&fault, header)),
        }
    }

    fn failure(&self, fault: &Fault, header: Option<PeHeader>) -> Failure {
        Failure::of_element(fault, header, &self.warnings)
    }

    fn element(&mut self, raw: &RawElement<'_>) -> Result<(), Fault> {
        self.check_order(raw)?;
        if self.header.is_none() {
            header::check_version(raw)?;
        }
        if let Some(header) = raw.header()
            && !self.identifications.insert(header.identification)
        {
            return Err(Fault::invalid_parameter(format!(
                "two elements are number {}",
                header.identification
            )));
        }
        match raw.decode()? {
            ProfileElement::Header(element) => {
                header::check(&element)?;
                self.header = Some(element);
                Ok(())
            }
            ProfileElement::GenericFileManagement(element) => self.generic_file_management(&element),
            ProfileElement::PinCodes(element) => {
                let directory = self.context_of_pins.clone();
                let directory = directory.ok_or_else(|| {
                    Fault::new(Status::FEATURE_NOT_SUPPORTED, "PIN codes of an element that was left out")
                })?;
                self.codes.add_pins(&element, &directory, &mut self.files)
            }
            ProfileElement::PukCodes(element) => self.codes.add_puks(&element, &mut self.files),
            ProfileElement::AkaParameter(element) => {
                self.network_access.authenticate(&element)?;
                self.files.reserve(PARAMETERS_SIZE)
            }
            ProfileElement::Template(element) => self.template_element(&element),
            ProfileElement::Other(element) => self.other_element(&element),
            ProfileElement::End(_) => {
                self.ended = true;
                Ok(())
            }
        }
    }

    /// TCA profile package, order of elements: the header first and once, then the MF, the end last.
    fn check_order(&self, raw: &RawElement<'_>) -> Result<(), Fault> {
        let kind = raw.kind();
        let wrong = if self.ended {
            "an element follows the end"
        } else if self.header.is_none() && kind != Some(ElementKind::Header) {
            "the first element is not the header"
        } else if self.header.is_some() && kind == Some(ElementKind::Header) {
            "the header stands twice"
        } else if !self.files.has_master_file()
            && !matches!(
                kind,
                Some(ElementKind::Header | ElementKind::Mf | ElementKind::GenericFileManagement)
            )
        {
            "an element comes before the MF"
        } else {
            return Ok(());
        };
        Err(Fault::invalid_request_format(wrong))
    }

    /// Whether the header allows several elements of a kind.
    pub(super) fn may_repeat(&self, kind: ElementKind) -> bool {
        let service = match kind {
            ElementKind::Usim | ElementKind::OptUsim => Service::MULTIPLE_USIM,
            ElementKind::Isim | ElementKind::OptIsim => Service::MULTIPLE_ISIM,
            ElementKind::Csim | ElementKind::OptCsim => Service::MULTIPLE_CSIM,
            // These go with each application; where one goes twice, its files are there already.
            ElementKind::Phonebook | ElementKind::GsmAccess | ElementKind::Df5gs | ElementKind::DfSaip => {
                return true;
            }
            ElementKind::DfSnpn | ElementKind::Df5gprose | ElementKind::Eap => return true,
            _ => return false,
        };
        self.header.as_ref().is_some_and(|header| header.mandatory_services.contains(&service))
    }

    fn other_element(&mut self, element: &OtherElement) -> Result<(), Fault> {
        let size = u32::try_from(element.content.bytes().len()).unwrap_or(u32::MAX);
        match element.kind {
            // What an issuer has invented is known to its own cards.
            ElementKind::NonStandard => {
                Err(Fault::new(Status::PE_NOT_SUPPORTED, "the element nonStandard is not supported"))
            }
            ElementKind::CdmaParameter => {
                self.network_access.authenticate_cdma(element)?;
                self.files.reserve(size)
            }
            kind => {
                self.files.reserve(size)?;
                self.applications.push(Application {
                    element: kind.name().to_owned(),
                    load_package: element.load_package_aid().unwrap_or_default(),
                    instances: element.instance_aids().into_iter().map(InstanceAid).collect(),
                });
                Ok(())
            }
        }
    }

    /// The end of the package: checks what only the whole shows.
    pub(super) fn conclude(self) -> Result<(Installed, Vec<PeStatus>), Failure> {
        let whole = self.check_whole().map_err(|fault| self.failure(&fault, None))?;
        let (files, unplaced_files, memory_used) = self.files.into_parts();
        let installed = Installed {
            version: (whole.major_version, whole.minor_version),
            profile_type: whole.profile_type,
            files,
            unplaced_files,
            pins: self.codes.pins,
            puks: self.codes.puks,
            network_access: self.network_access.applications,
            applications: self.applications,
            memory_used,
            euicc_response: EuiccResponse::ok().to_der(),
        };
        Ok((installed, self.warnings))
    }

    fn check_whole(&self) -> Result<ProfileHeader, Fault> {
        let header = self.header.clone().filter(|_| self.ended);
        let header = header.ok_or_else(|| Fault::invalid_request_format("the package has no end element"))?;
        self.codes.pins.iter().try_for_each(|set| self.codes.check_puks(set))?;
        self.files.files().try_for_each(|file| self.codes.check_pins_of(file))?;
        Ok(header)
    }
}
