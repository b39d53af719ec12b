//! What the card says of itself before the first case: what it can do, and what is on it already.

use asn1::der::DerError;
use asn1::profile::Service;
use asn1::{
    EuiccConfiguredAddressesResponse, EuiccInfo1, EuiccInfo2, GetEuiccDataResponse, GetRatResponse,
    IsdrProprietaryApplicationTemplate, ListNotificationResponse, PprIds, ProfileClass, ProfileInfo,
    ProfileInfoListResponse, ProfileState, RspCapability, der, tlv,
};
use crypto::Curve;
use lpa::CardError;
use protocol::types::Eid;

use super::line::{Line, Opened};
use super::reply::Reply;
use super::servers::Root;

/// What the card says of itself; where its answer cannot be read, why not. A case that needs it is skipped then, and the
/// cases that are about it judge it.
pub struct Properties {
    /// What selecting the ISD-R gave.
    pub opened: Opened,
    /// The EID.
    pub eid: Result<Eid, String>,
    /// EUICCInfo1.
    pub info1: Result<EuiccInfo1, String>,
    /// EUICCInfo2.
    pub info2: Result<EuiccInfo2, String>,
    /// The addresses that it keeps.
    pub addresses: Result<EuiccConfiguredAddressesResponse, String>,
    /// The Rules Authorisation Table.
    pub rat: Result<GetRatResponse, String>,
    /// The profiles that were there before.
    pub profiles: Result<Vec<ProfileInfo>, String>,
    /// The notifications that were there before.
    pub sequence_numbers: Vec<u64>,
}

impl Properties {
    /// Asks the card.
    ///
    /// # Errors
    /// Where the card is gone, or its ISD-R cannot be selected.
    pub fn learn(line: &mut Line<'_>) -> Result<Self, CardError> {
        let opened = line.restart()?;
        if !opened.select.status.is_success() {
            let status = opened.select.status;
            return Err(CardError(format!("SELECT ISD-R is answered with {status} ({})", status.meaning())));
        }
        let eid = ask(line, &[0xBF, 0x3E, 3, 0x5C, 1, 0x5A], der::decode::<GetEuiccDataResponse>)?;
        let eid = eid.and_then(|response| {
            Eid::from_bytes(*response.eid_value.bytes()).map_err(|error| error.to_string())
        });
        Ok(Self {
            eid,
            info1: ask(line, &[0xBF, 0x20, 0], der::decode)?,
            info2: ask(line, &[0xBF, 0x22, 0], der::decode)?,
            addresses: ask(line, &[0xBF, 0x3C, 0], der::decode)?,
            rat: ask(line, &[0xBF, 0x43, 0], der::decode)?,
            profiles: profiles(line)?,
            sequence_numbers: sequence_numbers(line)?,
            opened,
        })
    }

    /// Of these roots, those that the card verifies with and signs under, in its order of preference. Where the card does
    /// not tell, all of them.
    pub fn curves(&self, roots: &[Root]) -> Vec<Curve> {
        let Ok(info) = &self.info1 else { return roots.iter().map(|root| root.curve).collect() };
        let signs = |id: &&asn1::SubjectKeyIdentifier| info.euicc_ci_pk_id_list_for_signing.contains(id);
        let verified = info.euicc_ci_pk_id_list_for_verification.iter().filter(signs);
        let root = |id: &asn1::SubjectKeyIdentifier| roots.iter().find(|root| root.authority.key_id() == id);
        verified.filter_map(root).map(|root| root.curve).collect()
    }

    /// Whether the card says that it supports this.
    pub fn supports(&self, capability: usize) -> Result<bool, &String> {
        self.info2.as_ref().map(|info| info.rsp_capability.has(capability))
    }

    /// Whether the card says that profile packages may demand this service.
    pub fn has_service(&self, service: Service) -> Result<bool, &String> {
        let bit = service.capability_bit();
        self.info2.as_ref().map(|info| bit.is_some_and(|bit| info.uicc_capability.has(bit)))
    }

    /// Whether so many profiles of the judge fit, as far as the card says.
    pub fn has_room_for(&self, profiles: u32) -> Result<bool, &String> {
        /// What one of them takes on a card that is generous with memory.
        const PROFILE: u64 = 16 * 1024;
        let info = self.info2.as_ref()?;
        let fits = free_memory(info).is_none_or(|free| free >= PROFILE * u64::from(profiles));
        Ok(info.rsp_capability.has(RspCapability::ADDITIONAL_PROFILE) && fits)
    }

