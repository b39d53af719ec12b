//! Keys and certificates for a card, by the EUM of a folder.

use anyhow::{Context, Result};
use certs::tree::{Pki, TreeError};
use certs::workshop::Factory;
use certs::{Identity, Role, Variant};
use crypto::{Curve, Engine};
use euicc_sim::state::{CardState, IdentityRecord, Secret};
use protocol::types::Eid;

/// The identities of a role in a PKI, one on each of the curves, in their order.
pub fn of_role(pki: &Pki, role: Role, curves: &[Curve]) -> Result<Vec<Identity>> {
    let on = |&curve: &Curve| {
        let missing = || TreeError::Missing {
            path: certs::tree::certificate_path(Variant::O, curve, role),
            what: role.certificate_name().to_owned(),
            curve,
        };
        let chain = pki.chain(Variant::O, curve).ok_or_else(missing)?;
        chain.identity(role, Engine::RustCrypto)
    };
    Ok(curves.iter().map(on).collect::<Result<_, TreeError>>()?)
}

/// The factory of the EUM of a PKI.
pub fn factory(pki: &Pki, curves: &[Curve]) -> Result<Factory> {
    Factory::new(of_role(pki, Role::Eum, curves)?)
        .context("the EUM cannot make eUICCs on all of these curves")
}

/// Gives a card another EID, with the keys and certificates that belong to it.
pub fn give(state: &mut CardState, eid: [u8; 16], factory: &Factory, euicc: &[Identity]) -> Result<()> {
    let record = |(eum, euicc): (&Identity, &Identity)| -> Result<IdentityRecord> {
        Ok(IdentityRecord {
            euicc_certificate: euicc.certificate().raw().to_vec(),
            eum_certificate: eum.certificate().raw().to_vec(),
            private_key: Secret::new(euicc.key().to_scalar()?),
        })
    };
    state.identities = factory.eums().iter().zip(euicc).map(record).collect::<Result<_>>()?;
    state.eid = Eid::from_bytes(eid)?;
    Ok(())
}
