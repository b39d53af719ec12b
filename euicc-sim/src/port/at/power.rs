//! `+CFUN`: how much of the modem is switched on (3GPP TS 27.007 §8.2).

use super::super::ApduPort;
use super::argument::Arguments;
use super::failure::Failure;
use super::syntax::Operation;
use super::{Information, Modem};

/// How much of the modem is switched on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Functionality {
    /// 0: the card has no power.
    Minimum,
    /// 1: all of it.
    Full,
    /// 4: all but the radio, which is not there anyway.
    WithoutRadio,
}

impl Functionality {
    fn number(self) -> u8 {
        match self {
            Self::Minimum => 0,
            Self::Full => 1,
            Self::WithoutRadio => 4,
        }
    }
}

impl Modem {
    /// `+CFUN`. Where the card loses its power or is reset, so are its sessions.
    pub(super) fn functionality(&mut self, operation: Operation<'_>, card: &mut dyn ApduPort) -> Information {
        match operation {
            Operation::Test => Ok(vec!["+CFUN: (0,1,4),(0,1)".to_owned()]),
            Operation::Read => Ok(vec![format!("+CFUN: {}", self.functionality.number())]),
            Operation::Execute => Err(Failure::Unknown),
            Operation::Set(text) => {
                let mut arguments = Arguments::of(text);
                let wanted = match arguments.number()? {
                    Some(0) => Functionality::Minimum,
                    Some(1) => Functionality::Full,
                    Some(4) => Functionality::WithoutRadio,
                    _ => return Err(Failure::IncorrectParameters),
                };
                let reset = match arguments.byte()? {
                    0 => false,
                    1 => true,
                    _ => return Err(Failure::IncorrectParameters),
                };
                arguments.end()?;
                self.change(wanted, reset, card);
                Ok(Vec::new())
            }
        }
    }

    fn change(&mut self, wanted: Functionality, reset: bool, card: &mut dyn ApduPort) {
        if reset {
            self.settings = Default::default();
        }
        let was_off = self.functionality == Functionality::Minimum;
        self.functionality = wanted;
        match wanted {
            Functionality::Minimum => self.uicc.stop(card),
            _ if reset || was_off => self.uicc.start(card, self.options.toolkit),
            _ => {}
        }
    }
}
