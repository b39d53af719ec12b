//! `+CPIN`: what the card waits for, and presenting it (3GPP TS 27.007 §8.3).

use asn1::tlv;

use super::super::ApduPort;
use super::Information;
use super::argument::Arguments;
use super::failure::Failure;
use super::syntax::Operation;
use super::uicc::Uicc;

/// The PIN of the first application (ETSI TS 102 221 §9.5.1).
const PIN1: u8 = 0x01;

/// What the card waits for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Awaited {
    Nothing,
    Pin,
    Puk,
}

impl Uicc {
    /// `+CPIN`.
    pub fn pin(&mut self, operation: Operation<'_>, card: &mut dyn ApduPort) -> Information {
        match operation {
            Operation::Read => {
                let awaited = match self.awaited(card)? {
                    Awaited::Nothing => "READY",
                    Awaited::Pin => "SIM PIN",
                    Awaited::Puk => "SIM PUK",
                };
                Ok(vec![format!("+CPIN: {awaited}")])
            }
            Operation::Set(parameters) => self.present(parameters, card),
            Operation::Execute | Operation::Test => Err(Failure::Unknown),
        }
    }

    fn awaited(&mut self, card: &mut dyn ApduPort) -> Result<Awaited, Failure> {
        let mf = self.select(card, &[], true)?;
        if self.pin_is_verified || !pin_is_enabled(&mf) {
            return Ok(Awaited::Nothing);
        }
        // ETSI TS 102 221 §11.1.9: without data, VERIFY PIN tells how many attempts are left.
        let verified = self.exchange(card, &[0x00, 0x20, 0x00, PIN1])?;
        Ok(match verified.as_slice() {
            [.., 0x90 | 0x91, _] => Awaited::Nothing,
            [.., 0x63, 0xC0] | [.., 0x69, 0x83] => Awaited::Puk,
            _ => Awaited::Pin,
        })
    }

    fn present(&mut self, parameters: &str, card: &mut dyn ApduPort) -> Information {
        let mut arguments = Arguments::of(parameters);
        let code = code(arguments.required()?)?;
        let new_pin = arguments.text().map(self::code).transpose()?;
        arguments.end()?;
        let response = match (self.awaited(card)?, new_pin) {
            (Awaited::Nothing, _) => return Err(Failure::NotAllowed),
            (Awaited::Pin, None) => {
                self.exchange(card, &[&[0x00, 0x20, 0x00, PIN1, 8], &code[..]].concat())?
            }
            (Awaited::Puk, Some(new_pin)) => {
                self.exchange(card, &[&[0x00, 0x2C, 0x00, PIN1, 16], &code[..], &new_pin[..]].concat())?
            }
            (Awaited::Pin, Some(_)) => return Err(Failure::IncorrectParameters),
            (Awaited::Puk, None) => return Err(Failure::SimPuk),
        };
        match response.as_slice() {
            [.., 0x90 | 0x91, _] => {
                self.pin_is_verified = true;
                let waiting = self.proactive_command;
                self.read(card);
                self.proactive_command = self.proactive_command.or(waiting);
                Ok(Vec::new())
            }
            [.., 0x63, 0xC0] => Err(Failure::SimPuk),
            [.., 0x63, _] => Err(Failure::IncorrectPassword),
            _ => Err(Failure::of_card(&response)),
        }
    }
}

/// Four to eight digits, filled up with FF (ETSI TS 102 221 §9.5.1).
fn code(text: &str) -> Result<[u8; 8], Failure> {
    if !(4..=8).contains(&text.len()) || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Failure::IncorrectParameters);
    }
    let mut code = [0xFF; 8];
    for (place, digit) in code.iter_mut().zip(text.bytes()) {
        *place = digit;
    }
    Ok(code)
}

/// Whether PIN 1 has to be presented, by the PIN Status Template DO of the MF (ETSI TS 102 221 §11.1.1.4.10): one bit of
/// 90 for each key reference 83, in order.
fn pin_is_enabled(selected: &[u8]) -> bool {
    let Ok((parameters, _)) = tlv::read(selected) else { return false };
    let Some(template) = tlv::find(parameters.value, 0xC6) else { return false };
    let Some(enabled) = tlv::find(template.value, 0x90) else { return false };
    let bits = enabled.value.iter().flat_map(|byte| (0..8).map(move |place| byte & (0x80 >> place) != 0));
    let references = tlv::children(template.value).map_while(Result::ok).filter(|child| child.tag.0 == 0x83);
    references.zip(bits).any(|(reference, enabled)| enabled && reference.value == [PIN1])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_status_of_pin_1_is_found_among_the_others() {
        let selected = |template: &[u8]| {
            let mut response = tlv::wrap(0x62, &tlv::wrap(0xC6, template));
            response.extend([0x90, 0x00]);
            response
        };
        assert!(pin_is_enabled(&selected(&[0x90, 1, 0x80, 0x83, 1, 1, 0x83, 1, 0x81])));
        assert!(pin_is_enabled(&selected(&[0x90, 1, 0x40, 0x83, 1, 0x81, 0x83, 1, 1])));
        assert!(!pin_is_enabled(&selected(&[0x90, 1, 0x40, 0x83, 1, 1, 0x83, 1, 0x81])));
        assert!(!pin_is_enabled(&selected(&[0x90, 1, 0x00])));
        assert!(!pin_is_enabled(&[0x6A, 0x82]));
    }

    #[test]
    fn a_code_is_filled_up() {
        assert_eq!(code("1234"), Ok(*b"1234\xFF\xFF\xFF\xFF"));
        assert_eq!(code("12345678"), Ok(*b"12345678"));
        for text in ["123", "123456789", "12a4"] {
            assert_eq!(code(text), Err(Failure::IncorrectParameters));
        }
    }
}
