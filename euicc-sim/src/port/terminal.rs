//! What a terminal does by itself for the programs that use a card through it.

use super::ApduPort;

/// TERMINAL CAPABILITY with LUId, LPDd and LDSd (SGP.22 §3.4.2). Whether the card cares is its own business.
pub(super) const TERMINAL_CAPABILITY: [u8; 15] =
    [0x80, 0xAA, 0, 0, 0x0A, 0xA9, 8, 0x81, 0, 0x82, 1, 1, 0x83, 1, 7];

/// No card needs more GET RESPONSEs for one answer.
const MOST_ROUNDS: usize = 300;

/// Opens the next free logical channel and gives its number (ETSI TS 102 221 §11.1.17).
///
/// # Errors
/// The response where the card opens none.
pub(super) fn open_channel(card: &mut dyn ApduPort) -> Result<u8, Vec<u8>> {
    let response = card.transmit(&[0x00, 0x70, 0x00, 0x00, 0x01]);
    match response.as_slice() {
        &[number, 0x90 | 0x91, _] => Ok(number),
        _ => Err(response),
    }
}

/// Closes a logical channel. Whether the card did.
pub(super) fn close_channel(card: &mut dyn ApduPort, number: u8) -> bool {
    matches!(card.transmit(&[0x00, 0x70, 0x80, number, 0x00]).as_slice(), [.., 0x90 | 0x91, _])
}

/// Selects the application of this AID on a channel; what it says of itself stays on the card.
///
/// # Errors
/// The response where the card refuses.
pub(super) fn select_application(card: &mut dyn ApduPort, channel: u8, aid: &[u8]) -> Result<(), Vec<u8>> {
    // ISO/IEC 7816-4 §12.2.2: an AID has up to 16 bytes.
    let length = u8::try_from(aid.len()).ok().filter(|length| (1..=16).contains(length)).ok_or(Vec::new())?;
    let header = [class_on(0x00, channel), 0xA4, 0x04, 0x00, length];
    let response = card.transmit(&[&header, aid].concat());
    match response.last_chunk::<2>() {
        Some([0x90, 0x00] | [0x61 | 0x91, _]) => Ok(()),
        _ => Err(response),
    }
}

/// This class byte on another logical channel (ISO/IEC 7816-4 §5.4.1).
pub(super) fn class_on(class: u8, channel: u8) -> u8 {
    match channel {
        0..=3 if class & 0x40 == 0 => (class & 0xFC) | channel,
        0..=3 => (class & 0x90) | channel,
        further => (class & 0x90) | 0x40 | (further.saturating_sub(4) & 0x0F),
    }
}

/// A command with all that follows from its answer on a T=0 line: 6Cxx is answered by the same command with this Le,
/// 61xx by GET RESPONSE (ETSI TS 102 221 §7.3.1.1). Gives all data and the last status word; nothing where the card has
/// no power.
pub(super) fn exchange(card: &mut dyn ApduPort, command: &[u8]) -> Vec<u8> {
    let mut data = Vec::new();
    let mut command = command.to_vec();
    for _ in 0..MOST_ROUNDS {
        let response = card.transmit(&command);
        let Some((part, &[sw1, sw2])) = response.split_last_chunk::<2>() else { return Vec::new() };
        data.extend_from_slice(part);
        match sw1 {
            0x61 => command = get_response(&command, sw2),
            0x6C => command = with_expected_length(command, sw2),
            _ => {
                data.extend([sw1, sw2]);
                return data;
            }
        }
    }
    // It never ends: for whoever asked, that is a card which does not work.
    vec![0x6F, 0x00]
}

fn get_response(command: &[u8], length: u8) -> Vec<u8> {
    let class = match command.first().copied().unwrap_or_default() {
        // The class of GSM cards, which know no other.
        gsm @ 0xA0..=0xAF => gsm,
        further if further & 0x40 != 0 => further & 0x4F,
        class => class & 0x03,
    };
    vec![class, 0xC0, 0x00, 0x00, length]
}

fn with_expected_length(mut command: Vec<u8>, length: u8) -> Vec<u8> {
    let data = command.get(4).copied().map_or(0, usize::from);
    // Case 2 is four bytes and Le. Case 4 is five bytes, data and Le; there, Le may be missing.
    if command.len() == 5 || command.len() == 6 + data {
        command.pop();
    }
    command.push(length);
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Answers in this order, whatever it is asked, and remembers that.
    struct Answers(Vec<&'static [u8]>, Vec<Vec<u8>>);

    impl ApduPort for Answers {
        fn transmit(&mut self, command: &[u8]) -> Vec<u8> {
            self.1.push(command.to_vec());
            if self.0.len() > 1 { self.0.remove(0).to_vec() } else { self.0[0].to_vec() }
        }

        fn reset(&mut self) -> Vec<u8> {
            Vec::new()
        }

        fn power_off(&mut self) {}
    }

    #[test]
    fn what_the_card_announces_is_fetched() {
        let mut card = Answers(vec![&[0x61, 0x02], &[1, 2, 0x61, 0x01], &[3, 0x91, 0x0B]], Vec::new());
        assert_eq!(exchange(&mut card, &[0x81, 0xE2, 0x91, 0, 1, 7]), [1, 2, 3, 0x91, 0x0B]);
        assert_eq!(card.1[1..], [[0x01, 0xC0, 0, 0, 2], [0x01, 0xC0, 0, 0, 1]]);
    }

    #[test]
    fn a_wrong_expected_length_is_put_right() {
        for (command, corrected) in [
            (&[0, 0xB0, 0, 0][..], &[0, 0xB0, 0, 0, 9][..]),
            (&[0, 0xB0, 0, 0, 0], &[0, 0xB0, 0, 0, 9]),
            (&[0, 0xA4, 0, 0, 2, 0x3F, 0], &[0, 0xA4, 0, 0, 2, 0x3F, 0, 9]),
            (&[0, 0xA4, 0, 0, 2, 0x3F, 0, 0], &[0, 0xA4, 0, 0, 2, 0x3F, 0, 9]),
        ] {
            let mut card = Answers(vec![&[0x6C, 9], &[0x90, 0]], Vec::new());
            assert_eq!(exchange(&mut card, command), [0x90, 0]);
            assert_eq!(card.1[1], corrected);
        }
    }

    #[test]
    fn a_card_that_announces_data_without_end_does_not_hold_the_terminal() {
        assert_eq!(exchange(&mut Answers(vec![&[0x61, 0x01]], Vec::new()), &[0, 0xA4, 0, 0]), [0x6F, 0x00]);
        assert_eq!(exchange(&mut Answers(vec![&[0x6C, 0x01]], Vec::new()), &[0, 0xA4, 0, 0]), [0x6F, 0x00]);
    }

    #[test]
    fn a_card_without_power_gives_nothing() {
        assert_eq!(exchange(&mut Answers(vec![&[]], Vec::new()), &[0, 0xA4, 0, 0]), [0_u8; 0]);
        assert_eq!(exchange(&mut Answers(vec![&[0x61, 1], &[]], Vec::new()), &[0, 0xA4, 0, 0]), [0_u8; 0]);
    }

    #[test]
    fn a_class_byte_is_moved_to_a_channel() {
        for (class, channel, moved) in [
            (0x80, 2, 0x82),
            (0x81, 1, 0x81),
            (0x00, 3, 0x03),
            (0x85, 1, 0x85),
            (0xC0, 1, 0x81),
            (0x80, 4, 0xC0),
            (0x00, 19, 0x4F),
        ] {
            assert_eq!(class_on(class, channel), moved, "{class:02X} on {channel}");
        }
    }
}
