//! Members that no version of the format known here defines.

use super::aka::AlgoConfiguration;
use super::element::ProfileElement;
use super::file::{Fcp, File, FileItem};
use super::file_management::FileManagementCommand;

impl ProfileElement {
    /// Whether the element says something that this crate keeps but does not understand. The files of a template and
    /// the contents of [`super::OtherElement`] are not judged here.
    ///
    /// The format (EXTENSIBILITY IMPLIED) has an eUICC report such an element, with a warning or an error.
    pub fn has_unknown_members(&self) -> bool {
        match self {
            Self::Header(element) => !element.unknown.is_empty(),
            Self::GenericFileManagement(element) => {
                !element.unknown.is_empty()
                    || element.commands.iter().flatten().any(|command| match command {
                        FileManagementCommand::CreateFcp(fcp) => fcp.has_unknown_members(),
                        _ => false,
                    })
            }
            Self::PinCodes(element) => !element.unknown.is_empty(),
            Self::PukCodes(element) => !element.unknown.is_empty(),
            Self::AkaParameter(element) => {
                !element.unknown.is_empty()
                    || match &element.algo_configuration {
                        AlgoConfiguration::Mapping(mapping) => !mapping.unknown.is_empty(),
                        AlgoConfiguration::Algo(algo) => !algo.unknown.bytes().is_empty(),
                    }
            }
            Self::Template(element) => element.files.iter().any(|(_, file)| file.has_unknown_members()),
            Self::Other(_) => false,
            Self::End(element) => !element.unknown.is_empty(),
        }
    }
}

impl File {
    fn has_unknown_members(&self) -> bool {
        self.0.iter().any(|item| match item {
            FileItem::FileDescriptor(fcp) => fcp.has_unknown_members(),
            _ => false,
        })
    }
}

impl Fcp {
    fn has_unknown_members(&self) -> bool {
        let info = self.proprietary_ef_info.as_ref();
        !self.unknown.is_empty() || info.is_some_and(|info| !info.unknown.is_empty())
    }
}
