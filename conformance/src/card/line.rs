//! The line to the card: logical channels, STORE DATA chains and GET RESPONSE (SGP.22 §5.7.1, §5.7.2).
//!
//! Unlike the LPA's this one refuses nothing: what the card answers is for the cases to judge.

use lpa::apdu::StatusWord;
use lpa::{Card, CardError};
use protocol::trace::{SecretData, Tracer};

/// More than any answer of an eUICC: a card that goes on for ever is stopped here.
const MAX_ANSWER: usize = 1 << 20;

/// How command objects travel.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Framing {
    /// Bytes in one STORE DATA block; 0 is taken as 1.
    pub block_size: u8,
    /// Whether STORE DATA carries Le.
    pub with_le: bool,
}

/// What the card answered to one command object or one APDU.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Answer {
    /// All response data, fetched to the end.
    pub data: Vec<u8>,
    /// The last status word.
    pub status: StatusWord,
    /// Whether data came before the last block was sent.
    pub early: bool,
}

/// What opening a channel to the ISD-R gave.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Opened {
    /// The logical channel that was opened; `None` where the basic one has to do.
    pub channel: Option<u8>,
    /// The answer to SELECT: the FCI template.
    pub select: Answer,
}

/// A card at the end of a line, with a channel to its ISD-R.
pub struct Line<'c> {
    card: &'c mut dyn Card,
    aid: Vec<u8>,
    channel: u8,
    framing: Framing,
    tracer: Tracer,
}

impl<'c> Line<'c> {
    /// A line without a channel yet. The application that [`Self::open`] selects is `aid`.
    pub fn new(card: &'c mut dyn Card, aid: Vec<u8>, framing: Framing, tracer: Tracer) -> Self {
        Self { card, aid, channel: 0, framing, tracer }
    }

    /// How command objects travel from now on; gives how they did.
    pub fn set_framing(&mut self, framing: Framing) -> Framing {
        std::mem::replace(&mut self.framing, framing)
    }

    /// How command objects travel.
    pub fn framing(&self) -> Framing {
        self.framing
    }

    /// The trace that the APDUs go to.
    pub fn tracer(&self) -> &Tracer {
        &self.tracer
    }

    /// Resets the card and opens a channel to its ISD-R.
    ///
    /// # Errors
    /// Where the card is gone.
    pub fn restart(&mut self) -> Result<Opened, CardError> {
        self.card.reset()?;
        self.channel = 0;
        self.open()
    }

    fn open(&mut self) -> Result<Opened, CardError> {
        // SGP.22 §3.4.2: tells the card that LUId, LPDd and LDSd are there. Cards that do not know it may refuse.
        const TERMINAL_CAPABILITY: [u8; 15] =
            [0x80, 0xAA, 0, 0, 0x0A, 0xA9, 8, 0x81, 0, 0x82, 1, 1, 0x83, 1, 7];
        self.send(&TERMINAL_CAPABILITY)?;
        let opened = self.send(&[0, 0x70, 0, 0, 1])?;
        let number = opened.data.first().copied().filter(|number| (1..=19).contains(number));
        let channel = number.filter(|_| opened.status.is_success());
        self.channel = channel.unwrap_or(0);
        let select = self.select(&self.aid.clone())?;
        Ok(Opened { channel, select })
    }

    /// Selects an application on the channel in use.
    ///
    /// # Errors
    /// Where the card is gone.
    pub fn select(&mut self, aid: &[u8]) -> Result<Answer, CardError> {
        let header = [self.interindustry(), 0xA4, 4, 0];
        self.send(&command(header, aid, self.framing.with_le))
    }

    /// Closes the channel in use; what follows still goes to it.
    ///
    /// # Errors
    /// Where the card is gone.
    pub fn close(&mut self) -> Result<Answer, CardError> {
        self.send(&[0, 0x70, 0x80, self.channel, 0])
    }

    /// Sends one command object as a chain of STORE DATA blocks. P1 of the blocks before the last is `p1`.
    ///
    /// # Errors
    /// Where the card is gone, or the object has too many blocks.
    fn store_data(&mut self, p1: u8, object: &[u8]) -> Result<Answer, CardError> {
        let blocks = object.chunks(usize::from(self.framing.block_size.max(1)));
        let Some(last) = blocks.len().checked_sub(1).filter(|last| *last < 256) else {
            return Err(CardError(format!("{} bytes do not fit 256 blocks", object.len())));
        };
        let mut early = false;
        for (number, block) in (0..=u8::MAX).zip(blocks) {
            let is_last = usize::from(number) == last;
            let p1 = if is_last { p1 | 0x80 } else { p1 };
            // SGP.22 §5.7.16: a case 3 command has no Le.
            let with_le = self.framing.with_le && p1 & 1 == 1;
            let header = [0x80 | self.interindustry(), 0xE2, p1, number];
            let answer = self.send(&command(header, block, with_le))?;
            if is_last || !answer.status.is_success() {
                return Ok(Answer { early, ..answer });
            }
            // SGP.22 §5.7.6: only the last block is answered with data.
            early |= !answer.data.is_empty();
        }
        Err(CardError("an empty object cannot be sent".to_owned()))
    }

