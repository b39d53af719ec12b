//! A card in a PC/SC reader: with the feature `pcsc`, which links the system's PC/SC library.

/// Connects to the card in a reader, that is named by its number or a part of its name.
#[cfg(not(feature = "pcsc"))]
pub fn open(_reader: &str) -> anyhow::Result<Box<dyn lpa::Card>> {
    anyhow::bail!(
        "this program was built without PC/SC; build it with `cargo build -p rsp --features pcsc` (Debian: libpcsclite-dev)"
    )
}

#[cfg(feature = "pcsc")]
pub use with_pcsc::open;

#[cfg(feature = "pcsc")]
mod with_pcsc {
    use std::ffi::CString;

    use anyhow::{Context as _, Result, bail};
    use lpa::card::{Card, CardError};
    use pcsc::{Context, Disposition, MAX_BUFFER_SIZE_EXTENDED, Protocols, Scope, ShareMode};

    /// Connects to the card in a reader, that is named by its number or a part of its name.
    pub fn open(reader: &str) -> Result<Box<dyn Card>> {
        let context = Context::establish(Scope::User).context("PC/SC is not there")?;
        let readers = context.list_readers_owned().context("PC/SC lists no readers")?;
        let name = chosen(&readers, reader)?;
        let card = context.connect(name, ShareMode::Exclusive, Protocols::ANY);
        let card = card.with_context(|| format!("the card in {}", name.to_string_lossy()))?;
        Ok(Box::new(InReader(card)))
    }

    fn chosen<'r>(readers: &'r [CString], wanted: &str) -> Result<&'r CString> {
        let by_number = wanted.parse::<usize>().ok().and_then(|number| readers.get(number));
        let by_name = || readers.iter().find(|name| name.to_string_lossy().contains(wanted));
        match by_number.or_else(by_name) {
            Some(reader) => Ok(reader),
            None => {
                let names: Vec<_> = readers.iter().map(|name| name.to_string_lossy()).collect();
                bail!("there is no reader {wanted:?}; there are: {}", names.join(", "))
            }
        }
    }

    /// A card that nobody else talks to.
    struct InReader(pcsc::Card);

    fn lost(error: pcsc::Error) -> CardError {
        CardError(format!("the reader: {error}"))
    }

    impl Card for InReader {
        fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, CardError> {
            let mut buffer = vec![0; MAX_BUFFER_SIZE_EXTENDED];
            self.0.transmit(command, &mut buffer).map(<[u8]>::to_vec).map_err(lost)
        }

        fn reset(&mut self) -> Result<Vec<u8>, CardError> {
            self.0.reconnect(ShareMode::Exclusive, Protocols::ANY, Disposition::ResetCard).map_err(lost)?;
            let status = self.0.status2_owned().map_err(lost)?;
            Ok(status.atr().to_vec())
        }
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn a_reader_is_chosen_by_number_or_by_a_part_of_its_name() {
            let readers = [c"Omnikey 00 00", c"Virtual PCD 00 00"].map(ToOwned::to_owned);
            assert_eq!(chosen(&readers, "1").unwrap(), &readers[1]);
            assert_eq!(chosen(&readers, "Virtual").unwrap(), &readers[1]);
            let error = chosen(&readers, "9").unwrap_err().to_string();
            assert!(error.contains("Omnikey 00 00, Virtual PCD 00 00"), "{error}");
        }
    }
}
