//! Generic file management: files created and filled one by one.

use asn1::profile::{Fcp, FileManagementCommand, GenericFileManagement};

use super::failure::Fault;
use super::file::{NewFile, Origin};
use super::file_system::{FileSystem, MF};
use super::installation::Installation;
use super::path::FilePath;

impl Installation {
    pub(super) fn generic_file_management(&mut self, element: &GenericFileManagement) -> Result<(), Fault> {
        let mut manager =
            Manager { files: &mut self.files, directory: FilePath::master_file(), file: None, created: None };
        for command in element.commands.iter().flatten() {
            manager.execute(command)?;
        }
        // PIN codes that follow belong to the directory created last.
        if let Some(created) = manager.created {
            self.context_of_pins = Some(created);
        }
        Ok(())
    }
}

struct Manager<'a> {
    files: &'a mut FileSystem,
    directory: FilePath,
    /// The EF that is being filled, and how far.
    file: Option<(FilePath, usize)>,
    /// The last directory that was created.
    created: Option<FilePath>,
}

impl Manager<'_> {
    fn execute(&mut self, command: &FileManagementCommand) -> Result<(), Fault> {
        match command {
            FileManagementCommand::FilePath(path) => self.select(path),
            FileManagementCommand::CreateFcp(fcp) => self.create(fcp),
            FileManagementCommand::FillFileOffset(skip) => {
                let (_, position) = self.file_to_fill()?;
                *position = position.saturating_add(usize::from(*skip));
                Ok(())
            }
            FileManagementCommand::FillFileContent(content) => {
                let (path, position) = self.file_to_fill()?;
                let (path, mut position) = (path.clone(), *position);
                self.files.write(&path, &mut position, content)?;
                self.file = Some((path, position));
                Ok(())
            }
        }
    }

    fn file_to_fill(&mut self) -> Result<&mut (FilePath, usize), Fault> {
        self.file.as_mut().ok_or_else(|| Fault::invalid_request_format("content without a file to fill"))
    }

    fn select(&mut self, octets: &[u8]) -> Result<(), Fault> {
        let path = FilePath::from_octets(octets)
            .ok_or_else(|| Fault::bad_values("a file path cuts a file identifier in half"))?;
        // An empty path selects the MF, which generic file management may be about to create.
        let is_directory = match self.files.has_master_file() || path.depth() > 0 {
            true => self.files.existing(&path)?.structure.is_directory(),
            false => true,
        };
        if is_directory {
            (self.directory, self.file) = (path, None);
        } else {
            self.directory = path.parent().unwrap_or_default();
            self.file = Some((path, 0));
        }
        Ok(())
    }

    fn create(&mut self, fcp: &Fcp) -> Result<(), Fault> {
        let Some(file_id) = fcp.file_id.map(u16::from_be_bytes) else {
            return Err(Fault::bad_values("a file is created without a file identifier"));
        };
        if (file_id == MF) == self.files.has_master_file() {
            return Err(Fault::invalid_request_format("the MF has to be created first, and once"));
        }
        let new = NewFile {
            directory: &self.directory,
            file_id,
            fcp,
            template: None,
            is_directory: false,
            extent: 0,
            origin: Origin::FileManagement,
        };
        let path = new.create(self.files)?;
        if self.files.existing(&path)?.structure.is_directory() {
            self.created = Some(path.clone());
            (self.directory, self.file) = (path, None);
        } else {
            self.file = Some((path, 0));
        }
        Ok(())
    }
}