    /// Sends one command object; the outcome is in its answer.
    ///
    /// # Errors
    /// Where the card is gone, or the object has too many blocks.
    pub fn object(&mut self, object: &[u8]) -> Result<Answer, CardError> {
        self.store_data(0x11, object)
    }

    /// Sends one command object in the case 3 form: the outcome is the status word (SGP.22 §5.7.16).
    ///
    /// # Errors
    /// Where the card is gone, or the object has too many blocks.
    pub fn case_3_object(&mut self, object: &[u8]) -> Result<Answer, CardError> {
        self.store_data(0x10, object)
    }

    /// Sends one APDU on the channel in use: its class byte is completed with the number of the channel.
    ///
    /// # Errors
    /// Where the card is gone.
    pub fn on_channel(&mut self, apdu: &[u8]) -> Result<Answer, CardError> {
        let mut apdu = apdu.to_vec();
        if let Some(class) = apdu.first_mut() {
            *class |= self.interindustry();
        }
        self.send(&apdu)
    }

    /// Sends one APDU as it is, and fetches what its answer announces (ISO/IEC 7816-4 §7.6).
    ///
    /// # Errors
    /// Where the card is gone, answers less than a status word, or does not come to an end.
    pub fn send(&mut self, apdu: &[u8]) -> Result<Answer, CardError> {
        let (mut data, mut status) = self.transmit(apdu)?;
        if let [0x6C, le] = status.0.to_be_bytes() {
            (data, status) = self.transmit(&with_le(apdu, le))?;
        }
        while let [0x61, left] = status.0.to_be_bytes() {
            let get_response = [channel_of(apdu), 0xC0, 0, 0, left];
            let (mut more, mut next) = self.transmit(&get_response)?;
            if let [0x6C, le] = next.0.to_be_bytes() {
                (more, next) = self.transmit(&with_le(&get_response, le))?;
            }
            let goes_on = next.0.to_be_bytes().first() == Some(&0x61);
            if more.is_empty() && goes_on || data.len() + more.len() > MAX_ANSWER {
                return Err(CardError("its answer does not come to an end".to_owned()));
            }
            data.append(&mut more);
            status = next;
        }
        Ok(Answer { data, status, early: false })
    }

    fn transmit(&mut self, apdu: &[u8]) -> Result<(Vec<u8>, StatusWord), CardError> {
        let mut response = self.card.transmit(apdu)?;
        self.tracer.apdu(apdu, &response, SecretData::default());
        let Some(status) = response.last_chunk::<2>().map(|bytes| u16::from_be_bytes(*bytes)) else {
            return Err(CardError("its answer is shorter than a status word".to_owned()));
        };
        response.truncate(response.len().saturating_sub(2));
        Ok((response, StatusWord(status)))
    }

    /// The class byte of an ISO/IEC 7816-4 command on the channel in use (§5.4.1).
    fn interindustry(&self) -> u8 {
        if self.channel < 4 { self.channel } else { 0x40 | (self.channel - 4) }
    }
}

/// The class byte of an ISO/IEC 7816-4 command on the channel of this one (§5.4.1).
fn channel_of(apdu: &[u8]) -> u8 {
    let class = apdu.first().copied().unwrap_or(0);
    if class & 0x40 == 0 { class & 0x03 } else { class & 0x4F }
}

/// One command APDU with data.
fn command(header: [u8; 4], data: &[u8], with_le: bool) -> Vec<u8> {
    let mut command = header.to_vec();
    // Blocks and AIDs have at most 255 bytes.
    command.push(u8::try_from(data.len()).unwrap_or(u8::MAX));
    command.extend_from_slice(data);
    command.extend(with_le.then_some(0));
    command
}

/// The same command with another Le.
fn with_le(apdu: &[u8], le: u8) -> Vec<u8> {
    let without = match apdu.get(4) {
        Some(lc) if apdu.len() > 5 => apdu.get(..5 + usize::from(*lc)).unwrap_or(apdu),
        _ => apdu.get(..4).unwrap_or(apdu),
    };
    [without, &[le]].concat()
}
