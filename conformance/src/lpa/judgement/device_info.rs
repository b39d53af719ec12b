//! deviceInfo (SGP.22 §4.2).

use asn1::{DeviceCapabilities, DeviceInfo, VersionType};

use super::{Judgement, Met, otherwise};

impl Met<'_> {
    pub(super) fn device_info(&self) -> Judgement {
        let mut clients = self.log.calls.iter().filter_map(|call| call.client()).peekable();
        if clients.peek().is_none() {
            return self.not_reached();
        }
        for client in clients {
            well_formed(&client.device_info).or_else(otherwise)?;
        }
        Ok(())
    }
}

fn well_formed(info: &DeviceInfo) -> Result<(), String> {
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02X}")).collect::<String>();
    let tac = info.tac.bytes();
    if !tac.iter().all(|byte| is_bcd(*byte)) {
        return Err(format!("tac is {}, not eight digits", hex(tac)));
    }
    if let Some(imei) = &info.imei {
        let (last, digits) = imei.bytes().split_last().unwrap_or((&0, &[]));
        // The check digit in the high nibble, F in the low one.
        if !digits.iter().all(|byte| is_bcd(*byte)) || last & 0x0F != 0x0F || last >> 4 > 9 {
            return Err(format!("imei is {}, not 15 digits and a filler", hex(imei.bytes())));
        }
        if digits.get(..4) != Some(tac.as_slice()) {
            return Err(format!("imei {} does not begin with tac {}", hex(imei.bytes()), hex(tac)));
        }
        let numbers: Vec<u8> = digits.iter().flat_map(|byte| [byte & 0x0F, byte >> 4]).collect();
        if luhn(&numbers) != last >> 4 {
            return Err(format!("imei is {}: its check digit is wrong", hex(imei.bytes())));
        }
    }
    capabilities(&info.device_capabilities)
}

fn capabilities(capabilities: &DeviceCapabilities) -> Result<(), String> {
    let releases = [
        ("gsmSupportedRelease", &capabilities.gsm_supported_release),
        ("utranSupportedRelease", &capabilities.utran_supported_release),
        ("cdma2000ehrpdSupportedRelease", &capabilities.cdma2000ehrpd_supported_release),
        ("eutranSupportedRelease", &capabilities.eutran_supported_release),
    ];
    // {N, 0, 0} with the release N.
    let of_release = |version: &VersionType| version.minor() == 0 && version.revision() == 0;
    for (name, version) in releases {
        match version {
            Some(version) if !of_release(version) => {
                return Err(format!("{name} is {version}, not {{N, 0, 0}}"));
            }
            _ => {}
        }
    }
    match &capabilities.cdma2000onex_supported_release {
        Some(version) if *version.bytes() != [1, 0, 0] => {
            Err(format!("cdma2000onexSupportedRelease is {version}, not {{1, 0, 0}}"))
        }
        _ => Ok(()),
    }
}

fn is_bcd(byte: u8) -> bool {
    byte & 0x0F <= 9 && byte >> 4 <= 9
}

/// 3GPP TS 23.003 Annex B.
fn luhn(digits: &[u8]) -> u8 {
    let weighted = digits.iter().rev().enumerate().map(|(place, digit)| {
        let digit = digit * if place % 2 == 0 { 2 } else { 1 };
        digit / 10 + digit % 10
    });
    (10 - weighted.sum::<u8>() % 10) % 10
}
