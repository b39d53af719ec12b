//! Network access applications and how they authenticate.

use asn1::profile::{
    AkaParameter, AlgoConfiguration, AlgoParameter, AlgorithmId, ElementKind, OtherElement, Status,
};

use super::failure::Fault;
use super::installed::{Algorithm, Authentication, AuthenticationParameters, NetworkAccessApplication};
use super::path::FilePath;
use super::secret::Secret;

/// Memory that authentication parameters take: keys, constants and sequence numbers.
pub(super) const PARAMETERS_SIZE: u32 = 384;

/// Defaults of PE-AKAParameter.
const ROTATION_CONSTANTS: [u8; 5] = [0x40, 0x00, 0x20, 0x40, 0x60];
const SQN_OPTIONS: u8 = 0x02;
const SQN_DELTA: [u8; 6] = [0x00, 0x00, 0x10, 0x00, 0x00, 0x00];

/// The applications so far, and the one that elements without a name of their own mean.
#[derive(Default)]
pub(super) struct NetworkAccess {
    pub applications: Vec<NetworkAccessApplication>,
    current: Option<usize>,
}

impl NetworkAccess {
    pub(super) fn add(&mut self, kind: ElementKind, directory: FilePath, aid: Vec<u8>) -> Result<(), Fault> {
        if self.applications.iter().any(|application| application.aid == aid) {
            return Err(Fault::invalid_parameter("two applications have the same AID"));
        }
        self.current = Some(self.applications.len());
        let kind = kind.name().to_owned();
        let application = NetworkAccessApplication {
            kind,
            directory,
            aid,
            authentication: None,
            cdma_authentication_key: None,
        };
        self.applications.push(application);
        Ok(())
    }

    fn last_of(&self, kind: ElementKind) -> Option<usize> {
        self.applications.iter().rposition(|application| application.kind == kind.name())
    }

    /// The ADF of the last application of a kind.
    pub(super) fn directory_of(&self, kind: ElementKind) -> Result<FilePath, Fault> {
        let application = self.last_of(kind).and_then(|index| self.applications.get(index));
        application.map(|application| application.directory.clone()).ok_or_else(|| {
            Fault::invalid_request_format(format!("the element needs a {} before it", kind.name()))
        })
    }

    pub(super) fn current_directory(&self) -> Result<FilePath, Fault> {
        let application = self.current.and_then(|index| self.applications.get(index));
        application.map(|application| application.directory.clone()).ok_or_else(no_application)
    }

    /// Goes back to the last application of a kind: an element with optional files of it follows.
    pub(super) fn select(&mut self, kind: ElementKind) {
        self.current = self.last_of(kind);
    }

    fn current(&mut self) -> Result<&mut NetworkAccessApplication, Fault> {
        self.current.and_then(|index| self.applications.get_mut(index)).ok_or_else(no_application)
    }

    /// PE-AKAParameter for the current application.
    pub(super) fn authenticate(&mut self, element: &AkaParameter) -> Result<(), Fault> {
        let authentication = match &element.algo_configuration {
            AlgoConfiguration::Algo(algo) => Authentication::Own(Box::new(parameters(element, algo)?)),
            AlgoConfiguration::Mapping(mapping) => {
                let own = |application: &NetworkAccessApplication| {
                    application.aid == mapping.mapping_source
                        && matches!(application.authentication, Some(Authentication::Own(_)))
                };
                if !self.applications.iter().any(own) {
                    let explanation = "authentication is mapped to an application that has no parameters";
                    return Err(Fault::invalid_parameter(explanation));
                }
                Authentication::MappedTo {
                    aid: mapping.mapping_source.clone(),
                    options: mapping.mapping_options,
                }
            }
        };
        let application = self.current()?;
        if application.authentication.is_some() {
            return Err(Fault::invalid_request_format("an application gets authentication parameters twice"));
        }
        application.authentication = Some(authentication);
        Ok(())
    }

    /// PE-CDMAParameter for the current application.
    pub(super) fn authenticate_cdma(&mut self, element: &OtherElement) -> Result<(), Fault> {
        let key = element.cdma_authentication_key().filter(|key| key.bytes().len() == 8);
        let key = key.ok_or_else(|| Fault::bad_values("cdmaParameter has no A-key of 8 bytes"))?;
        let application = self.current()?;
        if application.cdma_authentication_key.is_some() {
            return Err(Fault::invalid_request_format("an application gets CDMA parameters twice"));
        }
        application.cdma_authentication_key = Some(Secret::from(key.bytes()));
        Ok(())
    }
}

fn no_application() -> Fault {
    Fault::invalid_request_format("the element needs a network access application before it")
}

fn parameters(element: &AkaParameter, algo: &AlgoParameter) -> Result<AuthenticationParameters, Fault> {
    let (algorithm, keys, opcs): (_, &[usize], &[usize]) = match algo.algorithm_id {
        AlgorithmId::MILENAGE => (Algorithm::Milenage, &[16], &[16]),
        AlgorithmId::TUAK => (Algorithm::Tuak, &[16, 32], &[32]),
        // The test algorithm has no OPc; what stands there is ignored.
        AlgorithmId::USIM_TEST_ALGORITHM => (Algorithm::Test, &[16], &[]),
        AlgorithmId(number) => {
            let explanation = format!("there is no authentication algorithm {number}");
            return Err(Fault::new(Status::FEATURE_NOT_SUPPORTED, explanation));
        }
    };
    if !keys.contains(&algo.key.bytes().len()) || !(opcs.is_empty() || opcs.contains(&algo.opc.bytes().len()))
    {
        return Err(Fault::bad_values("Ki or OPc has the wrong length for its algorithm"));
    }
    Ok(AuthenticationParameters {
        algorithm,
        options: algo.algorithm_options,
        key: Secret::from(algo.key.bytes()),
        opc: Secret::from(algo.opc.bytes()),
        rotation_constants: algo.rotation_constants.unwrap_or(ROTATION_CONSTANTS).to_vec(),
        xoring_constants: algo
            .xoring_constants
            .as_ref()
            .map_or_else(xoring_constants, |constants| constants.to_vec()),
        auth_counter_max: algo.auth_counter_max,
        number_of_keccak: algo.number_of_keccak.unwrap_or(1),
        sqn_options: element.sqn_options.unwrap_or(SQN_OPTIONS),
        sqn_delta: element.sqn_delta.unwrap_or(SQN_DELTA),
        sqn_age_limit: element.sqn_age_limit.unwrap_or(SQN_DELTA),
        sqn: element.sqn_init.clone().unwrap_or_else(|| vec![[0; 6]; 32]),
    })
}

/// Milenage c1 to c5 (3GPP TS 35.206 §4.1): 0, 1, 2, 4 and 8 in 16 bytes each.
fn xoring_constants() -> Vec<u8> {
    [0, 1, 2, 4, 8].into_iter().flat_map(|last| std::iter::repeat_n(0, 15).chain([last])).collect()
}
