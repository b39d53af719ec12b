//! Which SM-DS is asked first.

use anyhow::{Context, Result, bail};
use lpa::IsdR;
use protocol::types::ServerAddress;

use super::super::network::Servers;
use super::super::port::AnyCard;

/// What cards name that were made without an SM-DS: nobody answers there (SGP.26 and this program).
const PLACEHOLDERS: [&str; 3] = ["", "testrootsmds.gsma.com", "testrootsmds.example.com"];

/// The SM-DS that was named, or that of the card.
pub enum Root {
    Set(ServerAddress),
    /// The card names this, which stands for none.
    Unset(String),
}

/// Asks the card where nobody named one.
pub fn of(named: Option<ServerAddress>, isd_r: &mut IsdR<AnyCard>, servers: &Servers) -> Result<Root> {
    if let Some(named) = named {
        return Ok(Root::Set(named));
    }
    let configured = isd_r.get_euicc_configured_addresses()?.root_ds_address;
    // Who says where it is means it.
    if is_placeholder(&configured) && !servers.has_route(&configured) {
        return Ok(Root::Unset(configured));
    }
    Ok(Root::Set(configured.parse().with_context(|| format!("root SM-DS {configured:?}"))?))
}

fn is_placeholder(address: &str) -> bool {
    PLACEHOLDERS.iter().any(|placeholder| placeholder.eq_ignore_ascii_case(address))
}

impl Root {
    /// The address.
    pub fn address(self) -> Result<ServerAddress> {
        const HELP: &str = "name one with --smds, or make the card with `rsp card new --root-smds`";
        match self {
            Self::Set(address) => Ok(address),
            Self::Unset(configured) if configured.is_empty() => bail!("the card has no root SM-DS: {HELP}"),
            Self::Unset(configured) => {
                bail!("the card has no root SM-DS, only the placeholder {configured}: {HELP}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_for_no_sm_ds_is_known_in_any_case() {
        for placeholder in ["", "testrootsmds.gsma.com", "TestRootSMDS.example.com"] {
            assert!(is_placeholder(placeholder), "{placeholder}");
        }
        for address in ["localhost:8453", "lpa.ds.gsma.com", "testrootsmds.gsma.com.example"] {
            assert!(!is_placeholder(address), "{address}");
        }
        let said = Root::Unset("testrootsmds.gsma.com".to_owned()).address().unwrap_err().to_string();
        assert!(said.contains("testrootsmds.gsma.com") && said.contains("--smds"), "{said}");
    }
}
