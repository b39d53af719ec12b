//! The checks over metadata and profile that end an installation (SGP.22 §5.5.5, §2.4.5.3).

use asn1::profile::PeStatus;
use asn1::{ErrorReason, OperatorId, ProfileClass, StoreMetadataRequest};

use super::failure::{Failure, Fault};
use super::installed::{Algorithm, Authentication, Installed, NetworkAccessApplication};
use super::path::FilePath;
use super::template_element::{EF_UST, is_available};

const EF_ICCID: u16 = 0x2FE2;
const EF_IMSI: u16 = 0x6F07;

/// A profile that was installed but must not stay.
pub(super) struct Mismatch {
    reason: ErrorReason,
    explanation: &'static str,
}

impl Mismatch {
    const fn data(explanation: &'static str) -> Self {
        Self { reason: ErrorReason::INSTALL_FAILED_DUE_TO_DATA_MISMATCH, explanation }
    }

    /// SGP.22 §2.5.6.1: any PEStatus may go with these reasons.
    pub(super) fn into_failure(self, warnings: &[PeStatus]) -> Failure {
        Failure::new(self.reason, &Fault::invalid_parameter(self.explanation), None, warnings)
    }
}

pub(super) fn check(installed: &Installed, metadata: &StoreMetadataRequest) -> Result<(), Mismatch> {
    // SGP.22 §5.5.5: the ICCID of the metadata is that of EF_ICCID; the one in the package's header is ignored.
    let iccid = installed.content(&FilePath::master_file().child(EF_ICCID));
    if iccid != Some(metadata.iccid.bytes()) {
        return Err(Mismatch::data("EF_ICCID is not the ICCID of the metadata"));
    }
    if let Some(owner) = &metadata.profile_owner {
        check_owner(installed, owner)?;
    }
    // SGP.22 §5.5.5: keys of test profiles.
    if metadata.class() == ProfileClass::TEST {
        check_test_keys(installed)?;
    }
    Ok(())
}

/// SGP.22 §5.5.5, for profiles whose metadata names an owner.
fn check_owner(installed: &Installed, owner: &OperatorId) -> Result<(), Mismatch> {
    let imsi = imsi(installed).ok_or(Mismatch::data("the profile has an owner but no EF_IMSI"))?;
    let network = network_digits(owner.mcc_mnc.bytes());
    if network.is_none_or(|network| !imsi.starts_with(&network)) {
        return Err(Mismatch::data("EF_IMSI is of another network than the owner's"));
    }
    let groups = [
        (&owner.gid1, 0x6F3E, 17, "EF_GID1 or its service does not match the owner's gid1"),
        (&owner.gid2, 0x6F3F, 18, "EF_GID2 or its service does not match the owner's gid2"),
    ];
    for (gid, file_id, service, explanation) in groups {
        let available = usim_content(installed, EF_UST).is_some_and(|table| is_available(table, service));
        let matches = match gid {
            // Given: the file is there with this value, and the service is available.
            Some(gid) => {
                available && usim_content(installed, file_id).is_some_and(|file| is_group(file, gid))
            }
            // Not given: the service is not available.
            None => !available,
        };
        if !matches {
            return Err(Mismatch::data(explanation));
        }
    }
    Ok(())
}

/// Whether EF_GID holds an identifier: nothing else but FF may follow it.
fn is_group(file: &[u8], gid: &[u8]) -> bool {
    file.strip_prefix(gid).is_some_and(|rest| rest.iter().all(|byte| *byte == 0xFF))
}

/// SGP.22 §2.4.5.3: the keys of a test profile are worthless in a live network.
fn check_test_keys(installed: &Installed) -> Result<(), Mismatch> {
    let worthless_imsi = imsi(installed).is_some_and(|imsi| imsi.starts_with(&TEST_NETWORK));
    let is_test_key = |application: &NetworkAccessApplication| {
        let own = match &application.authentication {
            Some(Authentication::Own(own)) => {
                own.algorithm == Algorithm::Test
                    || is_worthless(own.key.expose())
                    || own.key.expose() == DEFAULT_KEY
            }
            Some(Authentication::MappedTo { .. }) | None => true,
        };
        let cdma = application.cdma_authentication_key.as_ref();
        own && cdma.is_none_or(|key| is_worthless(key.expose()))
    };
    if worthless_imsi || installed.network_access.iter().all(is_test_key) {
        return Ok(());
    }
    Err(Mismatch {
        reason: ErrorReason::TEST_PROFILE_INSTALL_FAILED_DUE_TO_INVALID_NAA_KEY,
        explanation: "a test profile has a key that could be a real one",
    })
}

/// K of the test USIM (3GPP TS 34.108 §8.2).
const DEFAULT_KEY: [u8; 16] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

/// The network of the test USIM's IMSI (3GPP TS 34.108 §8.3.2.2): MCC 001, MNC 01.
const TEST_NETWORK: [u8; 5] = [0, 0, 1, 0, 1];

/// All bits but the lowest 32 are zero.
fn is_worthless(key: &[u8]) -> bool {
    key.split_last_chunk::<4>().is_some_and(|(high, _)| high.iter().all(|byte| *byte == 0))
}

/// An EF of the first USIM.
fn usim_content(installed: &Installed, file_id: u16) -> Option<&[u8]> {
    let usim = installed.network_access.iter().find(|application| application.kind == "usim")?;
    installed.content(&usim.directory.child(file_id))
}

/// The digits of EF_IMSI (3GPP TS 31.102 §4.2.2): length, parity nibble, digits with the low nibble first, F where none is.
fn imsi(installed: &Installed) -> Option<Vec<u8>> {
    let (length, digits) = usim_content(installed, EF_IMSI)?.split_first()?;
    let digits = digits.get(..usize::from(*length))?;
    let nibbles = digits.iter().flat_map(|octet| [octet & 0x0F, octet >> 4]);
    Some(nibbles.skip(1).take_while(|digit| *digit <= 9).collect())
}

/// MCC and MNC digits of 3GPP TS 24.008 §10.5.1.13; `None` if one of them is none.
fn network_digits(mcc_mnc: &[u8]) -> Option<Vec<u8>> {
    let [first, second, third] = mcc_mnc.try_into().ok()?;
    let [first, second, third]: [u8; 3] = [first, second, third];
    let mut digits = vec![first & 0x0F, first >> 4, second & 0x0F, third & 0x0F, third >> 4];
    if second >> 4 != 0x0F {
        digits.push(second >> 4);
    }
    digits.iter().all(|digit| *digit <= 9).then_some(digits)
}
