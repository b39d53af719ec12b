//! A profile that a card is made with.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use asn1::{Iccid, ProfileClass, StoreMetadataRequest, Text};
use clap::{Args, ValueEnum};
use euicc_sim::state::{CardState, preload};
use protocol::profile::{Imsi, Subscriber, default_profile, ef_iccid_of, header_of};
use zeroize::Zeroizing;

#[derive(Args)]
pub struct PreloadArguments {
    /// A profile for the card: an unprotected profile package, DER. A plain UICC gets a built-in one where none is given
    #[arg(long, value_name = "FILE")]
    profile: Option<PathBuf>,
    /// Its class
    #[arg(long, value_enum, value_name = "CLASS", default_value = "operational", requires = "profile")]
    profile_class: ClassName,
    /// Enable it; that of a plain UICC is enabled in any case
    #[arg(long, requires = "profile")]
    enabled: bool,
}

/// A profile class on the command line.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ClassName {
    Test,
    Provisioning,
    Operational,
}

impl PreloadArguments {
    /// Puts the profile on a card that is being made.
    pub fn apply(&self, state: &mut CardState) -> Result<()> {
        let Some(path) = &self.profile else { return preload_plain_uicc(state) };
        let package = Zeroizing::new(
            fs::read(path).with_context(|| format!("cannot read the profile package {}", path.display()))?,
        );
        let class = match self.profile_class {
            ClassName::Test => ProfileClass::TEST,
            ClassName::Provisioning => ProfileClass::PROVISIONING,
            ClassName::Operational => ProfileClass::OPERATIONAL,
        };
        let enabled = self.enabled || !state.platform.is_euicc();
        put(state, &package, class, enabled)
            .with_context(|| format!("{} cannot be put on the card", path.display()))
    }
}

/// Gives a UICC that is no eUICC the built-in profile, with ICCID and IMSI after its EID and the keys of a published test
/// set; an eUICC stays without.
pub fn preload_plain_uicc(state: &mut CardState) -> Result<()> {
    /// 3GPP TS 35.208, test set 1.
    const KI: [u8; 16] = 0x465B_5CE8_B199_B49F_AA5F_0A2E_E238_A6BC_u128.to_be_bytes();
    const OPC: [u8; 16] = 0xCD63_CB71_954A_9F4E_48A5_994E_37A0_2BAF_u128.to_be_bytes();

    if state.platform.is_euicc() {
        return Ok(());
    }
    // The serial number within the EUM's range, without the check digits of the EID (SGP.29).
    let eid = state.eid.to_string();
    let serial = eid.get(20..30).context("the EID has 32 digits")?;
    let iccid: Iccid = with_check_digit(&format!("89001010{serial}")).parse()?;
    let imsi: Imsi = format!("00101{serial}").parse()?;
    let package = default_profile(&Subscriber::new(iccid, imsi, Zeroizing::new(KI), Zeroizing::new(OPC)));
    put(state, &package, ProfileClass::OPERATIONAL, true)
}

fn put(state: &mut CardState, package: &[u8], class: ProfileClass, enabled: bool) -> Result<()> {
    let header = header_of(package).context("the package names no ICCID")?;
    let name = header.profile_type.as_deref().and_then(|name| Text::new(name).ok());
    // The metadata have the ICCID of the file, whatever the header says (SGP.22 §5.5.5).
    let iccid = ef_iccid_of(package).unwrap_or(header.iccid);
    let metadata = StoreMetadataRequest {
        profile_class: Some(class),
        ..StoreMetadataRequest::new(iccid, Text::new("rsplab")?, name.unwrap_or_default())
    };
    preload(state, package, metadata, enabled)?;
    Ok(())
}

/// Digits with their check digit (ITU-T E.118, ISO/IEC 7812-1: Luhn).
fn with_check_digit(digits: &str) -> String {
    let doubled = |(index, digit): (usize, u32)| match index % 2 {
        0 => digit * 2 / 10 + digit * 2 % 10,
        _ => digit,
    };
    let sum: u32 = digits.chars().rev().filter_map(|digit| digit.to_digit(10)).enumerate().map(doubled).sum();
    format!("{digits}{}", (10 - sum % 10) % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_digit_is_that_of_luhn() {
        // The example of ISO/IEC 7812-1.
        assert_eq!(with_check_digit("7992739871"), "79927398713");
    }
}
