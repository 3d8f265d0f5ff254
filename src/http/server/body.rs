//! Reads a request's body within limits: no long silence, no drip, no more bytes than its route takes.

use std::{
    future::Future,
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::Bytes;
use http_body_util::combinators::BoxBody;
use hyper::body::{Body, Frame, SizeHint};
use tokio::time::{Sleep, sleep};

use crate::{clock::Stopwatch, config::Limits};

/// How reading a body ended, told to the layer that answers. In the request's extensions.
#[derive(Clone, Debug, Default)]
pub struct BodyFate(Arc<AtomicU8>);

const TOO_SLOW: u8 = 1;
const TOO_LARGE: u8 = 2;

impl BodyFate {
    /// The peer stopped sending, or dripped.
    #[must_use]
    pub fn is_too_slow(&self) -> bool {
        self.0.load(Ordering::Acquire) == TOO_SLOW
    }

    /// More bytes came than the route takes.
    #[must_use]
    pub fn is_too_large(&self) -> bool {
        self.0.load(Ordering::Acquire) == TOO_LARGE
    }

    /// Remembers that more bytes came than the route takes.
    pub fn set_too_large(&self) {
        self.0.store(TOO_LARGE, Ordering::Release);
    }

    fn set_too_slow(&self) {
        self.0.store(TOO_SLOW, Ordering::Release);
    }
}

/// A body that fails when its peer is silent for too long, or on average slower than the slowest honest upload.
/// Only time spent waiting for the peer counts, never time that we took ourselves.
pub struct PacedBody<B> {
    inner: B,
    limits: Limits,
    fate: BodyFate,
    received: u64,
    waited: Duration,
    waiting: Option<(Stopwatch, Pin<Box<Sleep>>)>,
}

impl<B> PacedBody<B> {
    pub fn new(inner: B, limits: Limits, fate: BodyFate) -> Self {
        Self { inner, limits, fate, received: 0, waited: Duration::ZERO, waiting: None }
    }

    fn patience(&self) -> Duration {
        let earned = self.received / u64::from(self.limits.body_bytes_per_s.max(1));
        let allowed = self.limits.body_grace.saturating_add(Duration::from_secs(earned));
        self.limits.body_stall.min(allowed.saturating_sub(self.waited))
    }
}

impl<B: Body<Data = Bytes> + Unpin> Body for PacedBody<B>
where
    B::Error: std::error::Error + Send + Sync + 'static,
{
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if let Poll::Ready(frame) = Pin::new(&mut self.inner).poll_frame(cx) {
            if let Some((watch, _)) = self.waiting.take() {
                self.waited += watch.elapsed();
            }
            let Some(frame) = frame.transpose().map_err(io::Error::other)? else { return Poll::Ready(None) };
            self.received += frame.data_ref().map_or(0, |data| data.len() as u64);
            return Poll::Ready(Some(Ok(frame)));
        }
        let patience = self.patience();
        let (_, alarm) = self.waiting.get_or_insert_with(|| (Stopwatch::start(), Box::pin(sleep(patience))));
        ready!(alarm.as_mut().poll(cx));
        self.fate.set_too_slow();
        Poll::Ready(Some(Err(io::ErrorKind::TimedOut.into())))
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

/// A body that fails after `bytes_max`.
pub struct CappedBody {
    inner: BoxBody<Bytes, io::Error>,
    left: u64,
    fate: BodyFate,
}

impl CappedBody {
    /// Caps `inner`, and says so in `fate` when the cap is hit.
    #[must_use]
    pub fn new(inner: BoxBody<Bytes, io::Error>, bytes_max: u64, fate: BodyFate) -> Self {
        Self { inner, left: bytes_max, fate }
    }
}

impl Body for CappedBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let frame = ready!(Pin::new(&mut self.inner).poll_frame(cx));
        let Some(frame) = frame.transpose()? else { return Poll::Ready(None) };
        let size = frame.data_ref().map_or(0, |data| data.len() as u64);
        let Some(left) = self.left.checked_sub(size) else {
            self.fate.set_too_large();
            return Poll::Ready(Some(Err(io::ErrorKind::FileTooLarge.into())));
        };
        self.left = left;
        Poll::Ready(Some(Ok(frame)))
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
