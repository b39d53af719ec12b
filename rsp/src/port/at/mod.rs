//! A modem on a pseudo-terminal ([`euicc_sim::port::at`]).

mod pty;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result};
use euicc_sim::port::at::{Imei, Modem, Options};
use tokio::sync::oneshot;

use super::{Shared, Slot};
use pty::{Link, Terminal};

/// A modem at work, on a thread of its own. The link to its line goes when it is dropped.
pub struct Port {
    /// The pseudo-terminal.
    pub terminal: PathBuf,
    _link: Link,
    is_on: oneshot::Receiver<()>,
    end: oneshot::Receiver<io::Result<()>>,
}

impl Port {
    /// Switches a modem on, on a new pseudo-terminal with a link to it under a name that stays.
    pub fn start(path: &Path, slot: Arc<Slot>, toolkit: bool) -> Result<Self> {
        let line = Terminal::open().context("the system gives no pseudo-terminal")?;
        let terminal = line.name.clone();
        let link = Link::make(path, &terminal)
            .with_context(|| format!("cannot make the link {}", path.display()))?;
        let (on, is_on) = oneshot::channel();
        let (ended, end) = oneshot::channel();
        std::thread::Builder::new().name("modem".to_owned()).spawn(move || {
            let mut modem = Modem::new(Options { toolkit, imei: imei(&slot) });
            let mut card = Shared(slot);
            modem.switch_on(&mut card);
            // Whoever waited may have gone; so will this process.
            let _ = on.send(());
            let _ = ended.send(talk(&line, &mut modem, &mut card));
        })?;
        Ok(Self { terminal, _link: link, is_on, end })
    }

    /// Waits until the modem has reset the card and read it.
    pub async fn is_on(&mut self) {
        let _ = (&mut self.is_on).await;
    }

    /// Ends with the modem.
    ///
    /// # Errors
    /// Where the pseudo-terminal fails.
    pub async fn end(self) -> Result<()> {
        Ok(self.end.await.context("the thread of the modem fell over")??)
    }
}

fn talk(line: &Terminal, modem: &mut Modem, card: &mut Shared) -> io::Result<()> {
    let mut buffer = [0; 4096];
    loop {
        let length = line.read(&mut buffer)?;
        let output = modem.input(buffer.get(..length).unwrap_or_default(), card);
        line.write(&output)?;
    }
}

/// A modem for each card: the last digits of the EID before its two check digits, six of them.
fn imei(slot: &Slot) -> Imei {
    let eid = slot.eid.to_string();
    let serial_number = eid.get(24..30).and_then(|digits| digits.parse().ok());
    Imei::for_tests(serial_number.unwrap_or_default())
}
