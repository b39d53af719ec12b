//! The line protocol of lpac's `stdio` APDU backend, on standard input and output.

use std::io::{BufRead, Write};
use std::sync::Arc;

use anyhow::{Context, Result};
use euicc_sim::port::stdio::Bridge;
use tokio::sync::oneshot;

use super::{Shared, Slot};

/// Serves the card to whoever is on the other end, until they hang up.
pub fn serve(slot: Arc<Slot>) -> Result<()> {
    let mut bridge = Bridge::new(Shared(slot));
    let mut output = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        if let Some(reply) = bridge.line(&line?) {
            writeln!(output, "{reply}")?;
            output.flush()?;
        }
    }
    Ok(())
}

/// The same on a thread of its own; ends as that does.
pub async fn serve_aside(slot: Arc<Slot>) -> Result<()> {
    let (ended, end) = oneshot::channel();
    std::thread::Builder::new().name("stdio".to_owned()).spawn(move || ended.send(serve(slot)))?;
    end.await.context("the thread of the line protocol fell over")?
}
