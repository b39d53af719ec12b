//! Logical channels (ETSI TS 102 221 §11.1.17) and what each of them holds.

use crate::apdu::StatusWord;
use crate::store_data::Chain;

/// What is selected on a channel.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum Selected {
    /// The file system, with the file that is current in it.
    File(File),
    /// The ISD-R, which speaks ES10.
    IsdR,
    /// The ECASD, which answers SELECT and nothing else.
    Ecasd,
    /// The master file, as after reset.
    #[default]
    MasterFile,
}

/// An elementary file below the master file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum File {
    /// EF_DIR, 2F00.
    Dir,
    /// EF_ICCID, 2FE2.
    Iccid,
}

/// One open logical channel.
#[derive(Clone, Default, Debug)]
pub(crate) struct Channel {
    /// What its commands go to.
    pub selected: Selected,
    /// The STORE DATA blocks received so far; each channel has its own.
    pub chain: Chain,
    /// Response bytes that wait for GET RESPONSE.
    pub pending: Vec<u8>,
}

/// Channel 0, which is always open, and channels 1 to 3.
#[derive(Clone, Debug)]
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
        // ETSI TS 102 221 §11.1.17: opened from the basic channel the MF is selected, else what the origin has.
        let selected = if origin == 0 { Selected::MasterFile } else { self.get(origin)?.selected };
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

    /// SGP.22 §5.7.16, §5.7.17: a change of profile selects the MF on the basic channel, and a channel that had a
    /// file of the old profile current is closed. What is being answered stays to be fetched.
    pub fn after_profile_change(&mut self) {
        for (number, slot) in self.open.iter_mut().enumerate() {
            match slot {
                Some(channel) if number == 0 => channel.selected = Selected::MasterFile,
                Some(Channel { selected: Selected::File(_), .. }) => *slot = None,
                _ => {}
            }
        }
    }
}
