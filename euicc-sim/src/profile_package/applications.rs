//! Security domains, applications and remote file management: recorded as the package creates them.

use asn1::profile::{ApplicationInstance, ElementKind, OtherElement, RemoteFileManagement, Status};

use super::failure::Fault;
use super::installation::Installation;
use super::installed::{Application, Instance, SELECTABLE};

impl Installation {
    /// Everything that has neither files nor codes.
    pub(super) fn other_element(&mut self, element: &OtherElement) -> Result<(), Fault> {
        let size = u32::try_from(element.content.bytes().len()).unwrap_or(u32::MAX);
        let (instances, load_package) = match element.kind {
            // What an issuer has invented is known to its own cards.
            ElementKind::NonStandard => {
                return Err(Fault::new(Status::PE_NOT_SUPPORTED, "the element nonStandard is not supported"));
            }
            ElementKind::CdmaParameter => {
                self.network_access.authenticate_cdma(element)?;
                return self.files.reserve(size);
            }
            ElementKind::Rfm => (self.remote_file_management(element)?, Vec::new()),
            _ => self.instances(element)?,
        };
        self.files.reserve(size)?;
        let element = element.kind.name().to_owned();
        self.applications.push(Application { element, load_package, instances });
        Ok(())
    }

    fn instances(&self, element: &OtherElement) -> Result<(Vec<Instance>, Vec<u8>), Fault> {
        let is_security_domain = element.kind == ElementKind::SecurityDomain;
        let load_package = element.load_package()?;
        if let Some(package) = &load_package {
            self.security_domain(package.security_domain_aid.as_deref())?;
        }
        let mut instances: Vec<Instance> = Vec::new();
        for created in element.instances()? {
            self.check_unused(&created.instance_aid, &instances)?;
            let ApplicationInstance { instance_aid, security_domain_aid, .. } = &created;
            let security_domain = match (is_security_domain, self.first_security_domain()) {
                // The first one is that of the operator, and its own.
                (true, None) if security_domain_aid.as_ref().is_none_or(|aid| aid == instance_aid) => {
                    instance_aid.clone()
                }
                _ => self.security_domain(security_domain_aid.as_deref())?,
            };
            let tars = tars(created.tars(), instance_aid);
            instances.push(Instance {
                aid: created.instance_aid,
                load_package: created.load_package_aid,
                class: created.class_aid,
                security_domain,
                privileges: created.privileges,
                life_cycle_state: created.life_cycle_state,
                tars,
            });
        }
        Ok((instances, load_package.map(|package| package.aid).unwrap_or_default()))
    }

    fn remote_file_management(&self, element: &OtherElement) -> Result<Vec<Instance>, Fault> {
        let Some(created) = element.remote_file_management()? else { return Ok(Vec::new()) };
        let RemoteFileManagement { instance_aid, security_domain_aid, adf_aid, .. } = &created;
        self.check_unused(instance_aid, &[])?;
        let security_domain = self.security_domain(security_domain_aid.as_deref())?;
        if adf_aid.as_ref().is_some_and(|aid| !self.files.has_application(aid)) {
            return Err(match self.network_access.has_gaps() {
                true => Fault::left_out("file management of an application that was left out"),
                false => Fault::invalid_parameter("file management of an application that does not exist"),
            });
        }
        let tars = tars(created.tars, &created.instance_aid);
        Ok(vec![Instance {
            aid: created.instance_aid,
            security_domain,
            life_cycle_state: SELECTABLE,
            tars,
            ..Instance::default()
        }])
    }

    /// TCA profile package, order of elements: what belongs to a security domain comes after it. Who names none belongs
    /// to the first.
    fn security_domain(&self, aid: Option<&[u8]>) -> Result<Vec<u8>, Fault> {
        let Some(first) = self.first_security_domain() else {
            return Err(Fault::invalid_request_format("the element needs a security domain before it"));
        };
        let Some(aid) = aid else { return Ok(first.aid.clone()) };
        if self.security_domains().any(|domain| domain.aid == aid) {
            Ok(aid.to_vec())
        } else {
            Err(Fault::invalid_parameter("an application belongs to a security domain that does not exist"))
        }
    }

    fn first_security_domain(&self) -> Option<&Instance> {
        self.security_domains().next()
    }

    fn security_domains(&self) -> impl Iterator<Item = &Instance> {
        let name = ElementKind::SecurityDomain.name();
        self.applications
            .iter()
            .filter(move |application| application.element == name)
            .flat_map(|a| &a.instances)
    }

    /// Two instances in one profile cannot have the same name.
    fn check_unused(&self, aid: &[u8], siblings: &[Instance]) -> Result<(), Fault> {
        let mut others =
            self.applications.iter().flat_map(|application| &application.instances).chain(siblings);
        if others.any(|other| other.aid == aid) {
            Err(Fault::invalid_parameter("two applications have the same AID"))
        } else {
            Ok(())
        }
    }
}

/// The TARs that an element lists, else that in the AID (ETSI TS 101 220: bytes 13 to 15 of 16).
fn tars(listed: Vec<[u8; 3]>, aid: &[u8]) -> Vec<u8> {
    if listed.is_empty() {
        return aid.get(12..15).unwrap_or_default().to_vec();
    }
    listed.into_flattened()
}
