//! What a package leaves on the card.

use std::fmt;

use protocol::hex_bytes;
use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer, Serialize};

use super::path::FilePath;
use super::secret::Secret;

/// An installed profile: everything of it but metadata and state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Installed {
    /// Major and minor version of the format the package was written in.
    pub version: (u8, u8),
    /// `profileType` of the header.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub profile_type: Option<String>,
    /// The file system, ordered by path, the MF first.
    pub files: Vec<InstalledFile>,
    /// Of states of format 1, which listed files here that had no place; read and forgotten.
    #[serde(skip_serializing, default, deserialize_with = "forget")]
    pub unplaced_files: (),
    /// PINs by directory.
    pub pins: Vec<PinSet>,
    /// PUKs of the profile.
    pub puks: Vec<Puk>,
    /// Network access applications, in order of installation.
    pub network_access: Vec<NetworkAccessApplication>,
    /// Security domains, applications and RFM instances. They are recorded, not run.
    pub applications: Vec<Application>,
    /// Bytes of memory that the profile takes.
    pub memory_used: u32,
    /// EUICCResponse for the success result.
    #[serde(with = "hex_bytes")]
    pub euicc_response: Vec<u8>,
}

impl Installed {
    /// The file at a path, not following links.
    pub fn file(&self, path: &FilePath) -> Option<&InstalledFile> {
        let index = self.files.binary_search_by(|file| file.path.cmp(path)).ok()?;
        self.files.get(index)
    }

    /// The file at a path, to be changed; not following links.
    pub(crate) fn file_mut(&mut self, path: &FilePath) -> Option<&mut InstalledFile> {
        let index = self.files.binary_search_by(|file| file.path.cmp(path)).ok()?;
        self.files.get_mut(index)
    }

    /// The content of the EF at a path; a link shows the content of the file it leads to.
    pub fn content(&self, path: &FilePath) -> Option<&[u8]> {
        let mut file = self.file(path)?;
        if let Some(target) = &file.link {
            file = self.file(target)?;
        }
        (!file.structure.is_directory()).then_some(file.content.as_slice())
    }

    /// The ADF with this AID.
    pub fn adf(&self, aid: &[u8]) -> Option<&InstalledFile> {
        self.files.iter().find(|file| matches!(&file.structure, Structure::Adf { aid: own } if own == aid))
    }
}

/// A file.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InstalledFile {
    /// Where it is.
    pub path: FilePath,
    /// What it is.
    pub structure: Structure,
    /// Short file identifier, 1 to 30.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub short_file_id: Option<u8>,
    /// Life cycle status (ETSI TS 102 221 §11.1.1.4.9): 05 is operational and activated.
    pub life_cycle_status: u8,
    /// `specialFileInformation`: bit 8 high update activity, bit 7 accessible when deactivated.
    pub special_information: u8,
    /// The access rule, if the file has one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub access_rule: Option<AccessRule>,
    /// Of a directory: key references of the PINs that protect it.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub pin_references: Vec<u8>,
    /// Bytes the content may take; for a BER-TLV file more than it takes now.
    pub size: u32,
    /// Of an EF: its content, records one after the other.
    #[serde(with = "hex_bytes", skip_serializing_if = "Vec::is_empty", default)]
    pub content: Vec<u8>,
    /// The file that this one is a link to.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub link: Option<FilePath>,
}

/// Contents may hold keys, so their length is all that is shown.
impl fmt::Debug for InstalledFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InstalledFile")
            .field("path", &self.path)
            .field("structure", &self.structure)
            .field("short_file_id", &self.short_file_id)
            .field("access_rule", &self.access_rule)
            .field("size", &self.size)
            .field("link", &self.link)
            .finish_non_exhaustive()
    }
}

