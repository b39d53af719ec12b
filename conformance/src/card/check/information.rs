//! Of what the card says of itself (SGP.22 §5.7.7, §5.7.8, §5.7.20, §5.7.22).

use std::collections::BTreeSet;
use std::fmt;

use asn1::{
    EuiccInfo1, EuiccInfo2, GetEuiccChallengeResponse, GetEuiccDataResponse, GetRatResponse, LoadCrlResponse,
    PprIds, RspCapability, der,
};
use certs::Role;
use protocol::types::Eid;

use super::{Finding, Held, equal, holds, last_data};
use crate::card::bench::Bench;
use crate::card::properties::{forbidden, free_memory};
use crate::card::reply::Reply;
use crate::card::request::Request;

/// Of what the card says of itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Information {
    /// All challenges of the case differ.
    ChallengesDiffer,
    /// EUICCInfo1 names keys, each by 20 bytes and once.
    Info1NamesKeys,
    /// Every key that the card signs under has a certificate that it can verify with: one of the directory is there.
    Info1NamesTheDirectory,
    /// EUICCInfo1 and EUICCInfo2 have the same SVN.
    SameSvn,
    /// EUICCInfo1 and EUICCInfo2 have the same lists in the same order.
    SameLists,
    /// The number of installed applications is 0, and free memory is told.
    CardResources,
    /// rpmSupport is reserved.
    NoRpm,
    /// forbiddenProfilePolicyRules are those that follow from the table and the profiles.
    ForbiddenRules,
    /// There is less free memory than before the case.
    LessMemory,
    /// The EID has right check digits.
    EidCheckDigits,
    /// The EID is what it was at first.
    SameEid,
    /// Each rule of the table is about a Profile Policy Rule and for somebody.
    RatIsMeaningful,
    /// The table is what it was at first.
    SameRat,
    /// These parts of a revocation list are missing.
    MissingPartsAre(&'static [u64]),
}

impl Information {
    pub(super) fn hold(self, bench: &mut Bench<'_>) -> Held {
        match self {
            Self::ChallengesDiffer => challenges_differ(bench),
            Self::Info1NamesKeys => info1_names_keys(&der::decode(last_data(bench)?)?),
            Self::Info1NamesTheDirectory => {
                let info: EuiccInfo1 = der::decode(last_data(bench)?)?;
                let id = bench.servers.authority().key_id();
                let lists =
                    [&info.euicc_ci_pk_id_list_for_verification, &info.euicc_ci_pk_id_list_for_signing];
                holds(lists.iter().all(|list| list.contains(id)), format_args!("{id} is not in both lists"))
            }
            Self::SameSvn => {
                let (info1, info2) = both(bench)?;
                equal(&info2.svn, &info1.svn)
            }
            Self::SameLists => {
                let (info1, info2) = both(bench)?;
                let same = info1.euicc_ci_pk_id_list_for_verification
                    == info2.euicc_ci_pk_id_list_for_verification
                    && info1.euicc_ci_pk_id_list_for_signing == info2.euicc_ci_pk_id_list_for_signing;
                holds(same, "they differ")
            }
            Self::CardResources => card_resources(&der::decode(last_data(bench)?)?),
            Self::NoRpm => {
                let info: EuiccInfo2 = der::decode(last_data(bench)?)?;
                holds(!info.rsp_capability.has(RspCapability::RPM_SUPPORT), "the bit is 1")
            }
            Self::ForbiddenRules => forbidden_rules(bench),
            Self::LessMemory => less_memory(bench),
            Self::EidCheckDigits => {
                let response: GetEuiccDataResponse = der::decode(last_data(bench)?)?;
                let eid = Eid::from_bytes(*response.eid_value.bytes());
                eid.map(drop).map_err(|error| Finding::is(format_args!("{}: {error}", response.eid_value)))
            }
            Self::SameEid => {
                let response: GetEuiccDataResponse = der::decode(last_data(bench)?)?;
                let eid = bench.properties.eid.as_ref().map_err(Clone::clone)?;
                holds(response.eid_value.bytes() == eid.as_bytes(), response.eid_value)
            }
            Self::RatIsMeaningful => rat_is_meaningful(&der::decode(last_data(bench)?)?),
            Self::SameRat => {
                let rat: GetRatResponse = der::decode(last_data(bench)?)?;
                let before = bench.properties.rat.as_ref().map_err(Clone::clone)?;
                holds(rat == *before, "it is another one")
            }
            Self::MissingPartsAre(expected) => match der::decode(last_data(bench)?)? {
                LoadCrlResponse::LoadCrlResponseOk(ok) => {
                    let missing = ok.missing_parts.unwrap_or_default();
                    holds(missing == expected, format_args!("missing are {missing:?}"))
                }
                LoadCrlResponse::LoadCrlResponseError(error) => Err(Finding::is(error)),
            },
        }
    }
}