    /// Whether every owner may have a profile with this rule, as the Rules Authorisation Table has it; the judge's owner is
    /// of the test network 001 01.
    pub fn allows(&self, rule: usize) -> Result<bool, &String> {
        const ANY: [u8; 3] = [0xEE, 0xEE, 0xEE];
        const OWNER: [u8; 3] = [0x00, 0xF1, 0x10];
        let rat = &self.rat.as_ref()?.rat;
        let rules = rat.iter().filter(|entry| entry.ppr_ids.has(rule));
        let mut operators = rules.flat_map(|entry| &entry.allowed_operators);
        Ok(operators.any(|operator| {
            let network = operator.mcc_mnc.bytes();
            let any = |gid: &Option<asn1::OctetString>| gid.as_ref().is_none_or(|gid| gid.is_empty());
            (network == ANY || network == OWNER) && any(&operator.gid1) && any(&operator.gid2)
        }))
    }

    /// Whether no rule of the table is about this.
    pub fn forbids(&self, rule: usize) -> Result<bool, &String> {
        Ok(!self.rat.as_ref()?.rat.iter().any(|entry| entry.ppr_ids.has(rule)))
    }

    /// Whether one of the profiles that were there before is enabled.
    pub fn has_enabled_profile(&self) -> Result<bool, &String> {
        let enabled = |info: &ProfileInfo| info.profile_state == Some(ProfileState::ENABLED);
        Ok(self.profiles.as_ref()?.iter().any(enabled))
    }

    /// Whether one of the profiles that were there before is operational.
    pub fn has_operational_profile(&self) -> Result<bool, &String> {
        let class = |info: &ProfileInfo| info.profile_class.unwrap_or(ProfileClass::OPERATIONAL);
        Ok(self.profiles.as_ref()?.iter().any(|info| class(info) == ProfileClass::OPERATIONAL))
    }

    /// Whether the ISD-R says that there is an LPA in the eUICC.
    pub fn has_lpae(&self) -> bool {
        isdr_template(&self.opened.select.data)
            .is_ok_and(|template| template.lpae_support.is_some_and(|support| !support.is_empty()))
    }
}

/// ISDRProprietaryApplicationTemplate of an FCI (SGP.22 §5.7.1).
///
/// # Errors
/// Says what is wrong with it.
pub fn isdr_template(fci: &[u8]) -> Result<IsdrProprietaryApplicationTemplate, String> {
    let (template, rest) = tlv::read(fci).map_err(|error| format!("the FCI is no TLV: {error}"))?;
    if template.tag.0 != 0x6F || !rest.is_empty() {
        return Err("the FCI is not one object 6F".to_owned());
    }
    let isdr = tlv::find(template.value, 0xE0).ok_or("there is no object E0 in the FCI")?;
    der::decode(isdr.raw).map_err(|error| format!("the object E0 cannot be read: {error}"))
}

/// Free non-volatile memory in bytes, of extCardResource (ETSI TS 102 226 §8.2.1.7).
pub fn free_memory(info: &EuiccInfo2) -> Option<u64> {
    let memory = tlv::find(&info.ext_card_resource, 0x82)?;
    memory.value.iter().try_fold(0_u64, |value, byte| Some(value.checked_mul(256)? | u64::from(*byte)))
}

/// The rules that no profile may have (SGP.22 §5.7.8): those without an entry in the table, and PPR1 beside an Operational
/// Profile.
pub fn forbidden(rat: &GetRatResponse, has_operational_profile: bool) -> Vec<usize> {
    let has_entry = |rule: &usize| rat.rat.iter().any(|entry| entry.ppr_ids.has(*rule));
    let is_forbidden = |rule: &usize| !has_entry(rule) || *rule == PprIds::PPR1 && has_operational_profile;
    [PprIds::PPR1, PprIds::PPR2].into_iter().filter(is_forbidden).collect()
}

fn ask<T>(
    line: &mut Line<'_>,
    command: &[u8],
    decode: fn(&[u8]) -> Result<T, DerError>,
) -> Result<Result<T, String>, CardError> {
    let answer = line.object(command)?;
    Ok(match Reply::of(command, &answer) {
        Reply::Done => decode(&answer.data).map_err(|error| error.to_string()),
        other => Err(format!("the card answers {other}")),
    })
}

fn profiles(line: &mut Line<'_>) -> Result<Result<Vec<ProfileInfo>, String>, CardError> {
    // 5A, 4F, 9F70, 95.
    let list = ask(line, &[0xBF, 0x2D, 7, 0x5C, 5, 0x5A, 0x4F, 0x9F, 0x70, 0x95], der::decode)?;
    Ok(list.and_then(|list| match list {
        ProfileInfoListResponse::ProfileInfoListOk(list) => Ok(list),
        ProfileInfoListResponse::ProfileInfoListError(error) => Err(error.to_string()),
    }))
}

fn sequence_numbers(line: &mut Line<'_>) -> Result<Vec<u64>, CardError> {
    Ok(match ask(line, &[0xBF, 0x28, 0], der::decode)? {
        Ok(ListNotificationResponse::NotificationMetadataList(list)) => {
            list.iter().map(|metadata| metadata.seq_number).collect()
        }
        _ => Vec::new(),
    })
}
