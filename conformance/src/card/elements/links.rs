//! Files that are links to others.

use asn1::profile::{Fcp, FileManagementCommand};

use super::changes;
use super::edit::{Elements, Made};
use super::parts::{DF, EF, USIM, create, df, ef, ef_by_rules_of_mf, select, write};

changes! {
    /// A change with a link.
    Links {
        ToFile = "with a link to a file";
        ToLink = "with a link to a link";
        ToDirectory = "with a link to a DF, and a file that is created through it";
        ToNothing = "with a file whose path for a link is empty, which makes it a file of its own";
        ToMissingFile = "with a link to a file that is not there";
        ToApplication = "with a link to an ADF";
        OddPath = "with a link whose path has three bytes";
        WithSize = "with a link that has a file size of its own";
        WithPinStatus = "with a link to a DF that has a PIN status template of its own";
        WithAid = "with a link to a DF that has an AID";
        WithContent = "with a link that has content of its own";
    }
}

/// EF.IMSI.
const IMSI: &[u8] = &[0x7F, 0xD0, 0x6F, 0x07];
/// The DF that is created.
const DIRECTORY: &[u8] = &[0x7F, 0x66];

impl Links {
    pub(super) fn make(self, elements: &mut Elements) -> Made {
        elements.manage(self.commands())
    }

    fn commands(self) -> Vec<FileManagementCommand> {
        let directory = || create(df(DF));
        match self {
            Self::ToFile => vec![create(link(EF, IMSI))],
            Self::ToLink => vec![create(link(EF, IMSI)), create(link(EF + 1, &EF.to_be_bytes()))],
            Self::ToDirectory => vec![
                directory(),
                select(&[]),
                create(link_to_directory()),
                create(ef_by_rules_of_mf(0x6F01, 4)),
                // It is there by either path.
                select(&[DF + 1, 0x6F01]),
                write([1]),
                select(&[DF, 0x6F01]),
                write([1]),
            ],
            Self::ToNothing => {
                vec![create(Fcp { link_path: Some(Vec::new()), ..ef(EF, 4) }), write([1, 2, 3, 4])]
            }
            Self::ToMissingFile => vec![create(link(EF, &[0x7F, 0xD0, 0x6F, 0x99]))],
            Self::ToApplication => vec![create(link(EF, &USIM.to_be_bytes()))],
            Self::OddPath => vec![create(link(EF, &[0x7F, 0xD0, 0x6F]))],
            Self::WithSize => vec![create(Fcp { ef_file_size: Some(vec![9]), ..link(EF, IMSI) })],
            Self::WithPinStatus => {
                let own = Fcp { pin_status_template_do: Some(vec![0x0A]), ..link_to_directory() };
                vec![directory(), select(&[]), create(own)]
            }
            Self::WithAid => {
                let own = Fcp { df_name: Some(vec![0xA0, 0, 0, 0x05, 0x59]), ..link_to_directory() };
                vec![directory(), select(&[]), create(own)]
            }
            Self::WithContent => vec![create(link(EF, IMSI)), write([0xFF; 9])],
        }
    }
}

fn link(file_id: u16, target: &[u8]) -> Fcp {
    Fcp { ef_file_size: None, link_path: Some(target.to_vec()), ..ef(file_id, 0) }
}

fn link_to_directory() -> Fcp {
    Fcp { pin_status_template_do: None, link_path: Some(DIRECTORY.to_vec()), ..df(DF + 1) }
}
