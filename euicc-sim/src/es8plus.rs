//! ES8+ (SGP.22 §5.5): the functions inside a Bound Profile Package, and the result of carrying them out.

mod configure_isdp;
mod initialise_secure_channel;
mod interruption;
mod load_profile_elements;
mod replace_session_keys;
mod result;
mod store_metadata;
mod stream;

use asn1::{BppCommandId, ErrorReason, Iccid, Raw, StoreMetadataRequest};
use crypto::scp03t::{OpenError, Opener};
use protocol::trace::Tracer;
use thiserror::Error;
use zeroize::Zeroizing;

pub(crate) use interruption::report_interruption;
pub(crate) use result::conclude;
pub(crate) use stream::StreamError;

use crate::profile_package::Installed;
use crate::session::{AuthenticatedServer, PreparedDownload};
use crate::state::{Aid, CardState, PolicyRules};
use stream::{BppStream, List, Part};

/// A Bound Profile Package that is being received, and what came of it so far. All of it is volatile: until the end
/// nothing but the fact that an installation is open is kept.
pub(crate) struct Installation {
    /// Who sends it.
    pub server: AuthenticatedServer,
    /// What it was prepared with.
    pub download: PreparedDownload,
    stream: BppStream,
    channel: Option<Opener>,
    plaintext: Zeroizing<Vec<u8>>,
    isd_p: Option<IsdP>,
    metadata: Option<Metadata>,
    installed: Option<Installed>,
}

/// The ISD-P that ConfigureISDP creates (SGP.22 §5.5.2).
#[derive(Clone)]
pub(crate) struct IsdP {
    aid: Aid,
    /// A TLV B8.
    dp_proprietary_data: Option<Vec<u8>>,
}

/// What StoreMetadata brought, found acceptable (SGP.22 §5.5.3).
pub(crate) struct Metadata {
    request: Raw<StoreMetadataRequest>,
    policy_rules: PolicyRules,
}

/// Why an installation ends without a profile (SGP.22 §2.5.6).
#[derive(Clone, PartialEq, Eq, Debug, Error)]
#[error("{command}: {reason}")]
pub(crate) struct Failure {
    command: BppCommandId,
    reason: ErrorReason,
    /// EUICCResponse data objects of the profile package interpreter, where it was reached.
    sima_response: Option<Vec<u8>>,
}

impl Failure {
    pub(crate) fn new(command: BppCommandId, reason: ErrorReason) -> Self {
        Self { command, reason, sima_response: None }
    }

    /// SGP.22 §2.5.6.1: a TLV of SCP03t that is malformed, or whose MAC is wrong.
    fn from_scp03t(command: BppCommandId, error: OpenError) -> Self {
        let reason = match error {
            OpenError::Structure => ErrorReason::SCP03T_STRUCTURE_ERROR,
            OpenError::Security => ErrorReason::SCP03T_SECURITY_ERROR,
        };
        Self::new(command, reason)
    }
}

/// How far the bytes received so far have brought the installation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Reached {
    /// More is to come; nothing that has to outlive power has changed.
    More,
    /// More is to come, and another function is expected now.
    NextFunction,
    /// All functions are carried out.
    End,
}

impl Installation {
    /// An installation of which nothing was received.
    pub fn new(server: AuthenticatedServer, download: PreparedDownload) -> Self {
        Self {
            server,
            download,
            stream: BppStream::default(),
            channel: None,
            plaintext: Zeroizing::default(),
            isd_p: None,
            metadata: None,
            installed: None,
        }
    }

    /// Whether nothing of the package has been accepted yet.
    pub fn is_untouched(&self) -> bool {
        self.stream.is_at_start()
    }

    /// Whether the next byte begins a TLV of the package.
    pub fn is_between_objects(&self) -> bool {
        self.stream.is_between_objects()
    }

    /// The ES8+ function that is being received.
    pub fn command(&self) -> BppCommandId {
        self.stream.command()
    }

    /// The ICCID, once the metadata has come.
    pub fn iccid(&self) -> Option<Iccid> {
        self.metadata.as_ref().map(|metadata| metadata.request.iccid)
    }

    /// Adds bytes of the package as they came.
    ///
    /// # Errors
    /// [`StreamError::Unexpected`] where they run past its end.
    pub fn receive(&mut self, bytes: &[u8]) -> Result<(), StreamError> {
        self.stream.push(bytes)
    }

