//! STORE DATA as ES10 uses it (SGP.22 §5.7.2): one command object in up to 256 blocks.

use crate::apdu::{Command, StatusWord};

/// The blocks received so far on one channel.
#[derive(Clone, Default, Debug)]
pub(crate) struct Chain {
    data: Vec<u8>,
    next_block: u16,
}

/// A command object received in full.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Stored {
    /// The data fields of all blocks, joined.
    pub data: Vec<u8>,
    /// Whether the last block was a case 3 command, which wants the outcome in the status word (SGP.22 §5.7.16).
    pub case_3: bool,
}

impl Chain {
    /// Adds a block; gives the whole object with the last one.
    ///
    /// # Errors
    /// 6A86 for a P1 that is not of table 48 or a block out of order. The chain then starts anew.
    pub fn add(&mut self, command: &Command<'_>) -> Result<Option<Stored>, StatusWord> {
        // SGP.22 §5.7.2 table 48: b7 and b6 are 0 (not encrypted), b5 and b4 are 10 (BER-TLV), b3 and b2 are RFU.
        if command.p1 & 0x78 != 0x10 {
            self.clear();
            return Err(StatusWord::WRONG_P1_P2);
        }
        let block = u16::from(command.p2);
        if block == 0 {
            // A new command begins; what was left of an unfinished one is gone.
            self.clear();
        }
        if block != self.next_block {
            self.clear();
            return Err(StatusWord::WRONG_P1_P2);
        }
        self.next_block += 1;
        self.data.extend_from_slice(command.data);
        let last = command.p1 & 0x80 != 0;
        if !last {
            return Ok(None);
        }
        let data = std::mem::take(&mut self.data);
        self.clear();
        Ok(Some(Stored { data, case_3: command.p1 & 0x01 == 0 }))
    }

    fn clear(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(chain: &mut Chain, p1: u8, p2: u8, data: &[u8]) -> Result<Option<Vec<u8>>, StatusWord> {
        let lc = u8::try_from(data.len()).unwrap();
        let bytes = [&[0x80, 0xE2, p1, p2, lc], data].concat();
        let added = chain.add(&Command::parse(&bytes).unwrap());
        added.map(|stored| stored.map(|stored| stored.data))
    }

    #[test]
    fn blocks_are_joined_in_their_order() {
        let mut chain = Chain::default();
        assert_eq!(block(&mut chain, 0x11, 0, &[1]), Ok(None));
        assert_eq!(block(&mut chain, 0x11, 1, &[2, 3]), Ok(None));
        assert_eq!(block(&mut chain, 0x91, 2, &[4]), Ok(Some(vec![1, 2, 3, 4])));
    }

    #[test]
    fn a_block_out_of_order_breaks_the_chain() {
        let mut chain = Chain::default();
        assert_eq!(block(&mut chain, 0x11, 0, &[1]), Ok(None));
        assert_eq!(block(&mut chain, 0x91, 2, &[3]), Err(StatusWord::WRONG_P1_P2));
        assert_eq!(block(&mut chain, 0x91, 1, &[2]), Err(StatusWord::WRONG_P1_P2));
    }

    #[test]
    fn block_zero_starts_a_new_command() {
        let mut chain = Chain::default();
        assert_eq!(block(&mut chain, 0x11, 0, &[1]), Ok(None));
        assert_eq!(block(&mut chain, 0x91, 0, &[9]), Ok(Some(vec![9])));
    }

    #[test]
    fn no_more_than_256_blocks_are_taken() {
        let mut chain = Chain::default();
        for number in 0..=255 {
            assert_eq!(block(&mut chain, 0x11, number, &[number]), Ok(None));
        }
        assert_eq!(block(&mut chain, 0x91, 255, &[0]), Err(StatusWord::WRONG_P1_P2));
    }

    #[test]
    fn p1_that_asks_for_decryption_or_dgi_is_refused() {
        for p1 in [0x00, 0x80, 0x88, 0xF1, 0x98] {
            assert_eq!(block(&mut Chain::default(), p1, 0, &[1]), Err(StatusWord::WRONG_P1_P2), "{p1:02X}");
        }
    }
}
