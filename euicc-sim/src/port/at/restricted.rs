//! `+CRSM`: files of the card, which the modem selects by itself (3GPP TS 27.007 §8.18).

use data_encoding::HEXUPPER;

use super::super::ApduPort;
use super::Information;
use super::argument::Arguments;
use super::failure::Failure;
use super::syntax::Operation;
use super::uicc::{CURRENT_ADF, MASTER_FILE, Uicc};

/// What is asked for; the numbers are instruction bytes.
mod instruction {
    pub const READ_BINARY: u32 = 176;
    pub const READ_RECORD: u32 = 178;
    pub const GET_RESPONSE: u32 = 192;
    pub const RETRIEVE_DATA: u32 = 203;
    pub const UPDATE_BINARY: u32 = 214;
    pub const SET_DATA: u32 = 219;
    pub const UPDATE_RECORD: u32 = 220;
    pub const STATUS: u32 = 242;
}

/// The parameters of the command.
struct Request {
    instruction: u32,
    /// The file below the MF; none where none is named.
    path: Option<Vec<u16>>,
    p1: u8,
    p2: u8,
    p3: u8,
    data: Vec<u8>,
}

impl Uicc {
    /// `+CRSM`.
    pub fn restricted_access(&mut self, operation: Operation<'_>, card: &mut dyn ApduPort) -> Information {
        let Operation::Set(parameters) = operation else { return Err(Failure::Unknown) };
        let request = Request::read(parameters)?;
        let command = request.command()?;
        let mut response = Vec::new();
        if let Some(path) = &request.path {
            response = self.select(card, path, request.instruction == instruction::GET_RESPONSE)?;
            if !matches!(response.last_chunk::<2>(), Some([0x90 | 0x91, _])) {
                return told(&response);
            }
        }
        match command {
            Some(command) => response = self.exchange(card, &command)?,
            None => cut(&mut response, request.p3),
        }
        told(&response)
    }
}

impl Request {
    fn read(parameters: &str) -> Result<Self, Failure> {
        let mut arguments = Arguments::of(parameters);
        let instruction = arguments.number()?.ok_or(Failure::IncorrectParameters)?;
        let file_id = arguments.number()?;
        let (p1, p2, p3) = (arguments.byte()?, arguments.byte()?, arguments.byte()?);
        let data = arguments.hex()?;
        let folder = arguments.hex()?;
        arguments.end()?;
        let path = match file_id {
            Some(number) => {
                let file_id = u16::try_from(number).map_err(|_| Failure::IncorrectParameters)?;
                Some(path(&folder, file_id)?)
            }
            None => None,
        };
        Ok(Self { instruction, path, p1, p2, p3, data })
    }

    /// The command that follows the selection; none where the selection says it all.
    fn command(&self) -> Result<Option<Vec<u8>>, Failure> {
        let (class, has_data) = match self.instruction {
            instruction::READ_BINARY | instruction::READ_RECORD => (0x00, false),
            instruction::UPDATE_BINARY | instruction::UPDATE_RECORD => (0x00, true),
            instruction::RETRIEVE_DATA | instruction::SET_DATA => (0x80, true),
            instruction::STATUS => (0x80, false),
            instruction::GET_RESPONSE if self.path.is_some() => return Ok(None),
            instruction::GET_RESPONSE => return Err(Failure::IncorrectParameters),
            _ => return Err(Failure::NotSupported),
        };
        // 3GPP TS 27.007 §8.18: only STATUS may be without a file.
        if self.path.is_none() && self.instruction != instruction::STATUS {
            return Err(Failure::IncorrectParameters);
        }
        if has_data && usize::from(self.p3) != self.data.len() {
            return Err(Failure::IncorrectParameters);
        }
        let instruction = u8::try_from(self.instruction).map_err(|_| Failure::NotSupported)?;
        let mut command = vec![class, instruction, self.p1, self.p2, self.p3];
        if has_data {
            command.extend(&self.data);
        }
        Ok(Some(command))
    }
}

/// Where a file is. Without a folder the modem knows the files of the MF and of the USIM by their identifiers.
fn path(folder: &[u8], file_id: u16) -> Result<Vec<u16>, Failure> {
    let (identifiers, rest) = folder.as_chunks::<2>();
    if !rest.is_empty() {
        return Err(Failure::IncorrectParameters);
    }
    let mut path: Vec<u16> = identifiers.iter().map(|identifier| u16::from_be_bytes(*identifier)).collect();
    if path.is_empty() && file_id & 0xFF00 == 0x6F00 {
        path.push(CURRENT_ADF);
    }
    path.push(file_id);
    // A path begins below the MF, and many write the MF anyway.
    path.retain(|identifier| *identifier != MASTER_FILE);
    Ok(path)
}

/// As much of the data as is asked for; all of it for 0.
fn cut(response: &mut Vec<u8>, length: u8) {
    let data = response.len().saturating_sub(2);
    let asked = usize::from(length);
    if asked != 0 && asked < data {
        response.drain(asked..data);
    }
}

fn told(response: &[u8]) -> Information {
    let (data, [sw1, sw2]) = response.split_last_chunk::<2>().ok_or(Failure::Sim)?;
    let data = if data.is_empty() { String::new() } else { format!(",\"{}\"", HEXUPPER.encode(data)) };
    Ok(vec![format!("+CRSM: {sw1},{sw2}{data}")])
}
