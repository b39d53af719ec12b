//! The simulated card behind the port that the LPA drives.

use lpa::card::{Card, CardError};

/// A card in this process. It takes the time that a card of its kind takes.
pub struct Simulated(pub euicc_sim::Card);

impl Card for Simulated {
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, CardError> {
        let response = self.0.transmit(command);
        std::thread::sleep(self.0.delay());
        // Without power a card says nothing, not even a status word.
        if response.is_empty() {
            return Err(CardError("it has lost its power".to_owned()));
        }
        Ok(response)
    }

    fn reset(&mut self) -> Result<Vec<u8>, CardError> {
        Ok(self.0.reset().to_vec())
    }
}
