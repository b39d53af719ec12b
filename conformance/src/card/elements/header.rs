//! What the header demands of the eUICC.

use asn1::profile::{ElementKind, File, Service, TemplateId};

use super::changes;
use super::edit::{Elements, Made};

changes! {
    /// A change of what the header demands, or of the templates that elements follow.
    Header {
        UnknownService = "with a mandatory service of no version of the format";
        UnknownTemplate = "with a mandatory template of no version of the format";
        UnknownTemplateVersion = "with a mandatory template of an unknown version";
        EarlierVersion = "of version 1 of the format";
        LaterMinorVersion = "of minor version 99";
        UnknownMember = "with a header that has a member of a later version";
        Bare = "with a header that demands nothing and says nothing that is optional";
        TemplateOfAnother = "with a PE-USIM that follows the template of PE-OPT-USIM";
        TemplateUnknown = "with a mandated PE-USIM that follows an unknown template";
        TemplateOfUnknownVersion = "with a mandated PE-USIM that follows an unknown version of its template";
        UsimOfVersion2 = "with a PE-USIM of version 2, and an EF.UST as large as it is there";
        UsimOfVersion1 = "with a PE-USIM of version 1, and an EF.UST as large as it is in version 2";
    }
}

/// Template of PE-USIM, and the size of EF.UST in its second version.
const USIM: u8 = 4;
const EF_UST: u32 = 8;
const SIZE_IN_VERSION_2: usize = 17;

impl Header {
    pub(super) fn make(self, elements: &mut Elements) -> Made {
        match self {
            Self::UnknownService => elements.header()?.mandatory_services.push(Service(70)),
            Self::UnknownTemplate => elements.header()?.mandatory_templates.push(TemplateId::tca(99)),
            Self::UnknownTemplateVersion => {
                elements.header()?.mandatory_templates.push(TemplateId::tca_version(USIM, 99));
            }
            Self::EarlierVersion => elements.header()?.major_version = 1,
            Self::LaterMinorVersion => elements.header()?.minor_version = 99,
            Self::UnknownMember => elements.header()?.unknown = vec![0x9E, 0x01, 0x00],
            Self::Bare => {
                let header = elements.header()?;
                header.profile_type = None;
                header.mandatory_services.clear();
                header.mandatory_templates.clear();
            }
            Self::TemplateOfAnother => follow(elements, TemplateId::tca(5))?,
            Self::TemplateUnknown => follow(elements, TemplateId::tca(99))?,
            Self::TemplateOfUnknownVersion => follow(elements, TemplateId::tca_version(USIM, 99))?,
            Self::UsimOfVersion2 => {
                follow(elements, TemplateId::tca_version(USIM, 2))?;
                large_service_table(elements)?;
            }
            Self::UsimOfVersion1 => large_service_table(elements)?,
        }
        Ok(())
    }
}

fn follow(elements: &mut Elements, id: TemplateId) -> Made {
    elements.template(ElementKind::Usim)?.template_id = id;
    Ok(())
}

/// Without parameters of its own, so that the template says how large it is.
fn large_service_table(elements: &mut Elements) -> Made {
    let mut table = vec![0; SIZE_IN_VERSION_2];
    // Service 33, which always has to be set.
    table.splice(4..5, [0x01]);
    *elements.file(ElementKind::Usim, EF_UST)? = File::with_content(table);
    Ok(())
}
