//! What `securityDomain`, `application` and `rfm` create: instances, the code they come from, their targets.

use super::members::{ElementError, Member, Members};
use super::other::AID;

/// ApplicationInstance: an instance of a security domain or an application. What it is installed with is kept by the
/// element; these are the members by which others find it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApplicationInstance {
    /// `applicationLoadPackageAID`, 5 to 16 bytes.
    pub load_package_aid: Vec<u8>,
    /// `classAID`, 5 to 16 bytes.
    pub class_aid: Vec<u8>,
    /// `instanceAID`, 5 to 16 bytes.
    pub instance_aid: Vec<u8>,
    /// `extraditeSecurityDomainAID`: the security domain that it belongs to, if not the first of the package.
    pub security_domain_aid: Option<Vec<u8>>,
    /// `applicationPrivileges` (GlobalPlatform Card Specification §11.1.2).
    pub privileges: Vec<u8>,
    /// `lifeCycleState` (GlobalPlatform Card Specification §11.1.1), default 07.
    pub life_cycle_state: u8,
    /// `uiccToolkitApplicationSpecificParametersField` (ETSI TS 102 226 §8.2.1.3.2.2.1).
    pub toolkit_parameters: Option<Vec<u8>>,
}

/// ApplicationLoadPackage without its code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoadPackage {
    /// `loadPackageAID`, 5 to 16 bytes.
    pub aid: Vec<u8>,
    /// `securityDomainAID`: the security domain that it belongs to, if not the first of the package.
    pub security_domain_aid: Option<Vec<u8>>,
}

/// PE-RFM: an instance for the remote management of files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteFileManagement {
    /// `instanceAID`, 5 to 16 bytes.
    pub instance_aid: Vec<u8>,
    /// `securityDomainAID`: the security domain that it belongs to, if not the first of the package.
    pub security_domain_aid: Option<Vec<u8>>,
    /// `tarList`; empty where the instance's AID says it.
    pub tars: Vec<[u8; 3]>,
    /// `minimumSecurityLevel`.
    pub minimum_security_level: u8,
    /// `adfAID` of `adfRFMAccess`: the application that is selected by default, if not the MF.
    pub adf_aid: Option<Vec<u8>>,
}

impl ApplicationInstance {
    pub(super) fn read(member: &Member<'_>) -> Result<Self, ElementError> {
        let mut members = member.members();
        let load_package_aid = aid(&mut members, "applicationLoadPackageAID")?;
        let class_aid = aid(&mut members, "classAID")?;
        let instance_aid = aid(&mut members, "instanceAID")?;
        let security_domain_aid = members.optional_as(AID, |m| m.octets_of(5..=16))?;
        let privileges = members.required(0x82, "applicationPrivileges")?.octets();
        let life_cycle_state = members.optional_as(0x83, Member::array)?.map_or(0x07, |[state]| state);
        members.required(0xC9, "applicationSpecificParametersC9")?;
        members.optional(0xEF)?;
        let toolkit_parameters = match members.optional(0xEA)? {
            Some(parameters) => parameters.members().optional_as(0x80, |m| Ok(m.octets()))?,
            None => None,
        };
        members.optional(0x30)?;
        members.optional(0xB0)?;
        members.unknown(&[AID, 0x82, 0x83, 0xC9, 0xEF, 0xEA, 0x30, 0xB0])?;
        Ok(Self {
            load_package_aid,
            class_aid,
            instance_aid,
            security_domain_aid,
            privileges,
            life_cycle_state,
            toolkit_parameters,
        })
    }

    /// Toolkit application references in the toolkit parameters; empty where the instance's AID says it.
    pub fn tars(&self) -> Vec<[u8; 3]> {
        self.toolkit_parameters.as_deref().and_then(tars_of).unwrap_or_default()
    }
}

/// ETSI TS 102 226 §8.2.1.3.2.2.1: priority, timers, text length, menu entries with two bytes each, channels, minimum
/// security level with its length, and the TARs with theirs.
fn tars_of(parameters: &[u8]) -> Option<Vec<[u8; 3]>> {
    let [_, _, _, menu_entries, rest @ ..] = parameters else { return None };
    let (_, rest) = rest.split_at_checked(2 * usize::from(*menu_entries))?;
    let [_, security_level, rest @ ..] = rest else { return None };
    let (_, rest) = rest.split_at_checked(usize::from(*security_level))?;
    let (length, rest) = rest.split_first()?;
    let (tars, _) = rest.split_at_checked(usize::from(*length))?;
    let (tars, odd) = tars.as_chunks::<3>();
    odd.is_empty().then(|| tars.to_vec())
}

impl LoadPackage {
    pub(super) fn read(member: &Member<'_>) -> Result<Self, ElementError> {
        let mut members = member.members();
        let own = aid(&mut members, "loadPackageAID")?;
        let security_domain_aid = members.optional_as(AID, |m| m.octets_of(5..=16))?;
        const LIMITS_AND_HASH: [u32; 4] = [0xC6, 0xC7, 0xC8, 0xC1];
        for tag in LIMITS_AND_HASH {
            members.optional(tag)?;
        }
        members.required(0xC4, "loadBlockObject")?;
        Ok(Self { aid: own, security_domain_aid })
    }
}

impl RemoteFileManagement {
    /// Reads the members behind the PEHeader.
    pub(super) fn read(mut members: Members<'_>) -> Result<Self, ElementError> {
        let instance_aid = aid(&mut members, "instanceAID")?;
        let security_domain_aid = members.optional_as(AID, |m| m.octets_of(5..=16))?;
        let tars =
            members.optional_as(0xA0, |list| list.each(|tar| tar.expect(0x04).and_then(|()| tar.array())))?;
        let [minimum_security_level] = members.required(0x81, "minimumSecurityLevel")?.array()?;
        members.required(0x04, "uiccAccessDomain")?;
        members.required(0x04, "uiccAdminAccessDomain")?;
        let adf_aid = members
            .optional_as(0x30, |access| access.members().required(0x80, "adfAID")?.octets_of(5..=16))?;
        members.unknown(&[AID, 0xA0, 0x81, 0x04, 0x30])?;
        Ok(Self {
            instance_aid,
            security_domain_aid,
            tars: tars.unwrap_or_default(),
            minimum_security_level,
            adf_aid,
        })
    }
}

fn aid(members: &mut Members<'_>, name: &'static str) -> Result<Vec<u8>, ElementError> {
    members.required(AID, name)?.octets_of(5..=16)
}
