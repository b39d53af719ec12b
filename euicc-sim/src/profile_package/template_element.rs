//! Elements that create files from a template.

use asn1::profile::{ElementKind, Fcp, File, FileItem, Status, TemplateElement};

use super::failure::Fault;
use super::file::{NewFile, Origin, extent};
use super::file_system::{FileSystem, MF};
use super::installation::Installation;
use super::installed::{Structure, UnplacedFile};
use super::path::FilePath;
use super::template::{self, FileTemplate, Place, Template};

/// EF_UST of a USIM and EF_IST of an ISIM decide which files exist by default.
const EF_UST: u16 = 0x6F38;

impl Installation {
    pub(super) fn template_element(&mut self, element: &TemplateElement) -> Result<(), Fault> {
        let name = element.kind.name();
        let template = template::of(element.kind).ok_or_else(|| {
            Fault::new(Status::PE_NOT_SUPPORTED, format!("the element {name} is not supported"))
        })?;
        if !template.is(&element.template_id) {
            let explanation = format!("{name} follows the unknown template {}", element.template_id);
            return Err(Fault::new(Status::TEMPLATE_NOT_SUPPORTED, explanation));
        }
        // The ASN.1 type has these members mandatory, whatever they hold.
        if let Some(missing) = template.mandatory.iter().find(|member| element.file(**member).is_none()) {
            return Err(Fault::bad_values(format!("{name} lacks its mandatory member {missing}")));
        }
        self.check_occurrence(element.kind)?;
        let mut builder = Builder {
            files: &mut self.files,
            template: &template,
            kind: element.kind,
            base: None,
            current: None,
        };
        builder.base = match template.place {
            Place::Into(kind) => Some(self.network_access.directory_of(kind)?),
            _ => None,
        };
        let outside = match template.place {
            Place::Below(kind) => self.network_access.directory_of(kind)?,
            Place::BelowApplication => self.network_access.current_directory()?,
            _ => FilePath::master_file(),
        };
        for member in template.members(element) {
            builder.member(member, element.file(member), &outside)?;
        }
        let base = builder.base.ok_or_else(|| Fault::bad_values(format!("{name} creates no directory")))?;
        if template.place == Place::Application {
            let Some(Structure::Adf { aid }) = self.files.file(&base).map(|file| &file.structure) else {
                return Err(Fault::bad_values(format!("the ADF of {name} has no AID")));
            };
            self.network_access.add(element.kind, base.clone(), aid.clone())?;
        }
        if let Place::Into(kind) = template.place {
            self.network_access.select(kind);
        }
        self.context_of_pins = Some(base);
        Ok(())
    }

    /// Elements that stand once; network access applications may be several where the header says so.
    fn check_occurrence(&mut self, kind: ElementKind) -> Result<(), Fault> {
        let repeatable = self.may_repeat(kind);
        if self.seen.insert(kind) || repeatable {
            Ok(())
        } else {
            Err(Fault::invalid_request_format(format!("the element {} stands twice", kind.name())))
        }
    }
}

impl Template {
    /// Members given and members that exist by default, in order.
    fn members(&self, element: &TemplateElement) -> Vec<u32> {
        let by_default = self.files.iter().filter(|_| self.created_by_default).map(|file| file.member);
        let mut members: Vec<u32> =
            element.files.iter().map(|(member, _)| *member).chain(by_default).collect();
        members.sort_unstable();
        members.dedup();
        members
    }
}

/// Creates the files of one element.
struct Builder<'a> {
    files: &'a mut FileSystem,
    template: &'a Template,
    kind: ElementKind,
    /// The directory that all is in.
    base: Option<FilePath>,
    /// The member that made the directory in `base` which the next files are in, and its path.
    current: Option<(u32, FilePath)>,
}

impl Builder<'_> {
    fn member(&mut self, member: u32, file: Option<&File>, outside: &FilePath) -> Result<(), Fault> {
        let listed = self.template.file(member);
        let (fcp, contents) = match file {
            Some(file) => self.instructions(file)?,
            // By default, if the service that the file belongs to is available.
            None => match listed.is_some_and(|file| self.has_service_for(file)) {
                true => (None, &[][..]),
                false => return Ok(()),
            },
        };
        // TCA profile package, doNotCreate: without effect on files of the MF.
        let unwanted = file.is_some_and(|file| file.0.contains(&FileItem::DoNotCreate));
        if unwanted && self.kind != ElementKind::Mf {
            return Ok(());
        }
        let empty = Fcp::default();
        let fcp = fcp.unwrap_or(&empty);
        let directory = self.directory_for(member, outside)?;
        let file_id = match (self.usual_file_id(member), fcp.file_id) {
            // The MF is the MF, whatever the package calls it.
            (Some(MF), _) => MF,
            (_, Some(file_id)) => u16::from_be_bytes(file_id),
            (Some(file_id), None) => file_id,
            (None, None) if self.template.directory(member).is_some() => {
                return Err(Fault::bad_values(format!(
                    "member {member} of {} has no file identifier",
                    self.kind.name()
                )));
            }
            (None, None) => {
                let element = self.kind.name().to_owned();
                return self.files.add_unplaced(UnplacedFile { element, member, directory });
            }
        };
        let new = NewFile {
            directory: &directory,
            file_id,
            fcp,
            template: listed,
            is_directory: self.template.directory(member).is_some(),
            extent: extent(contents),
            origin: if listed.is_some() { Origin::Template } else { Origin::UnlistedTemplate },
        };
        let path = new.create(self.files)?;
        if new.is_directory {
            match self.base {
                None => self.base = Some(path.clone()),
                Some(_) => self.current = Some((member, path.clone())),
            }
        }
        self.fill(&path, contents)
    }

    fn usual_file_id(&self, member: u32) -> Option<u16> {
        let listed = self.template.file(member).map(|file| file.file_id);
        listed.or_else(|| self.template.directory(member)).filter(|file_id| *file_id != 0)
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

    /// Checks the order of instructions and splits off the file control parameters.
    fn instructions<'f>(&self, file: &'f File) -> Result<(Option<&'f Fcp>, &'f [FileItem]), Fault> {
        let (fcp, rest) = match file.0.as_slice() {
            [FileItem::DoNotCreate] => (None, &[][..]),
            [FileItem::FileDescriptor(fcp), rest @ ..] => (Some(&**fcp), rest),
            rest => (None, rest),
        };
        if rest.iter().any(|item| matches!(item, FileItem::DoNotCreate | FileItem::FileDescriptor(_))) {
            return Err(Fault::bad_values(format!(
                "a file of {} has its instructions out of order",
                self.kind.name()
            )));
        }
        Ok((fcp, rest))
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
                FileItem::FillFileOffset(skip) => position = position.saturating_add(usize::from(*skip)),
                FileItem::FillFileContent(content) => self.files.write(path, &mut position, content)?,
                FileItem::DoNotCreate | FileItem::FileDescriptor(_) => {}
            }
        }
        Ok(())
    }
}

/// Whether a service table has a service (3GPP TS 31.102 §4.2.8); services count from 1.
pub(super) fn is_available(table: &[u8], service: u8) -> bool {
    let bit = usize::from(service).saturating_sub(1);
    table.get(bit / 8).is_some_and(|byte| byte >> (bit % 8) & 1 == 1)
}
