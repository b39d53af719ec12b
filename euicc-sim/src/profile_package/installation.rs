//! One installation: the elements in their order, and what is known between them.

use std::collections::BTreeSet;

use asn1::profile::{
    ElementKind, EuiccResponse, PeHeader, PeStatus, ProfileElement, ProfileHeader, RawElement, Service,
};

use super::codes::Codes;
use super::failure::{Failure, Fault};
use super::file_system::FileSystem;
use super::header;
use super::installed::{Application, Installed};
use super::naa::{NetworkAccess, PARAMETERS_SIZE};
use super::path::FilePath;
use super::template;

/// A package that is being worked through.
#[derive(Clone)]
pub(super) struct Installation {
    header: Option<ProfileHeader>,
    identifications: BTreeSet<u16>,
    ended: bool,
    /// Elements that were left out, or not understood in full, because they were not mandated.
    warnings: Vec<PeStatus>,
    pub(super) applications: Vec<Application>,
    codes: Codes,
    pub(super) files: FileSystem,
    pub(super) network_access: NetworkAccess,
    /// Template elements so far, with the directory that they stand once for.
    pub(super) seen: BTreeSet<(ElementKind, FilePath)>,
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
    ///
    /// TCA profile package, error management: an element that is not mandated and cannot be installed leaves a warning
    /// behind, and nothing else. One that is mandated, or wrong in itself, ends the installation (SGP.22 §5.5.5).
    pub(super) fn process(&mut self, raw: &RawElement<'_>) -> Result<(), Failure> {
        let header = raw.header();
        self.files.element = header.map(|header| header.identification);
        let before = header.is_some_and(|header| !header.mandated).then(|| self.clone());
        match (self.element(raw), before) {
            (Ok(()), _) => Ok(()),
            (Err(fault), Some(before)) if fault.is_lack() => {
                *self = before;
                self.leave_out(raw, header, fault);
                Ok(())
            }
            (Err(fault), _) => Err(self.failure(&fault.located(raw), header)),
        }
    }

    fn leave_out(&mut self, raw: &RawElement<'_>, header: Option<PeHeader>, fault: Fault) {
        let identification = header.map(|header| header.identification);
        self.identifications.extend(identification);
        self.warnings.push(fault.located(raw).to_status(identification));
        match raw.kind() {
            Some(kind @ (ElementKind::Usim | ElementKind::Isim | ElementKind::Csim)) => {
                self.network_access.leave_out(Some(kind));
            }
            // The application of a later version: elements of file systems have these tags.
            None if raw.tag().0 >= 0xB0 => self.network_access.leave_out(None),
            _ => {}
        }
        // PIN codes after an element that was left out belong to nothing.
        if raw.kind().is_none_or(creates_directories) {
            self.context_of_pins = None;
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
        let element = raw.decode()?;
        let warning = check_known(&element)?;
        self.carry_out(element)?;
        self.warnings.extend(warning);
        Ok(())
    }

    fn carry_out(&mut self, element: ProfileElement) -> Result<(), Fault> {
        match element {
            ProfileElement::Header(element) => {
                header::check(&element)?;
                self.header = Some(element);
                Ok(())
            }
            ProfileElement::GenericFileManagement(element) => self.generic_file_management(&element),
            ProfileElement::PinCodes(element) => {
                let directory = self.context_of_pins.clone();
                let directory =
                    directory.ok_or_else(|| Fault::left_out("PIN codes of an element that was left out"))?;
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

    /// Whether the header makes a service mandatory.
    pub(super) fn has_service(&self, service: Service) -> bool {
        self.header.as_ref().is_some_and(|header| header.mandatory_services.contains(&service))
    }

    /// The end of the package: checks what only the whole shows.
    pub(super) fn conclude(self) -> Result<(Installed, Vec<PeStatus>), Failure> {
        let whole = self.check_whole().map_err(|fault| self.failure(&fault, None))?;
        let (files, memory_used) = self.files.into_parts();
        let installed = Installed {
            version: (whole.major_version, whole.minor_version),
            profile_type: whole.profile_type,
            files,
            unplaced_files: (),
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
        self.codes.check_puks()?;
        let creator = |path| self.files.creator(path);
        self.files.files().try_for_each(|file| self.codes.check_pins_of(file, creator(&file.path)))?;
        Ok(header)
    }
}

/// Elements after which PIN codes belong to a directory of theirs.
fn creates_directories(kind: ElementKind) -> bool {
    let adds_files = matches!(kind, ElementKind::OptUsim | ElementKind::OptIsim | ElementKind::OptCsim);
    kind == ElementKind::GenericFileManagement || kind.is_template() && !adds_files
}

/// TCA profile package, extensibility: what no known version of the format defines is reported, as an error where the
/// element is mandated and as a warning where it is not.
fn check_known(element: &ProfileElement) -> Result<Option<PeStatus>, Fault> {
    let strange = element.has_unknown_members()
        || matches!(element, ProfileElement::Template(element) if !template::knows_members_of(element));
    if !strange {
        return Ok(None);
    }
    let fault = Fault::invalid_parameter("the element has members of a later version of the format");
    match element.header() {
        Some(header) if header.mandated => Err(fault),
        header => Ok(Some(fault.to_status(header.map(|header| header.identification)))),
    }
}