    /// Carries out the next function, or the next piece of one, if it is complete; `None` if it is not.
    ///
    /// # Errors
    /// [`StreamError`]; a failure in it ends the installation.
    pub fn step(&mut self, state: &CardState, tracer: &Tracer) -> Result<Option<Reached>, StreamError> {
        let next = self.stream.next();
        if let Err(StreamError::Failed(failure)) = &next {
            tracer.refused("SGP.22 §2.5.4", "the package has its structure", &failure.reason);
        }
        let Some(part) = next? else { return Ok(None) };
        let reached = match part {
            Part::InitialiseSecureChannel(request) => {
                let channel = initialise_secure_channel::execute(
                    &request,
                    &self.server,
                    &self.download,
                    state,
                    tracer,
                )?;
                self.channel = Some(channel);
                Reached::NextFunction
            }
            Part::Element { list, command, tlv, is_last } => {
                self.open(command, &tlv, tracer)?;
                self.check_memory(list, command, state, tracer)?;
                if is_last { self.execute(list, command, state, tracer)? } else { Reached::More }
            }
        };
        Ok(Some(reached))
    }

    /// Opens one TLV of SCP03t and puts its plaintext to that of its list.
    fn open(&mut self, command: BppCommandId, tlv: &[u8], tracer: &Tracer) -> Result<(), Failure> {
        // The stream gives elements only after InitialiseSecureChannel.
        let channel = self
            .channel
            .as_mut()
            .ok_or(Failure::new(command, ErrorReason::INSTALL_FAILED_DUE_TO_UNKNOWN_ERROR))?;
        let plaintext = channel.open(tlv).map_err(|error| Failure::from_scp03t(command, error));
        let plaintext = tracer.check("SGP.22 §2.5.3", "the TLV has the right MAC and padding", plaintext)?;
        self.plaintext.extend_from_slice(&plaintext);
        Ok(())
    }

    /// Carries out the function that a list has brought in full.
    fn execute(
        &mut self,
        list: List,
        command: BppCommandId,
        state: &CardState,
        tracer: &Tracer,
    ) -> Result<Reached, Failure> {
        let plaintext = Zeroizing::new(std::mem::take(&mut *self.plaintext));
        match list {
            List::ConfigureIsdp => {
                self.isd_p = Some(configure_isdp::execute(&plaintext, state, tracer)?);
                Ok(Reached::NextFunction)
            }
            List::StoreMetadata => {
                self.metadata = Some(store_metadata::execute(&plaintext, command, state, tracer)?);
                Ok(Reached::NextFunction)
            }
            List::ReplaceSessionKeys => {
                let keys = replace_session_keys::execute(&plaintext, tracer)?;
                if let Some(channel) = &mut self.channel {
                    channel.replace_keys(keys);
                }
                Ok(Reached::NextFunction)
            }
            List::LoadProfileElements => {
                let unknown = Failure::new(command, ErrorReason::INSTALL_FAILED_DUE_TO_UNKNOWN_ERROR);
                // The stream brings StoreMetadata before.
                let metadata = &self.metadata.as_ref().ok_or(unknown)?.request;
                let free_memory = state.free_memory().saturating_sub(self.size());
                self.installed =
                    Some(load_profile_elements::execute(&plaintext, metadata, free_memory, tracer)?);
                Ok(Reached::End)
            }
        }
    }

    /// SGP.22 §2.5.6.1: memory may run out while the ISD-P is created, its metadata stored or its profile loaded. What
    /// comes in takes memory as it is; what the package makes of it is counted at the end.
    fn check_memory(
        &self,
        list: List,
        command: BppCommandId,
        state: &CardState,
        tracer: &Tracer,
    ) -> Result<(), Failure> {
        let received = u32::try_from(self.plaintext.len()).unwrap_or(u32::MAX);
        let fits = match list {
            List::ReplaceSessionKeys => true,
            _ => self.size().saturating_add(received) <= state.free_memory(),
        };
        let full = ErrorReason::INSTALL_FAILED_DUE_TO_INSUFFICIENT_MEMORY_FOR_PROFILE;
        let fits = if fits { Ok(()) } else { Err(Failure::new(command, full)) };
        tracer.check("SGP.22 §2.5.6.1", "there is memory for it", fits)
    }

    /// Bytes of memory that the profile takes.
    fn size(&self) -> u32 {
        let metadata = self.metadata.as_ref().map_or(0, |metadata| metadata.request.bytes().len());
        let installed = self.installed.as_ref().map_or(0, |installed| installed.memory_used);
        profile_size(metadata, installed)
    }
}

/// Bytes of memory that a profile takes: security domain, metadata, and what its package made.
pub(crate) fn profile_size(metadata: usize, memory_used: u32) -> u32 {
    /// What an ISD-P takes before anything is in it.
    const ISD_P: u32 = 512;
    ISD_P.saturating_add(u32::try_from(metadata).unwrap_or(u32::MAX)).saturating_add(memory_used)
}
