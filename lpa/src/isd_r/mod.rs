//! The ISD-R of an eUICC on a logical channel (SGP.22 §5.7.1), one method for each ES10 function.

mod es10a;
mod es10b;
mod es10c;

use asn1::der::DerError;
use protocol::trace::{SecretData, Tracer};

use crate::apdu::{self, Channel, StatusWord};
use crate::card::Card;
use crate::error::EuiccError;

/// The AID of the ISD-R (SGP.22 Annex E).
pub const ISD_R_AID: [u8; 16] = [0xA0, 0, 0, 5, 0x59, 0x10, 0x10, 0xFF, 0xFF, 0xFF, 0xFF, 0x89, 0, 0, 1, 0];

/// More than any answer of an eUICC: a card that goes on for ever is stopped here.
const MAX_RESPONSE: usize = 1 << 20;

/// How to talk to the card.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Options {
    /// Bytes in one STORE DATA block; SGP.22 §2.5.5 says 255, some readers manage less. 0 is taken as 1.
    pub block_size: u8,
    /// Whether SELECT and STORE DATA carry Le (SGP.22 §5.7.2 has it; some modems cannot send it).
    pub send_le: bool,
    /// The AID to select: [`ISD_R_AID`], or that of a vendor.
    pub aid: Vec<u8>,
    /// Whether to trace APDUs: for foreign cards; the simulator traces its own.
    pub trace_apdus: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { block_size: 255, send_le: true, aid: ISD_R_AID.to_vec(), trace_apdus: false }
    }
}

/// An open logical channel to the ISD-R.
pub struct IsdR<C> {
    card: C,
    channel: Channel,
    fci: Vec<u8>,
    options: Options,
    tracer: Tracer,
}

impl<C: Card> IsdR<C> {
    /// Opens a logical channel and selects the ISD-R on it; on the basic channel where no other is to be had.
    ///
    /// Errors, decoded objects and (where asked for) APDUs go to `tracer`.
    ///
    /// # Errors
    /// [`EuiccError::NoIsdR`] where the card is no eUICC.
    pub fn open(card: C, options: Options, tracer: Tracer) -> Result<Self, EuiccError> {
        let mut isd_r = Self { card, channel: Channel::BASIC, fci: Vec::new(), options, tracer };
        isd_r.select()?;
        Ok(isd_r)
    }

    /// Closes the logical channel and gives the card back.
    ///
    /// # Errors
    /// Where the card does not close it. The card is lost then unless a reference to it was given to
    /// [`Self::open`].
    pub fn close(mut self) -> Result<C, EuiccError> {
        self.close_channel()?;
        Ok(self.card)
    }

    /// Resets the card and selects the ISD-R again: what a profile state change with refreshFlag waits for where
    /// nobody fetches the REFRESH (SGP.22 §3.2.1 step 8).
    ///
    /// # Errors
    /// Where the card is gone, or has no ISD-R any more.
    pub fn restart(&mut self) -> Result<(), EuiccError> {
        self.card.reset()?;
        self.channel = Channel::BASIC;
        self.select()
    }

    /// What SELECT returned: the FCI template with the ISDRProprietaryApplicationTemplate (SGP.22 §5.7.1). Empty
    /// where the way to the card does not tell it.
    pub fn fci(&self) -> &[u8] {
        &self.fci
    }

    /// The number of the logical channel, 0 for the basic one.
    pub fn channel(&self) -> u8 {
        self.channel.number()
    }

    pub(crate) fn tracer(&self) -> &Tracer {
        &self.tracer
    }

    /// From here on, what is traced is tied to another set of ids.
    pub(crate) fn set_tracer(&mut self, tracer: Tracer) {
        self.tracer = tracer;
    }

    fn select(&mut self) -> Result<(), EuiccError> {
        // SGP.22 §3.4.2: tells the card that LUId, LPDd and LDSd are there. Cards that do not know it may refuse.
        const TERMINAL_CAPABILITY: [u8; 15] =
            [0x80, 0xAA, 0, 0, 0x0A, 0xA9, 8, 0x81, 0, 0x82, 1, 1, 0x83, 1, 7];
        self.exchange("TERMINAL CAPABILITY", &TERMINAL_CAPABILITY)?;

        // SGP.22 §5.7.1 wants a logical channel of its own; a card that has none to give is used all the same.
        let (data, sw) = self.exchange("MANAGE CHANNEL", &[0, 0x70, 0, 0, 1])?;
        let opened = data.first().copied().and_then(Channel::opened).filter(|_| sw.is_success());
        self.channel = opened.unwrap_or(Channel::BASIC);

        let header = [self.channel.interindustry(), 0xA4, 4, 0];
        let select = apdu::command(header, &self.options.aid, self.options.send_le.then_some(0));
        let (fci, sw) = self.exchange("SELECT", &select)?;
        if !sw.is_success() {
            // What was opened is closed again; what matters is that there is no ISD-R.
            self.close_channel().ok();
            return Err(EuiccError::NoIsdR { sw });
        }
        self.fci = fci;
        Ok(())
    }

