//! How an answer leaves, where not as usual.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use http_body_util::{Either, Full};
use hyper::body::{Body, Bytes, Frame, SizeHint};

/// An extension of an answer with which a service has the connection misbehave.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Delivery {
    /// How long the answer is kept back.
    pub delay: Duration,
    /// Where the connection ends.
    pub cut: Option<Cut>,
    /// Whether the body leaves in small pieces without its length.
    pub chunked: bool,
}

/// Where a connection is cut. On HTTP/2 it is the stream that is reset.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Cut {
    /// Before the first byte of the answer.
    BeforeAnswer,
    /// In the middle of the body.
    InBody,
}

/// The connection was cut on purpose.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct CutOff;

impl fmt::Display for CutOff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("cut on purpose")
    }
}

impl std::error::Error for CutOff {}

/// A body as it leaves.
pub(super) type Delivered = Either<Full<Bytes>, Pieces>;

impl Delivery {
    /// The body, delivered so.
    pub(super) fn body(self, bytes: Bytes) -> Delivered {
        /// Bytes of a piece.
        const PIECE: usize = 100;
        match (self.cut, self.chunked) {
            (Some(Cut::InBody), _) => {
                let half = bytes.slice(..bytes.len() / 2);
                Either::Right(Pieces { left: half, piece: usize::MAX, said: Some(bytes.len()), pause: true })
            }
            (_, true) => Either::Right(Pieces { left: bytes, piece: PIECE, said: None, pause: false }),
            _ => Either::Left(Full::new(bytes)),
        }
    }
}

/// A body in pieces, or one that ends too soon.
pub(super) struct Pieces {
    left: Bytes,
    piece: usize,
    /// The length that is told beforehand: more than will come.
    said: Option<usize>,
    /// Whether to wait for what was written to be sent, before the end.
    pause: bool,
}

impl Body for Pieces {
    type Data = Bytes;
    type Error = CutOff;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, CutOff>>> {
        if !self.left.is_empty() {
            let length = self.piece.min(self.left.len());
            return Poll::Ready(Some(Ok(Frame::data(self.left.split_to(length)))));
        }
        match self.said {
            None => Poll::Ready(None),
            // An error drops what has not been sent yet.
            Some(_) if self.pause => {
                self.pause = false;
                context.waker().wake_by_ref();
                Poll::Pending
            }
            Some(_) => Poll::Ready(Some(Err(CutOff))),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self.said {
            Some(length) => SizeHint::with_exact(length as u64),
            None => SizeHint::default(),
        }
    }
}
