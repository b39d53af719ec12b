//! SET DATA (ETSI TS 102 221 §11.3.2).

use asn1::tlv::{self, Header, Tag};

use super::{Incoming, Part, Transfer, is_for_objects, objects, only_tag, part};
use crate::apdu::{Command, Response, StatusWord};
use crate::isdr::Isdr;
use crate::profile_package::{FilePath, Structure};
use crate::uicc::access::Access;
use crate::uicc::target::Target;
use crate::uicc::{Position, VerifiedCodes, files, store};

/// SET DATA: creates, replaces or deletes a data object.
///
/// The object that is replaced is gone with the first block unless that block brings the whole new one, so that a transfer
/// that ends early leaves none (annex L.1).
///
/// # Errors
/// The status word where it is refused; a transfer under way ends then.
pub(in crate::uicc) fn set(
    isdr: &mut Isdr,
    codes: &VerifiedCodes,
    position: &mut Position,
    command: &Command<'_>,
) -> Result<Response, StatusWord> {
    let (part, reference) = part(command)?;
    let transfer = position.transfer.take();
    if command.data.is_empty() {
        return Err(StatusWord::WRONG_LENGTH);
    }
    let target = Target::find(files(isdr.state()), position, reference)?;
    let content = target.content(&Structure::BerTlv)?;
    target.permit(codes, Access::Update)?;
    let file = File { path: target.body.path.clone(), size: target.body.size, content: content.to_vec() };
    let after = target.position_after(position);
    let incoming = match (part, transfer) {
        (Part::First, _) => Incoming { received: command.data.to_vec(), before_last: 0 },
        (Part::Next, Some(Transfer::Set(earlier))) => {
            let before_last = earlier.received.len();
            Incoming { received: [&earlier.received, command.data].concat(), before_last }
        }
        (Part::Previous, Some(Transfer::Set(earlier))) => {
            let (before, _) = earlier.received.split_at_checked(earlier.before_last).unwrap_or_default();
            Incoming { received: [before, command.data].concat(), before_last: earlier.before_last }
        }
        _ => return Err(StatusWord::CONDITIONS_NOT_SATISFIED),
    };
    let rest = file.take(isdr, incoming)?;
    let status = if rest.is_some() { StatusWord::MORE_DATA_EXPECTED } else { StatusWord::OK };
    *position = Position { transfer: rest.map(Transfer::Set), ..after };
    Ok(status.into())
}

/// The file that is written to.
struct File {
    path: FilePath,
    size: u32,
    content: Vec<u8>,
}

impl File {
    /// Takes what has come of an object; gives it back while more is to come.
    fn take(&self, isdr: &mut Isdr, incoming: Incoming) -> Result<Option<Incoming>, StatusWord> {
        if incoming.before_last == 0
            && let Some(tag) = only_tag(&incoming.received)
        {
            return self.delete(isdr, tag).map(|()| None);
        }
        // The first block holds tag and length, whole.
        let header = tlv::header(&incoming.received).ok().flatten().ok_or(StatusWord::WRONG_DATA)?;
        if !is_for_objects(header.tag) {
            return Err(StatusWord::WRONG_DATA);
        }
        let mut content = self.without(header.tag);
        self.check_room(&header, content.len())?;
        match incoming.received.len() {
            more if more > header.total_len() => Err(StatusWord::WRONG_DATA),
            less if less < header.total_len() => {
                store(isdr, &self.path, content)?;
                Ok(Some(incoming))
            }
            _ => {
                content.extend(incoming.received);
                store(isdr, &self.path, content)?;
                Ok(None)
            }
        }
    }

    fn delete(&self, isdr: &mut Isdr, tag: Tag) -> Result<(), StatusWord> {
        if !objects(&self.content).any(|object| object.tag == tag) {
            return Err(StatusWord::REFERENCED_DATA_NOT_FOUND);
        }
        store(isdr, &self.path, self.without(tag))
    }

    /// The content without an object.
    fn without(&self, tag: Tag) -> Vec<u8> {
        objects(&self.content)
            .filter(|object| object.tag != tag)
            .flat_map(|object| object.raw)
            .copied()
            .collect()
    }

    fn check_room(&self, header: &Header, used: usize) -> Result<(), StatusWord> {
        let size = usize::try_from(self.size).unwrap_or(usize::MAX);
        if used.saturating_add(header.total_len()) > size {
            Err(StatusWord::NOT_ENOUGH_MEMORY)
        } else {
            Ok(())
        }
    }
}