    fn close_channel(&mut self) -> Result<(), EuiccError> {
        const FUNCTION: &str = "MANAGE CHANNEL";
        if self.channel == Channel::BASIC {
            return Ok(());
        }
        let close = [0, 0x70, 0x80, self.channel.number(), 0];
        self.channel = Channel::BASIC;
        let (_, sw) = self.exchange(FUNCTION, &close)?;
        if sw.is_success() { Ok(()) } else { Err(EuiccError::Status { function: FUNCTION, sw }) }
    }

    /// Sends one ES10 command object and decodes the answer; both are traced.
    fn call<A>(
        &mut self,
        function: &'static str,
        request: &[u8],
        decode: impl FnOnce(&[u8]) -> Result<A, DerError>,
    ) -> Result<A, EuiccError> {
        self.trace(function, "request", request);
        let answer = self.store_data(function, request)?;
        self.trace(function, "response", &answer);
        decode(&answer).map_err(|error| EuiccError::malformed(function, error))
    }

    fn trace(&self, function: &'static str, direction: &str, object: &[u8]) {
        if self.tracer.is_on() {
            self.tracer.object(&format!("{function} {direction}"), object);
        }
    }

    /// Sends one command object as a chain of STORE DATA blocks (SGP.22 §5.7.2) and returns the answer.
    fn store_data(&mut self, function: &'static str, object: &[u8]) -> Result<Vec<u8>, EuiccError> {
        const MORE_BLOCKS: u8 = 0x11;
        const LAST_BLOCK: u8 = 0x91;
        let block_size = self.options.block_size.max(1);
        let blocks = object.chunks(usize::from(block_size));
        let Some(last) = blocks.len().checked_sub(1).filter(|last| *last < 256) else {
            return Err(EuiccError::TooLong { function, length: object.len(), block_size });
        };
        let mut answer = Vec::new();
        for (number, block) in (0..=u8::MAX).zip(blocks) {
            let p1 = if usize::from(number) == last { LAST_BLOCK } else { MORE_BLOCKS };
            let header = [self.channel.global_platform(), 0xE2, p1, number];
            let command = apdu::command(header, block, self.options.send_le.then_some(0));
            let (data, sw) = self.exchange(function, &command)?;
            if !sw.is_success() {
                return Err(EuiccError::Status { function, sw });
            }
            // SGP.22 §5.7.6: only the last block is answered with data.
            if !data.is_empty() && p1 != LAST_BLOCK {
                let reason = "data before the last block was sent".to_owned();
                return Err(EuiccError::Malformed { function, reason });
            }
            answer = data;
        }
        Ok(answer)
    }

    /// One command with what ISO/IEC 7816-4 §7.6 makes of its answer: again with the right Le after 6Cxx, GET
    /// RESPONSE after 61xx.
    fn exchange(
        &mut self,
        function: &'static str,
        command: &[u8],
    ) -> Result<(Vec<u8>, StatusWord), EuiccError> {
        let malformed = |reason: &str| EuiccError::Malformed { function, reason: reason.to_owned() };
        let (mut data, mut sw) = self.transmit(function, command)?;
        if let Some(le) = sw.right_length() {
            (data, sw) = self.transmit(function, &apdu::with_le(command, le))?;
        }
        while let Some(left) = sw.more_data() {
            let get_response = [self.channel.interindustry(), 0xC0, 0, 0, left];
            let (mut more, mut next) = self.transmit(function, &get_response)?;
            if let Some(le) = next.right_length() {
                (more, next) = self.transmit(function, &apdu::with_le(&get_response, le))?;
            }
            if more.is_empty() && next.more_data().is_some() {
                return Err(malformed("GET RESPONSE brings nothing but the promise of more"));
            }
            if data.len() + more.len() > MAX_RESPONSE {
                return Err(malformed("it does not end"));
            }
            data.append(&mut more);
            sw = next;
        }
        Ok((data, sw))
    }

    fn transmit(
        &mut self,
        function: &'static str,
        command: &[u8],
    ) -> Result<(Vec<u8>, StatusWord), EuiccError> {
        let response = self.card.transmit(command)?;
        if self.options.trace_apdus {
            self.tracer.apdu(command, &response, SecretData::default());
        }
        apdu::split(response).ok_or_else(|| EuiccError::Malformed {
            function,
            reason: "the response is shorter than a status word".to_owned(),
        })
    }
}
