//! Counts the requests that a connection is answering, so that an idle one can be told from a busy one, and endless
//! event streams from answers that a stopping server should finish.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll},
};

use hyper::body::{Body, Frame, SizeHint};
use tokio::sync::Notify;

/// Shared by a connection and its requests.
#[derive(Clone, Default)]
pub struct Activity(Arc<Counts>);

#[derive(Default)]
struct Counts {
    running: AtomicUsize,
    streams: AtomicUsize,
    changed: Notify,
}

/// Alive while one request is being answered, until the last byte of the answer was taken.
pub struct Busy {
    activity: Activity,
    is_stream: bool,
}

impl Activity {
    /// Marks the start of a request.
    pub fn begin(&self) -> Busy {
        self.0.running.fetch_add(1, Ordering::AcqRel);
        self.0.changed.notify_one();
        Busy { activity: self.clone(), is_stream: false }
    }

    /// True while nothing is answered.
    pub fn is_idle(&self) -> bool {
        self.has_no_end_to_wait_for() && self.0.streams.load(Ordering::Acquire) == 0
    }

    /// True while nothing is answered but event streams, which never end by themselves.
    pub fn has_no_end_to_wait_for(&self) -> bool {
        self.0.running.load(Ordering::Acquire) == 0
    }

    /// Resolves when only event streams are left, or nothing.
    pub async fn done(&self) {
        while !self.has_no_end_to_wait_for() {
            self.changed().await;
        }
    }

    /// Resolves when a request begins or ends.
    pub async fn changed(&self) {
        self.0.changed.notified().await;
    }
}

impl Busy {
    /// Counts this request as an event stream from now on.
    pub fn into_stream(mut self) -> Self {
        let counts = &self.activity.0;
        counts.streams.fetch_add(1, Ordering::AcqRel);
        counts.running.fetch_sub(1, Ordering::AcqRel);
        counts.changed.notify_one();
        self.is_stream = true;
        self
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        let counts = &self.activity.0;
        let count = if self.is_stream { &counts.streams } else { &counts.running };
        count.fetch_sub(1, Ordering::AcqRel);
        counts.changed.notify_one();
    }
}

/// An answer's body that keeps its request marked as running.
pub struct BusyBody<B> {
    inner: B,
    _busy: Busy,
}

impl<B> BusyBody<B> {
    pub fn new(inner: B, busy: Busy) -> Self {
        Self { inner, _busy: busy }
    }
}

impl<B: Body + Unpin> Body for BusyBody<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        Pin::new(&mut self.inner).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
