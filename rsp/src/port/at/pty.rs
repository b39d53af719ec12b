//! Pseudo-terminals.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{Mode, OFlags};
use rustix::io::Errno;
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};

/// How long a line that nobody reads is waited for, before what is written is lost, as it is on a serial line.
const PATIENCE: Timespec = Timespec { tv_sec: 2, tv_nsec: 0 };

/// A pseudo-terminal, from the side of the device.
pub struct Terminal {
    device: OwnedFd,
    /// The side of the users. Kept open, so that the device does not notice how they come and go.
    line: OwnedFd,
    /// What the users open.
    pub name: PathBuf,
}

impl Terminal {
    /// A new one, which passes characters on as they are.
    pub fn open() -> io::Result<Self> {
        let device = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY)?;
        rustix::io::fcntl_setfd(&device, rustix::io::FdFlags::CLOEXEC)?;
        grantpt(&device)?;
        unlockpt(&device)?;
        rustix::io::ioctl_fionbio(&device, true)?;
        let name = ptsname(&device, Vec::new())?;
        let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC;
        let line = rustix::fs::open(name.as_c_str(), flags, Mode::empty())?;
        let mut settings = tcgetattr(&line)?;
        settings.make_raw();
        tcsetattr(&line, OptionalActions::Now, &settings)?;
        let name = PathBuf::from(OsStr::from_bytes(name.as_bytes()));
        Ok(Self { device, line, name })
    }

    /// Waits for characters and reads them.
    pub fn read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match rustix::io::read(&self.device, &mut *buffer) {
                Err(Errno::AGAIN) => self.wait(PollFlags::IN, None).map(drop)?,
                Err(Errno::INTR) => {}
                done => return Ok(done?),
            }
        }
    }

    /// Writes characters, as long as the line takes them.
    pub fn write(&self, mut characters: &[u8]) -> io::Result<()> {
        self.silence()?;
        while !characters.is_empty() {
            match rustix::io::write(&self.device, characters) {
                Ok(written) => characters = characters.get(written..).unwrap_or_default(),
                Err(Errno::AGAIN) => {
                    if !self.wait(PollFlags::OUT, Some(&PATIENCE))? {
                        return Ok(());
                    }
                }
                Err(Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// A line that sends back what it is sent would give the modem its own answers for commands.
    fn silence(&self) -> io::Result<()> {
        let mut settings = tcgetattr(&self.line)?;
        if settings.local_modes.contains(LocalModes::ECHO) {
            settings.local_modes.remove(LocalModes::ECHO);
            tcsetattr(&self.line, OptionalActions::Now, &settings)?;
        }
        Ok(())
    }

    /// Whether it came to pass in time.
    fn wait(&self, for_what: PollFlags, at_most: Option<&Timespec>) -> io::Result<bool> {
        match poll(&mut [PollFd::new(&self.device, for_what)], at_most) {
            Ok(ready) => Ok(ready != 0),
            Err(Errno::INTR) => Ok(true),
            Err(error) => Err(error.into()),
        }
    }
}

/// A name for a pseudo-terminal that stays the same from run to run.
pub struct Link {
    path: PathBuf,
    target: PathBuf,
}

impl Link {
    /// Makes the link, in the place of one that an earlier run left behind. Nothing else is replaced.
    pub fn make(path: &Path, target: &Path) -> io::Result<Self> {
        let left_behind = fs::read_link(path).is_ok_and(|old| old.parent() == target.parent());
        if left_behind {
            fs::remove_file(path)?;
        }
        std::os::unix::fs::symlink(target, path)?;
        Ok(Self { path: path.to_owned(), target: target.to_owned() })
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        // Unless it is another's by now.
        if fs::read_link(&self.path).is_ok_and(|target| target == self.target) {
            let _ = fs::remove_file(&self.path);
        }
    }
}
