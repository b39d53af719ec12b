//! Elements that create files from a template.

use asn1::profile::{ElementKind, Fcp, File, FileItem, Service, Status, TemplateElement};

use super::failure::{Fault, Place};
use super::file::{NewFile, Origin, extent};
use super::file_system::{FileSystem, MF};
use super::installation::Installation;
use super::installed::Structure;
use super::path::FilePath;
use super::template::{self, FileTemplate, Template};

/// EF_UST of a USIM decides which of its files exist by default.
/// EF_UST, the services of a USIM.
pub(crate) const EF_UST: u16 = 0x6F38;

/// Services of EF_UST that this card does not have: 69, MBMS security.
const SERVICES_NOT_SUPPORTED: [u8; 1] = [69];

impl Installation {
    pub(super) fn template_element(&mut self, element: &TemplateElement) -> Result<(), Fault> {
        let name = element.kind.name();
        let template = template::of(element.kind).ok_or_else(|| {
            Fault::new(Status::PE_NOT_SUPPORTED, format!("the element {name} is not supported"))
        })?;
        let version = template.version(&element.template_id).ok_or_else(|| {
            let explanation = format!("{name} follows the unknown template {}", element.template_id);
            let fault = Fault::new(Status::TEMPLATE_NOT_SUPPORTED, explanation);
            match element.template_id.number_and_version() {
                Some((number, _)) => fault.about(number),
                None => fault,
            }
        })?;
        // The ASN.1 type has these members mandatory, whatever they hold.
        if let Some(missing) = template.mandatory.iter().find(|member| element.file(**member).is_none()) {
            return Err(Fault::bad_values(format!("{name} lacks its mandatory member {missing}")));
        }
        let outside = match template.place {
            template::Place::Into(kind) | template::Place::Below(kind) => {
                self.network_access.directory_of(kind)?
            }
            template::Place::BelowApplication => self.network_access.current_directory()?,
            _ => FilePath::master_file(),
        };
        self.check_occurrence(element.kind, &outside)?;
        let into = matches!(template.place, template::Place::Into(_));
        let mut builder = Builder {
            files: &mut self.files,
            template,
            version,
            kind: element.kind,
            base: into.then(|| outside.clone()),
            current: None,
        };
        for member in template.members(element) {
            let created = builder.member(member, element.file(member), &outside);
            created.map_err(|fault| fault.at(Place::Member(member)))?;
        }
        let base = builder.base.ok_or_else(|| Fault::bad_values(format!("{name} creates no directory")))?;
        match template.place {
            template::Place::Application => {
                let Some(Structure::Adf { aid }) = self.files.file(&base).map(|file| &file.structure) else {
                    return Err(Fault::bad_values(format!("the ADF of {name} has no AID")));
                };
                self.network_access.add(element.kind, base.clone(), aid.clone())?;
            }
            // Files without a directory of their own leave the context of PINs as it is.
            template::Place::Into(kind) => return self.network_access.select(kind),
            _ => {}
        }
        self.context_of_pins = Some(base);
        Ok(())
    }

    /// TCA profile package, order of elements: once in the profile, or once for each application, which the header may
    /// allow to be several of a kind. A DF.EAP stands once for each method.
    fn check_occurrence(&mut self, kind: ElementKind, outside: &FilePath) -> Result<(), Fault> {
        let repeatable = match kind {
            ElementKind::Usim => self.has_service(Service::MULTIPLE_USIM),
            ElementKind::Isim => self.has_service(Service::MULTIPLE_ISIM),
            ElementKind::Csim => self.has_service(Service::MULTIPLE_CSIM),
            ElementKind::Eap => true,
            _ => false,
        };
        if self.seen.insert((kind, outside.clone())) || repeatable {
            Ok(())
        } else {
            Err(Fault::invalid_request_format(format!("the element {} stands twice", kind.name())))
        }
    }
}

impl Template {
    /// Members given that the template knows, and members that exist by default, in order.
    fn members(&self, element: &TemplateElement) -> Vec<u32> {
        let by_default = self.files().filter(|file| self.created_by_default && !file.on_demand);
        let given = element.files.iter().map(|(member, _)| *member).filter(|member| {
            self.directory(*member).is_some() || self.files().any(|file| file.member == *member)
        });
        let mut members: Vec<u32> = given.chain(by_default.map(|file| file.member)).collect();
        members.sort_unstable();
        members.dedup();
        members
    }
}

/// What a member says about one file.
struct Instructions<'f> {
    /// What differs from the template's parameters.
    fcp: Option<&'f Fcp>,
    /// What is written, and where.
    contents: &'f [FileItem],
}

/// Creates the files of one element.
struct Builder<'a> {
    files: &'a mut FileSystem,
    template: &'a Template,
    version: u8,
    kind: ElementKind,
    /// The directory that all is in.
    base: Option<FilePath>,
    /// The member that made the directory in `base` which the next files are in, and its path.
    current: Option<(u32, FilePath)>,
}

