//! Refuses HTTP/1.1 heads that two programs could read differently (RFC 9112, sections 2.2, 6.1 and 11.2): a line that
//! ends without CR, a stray CR, and a length given twice or beside a transfer coding. The HTTP library accepts some of
//! them, and has already merged their headers when we first see a request.
//!
//! A refused head is handed on with a NUL in it, which the library answers with 400 and a closed connection. After a
//! chunked body the boundaries are no longer followed, so its answer must close the connection.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Longer lines never fit into the head that the library takes.
const LINE_MAX: usize = 64 * 1024;

/// A stream whose incoming heads are checked.
pub struct StrictHead<S> {
    inner: S,
    scanner: Scanner,
}

impl<S> StrictHead<S> {
    pub fn new(inner: S) -> Self {
        Self { inner, scanner: Scanner::default() }
    }
}

/// Follows the bytes of a connection from head to head.
struct Scanner {
    state: State,
    line: Vec<u8>,
    length: Option<u64>,
    has_coding: bool,
}

#[derive(Clone, Copy)]
enum State {
    Head,
    Body { left: u64 },
    Unfollowed,
    Refused,
}

struct Ambiguous;

impl Default for Scanner {
    fn default() -> Self {
        Self { state: State::Head, line: Vec::new(), length: None, has_coding: false }
    }
}

impl Scanner {
    /// Looks at bytes just read, and overwrites the first one that makes a head ambiguous.
    fn feed(&mut self, bytes: &mut [u8]) {
        let mut at = 0;
        while at < bytes.len() {
            match self.state {
                State::Unfollowed => return,
                State::Refused => {
                    bytes[at..].fill(0);
                    return;
                }
                State::Body { left } => {
                    let here = left.min((bytes.len() - at) as u64);
                    at += usize::try_from(here).unwrap_or(usize::MAX);
                    self.state = if here == left { State::Head } else { State::Body { left: left - here } };
                }
                State::Head => match self.step(bytes[at]) {
                    Ok(()) => at += 1,
                    Err(Ambiguous) => self.state = State::Refused,
                },
            }
        }
    }

    fn step(&mut self, byte: u8) -> Result<(), Ambiguous> {
        let after_cr = self.line.last() == Some(&b'\r');
        if (byte == b'\n') != after_cr || self.line.len() >= LINE_MAX {
            return Err(Ambiguous);
        }
        self.line.push(byte);
        if byte != b'\n' {
            return Ok(());
        }
        let mut line = std::mem::take(&mut self.line);
        line.truncate(line.len() - 2);
        let outcome = if line.is_empty() { self.end_head() } else { self.header(&line) };
        line.clear();
        self.line = line;
        outcome
    }

    fn header(&mut self, line: &[u8]) -> Result<(), Ambiguous> {
        let colon = line.iter().position(|byte| *byte == b':').unwrap_or(0);
        let (name, value) = (&line[..colon], &line[colon..]);
        if name.eq_ignore_ascii_case(b"transfer-encoding") {
            self.has_coding = true;
        } else if name.eq_ignore_ascii_case(b"content-length") {
            let digits = std::str::from_utf8(&value[1..]).map_err(|_| Ambiguous)?.trim_matches([' ', '\t']);
            let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
            if !plain || self.length.is_some() {
                return Err(Ambiguous);
            }
            self.length = Some(digits.parse().map_err(|_| Ambiguous)?);
        }
        Ok(())
    }

    fn end_head(&mut self) -> Result<(), Ambiguous> {
        self.state = match (self.length.take(), std::mem::take(&mut self.has_coding)) {
            (Some(_), true) => return Err(Ambiguous),
            (None, true) => State::Unfollowed,
            (None | Some(0), false) => State::Head,
            (Some(left), false) => State::Body { left },
        };
        Ok(())
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for StrictHead<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let outcome = Pin::new(&mut self.inner).poll_read(cx, buf);
        self.scanner.feed(&mut buf.filled_mut()[before..]);
        outcome
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for StrictHead<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, data: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write(cx, data)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        data: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write_vectored(cx, data)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Feeds in pieces of every size; all must agree on whether a byte was overwritten.
    fn is_refused(text: &str) -> bool {
        let verdicts: Vec<bool> = (1..=text.len())
            .map(|size| {
                let mut scanner = Scanner::default();
                let mut bytes = text.as_bytes().to_vec();
                bytes.chunks_mut(size).for_each(|piece| scanner.feed(piece));
                bytes != text.as_bytes()
            })
            .collect();
        assert!(verdicts.iter().all(|verdict| *verdict == verdicts[0]));
        verdicts[0]
    }

    #[test]
    fn plain_heads_pass() {
        for head in [
            "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n",
            "POST / HTTP/1.1\r\ncontent-length: 4\r\n\r\na\nb\rGET / HTTP/1.1\r\n\r\n",
            "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\n\nx",
            "POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\nGET / HTTP/1.1\r\n\r\n",
        ] {
            assert!(!is_refused(head), "{head:?}");
        }
    }

    #[test]
    fn ambiguous_heads_are_refused() {
        for head in [
            "GET / HTTP/1.1\nHost: a\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\n\n",
            "GET / HTTP/1.1\r\nX: a\rb\r\n\r\n",
            "POST / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
            "POST / HTTP/1.1\r\ntransfer-encoding: x\r\ncontent-length: 3\r\n\r\n",
            "POST / HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\n",
            "POST / HTTP/1.1\r\nContent-Length: +3\r\n\r\n",
            "POST / HTTP/1.1\r\nContent-Length: 3, 3\r\n\r\n",
            "POST / HTTP/1.1\r\nContent-Length: 1\r\n\r\nxGET / HTTP/1.1\n\r\n",
        ] {
            assert!(is_refused(head), "{head:?}");
        }
    }
}
