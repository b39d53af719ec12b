//! Logical channels (ETSI TS 102 221 §11.1.17) and what each of them holds.

use zeroize::Zeroizing;

use crate::apdu::StatusWord;
use crate::store_data::Chain;
use crate::uicc::Position;

/// What is selected on a channel.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Selected {
    /// The file system, with what is current in it.
    Files(Position),
    /// The ISD-R, which speaks ES10, under this one of its names.
    IsdR(usize),
    /// The ECASD, which answers SELECT and nothing else.
    Ecasd,
}

impl Default for Selected {
    /// The MF, as after reset.
    fn default() -> Self {
        Self::Files(Position::default())
    }
}

/// One open logical channel.
#[derive(Clone, Default)]
pub(crate) struct Channel {
    /// What its commands go to.
    pub selected: Selected,
    /// The STORE DATA blocks received so far; each channel has its own.
    pub chain: Chain,
    /// Response bytes that wait for GET RESPONSE: keys may be among them.
    pub pending: Zeroizing<Vec<u8>>,
    /// Whether these are for the terminal alone, and not for a trace.
    pub pending_is_secret: bool,
}

/// Channel 0, which is always open, and channels 1 to 3.
#[derive(Clone)]
pub(crate) struct Channels {
    open: [Option<Channel>; 4],
}

impl Default for Channels {
    fn default() -> Self {
        Self { open: [Some(Channel::default()), None, None, None] }
    }
}

impl Channels {
    /// The channel a command names.
    ///
    /// # Errors
    /// 6881 where it is not open or beyond 3.
    pub fn get(&mut self, number: u8) -> Result<&mut Channel, StatusWord> {
        let slot = self.open.get_mut(usize::from(number)).and_then(Option::as_mut);
        slot.ok_or(StatusWord::CHANNEL_NOT_SUPPORTED)
    }

    /// How many are open beside the basic channel.
    pub fn opened(&self) -> usize {
        self.open.iter().skip(1).flatten().count()
    }

    /// Opens the lowest free channel for a command that came on `origin`.
    ///
    /// # Errors
    /// 6A81 where all are in use, 6881 where `origin` is not open.
    pub fn open_any(&mut self, origin: u8) -> Result<u8, StatusWord> {
        let free =
            (1..4).find(|number| self.get(*number).is_err()).ok_or(StatusWord::FUNCTION_NOT_SUPPORTED)?;
        self.open_this(origin, free)?;
        Ok(free)
    }

    /// Opens channel `number` for a command that came on `origin`.
    ///
    /// # Errors
    /// 6A86 where it is open already or is the basic channel, 6881 where it does not exist.
    pub fn open_this(&mut self, origin: u8, number: u8) -> Result<(), StatusWord> {
        // ETSI TS 102 221 §8.7, §11.1.17: opened from the basic channel the MF is selected, else what the origin has.
        let selected = match self.get(origin)? {
            _ if origin == 0 => Selected::default(),
            Channel { selected: Selected::Files(position), .. } => Selected::Files(position.inherited()),
            Channel { selected, .. } => selected.clone(),
        };
        let slot = self.open.get_mut(usize::from(number)).ok_or(StatusWord::CHANNEL_NOT_SUPPORTED)?;
        if slot.is_some() {
            return Err(StatusWord::WRONG_P1_P2);
        }
        *slot = Some(Channel { selected, ..Channel::default() });
        Ok(())
    }

    /// Closes channel `number`.
    ///
    /// # Errors
    /// 6A81 for the basic channel, 6881 where it is not open.
    pub fn close(&mut self, number: u8) -> Result<(), StatusWord> {
        if number == 0 {
            return Err(StatusWord::FUNCTION_NOT_SUPPORTED);
        }
        self.get(number)?;
        if let Some(slot) = self.open.get_mut(usize::from(number)) {
            *slot = None;
        }
        Ok(())
    }

    /// SGP.22 §5.7.16, §5.7.17: a change of profile selects the MF on the basic channel, and a channel that had an
    /// application of the old profile is closed. Others that had files of it are at the MF of the new one. What is being
    /// answered stays to be fetched.
    pub fn after_profile_change(&mut self) {
        for (number, slot) in self.open.iter_mut().enumerate() {
            match slot {
                Some(channel) if number == 0 => channel.selected = Selected::default(),
                Some(Channel { selected: Selected::Files(position), .. })
                    if position.application.is_some() =>
                {
                    *slot = None;
                }
                Some(Channel { selected: selected @ Selected::Files(_), .. }) => {
                    *selected = Selected::default();
                }
                _ => {}
            }
        }
    }
}
