//! What the modem knows of its card, and how it talks to it.

use super::super::{ApduPort, terminal};
use super::Information;
use super::failure::Failure;
use super::syntax::Operation;

/// EF_DIR, EF_ICCID and EF_IMSI (ETSI TS 102 221 §13, 3GPP TS 31.102 §4.2.2).
const EF_DIR: u16 = 0x2F00;
const EF_ICCID: u16 = 0x2FE2;
const EF_IMSI: u16 = 0x6F07;
pub(super) const MASTER_FILE: u16 = 0x3F00;
/// The application that is selected on the channel.
pub(super) const CURRENT_ADF: u16 = 0x7FFF;

/// How the AID of every USIM begins: 3GPP's identifier and the application code (ETSI TS 101 220 annex E).
const USIM: [u8; 7] = [0xA0, 0x00, 0x00, 0x00, 0x87, 0x10, 0x02];

/// What the modem knows of its card, as it read it when the card was last reset.
#[derive(Clone, Default, Debug)]
pub(super) struct Uicc {
    /// Channels that were opened for the line, by their numbers.
    pub sessions: Vec<u8>,
    /// The length of a proactive command that waits to be fetched.
    pub proactive_command: Option<u8>,
    /// Whether the PIN was presented since the reset.
    pub pin_is_verified: bool,
    usim: Option<Vec<u8>>,
    iccid: Option<String>,
    imsi: Option<String>,
}

impl Uicc {
    /// Gives the card power with a reset, presents the modem to it and reads it.
    pub fn start(&mut self, card: &mut dyn ApduPort, toolkit: bool) {
        *self = Self::default();
        card.reset();
        card.transmit(&terminal::TERMINAL_CAPABILITY);
        self.read(card);
        if toolkit {
            self.present_toolkit(card);
        }
        self.serve_toolkit(card, toolkit);
    }

    /// Takes its power.
    pub fn stop(&mut self, card: &mut dyn ApduPort) {
        *self = Self::default();
        card.power_off();
    }

    /// Reads what the modem wants to know. What is not there or not open yet is not known.
    pub fn read(&mut self, card: &mut dyn ApduPort) {
        self.iccid = self.read_binary(card, &[EF_ICCID]).ok().and_then(|content| iccid(&content));
        self.usim = self.find_usim(card);
        self.imsi = self.read_binary(card, &[CURRENT_ADF, EF_IMSI]).ok().and_then(|content| imsi(&content));
    }

    /// A command as it is, with no more than is in it. Notes what waits to be fetched.
    ///
    /// # Errors
    /// Where the card says nothing.
    pub fn send(&mut self, card: &mut dyn ApduPort, command: &[u8]) -> Result<Vec<u8>, Failure> {
        let response = card.transmit(command);
        self.noted(response)
    }

    /// A command with GET RESPONSE and all.
    ///
    /// # Errors
    /// Where the card says nothing.
    pub fn exchange(&mut self, card: &mut dyn ApduPort, command: &[u8]) -> Result<Vec<u8>, Failure> {
        let response = terminal::exchange(card, command);
        self.noted(response)
    }

    fn noted(&mut self, response: Vec<u8>) -> Result<Vec<u8>, Failure> {
        match response.last_chunk::<2>() {
            Some(&[sw1, sw2]) => {
                self.proactive_command = (sw1 == 0x91).then_some(sw2);
                Ok(response)
            }
            None => Err(Failure::Sim),
        }
    }

    /// A command that has to succeed; its data.
    ///
    /// # Errors
    /// What the response means.
    pub fn succeed(&mut self, card: &mut dyn ApduPort, command: &[u8]) -> Result<Vec<u8>, Failure> {
        let mut response = self.exchange(card, command)?;
        match response.last_chunk::<2>() {
            // ETSI TS 102 221 §10.2.1: with 62xx and 63xx there is a warning, but the data is there.
            Some([0x90 | 0x91 | 0x62 | 0x63, _]) => {
                response.truncate(response.len().saturating_sub(2));
                Ok(response)
            }
            _ => Err(Failure::of_card(&response)),
        }
    }

    /// Selects a file on the basic channel and gives the whole response. `path` begins below the MF, and is empty for
    /// the MF itself; where it begins with 7FFF, the USIM is selected first. `with_data` asks for the file control
    /// parameters.
    ///
    /// # Errors
    /// Where the card says nothing, or there is no USIM.
    pub fn select(
        &mut self,
        card: &mut dyn ApduPort,
        path: &[u16],
        with_data: bool,
    ) -> Result<Vec<u8>, Failure> {
        if path.first() == Some(&CURRENT_ADF) {
            let usim = self.usim.clone().ok_or(Failure::NotFound)?;
            let length = u8::try_from(usim.len()).map_err(|_| Failure::NotFound)?;
            let selected = self.exchange(card, &[&[0x00, 0xA4, 0x04, 0x0C, length], &usim[..]].concat())?;
            if !matches!(selected.last_chunk::<2>(), Some([0x90 | 0x91, _])) {
                return Ok(selected);
            }
        }
        let (by, path) = match path {
            // ETSI TS 102 221 §11.1.1: by path from the MF, or by the identifier of the MF.
            [] => (0x00, vec![MASTER_FILE]),
            path => (0x08, path.to_vec()),
        };
        let path: Vec<u8> = path.iter().flat_map(|file_id| file_id.to_be_bytes()).collect();
        let length = u8::try_from(path.len()).map_err(|_| Failure::IncorrectParameters)?;
        let p2 = if with_data { 0x04 } else { 0x0C };
        self.exchange(card, &[&[0x00, 0xA4, by, p2, length], &path[..]].concat())
    }

