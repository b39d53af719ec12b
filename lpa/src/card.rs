//! The port to a card: whatever takes a command APDU and gives a response APDU.

use thiserror::Error;

/// A card, a reader with one in it, or a program that stands for both.
pub trait Card {
    /// Sends one command APDU and returns the response with its status word, as the card gave it: GET RESPONSE is
    /// the caller's.
    ///
    /// # Errors
    /// [`CardError`] where nothing came back from the card.
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, CardError>;

    /// Resets the card and returns its ATR, empty where the way to the card does not tell it.
    ///
    /// # Errors
    /// [`CardError`] where the card is gone.
    fn reset(&mut self) -> Result<Vec<u8>, CardError>;
}

/// The way to the card failed; the card itself said nothing.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
#[error("the card cannot be reached: {0}")]
pub struct CardError(pub String);

impl<C: Card + ?Sized> Card for &mut C {
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, CardError> {
        (**self).transmit(command)
    }

    fn reset(&mut self) -> Result<Vec<u8>, CardError> {
        (**self).reset()
    }
}

impl<C: Card + ?Sized> Card for Box<C> {
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, CardError> {
        (**self).transmit(command)
    }

    fn reset(&mut self) -> Result<Vec<u8>, CardError> {
        (**self).reset()
    }
}
