//! The simulated card behind the port that the LPA drives.

use lpa::card::{Card, CardError};

/// A card in this process.
pub struct Simulated(pub euicc_sim::Card);

impl Card for Simulated {
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, CardError> {
        Ok(self.0.transmit(command))
    }

    fn reset(&mut self) -> Result<Vec<u8>, CardError> {
        Ok(self.0.reset().to_vec())
    }
}
