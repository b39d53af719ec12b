//! What the device tells a server about itself (SGP.22 §4.2).

use std::str::FromStr;

use asn1::{DeviceCapabilities, DeviceInfo, Octet4, Octet8, Unknown};
use thiserror::Error;

/// What is told of the device.
#[derive(Clone, Debug)]
pub struct Device {
    /// Its type.
    pub tac: Tac,
    /// Its number, of a device with a soldered eUICC.
    pub imei: Option<Imei>,
    /// What radio it has.
    pub capabilities: DeviceCapabilities,
}

/// The Type Allocation Code: the first eight digits of an IMEI.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Tac([u8; 4]);

/// An IMEI with its check digit: 15 digits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Imei([u8; 8]);

/// Why a text is no TAC or IMEI.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
pub enum DeviceError {
    /// Not eight digits.
    #[error("a TAC has 8 decimal digits")]
    Tac,
    /// Not 15 digits.
    #[error("an IMEI has 15 decimal digits, the last of them its check digit")]
    Imei,
    /// The last digit is not the Luhn digit of the others.
    #[error("the check digit of this IMEI is wrong")]
    CheckDigit,
}

impl Device {
    /// DeviceInfo of SGP.22 §4.2.
    pub(crate) fn to_device_info(&self) -> DeviceInfo {
        DeviceInfo {
            tac: Octet4::from(*self.tac.as_bytes()),
            device_capabilities: self.capabilities.clone(),
            imei: self.imei.map(|imei| Octet8::from(*imei.as_bytes())),
            unknown: Unknown::none(),
        }
    }
}

impl Tac {
    /// The four octets of DeviceInfo.
    pub fn as_bytes(&self) -> &[u8; 4] {
        &self.0
    }
}

impl Imei {
    /// The eight octets of DeviceInfo.
    pub fn as_bytes(&self) -> &[u8; 8] {
        &self.0
    }
}

impl FromStr for Tac {
    type Err = DeviceError;

    fn from_str(text: &str) -> Result<Self, DeviceError> {
        let digits = digits(text).filter(|digits| digits.len() == 8).ok_or(DeviceError::Tac)?;
        Ok(Self(telephony_bcd(&digits).try_into().map_err(|_| DeviceError::Tac)?))
    }
}

impl FromStr for Imei {
    type Err = DeviceError;

    fn from_str(text: &str) -> Result<Self, DeviceError> {
        let digits = digits(text).ok_or(DeviceError::Imei)?;
        let Some((check, body)) = digits.split_last().filter(|(_, body)| body.len() == 14) else {
            return Err(DeviceError::Imei);
        };
        if luhn(body) != *check {
            return Err(DeviceError::CheckDigit);
        }
        // SGP.22 §4.2: the check digit stands in the high nibble of the last octet, before the filler.
        let mut octets = telephony_bcd(body);
        octets.push(check << 4 | 0x0F);
        Ok(Self(octets.try_into().map_err(|_| DeviceError::Imei)?))
    }
}

fn digits(text: &str) -> Option<Vec<u8>> {
    text.chars().map(|c| c.to_digit(10).and_then(|digit| u8::try_from(digit).ok())).collect()
}

/// Two digits an octet, the first in the low nibble (3GPP TS 29.002).
fn telephony_bcd(digits: &[u8]) -> Vec<u8> {
    let (pairs, _) = digits.as_chunks::<2>();
    pairs.iter().map(|[first, second]| second << 4 | first).collect()
}

/// The check digit of 3GPP TS 23.003 Annex B: every second digit doubled, the sum filled up to a multiple of ten.
fn luhn(digits: &[u8]) -> u8 {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(index, digit)| {
            let weighted = u32::from(*digit) * if index % 2 == 0 { 2 } else { 1 };
            weighted / 10 + weighted % 10
        })
        .sum();
    u8::try_from((10 - sum % 10) % 10).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tac_is_telephony_bcd() {
        assert_eq!("35290611".parse::<Tac>().unwrap().as_bytes(), &[0x53, 0x92, 0x60, 0x11]);
        for bad in ["", "3529061", "352906111", "3529061X", "３５２９０６１１X"] {
            assert_eq!(bad.parse::<Tac>(), Err(DeviceError::Tac), "{bad}");
        }
    }

    #[test]
    fn an_imei_ends_in_its_check_digit_and_a_filler() {
        // The example of 3GPP TS 23.003 Annex B: 26053179311383, check digit 7.
        let imei: Imei = "260531793113837".parse().unwrap();
        assert_eq!(imei.as_bytes(), &[0x62, 0x50, 0x13, 0x97, 0x13, 0x31, 0x38, 0x7F]);
        assert_eq!("260531793113838".parse::<Imei>(), Err(DeviceError::CheckDigit));
        assert_eq!("26053179311383".parse::<Imei>(), Err(DeviceError::Imei));
    }
}
