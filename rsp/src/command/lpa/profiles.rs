//! What is on the card, and changing it.

use anyhow::Result;
use clap::Args;
use lpa::IsdR;
use lpa::profiles::{self, ProfileId};

use super::port::AnyCard;
use crate::io::printable::Printable;

#[derive(Args)]
pub struct Change {
    /// ICCID or ISD-P AID
    profile: ProfileId,
    /// Have the card send REFRESH, and reset it
    #[arg(long)]
    refresh: bool,
}

impl Change {
    pub fn enable(&self, isd_r: &mut IsdR<AnyCard>) -> Result<()> {
        Ok(profiles::enable(isd_r, &self.profile, self.refresh)?)
    }

    pub fn disable(&self, isd_r: &mut IsdR<AnyCard>) -> Result<()> {
        Ok(profiles::disable(isd_r, &self.profile, self.refresh)?)
    }
}

/// `rsp lpa list`.
pub fn list(isd_r: &mut IsdR<AnyCard>) -> Result<()> {
    for profile in profiles::list(isd_r)? {
        let iccid = profile.iccid.map(|iccid| iccid.to_string()).unwrap_or_default();
        let state = profile.profile_state.map(|state| state.to_string()).unwrap_or_default();
        let class = profile.profile_class.map(|class| class.to_string()).unwrap_or_default();
        let provider = profile.service_provider_name.as_deref().unwrap_or_default().to_owned();
        let name = profile.profile_name.as_deref().unwrap_or_default().to_owned();
        let nickname = profile
            .profile_nickname
            .as_deref()
            .map(|nickname| format!(" \"{nickname}\""))
            .unwrap_or_default();
        println!("{iccid}  {state}  {class}  {}", Printable(format_args!("{provider}: {name}{nickname}")));
    }
    Ok(())
}

/// `rsp lpa info`.
pub fn info(isd_r: &mut IsdR<AnyCard>) -> Result<()> {
    let eid = isd_r.get_eid()?;
    let addresses = isd_r.get_euicc_configured_addresses()?;
    let info = isd_r.get_euicc_info2()?;
    println!("EID                {eid}");
    println!("default SM-DP+     {}", addresses.default_dp_address.unwrap_or_default());
    println!("root SM-DS         {}", addresses.root_ds_address);
    println!("SGP.22             v{}", info.svn);
    println!("profile package    v{}", info.profile_version);
    println!("firmware           v{}", info.euicc_firmware_ver);
    println!("UICC capability    {}", info.uicc_capability);
    println!("RSP capability     {}", info.rsp_capability);
    for ci in &info.euicc_ci_pk_id_list_for_verification {
        println!("verifies under     {ci}");
    }
    for ci in &info.euicc_ci_pk_id_list_for_signing {
        println!("signs under        {ci}");
    }
    Ok(())
}
