//! Reading a body of which only so much is wanted.

use http_body_util::BodyExt;
use hyper::body::{Body, Bytes};

/// Why a body is not there.
#[derive(Debug)]
pub(crate) enum ReadError {
    /// Longer than the limit.
    TooLarge,
    /// Not to be kept for another reason.
    NoRoom,
    /// The connection or its framing broke.
    Broken(hyper::Error),
}

/// Reads a body of at most `limit` bytes. What is declared longer is not read at all, what turns out longer is dropped
/// at the first byte too many: never is more than `limit` kept. `room` is asked, each time more has come, whether so many bytes
/// altogether may be kept.
pub(crate) async fn read<B>(
    body: &mut B,
    limit: usize,
    mut room: impl FnMut(usize) -> bool,
) -> Result<Bytes, ReadError>
where
    B: Body<Data = Bytes, Error = hyper::Error> + Unpin,
{
    if body.size_hint().lower() > u64::try_from(limit).unwrap_or(u64::MAX) {
        return Err(ReadError::TooLarge);
    }
    let mut whole = Vec::new();
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(ReadError::Broken)?.into_data() else { continue };
        if data.len() > limit - whole.len() {
            return Err(ReadError::TooLarge);
        }
        if !room(whole.len() + data.len()) {
            return Err(ReadError::NoRoom);
        }
        whole.extend_from_slice(&data);
    }
    Ok(Bytes::from(whole))
}

/// Reads on and keeps nothing, up to `limit` bytes, so that a peer that is still sending finds the answer instead of a
/// reset connection.
pub(crate) async fn discard<B>(body: &mut B, limit: usize)
where
    B: Body<Data = Bytes, Error = hyper::Error> + Unpin,
{
    let mut left = limit;
    while let Some(Ok(frame)) = body.frame().await {
        let length = frame.data_ref().map_or(0, Bytes::len);
        match left.checked_sub(length) {
            Some(rest) => left = rest,
            None => return,
        }
    }
}
