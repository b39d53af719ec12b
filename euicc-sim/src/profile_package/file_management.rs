//! Generic file management: files created and filled one by one.

use asn1::profile::{Fcp, FileManagementCommand, GenericFileManagement};

use super::failure::{Fault, Place};
use super::file::{NewFile, Origin};
use super::file_system::{FileSystem, MF};
use super::installation::Installation;
use super::path::FilePath;

impl Installation {
    pub(super) fn generic_file_management(&mut self, element: &GenericFileManagement) -> Result<(), Fault> {
        let mut manager =
            Manager { files: &mut self.files, directory: FilePath::master_file(), file: None, created: None };
        for (index, command) in element.commands.iter().flatten().enumerate() {
            manager.execute(command).map_err(|fault| fault.at(Place::Command(index)))?;
        }
        // PIN codes that follow belong to the directory created first.
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
    /// The first directory that was created.
    created: Option<FilePath>,
}

impl Manager<'_> {
    fn execute(&mut self, command: &FileManagementCommand) -> Result<(), Fault> {
        match command {
            FileManagementCommand::FilePath(path) => self.select(path),
            FileManagementCommand::CreateFcp(fcp) => self.create(fcp),
            FileManagementCommand::FillFileOffset(skip) => {
                let (path, mut position) = self.file_to_fill()?;
                self.files.skip(&path, &mut position, *skip)?;
                self.file = Some((path, position));
                Ok(())
            }
            FileManagementCommand::FillFileContent(content) => {
                let (path, mut position) = self.file_to_fill()?;
                self.files.write(&path, &mut position, content)?;
                self.file = Some((path, position));
                Ok(())
            }
        }
    }

    fn file_to_fill(&self) -> Result<(FilePath, usize), Fault> {
        self.file.clone().ok_or_else(|| Fault::invalid_request_format("content without a file to fill"))
    }

    fn select(&mut self, octets: &[u8]) -> Result<(), Fault> {
        let path = FilePath::from_octets(octets)
            .ok_or_else(|| Fault::bad_values("a file path cuts a file identifier in half"))?;
        let path = self.files.resolved(&path);
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
        let new =
            NewFile { directory: &self.directory, file_id, fcp, origin: Origin::FileManagement, extent: 0 };
        let path = new.create(self.files)?;
        let created = self.files.existing(&path)?;
        if !created.structure.is_directory() {
            self.file = Some((path, 0));
            return Ok(());
        }
        self.file = None;
        // A directory that is a link has no PINs of its own.
        match &created.link {
            Some(target) => self.directory = target.clone(),
            None => {
                self.created.get_or_insert_with(|| path.clone());
                self.directory = path;
            }
        }
        Ok(())
    }
}
