//! File structure templates (TCA profile package, annex A): what a file is where the package does not say.
//!
//! The shapes are those of ETSI TS 102 221, 3GPP TS 31.102 and 31.103, and 3GPP2 C.S0065; the access rules are numbers
//! of records in the package's own EF_ARR. Templates of the IoT minimal profile (17, 18) and of slice access (19) are not
//! known: no card of this version of SGP.22 announces them.

mod cd;
mod csim;
mod eap;
mod file_template;
mod isim;
mod mf;
mod opt_csim;
mod opt_usim;
mod phonebook;
mod telecom;
mod usim;
mod usim_directories;

use asn1::profile::{ElementKind, TemplateElement, TemplateId};

pub(super) use file_template::{FileTemplate, Fill};

/// A template.
pub(super) struct Template {
    /// n of 2.23.143.1.2.n.
    number: u8,
    /// Versions of it that are known: 1 to this.
    versions: u8,
    pub place: Place,
    /// Members that are directories, with their file identifiers (0: the package has to give it), ascending.
    pub directories: &'static [(u32, u16)],
    /// Members with defaults, ascending, in parts.
    files: &'static [&'static [FileTemplate]],
    /// Members that the element always has.
    pub mandatory: &'static [u32],
    /// Whether listed files exist unless the package forbids them.
    pub created_by_default: bool,
}

/// Where the files of an element go.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// The element creates the MF.
    MasterFile,
    /// Into a DF of its own below the MF.
    BelowMasterFile,
    /// Into an ADF of its own, which is a network access application.
    Application,
    /// Into the ADF that an element of this kind created last.
    Into(ElementKind),
    /// Into a DF of its own in that ADF.
    Below(ElementKind),
    /// Into a DF of its own in whatever network access application came last.
    BelowApplication,
}

impl Template {
    /// The row of a member in a version of the template. A member that came with a later version has a row in earlier
    /// ones too: the type allows it there, and nothing else can be meant.
    pub(super) fn file(&self, member: u32, version: u8) -> Option<&'static FileTemplate> {
        self.files().find(|file| {
            let (first, last) = file.versions;
            file.member == member && (first..=last).contains(&version)
        })
    }

    /// All rows, whatever their version.
    pub(super) fn files(&self) -> impl Iterator<Item = &'static FileTemplate> {
        self.files.iter().copied().flatten()
    }

    /// The identifier of a member that is a directory; 0 if the package has to give it.
    pub(super) fn directory(&self, member: u32) -> Option<u16> {
        self.directories.iter().find(|(candidate, _)| *candidate == member).map(|(_, file_id)| *file_id)
    }

    /// The version of this template that `id` names.
    pub(super) fn version(&self, id: &TemplateId) -> Option<u8> {
        let (number, version) = id.number_and_version()?;
        (number == self.number && (1..=self.versions).contains(&version)).then_some(version)
    }
}

/// All templates, with the elements that follow them.
const TEMPLATES: [(ElementKind, &Template); 16] = [
    (ElementKind::Mf, &mf::TEMPLATE),
    (ElementKind::Cd, &cd::TEMPLATE),
    (ElementKind::Telecom, &telecom::TEMPLATE),
    (ElementKind::Usim, &usim::TEMPLATE),
    (ElementKind::OptUsim, &opt_usim::TEMPLATE),
    (ElementKind::Phonebook, &phonebook::TEMPLATE),
    (ElementKind::GsmAccess, &usim_directories::GSM_ACCESS),
    (ElementKind::Isim, &isim::ISIM),
    (ElementKind::OptIsim, &isim::OPT_ISIM),
    (ElementKind::Csim, &csim::TEMPLATE),
    (ElementKind::OptCsim, &opt_csim::TEMPLATE),
    (ElementKind::Eap, &eap::TEMPLATE),
    (ElementKind::Df5gs, &usim_directories::DF_5GS),
    (ElementKind::DfSaip, &usim_directories::DF_SAIP),
    (ElementKind::DfSnpn, &usim_directories::DF_SNPN),
    (ElementKind::Df5gprose, &usim_directories::DF_5G_PROSE),
];

/// Whether a template is known in this version.
pub(super) fn is_supported(id: &TemplateId) -> bool {
    TEMPLATES.iter().any(|(_, template)| template.version(id).is_some())
}

/// The template that elements of this kind follow; `None` where there is none or it is not supported.
pub(super) fn of(kind: ElementKind) -> Option<&'static Template> {
    TEMPLATES.iter().find(|(candidate, _)| *candidate == kind).map(|(_, template)| *template)
}

/// Whether all members of an element are listed in its template, in some version of it; of an unknown template nothing
/// is missed.
pub(super) fn knows_members_of(element: &TemplateElement) -> bool {
    let Some(template) = of(element.kind) else { return true };
    element.files.iter().all(|(member, _)| {
        template.directory(*member).is_some() || template.files().any(|file| file.member == *member)
    })
}