    fn read_binary(&mut self, card: &mut dyn ApduPort, path: &[u16]) -> Result<Vec<u8>, Failure> {
        self.select_for_reading(card, path)?;
        self.succeed(card, &[0x00, 0xB0, 0x00, 0x00, 0x00])
    }

    fn select_for_reading(&mut self, card: &mut dyn ApduPort, path: &[u16]) -> Result<(), Failure> {
        let selected = self.select(card, path, false)?;
        match selected.last_chunk::<2>() {
            Some([0x90 | 0x91, _]) => Ok(()),
            _ => Err(Failure::of_card(&selected)),
        }
    }

    /// The AID of the USIM, from EF_DIR.
    fn find_usim(&mut self, card: &mut dyn ApduPort) -> Option<Vec<u8>> {
        self.select_for_reading(card, &[EF_DIR]).ok()?;
        for number in 1..=u8::MAX {
            let record = self.succeed(card, &[0x00, 0xB2, number, 0x04, 0x00]).ok()?;
            // ETSI TS 102 221 §13.1: an application template 61 with the AID 4F in it.
            let template = asn1::tlv::find(&record, 0x61);
            let aid = template.and_then(|template| asn1::tlv::find(template.value, 0x4F));
            if let Some(aid) = aid.filter(|aid| aid.value.starts_with(&USIM) && aid.value.len() <= 16) {
                return Some(aid.value.to_vec());
            }
        }
        None
    }

    /// `+CIMI` (3GPP TS 27.007 §5.6).
    pub fn subscriber(&mut self, operation: Operation<'_>, card: &mut dyn ApduPort) -> Information {
        if operation != Operation::Execute {
            return Err(Failure::Unknown);
        }
        match &self.imsi {
            Some(imsi) => Ok(vec![imsi.clone()]),
            // Why it is not known, the card says.
            None => {
                let content = self.read_binary(card, &[CURRENT_ADF, EF_IMSI])?;
                imsi(&content).map(|imsi| vec![imsi]).ok_or(Failure::Sim)
            }
        }
    }

    /// `+CCID` and `+ICCID`, which modems have beside the specification.
    pub fn card_number(
        &mut self,
        name: &str,
        operation: Operation<'_>,
        card: &mut dyn ApduPort,
    ) -> Information {
        if !matches!(operation, Operation::Execute | Operation::Read) {
            return Err(Failure::Unknown);
        }
        let number = match &self.iccid {
            Some(number) => number.clone(),
            None => {
                let content = self.read_binary(card, &[EF_ICCID])?;
                iccid(&content).ok_or(Failure::Sim)?
            }
        };
        Ok(vec![format!("{name}: {number}")])
    }
}

/// The digits of EF_ICCID (ETSI TS 102 221 §13.2); none where it was never written.
fn iccid(content: &[u8]) -> Option<String> {
    digits(content.get(..10)?)
}

/// The digits of EF_IMSI (3GPP TS 31.102 §4.2.2): a length, and a half byte of parity before the first digit.
fn imsi(content: &[u8]) -> Option<String> {
    let (length, content) = content.split_first()?;
    let digits = digits(content.get(..usize::from(*length))?)?;
    digits.get(1..).filter(|imsi| !imsi.is_empty()).map(str::to_owned)
}

/// Half bytes, the lower one first, up to the first that is no digit.
fn digits(content: &[u8]) -> Option<String> {
    let halves = content.iter().flat_map(|byte| [byte & 0x0F, byte >> 4]);
    let digits: String = halves.map_while(|half| char::from_digit(u32::from(half), 10)).collect();
    Some(digits).filter(|digits| !digits.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_cards_write_them() {
        let written = [0x98, 0x88, 0x12, 0x01, 0x00, 0x00, 0x00, 0x00, 0x10, 0xF7];
        assert_eq!(iccid(&written).as_deref(), Some("8988211000000000017"));
        let written = [0x08, 0x09, 0x10, 0x10, 0x10, 0x00, 0x00, 0x00, 0x71];
        assert_eq!(imsi(&written).as_deref(), Some("001010100000017"));
        assert_eq!(iccid(&[0xFF; 10]), None);
        assert_eq!(iccid(&[0x98; 9]), None);
        for content in [&[][..], &[0xFF; 9], &[9, 1], &[0], &[1, 0xF9]] {
            assert_eq!(imsi(content), None, "{content:02X?}");
        }
    }
}
