//! Messages with their length in front: two bytes, the higher one first.

/// The longest message, in bytes.
pub const LONGEST: usize = u16::MAX as usize;

/// A message with its length; `None` where it is longer than [`LONGEST`].
pub fn encode(message: &[u8]) -> Option<Vec<u8>> {
    let length = u16::try_from(message.len()).ok()?;
    Some([&length.to_be_bytes(), message].concat())
}

/// Takes bytes as they arrive and gives whole messages. Holds one message and what arrived with its end, no more.
#[derive(Clone, Default, Debug)]
pub struct Decoder {
    received: Vec<u8>,
}

impl Decoder {
    /// Takes bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        self.received.extend_from_slice(bytes);
    }

    /// The next whole message, without its length.
    pub fn next_message(&mut self) -> Option<Vec<u8>> {
        let (&length, rest) = self.received.split_first_chunk::<2>()?;
        let length = usize::from(u16::from_be_bytes(length));
        let message = rest.get(..length)?.to_vec();
        self.received.drain(..2 + length);
        Some(message)
    }

    /// Whether a message has begun and is not whole.
    pub fn is_in_message(&self) -> bool {
        !self.received.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_found_wherever_the_stream_is_cut() {
        let stream = [encode(&[1, 2, 3]).unwrap(), encode(&[]).unwrap(), encode(&[4; 300]).unwrap()].concat();
        for size in [1, 2, 3, 7, 1000] {
            let (mut decoder, mut messages) = (Decoder::default(), Vec::new());
            for piece in stream.chunks(size) {
                decoder.push(piece);
                while let Some(message) = decoder.next_message() {
                    messages.push(message);
                }
            }
            assert_eq!(messages, [vec![1, 2, 3], vec![], vec![4; 300]], "in pieces of {size}");
            assert!(!decoder.is_in_message());
        }
    }

    #[test]
    fn what_has_no_length_in_two_bytes_is_no_message() {
        assert_eq!(encode(&[0; LONGEST]).map(|frame| frame.len()), Some(LONGEST + 2));
        assert_eq!(encode(&[0; LONGEST + 1]), None);
    }
}