fn challenges_differ(bench: &Bench<'_>) -> Held {
    let asked = bench.asked.iter().filter(|asked| asked.request == Some(Request::GetEuiccChallenge));
    let mut seen = BTreeSet::new();
    for asked in asked {
        let response: GetEuiccChallengeResponse = der::decode(&asked.answer.data)?;
        let challenge = *response.euicc_challenge.bytes();
        holds(seen.insert(challenge), format_args!("{} came twice", response.euicc_challenge))?;
    }
    holds(seen.len() > 1, "there are no two challenges")
}

fn info1_names_keys(info: &EuiccInfo1) -> Held {
    let lists = [&info.euicc_ci_pk_id_list_for_verification, &info.euicc_ci_pk_id_list_for_signing];
    for list in lists {
        holds(!list.is_empty(), "a list is empty")?;
        let ids: BTreeSet<&[u8]> = list.iter().map(|id| id.bytes()).collect();
        holds(ids.len() == list.len(), "a key is named twice")?;
        // SGP.22 §4.5.2.1: a key identifier is the SHA-1 of the public key.
        let wrong = list.iter().find(|id| id.bytes().len() != 20);
        wrong.map_or(Ok(()), |id| Err(Finding::is(format_args!("{id} has not 20 bytes"))))?;
    }
    Ok(())
}

/// What was asked for first and last in the case: EUICCInfo1 and EUICCInfo2.
fn both(bench: &Bench<'_>) -> Result<(EuiccInfo1, EuiccInfo2), Finding> {
    let [first, .., last] = bench.asked.as_slice() else {
        return Err(Finding::is("there are no two answers"));
    };
    if first.reply != Reply::Done {
        return Err(Finding::is(format_args!("EUICCInfo1: {}", first.reply)));
    }
    Ok((der::decode(&first.answer.data)?, der::decode(&last.answer.data)?))
}

fn card_resources(info: &EuiccInfo2) -> Held {
    let resources = &info.ext_card_resource;
    let value = |tag: u32| asn1::tlv::find(resources, tag).map(|object| object.value.to_vec());
    holds(value(0x81) == Some(vec![0]), "the number of installed applications is not 00")?;
    holds(value(0x82).is_some_and(|value| !value.is_empty()), "free non-volatile memory is not told")?;
    holds(value(0x83).is_some_and(|value| !value.is_empty()), "free volatile memory is not told")
}

fn forbidden_rules(bench: &mut Bench<'_>) -> Held {
    let info: EuiccInfo2 = der::decode(last_data(bench)?)?;
    let rat = bench.properties.rat.clone()?;
    let profiles = bench.profiles_info(&[0x5A, 0x95])??;
    let class = |info: &asn1::ProfileInfo| info.profile_class.unwrap_or(asn1::ProfileClass::OPERATIONAL);
    let operational = profiles.iter().any(|info| class(info) == asn1::ProfileClass::OPERATIONAL);
    let told = info.forbidden_profile_policy_rules.unwrap_or_default();
    // Rules that v2.2 does not know are the card's own business.
    let told = PprIds::of(told.bits().filter(|bit| [PprIds::PPR1, PprIds::PPR2].contains(bit)));
    let expected = PprIds::of(forbidden(&rat, operational));
    holds(told == expected, format_args!("{{{told}}} are told, {{{expected}}} are forbidden"))
}

fn less_memory(bench: &mut Bench<'_>) -> Held {
    let info: EuiccInfo2 = der::decode(last_data(bench)?)?;
    let before = bench.properties.info2.as_ref().map_err(Clone::clone)?;
    match (free_memory(before), free_memory(&info)) {
        (Some(before), Some(now)) => holds(now < before, format_args!("{before} bytes before, {now} now")),
        _ => Err(Finding::is("free memory is not told")),
    }
}

fn rat_is_meaningful(response: &GetRatResponse) -> Held {
    for rule in &response.rat {
        holds(!rule.ppr_ids.is_empty(), "a rule is about no Profile Policy Rule")?;
        holds(!rule.allowed_operators.is_empty(), "a rule is for nobody")?;
    }
    Ok(())
}

impl fmt::Display for Information {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ChallengesDiffer => "all challenges differ",
            Self::Info1NamesKeys => "both lists name keys, each once and by 20 bytes",
            Self::Info1NamesTheDirectory => {
                return write!(f, "both lists name the key of {}", Role::Ci.certificate_name());
            }
            Self::SameSvn => "the SVN is that of EUICCInfo1",
            Self::SameLists => "the lists are those of EUICCInfo1, in their order",
            Self::CardResources => "extCardResource says 0 applications and how much memory is free",
            Self::NoRpm => "rpmSupport is 0",
            Self::ForbiddenRules => "the forbidden rules are those without an entry in the RAT, and PPR1 beside an Operational Profile",
            Self::LessMemory => "there is less free memory than before",
            Self::EidCheckDigits => "the EID has right check digits",
            Self::SameEid => "the EID is what it was",
            Self::RatIsMeaningful => "each entry names a Profile Policy Rule and operators",
            Self::MissingPartsAre(parts) => return write!(f, "the missing parts are {parts:?}"),
            Self::SameRat => "the Rules Authorisation Table is what it was",
        })
    }
}