impl Builder<'_> {
    fn member(&mut self, member: u32, file: Option<&File>, outside: &FilePath) -> Result<(), Fault> {
        let listed = self.template.file(member, self.version);
        let Some(file) = file else {
            // By default, if the service that the file belongs to is available.
            return match listed.is_some_and(|listed| self.has_service_for(listed)) {
                true => self.create(member, listed, None, &[], outside),
                false => Ok(()),
            };
        };
        // TCA profile package, doNotCreate: without effect on files of the MF.
        if file.0 == [FileItem::DoNotCreate] {
            return match self.kind {
                ElementKind::Mf => self.create(member, listed, None, &[], outside),
                _ => Ok(()),
            };
        }
        for Instructions { fcp, contents } in self.instructions(file, listed)? {
            self.create(member, listed, fcp, contents, outside)?;
        }
        Ok(())
    }

    /// The instructions of each file in a member: parameters if they differ from the template's, then contents. Of a kind
    /// of which there may be several, each file begins with its parameters.
    fn instructions<'f>(
        &self,
        file: &'f File,
        listed: Option<&FileTemplate>,
    ) -> Result<Vec<Instructions<'f>>, Fault> {
        let several = listed.is_some_and(|listed| listed.places > 1);
        let out_of_order = || {
            let name = self.kind.name();
            Fault::bad_values(format!("a file of {name} has its instructions out of order"))
        };
        let mut files = Vec::new();
        let mut rest = file.0.as_slice();
        loop {
            let (fcp, after) = match rest {
                [FileItem::FileDescriptor(fcp), after @ ..] => (Some(&**fcp), after),
                after => (None, after),
            };
            let begins_file = |item: &FileItem| matches!(item, FileItem::FileDescriptor(_));
            let (contents, next) = after.split_at(after.iter().position(begins_file).unwrap_or(after.len()));
            if contents.contains(&FileItem::DoNotCreate) || !(next.is_empty() || several && fcp.is_some()) {
                return Err(out_of_order());
            }
            files.push(Instructions { fcp, contents });
            if next.is_empty() {
                return Ok(files);
            }
            rest = next;
        }
    }

    fn create(
        &mut self,
        member: u32,
        listed: Option<&FileTemplate>,
        fcp: Option<&Fcp>,
        contents: &[FileItem],
        outside: &FilePath,
    ) -> Result<(), Fault> {
        let empty = Fcp::default();
        let fcp = fcp.unwrap_or(&empty);
        let origin = match listed {
            Some(listed) => Origin::Template(listed),
            None if self.base.is_none() && self.template.place == template::Place::Application => {
                Origin::Application
            }
            None => Origin::Directory,
        };
        let directory = self.directory_for(member, outside)?;
        let file_id = match (self.usual_file_id(member, listed, &directory), fcp.file_id) {
            // The MF is the MF, whatever the package calls it.
            (Some(MF), _) => MF,
            (_, Some(file_id)) => u16::from_be_bytes(file_id),
            (Some(file_id), None) => file_id,
            (None, None) => {
                let name = self.kind.name();
                return Err(Fault::bad_values(format!("member {member} of {name} has no file identifier")));
            }
        };
        let new = NewFile { directory: &directory, file_id, fcp, origin, extent: extent(contents) };
        let path = new.create(self.files)?;
        if listed.is_none() {
            match self.base {
                None => self.base = Some(path.clone()),
                Some(_) => self.current = Some((member, self.files.resolved(&path))),
            }
        }
        self.fill(&path, contents)?;
        if self.kind == ElementKind::Usim && listed.is_some_and(|listed| listed.file_id == EF_UST) {
            self.files.clear_services(&path, &SERVICES_NOT_SUPPORTED);
        }
        Ok(())
    }

    /// The identifier that the template gives: of a kind of which there may be several the first that is free.
    fn usual_file_id(&self, member: u32, listed: Option<&FileTemplate>, directory: &FilePath) -> Option<u16> {
        let Some(listed) = listed else {
            return self.template.directory(member).filter(|file_id| *file_id != 0);
        };
        let mut file_ids = (0..listed.places).map(|place| listed.file_id + place);
        file_ids
            .find(|file_id| self.files.file(&directory.child(*file_id)).is_none())
            .or(Some(listed.file_id))
    }

    /// The directory that a member belongs into: the closest one that the template has before it.
    fn directory_for(&self, member: u32, outside: &FilePath) -> Result<FilePath, Fault> {
        let Some(base) = &self.base else { return Ok(outside.clone()) };
        let mut own = self.template.directories.iter().skip(1).map(|(directory, _)| *directory);
        let Some(owner) = own.rfind(|directory| *directory < member) else { return Ok(base.clone()) };
        match &self.current {
            _ if self.template.directory(member).is_some() => Ok(base.clone()),
            Some((directory, path)) if *directory == owner => Ok(path.clone()),
            _ => Err(Fault::invalid_parameter(format!("the directory of member {member} is not created"))),
        }
    }

    fn has_service_for(&self, file: &FileTemplate) -> bool {
        let table = self.base.as_ref().and_then(|base| self.files.file(&base.child(EF_UST)));
        let table = table.map(|file| file.content.as_slice()).unwrap_or_default();
        file.services.is_empty() || file.services.iter().any(|service| is_available(table, *service))
    }

    fn fill(&mut self, path: &FilePath, contents: &[FileItem]) -> Result<(), Fault> {
        let mut position = 0_usize;
        for item in contents {
            match item {
                FileItem::FillFileOffset(skip) => self.files.skip(path, &mut position, *skip)?,
                FileItem::FillFileContent(content) => self.files.write(path, &mut position, content)?,
                FileItem::DoNotCreate | FileItem::FileDescriptor(_) => {}
            }
        }
        Ok(())
    }
}

/// Whether a service table has a service (3GPP TS 31.102 §4.2.8); services count from 1.
pub(crate) fn is_available(table: &[u8], service: u8) -> bool {
    let bit = usize::from(service).saturating_sub(1);
    table.get(bit / 8).is_some_and(|byte| byte >> (bit % 8) & 1 == 1)
}