/// The kinds of files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Structure {
    /// The MF.
    MasterFile,
    /// A DF.
    Directory,
    /// An ADF.
    Adf {
        /// Its AID.
        #[serde(with = "hex_bytes")]
        aid: Vec<u8>,
    },
    /// A transparent EF.
    Transparent,
    /// A linear fixed EF.
    LinearFixed {
        /// Bytes of a record.
        record_length: u16,
    },
    /// A cyclic EF.
    Cyclic {
        /// Bytes of a record.
        record_length: u16,
    },
    /// A BER-TLV structured EF.
    BerTlv,
}

impl Structure {
    /// Whether files can be in it.
    pub fn is_directory(&self) -> bool {
        matches!(self, Self::MasterFile | Self::Directory | Self::Adf { .. })
    }

    /// Bytes of a record, where there are records.
    pub fn record_length(&self) -> Option<u16> {
        match self {
            Self::LinearFixed { record_length } | Self::Cyclic { record_length } => Some(*record_length),
            _ => None,
        }
    }
}

/// Where the access rules of a file are written: a record of an EF_ARR (ETSI TS 102 221 §9.2.7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccessRule {
    /// File identifier of the EF_ARR.
    pub file_id: u16,
    /// Record in it, from 1.
    pub record: u8,
}

/// The PINs of one directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PinSet {
    /// The directory.
    pub directory: FilePath,
    /// The directory whose PINs these are, if they are not its own.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub shared_with: Option<FilePath>,
    /// Its own PINs.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub pins: Vec<Pin>,
}

/// A PIN or an administrative code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pin {
    /// Key reference as in VERIFY PIN.
    pub reference: u8,
    /// 8 bytes.
    pub value: Secret,
    /// The PUK that unblocks it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub puk: Option<u8>,
    /// Bit 1 enabled, bit 2 may be changed, bit 3 may be disabled.
    pub attributes: u8,
    /// Tries allowed.
    pub tries: u8,
    /// Tries left.
    pub tries_left: u8,
    /// Of a PIN that was disabled: whether the universal PIN took its place (ETSI TS 102 221 §11.1.11).
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub replaced: bool,
}

/// A PUK.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Puk {
    /// Its reference.
    pub reference: u8,
    /// 8 bytes.
    pub value: Secret,
    /// Tries allowed.
    pub tries: u8,
    /// Tries left.
    pub tries_left: u8,
}

/// A USIM, ISIM or CSIM.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NetworkAccessApplication {
    /// `usim`, `isim` or `csim`.
    pub kind: String,
    /// Its ADF.
    pub directory: FilePath,
    /// Its AID.
    #[serde(with = "hex_bytes")]
    pub aid: Vec<u8>,
    /// How it authenticates, once the package said so.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub authentication: Option<Authentication>,
    /// A-key of a CSIM.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub cdma_authentication_key: Option<Secret>,
}

/// Whose authentication parameters an application uses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Authentication {
    /// Its own.
    Own(Box<AuthenticationParameters>),
    /// Those of another application.
    MappedTo {
        /// The other one's AID.
        #[serde(with = "hex_bytes")]
        aid: Vec<u8>,
        /// `mappingOptions`.
        options: u8,
    },
}

/// AKA parameters with all defaults applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuthenticationParameters {
    /// The algorithm.
    pub algorithm: Algorithm,
    /// `algorithmOptions`.
    pub options: u8,
    /// Ki.
    pub key: Secret,
    /// OPc or TOPc.
    pub opc: Secret,
    /// Milenage r1 to r5.
    #[serde(with = "hex_bytes")]
    pub rotation_constants: Vec<u8>,
    /// Milenage c1 to c5.
    #[serde(with = "hex_bytes")]
    pub xoring_constants: Vec<u8>,
    /// `authCounterMax`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub auth_counter_max: Option<[u8; 3]>,
    /// Authentications so far; counted where there is a maximum.
    #[serde(skip_serializing_if = "is_zero", default)]
    pub auth_counter: u32,
    /// TUAK iterations of Keccak.
    pub number_of_keccak: u8,
    /// `sqnOptions`.
    pub sqn_options: u8,
    /// `sqnDelta`.
    pub sqn_delta: [u8; 6],
    /// `sqnAgeLimit`.
    pub sqn_age_limit: [u8; 6],
    /// The 32 sequence numbers.
    pub sqn: Vec<[u8; 6]>,
}

fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// Authentication algorithms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Algorithm {
    /// Milenage.
    Milenage,
    /// TUAK.
    Tuak,
    /// The test algorithm of 3GPP TS 34.108.
    Test,
}

/// An application that is recorded but not run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Application {
    /// The element it came with: `securityDomain`, `application` or `rfm`.
    pub element: String,
    /// AID of the load package the element carries.
    #[serde(with = "hex_bytes", skip_serializing_if = "Vec::is_empty", default)]
    pub load_package: Vec<u8>,
    /// The instances it makes.
    pub instances: Vec<Instance>,
}

/// An instance of a security domain, an application or of remote file management.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(from = "StoredInstance")]
pub struct Instance {
    /// Its AID.
    #[serde(with = "hex_bytes")]
    pub aid: Vec<u8>,
    /// AID of the load package that its class is in; empty where it comes with the card.
    #[serde(with = "hex_bytes", skip_serializing_if = "Vec::is_empty")]
    pub load_package: Vec<u8>,
    /// AID of its class; empty where it comes with the card.
    #[serde(with = "hex_bytes", skip_serializing_if = "Vec::is_empty")]
    pub class: Vec<u8>,
    /// AID of the security domain that it belongs to, its own if it is the profile's first one.
    #[serde(with = "hex_bytes", skip_serializing_if = "Vec::is_empty")]
    pub security_domain: Vec<u8>,
    /// Its privileges (GlobalPlatform Card Specification §11.1.2).
    #[serde(with = "hex_bytes", skip_serializing_if = "Vec::is_empty")]
    pub privileges: Vec<u8>,
    /// Its life cycle state (GlobalPlatform Card Specification §11.1.1).
    pub life_cycle_state: u8,
    /// Toolkit application references under which it is reached over the air, three bytes each.
    #[serde(with = "hex_bytes", skip_serializing_if = "Vec::is_empty")]
    pub tars: Vec<u8>,
}

/// How an instance is kept: format 1 knew its AID only.
#[derive(Deserialize)]
#[serde(untagged)]
enum StoredInstance {
    Aid(#[serde(with = "hex_bytes")] Vec<u8>),
    Whole {
        #[serde(with = "hex_bytes")]
        aid: Vec<u8>,
        #[serde(with = "hex_bytes", default)]
        load_package: Vec<u8>,
        #[serde(with = "hex_bytes", default)]
        class: Vec<u8>,
        #[serde(with = "hex_bytes", default)]
        security_domain: Vec<u8>,
        #[serde(with = "hex_bytes", default)]
        privileges: Vec<u8>,
        life_cycle_state: u8,
        #[serde(with = "hex_bytes", default)]
        tars: Vec<u8>,
    },
}

impl From<StoredInstance> for Instance {
    fn from(stored: StoredInstance) -> Self {
        match stored {
            StoredInstance::Aid(aid) => Self { aid, life_cycle_state: SELECTABLE, ..Self::default() },
            StoredInstance::Whole {
                aid,
                load_package,
                class,
                security_domain,
                privileges,
                life_cycle_state,
                tars,
            } => Self { aid, load_package, class, security_domain, privileges, life_cycle_state, tars },
        }
    }
}

/// Life cycle state of an application that can be selected (GlobalPlatform Card Specification §11.1.1).
pub(super) const SELECTABLE: u8 = 0x07;

fn forget<'de, D: Deserializer<'de>>(deserializer: D) -> Result<(), D::Error> {
    IgnoredAny::deserialize(deserializer).map(|IgnoredAny| ())
}
