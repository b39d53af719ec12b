//! Network access applications and how they authenticate.

use std::collections::BTreeSet;

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

/// The largest sequence number, which has 43 bits beside its index.
const SQN_MAX: [u8; 6] = [0x07, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF];

/// The applications so far, and the one that elements without a name of their own mean.
#[derive(Clone, Default)]
pub(super) struct NetworkAccess {
    pub applications: Vec<NetworkAccessApplication>,
    current: Current,
    /// Kinds of which the last application was left out.
    gaps: BTreeSet<ElementKind>,
}

/// Whose elements follow.
#[derive(Clone, Copy, Default)]
enum Current {
    /// No application has been created.
    #[default]
    None,
    /// The application at this place.
    Application(usize),
    /// One that was left out.
    LeftOut,
}

impl NetworkAccess {
    pub(super) fn add(&mut self, kind: ElementKind, directory: FilePath, aid: Vec<u8>) -> Result<(), Fault> {
        if self.applications.iter().any(|application| application.aid == aid) {
            return Err(Fault::invalid_parameter("two applications have the same AID"));
        }
        self.current = Current::Application(self.applications.len());
        self.gaps.remove(&kind);
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

    /// An application was not created: what follows and belongs to it must not go to another one.
    pub(super) fn leave_out(&mut self, kind: Option<ElementKind>) {
        self.current = Current::LeftOut;
        self.gaps.extend(kind);
    }

    /// Whether an application was left out.
    pub(super) fn has_gaps(&self) -> bool {
        matches!(self.current, Current::LeftOut) || !self.gaps.is_empty()
    }

    fn last_of(&self, kind: ElementKind) -> Result<usize, Fault> {
        if self.gaps.contains(&kind) {
            return Err(Fault::left_out(format!("the {} of the element was left out", kind.name())));
        }
        let mut applications = self.applications.iter();
        applications.rposition(|application| application.kind == kind.name()).ok_or_else(|| {
            Fault::invalid_request_format(format!("the element needs a {} before it", kind.name()))
        })
    }

    /// The ADF of the last application of a kind.
    pub(super) fn directory_of(&self, kind: ElementKind) -> Result<FilePath, Fault> {
        self.application(self.last_of(kind)?).map(|application| application.directory.clone())
    }

    pub(super) fn current_directory(&self) -> Result<FilePath, Fault> {
        self.application(self.current()?).map(|application| application.directory.clone())
    }

    /// Goes back to the last application of a kind: an element with optional files of it follows.
    pub(super) fn select(&mut self, kind: ElementKind) -> Result<(), Fault> {
        self.current = Current::Application(self.last_of(kind)?);
        Ok(())
    }

    fn application(&self, index: usize) -> Result<&NetworkAccessApplication, Fault> {
        self.applications.get(index).ok_or_else(no_application)
    }

    fn current(&self) -> Result<usize, Fault> {
        match self.current {
            Current::Application(index) => Ok(index),
            Current::LeftOut => Err(Fault::left_out("the application of the element was left out")),
            Current::None => Err(no_application()),
        }
    }

    fn current_mut(&mut self) -> Result<&mut NetworkAccessApplication, Fault> {
        let index = self.current()?;
        self.applications.get_mut(index).ok_or_else(no_application)
    }

    /// PE-AKAParameter for the current application. It may come several times; which one counts is not said, here it is
    /// the last that the card supports.
    pub(super) fn authenticate(&mut self, element: &AkaParameter) -> Result<(), Fault> {
        let own_aid = self.application(self.current()?)?.aid.clone();
        let authentication = match &element.algo_configuration {
            AlgoConfiguration::Algo(algo) => Authentication::Own(Box::new(parameters(element, algo)?)),
            AlgoConfiguration::Mapping(mapping) => {
                let source = |application: &NetworkAccessApplication| {
                    application.aid == mapping.mapping_source
                        && application.aid != own_aid
                        && matches!(application.authentication, Some(Authentication::Own(_)))
                };
                if !self.applications.iter().any(source) {
                    return Err(match self.has_gaps() {
                        true => {
                            Fault::left_out("authentication is mapped to an application that was left out")
                        }
                        false => Fault::invalid_parameter(
                            "authentication is mapped to an application that has no parameters",
                        ),
                    });
                }
                Authentication::MappedTo {
                    aid: mapping.mapping_source.clone(),
                    options: mapping.mapping_options,
                }
            }
        };
        self.current_mut()?.authentication = Some(authentication);
        Ok(())
    }

    /// PE-CDMAParameter for the current application.
    pub(super) fn authenticate_cdma(&mut self, element: &OtherElement) -> Result<(), Fault> {
        let key = element.cdma_authentication_key().filter(|key| key.bytes().len() == 8);
        let key = key.ok_or_else(|| Fault::bad_values("cdmaParameter has no A-key of 8 bytes"))?;
        let application = self.current_mut()?;
        if application.kind != ElementKind::Csim.name() {
            return Err(Fault::invalid_request_format("CDMA parameters of an application that is no CSIM"));
        }
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
    if algorithm == Algorithm::Tuak && algo.number_of_keccak == Some(0) {
        return Err(Fault::bad_values("TUAK needs at least one round of Keccak"));
    }
    let limits = [element.sqn_delta, element.sqn_age_limit].into_iter().flatten();
    if limits.chain(element.sqn_init.iter().flatten().copied()).any(|sqn| sqn > SQN_MAX) {
        return Err(Fault::bad_values("a sequence number is greater than 07FFFFFFFFFF"));
    }
    let parameters = AuthenticationParameters {
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
        auth_counter: 0,
        number_of_keccak: algo.number_of_keccak.unwrap_or(1),
        sqn_options: element.sqn_options.unwrap_or(SQN_OPTIONS),
        sqn_delta: element.sqn_delta.unwrap_or(SQN_DELTA),
        sqn_age_limit: element.sqn_age_limit.unwrap_or(SQN_DELTA),
        sqn: element.sqn_init.clone().unwrap_or_else(|| vec![[0; 6]; 32]),
    };
    if parameters.functions().is_none() {
        return Err(Fault::bad_values("the authentication algorithm does not exist with these options"));
    }
    Ok(parameters)
}

/// Milenage c1 to c5 (3GPP TS 35.206 §4.1): 0, 1, 2, 4 and 8 in 16 bytes each.
fn xoring_constants() -> Vec<u8> {
    [0, 1, 2, 4, 8].into_iter().flat_map(|last| std::iter::repeat_n(0, 15).chain([last])).collect()
}
