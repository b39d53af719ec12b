//! What is told of a profile.

use data_encoding::HEXUPPER;
use euicc_sim::profile_package::{Algorithm, Authentication, Installed, NetworkAccessApplication};
use euicc_sim::state::{Profile, ProfileClass};
use serde::Serialize;

use super::files::{FileReport, PlacesOf};
use super::report::{Shown, mcc_mnc, rules};

/// A profile.
#[derive(Serialize)]
pub struct ProfileReport {
    pub iccid: String,
    pub isdp_aid: String,
    pub state: String,
    pub class: &'static str,
    pub nickname: Option<String>,
    pub profile_name: String,
    pub service_provider_name: String,
    /// MCC and MNC of the owner, where the metadata name one.
    pub owner: Option<String>,
    pub policy_rules: Vec<&'static str>,
    pub size: u32,
    /// Major and minor version of the package format.
    pub package_version: String,
    pub profile_type: Option<String>,
    pub field_loaded: bool,
    /// The CI whose eUICC key signs its notifications.
    pub euicc_ci_pk_id: String,
    pub network_access_applications: Vec<ApplicationReport>,
    pub pins: Vec<CodeReport>,
    pub puks: Vec<CodeReport>,
    /// AIDs of the applications that are recorded and not run.
    pub recorded_applications: Vec<String>,
    pub file_count: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub files: Option<Vec<FileReport>>,
}

/// A network access application.
#[derive(Serialize)]
pub struct ApplicationReport {
    pub kind: String,
    pub aid: String,
    pub directory: String,
    /// `Milenage`, `TUAK` or `XOR`; where the parameters are another's, its AID.
    pub authentication: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opc: Option<String>,
}

/// A PIN or PUK.
#[derive(Serialize)]
pub struct CodeReport {
    /// The directory of a PIN.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub directory: Option<String>,
    /// The key reference, hex.
    pub reference: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    pub tries: u8,
    pub tries_left: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

impl ProfileReport {
    /// Tells of a profile.
    pub fn of(profile: &Profile, shown: Shown) -> Self {
        let metadata = profile.metadata.value();
        let installed = &*profile.installed;
        let (major, minor) = installed.version;
        Self {
            iccid: profile.iccid.to_string(),
            isdp_aid: profile.isdp_aid.to_string(),
            state: profile.state.to_string(),
            class: match profile.class {
                ProfileClass::Test => "test",
                ProfileClass::Provisioning => "provisioning",
                ProfileClass::Operational => "operational",
            },
            nickname: profile.nickname.clone(),
            profile_name: metadata.profile_name.to_string(),
            service_provider_name: metadata.service_provider_name.to_string(),
            owner: metadata
                .profile_owner
                .as_ref()
                .and_then(|owner| owner.mcc_mnc.bytes().try_into().ok())
                .map(mcc_mnc),
            policy_rules: rules(profile.policy_rules),
            size: profile.size,
            package_version: format!("{major}.{minor}"),
            profile_type: installed.profile_type.clone(),
            field_loaded: profile.field_loaded,
            euicc_ci_pk_id: HEXUPPER.encode(profile.euicc_ci_pk_id.bytes()),
            network_access_applications: installed
                .network_access
                .iter()
                .map(|application| ApplicationReport::of(application, shown))
                .collect(),
            pins: pins(installed, shown),
            puks: puks(installed, shown),
            recorded_applications: recorded(installed),
            file_count: installed.files.len(),
            files: shown.files.then(|| {
                let places = PlacesOf(installed);
                installed.files.iter().map(|file| FileReport::of(file, places, shown)).collect()
            }),
        }
    }
}

impl ApplicationReport {
    fn of(application: &NetworkAccessApplication, shown: Shown) -> Self {
        let own = match &application.authentication {
            Some(Authentication::Own(parameters)) if shown.secrets => Some(parameters),
            _ => None,
        };
        Self {
            kind: application.kind.clone(),
            aid: HEXUPPER.encode(&application.aid),
            directory: application.directory.to_string(),
            authentication: application.authentication.as_ref().map(|authentication| match authentication {
                Authentication::Own(parameters) => algorithm(parameters.algorithm).to_owned(),
                Authentication::MappedTo { aid, .. } => format!("as {}", HEXUPPER.encode(aid)),
            }),
            key: own.map(|parameters| HEXUPPER.encode(parameters.key.expose())),
            opc: own.map(|parameters| HEXUPPER.encode(parameters.opc.expose())),
        }
    }
}

fn algorithm(algorithm: Algorithm) -> &'static str {
    match algorithm {
        Algorithm::Milenage => "Milenage",
        Algorithm::Tuak => "TUAK",
        Algorithm::Test => "XOR",
    }
}

fn pins(installed: &Installed, shown: Shown) -> Vec<CodeReport> {
    let of_set = installed.pins.iter().flat_map(|set| set.pins.iter().map(move |pin| (&set.directory, pin)));
    let report =
        |(directory, pin): (&euicc_sim::profile_package::FilePath, &euicc_sim::profile_package::Pin)| {
            CodeReport {
                directory: Some(directory_name(&directory.to_string())),
                reference: format!("{:02X}", pin.reference),
                enabled: Some(pin.attributes & 1 == 1),
                tries: pin.tries,
                tries_left: pin.tries_left,
                value: shown.secrets.then(|| HEXUPPER.encode(pin.value.expose())),
            }
        };
    of_set.map(report).collect()
}

fn directory_name(path: &str) -> String {
    if path.is_empty() { "3F00".to_owned() } else { path.to_owned() }
}

fn puks(installed: &Installed, shown: Shown) -> Vec<CodeReport> {
    let report = |puk: &euicc_sim::profile_package::Puk| CodeReport {
        directory: None,
        reference: format!("{:02X}", puk.reference),
        enabled: None,
        tries: puk.tries,
        tries_left: puk.tries_left,
        value: shown.secrets.then(|| HEXUPPER.encode(puk.value.expose())),
    };
    installed.puks.iter().map(report).collect()
}

fn recorded(installed: &Installed) -> Vec<String> {
    let aids = installed.applications.iter().flat_map(|application| &application.instances);
    aids.map(|instance| HEXUPPER.encode(&instance.aid)).collect()
}
