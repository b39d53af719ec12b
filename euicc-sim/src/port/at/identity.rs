//! Who the modem is: `ATI`, `+CGMI`, `+CGMM`, `+CGMR`, `+CGSN` (3GPP TS 27.007 §5.1 to §5.4).

use std::fmt;

use super::argument::Arguments;
use super::failure::Failure;
use super::syntax::Operation;
use super::{Information, Modem};

const MANUFACTURER: &str = "rsplab";
const MODEL: &str = "Simulated modem";
const REVISION: &str = env!("CARGO_PKG_VERSION");

/// The number of a modem (3GPP TS 23.003 §6.2.1).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Imei(u64);

impl Imei {
    /// The IMEI with this serial number, of which six digits count, under the type allocation code 00101000. Codes that
    /// begin with 00101 are for tests.
    pub fn for_tests(serial_number: u32) -> Self {
        let without_check_digit = 101_000 * 1_000_000 + u64::from(serial_number % 1_000_000);
        let digits = (0..14_u32).map(|place| without_check_digit / 10_u64.pow(place) % 10);
        // ISO/IEC 7812-1 annex B: every second digit, the last one first, counts twice.
        let doubled = digits.zip([2, 1].into_iter().cycle()).map(|(digit, factor)| digit * factor);
        let sum: u64 = doubled.map(|product| product / 10 + product % 10).sum();
        Self(without_check_digit * 10 + (10 - sum % 10) % 10)
    }
}

impl fmt::Display for Imei {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:015}", self.0)
    }
}

/// `ATI`.
pub(super) fn identification() -> Vec<String> {
    vec![MANUFACTURER.to_owned(), MODEL.to_owned(), format!("Revision: {REVISION}")]
}

impl Modem {
    /// The commands of this module; none where it is another.
    pub(super) fn identification(&self, name: &str, operation: Operation<'_>) -> Option<Information> {
        let text = match name {
            "+CGMI" | "+GMI" => MANUFACTURER.to_owned(),
            "+CGMM" | "+GMM" => MODEL.to_owned(),
            "+CGMR" | "+GMR" => REVISION.to_owned(),
            "+CGSN" | "+GSN" => self.options.imei.to_string(),
            _ => return None,
        };
        Some(match operation {
            Operation::Execute => Ok(vec![text]),
            Operation::Test => Ok(Vec::new()),
            // 3GPP TS 27.007 §5.4: 0 is the serial number, 1 the IMEI.
            Operation::Set(parameters) if name == "+CGSN" => serial_number(parameters, text),
            Operation::Set(_) | Operation::Read => Err(Failure::Unknown),
        })
    }
}

fn serial_number(parameters: &str, imei: String) -> Information {
    let mut arguments = Arguments::of(parameters);
    let asked = arguments.byte()?;
    arguments.end()?;
    match asked {
        0 => Ok(vec![imei]),
        1 => Ok(vec![format!("+CGSN: \"{imei}\"")]),
        _ => Err(Failure::NotSupported),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_imei_ends_with_its_check_digit() {
        let imei = Imei::for_tests(123_456).to_string();
        assert_eq!(imei.len(), 15);
        let sum: u32 = imei
            .bytes()
            .rev()
            .enumerate()
            .map(|(place, digit)| {
                let value = u32::from(digit - b'0') * if place % 2 == 1 { 2 } else { 1 };
                value / 10 + value % 10
            })
            .sum();
        assert_eq!(sum % 10, 0, "{imei}");
        assert!(imei.starts_with("00101000123456"));
    }
}
