//! One connection: TLS, then requests until it is idle, silent or the server stops.

use std::{convert::Infallible, net::SocketAddr, pin::pin, sync::Arc, time::Duration};

use http_body_util::BodyExt;
use hyper::{
    Request, Response, Version,
    body::Incoming,
    header::{CONNECTION, HeaderValue, TRANSFER_ENCODING},
    server::conn::{http1, http2},
    service::service_fn,
};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::graceful::GracefulConnection,
};
use poem::{
    Addr, Endpoint,
    http::uri::Scheme,
    web::{LocalAddr, RemoteAddr},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::watch,
    time::{sleep, timeout},
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

use super::{
    activity::{Activity, BusyBody},
    body::{BodyFate, PacedBody},
    strict_head::StrictHead,
    write_stall::WriteStall,
};
use crate::config::Limits;

/// A head of a request, in bytes.
const HEAD_BYTES_MAX: u32 = 32 * 1024;
/// After the last request of a closing connection, for our goodbye to be taken.
const LINGER: Duration = Duration::from_millis(500);

const PLAIN_HTTP_ANSWER: &[u8] = b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\n\
    Content-Length: 70\r\nConnection: close\r\nX-Content-Type-Options: nosniff\r\n\r\n\
    This address speaks https only: put https:// in front of the address.\n";

/// What every connection of a server shares.
pub struct Shared<E> {
    pub endpoint: E,
    pub tls: TlsAcceptor,
    pub limits: Limits,
    pub local: SocketAddr,
}

/// Serves one accepted socket until it ends.
pub async fn serve<E>(shared: Arc<Shared<E>>, socket: TcpStream, peer: SocketAddr, stop: watch::Receiver<bool>)
where
    E: Endpoint<Output = poem::Response> + 'static,
{
    let Ok(Some(stream)) = timeout(shared.limits.handshake, handshake(&shared.tls, socket)).await else { return };
    let is_h2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
    let limits = shared.limits;
    let activity = Activity::default();
    let stream = WriteStall::new(stream, limits.write_stall);
    let busy = activity.clone();
    let service = service_fn(move |request| answer(shared.clone(), request, peer, busy.begin()));
    if is_h2 {
        let connection = h2().serve_connection(TokioIo::new(stream), service);
        drive(connection, &activity, &limits, stop).await;
    } else {
        let connection = h1(&limits).serve_connection(TokioIo::new(StrictHead::new(stream)), service);
        drive(connection, &activity, &limits, stop).await;
    }
}

/// A TLS stream, or nothing when the peer speaks something else; plain HTTP is told so.
async fn handshake(tls: &TlsAcceptor, mut socket: TcpStream) -> Option<TlsStream<TcpStream>> {
    let mut first = [0];
    socket.peek(&mut first).await.ok()?;
    if !first[0].is_ascii_uppercase() {
        return tls.accept(socket).await.ok();
    }
    socket.write_all(PLAIN_HTTP_ANSWER).await.ok()?;
    socket.shutdown().await.ok()?;
    // Closing with unread bytes would reset the connection before the answer is read.
    let mut rest = [0; 4096];
    while socket.read(&mut rest).await.ok()? > 0 {}
    None
}

fn h1(limits: &Limits) -> http1::Builder {
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(limits.head).max_headers(64).max_buf_size(64 * 1024);
    builder
}

fn h2() -> http2::Builder<TokioExecutor> {
    let mut builder = http2::Builder::new(TokioExecutor::new());
    builder
        .timer(TokioTimer::new())
        .keep_alive_interval(Duration::from_secs(20))
        .keep_alive_timeout(Duration::from_secs(10))
        .max_concurrent_streams(128)
        .max_header_list_size(HEAD_BYTES_MAX)
        .max_pending_accept_reset_streams(20)
        .max_local_error_reset_streams(64);
    builder
}

/// Runs a connection. It must bring its first request within the head deadline and never be idle for long; when the
/// server stops, running requests may finish.
async fn drive<C: GracefulConnection>(
    connection: C,
    activity: &Activity,
    limits: &Limits,
    mut stop: watch::Receiver<bool>,
) {
    let mut connection = pin!(connection);
    let mut alarm = pin!(sleep(limits.head));
    loop {
        tokio::select! {
            _ended = connection.as_mut() => return,
            () = activity.changed() => alarm.set(sleep(limits.idle)),
            () = alarm.as_mut(), if activity.is_idle() => break,
            _ = stop.wait_for(|stopped| *stopped) => break,
        }
    }
    connection.as_mut().graceful_shutdown();
    tokio::select! {
        _ended = connection.as_mut() => return,
        () = activity.done() => (),
        () = sleep(limits.drain) => (),
    }
    // An error here is the peer's leaving, which is what we want.
    drop(timeout(LINGER, connection).await);
}

type Answer = Response<BusyBody<http_body_util::combinators::BoxBody<bytes::Bytes, std::io::Error>>>;

async fn answer<E>(
    shared: Arc<Shared<E>>,
    request: Request<Incoming>,
    peer: SocketAddr,
    busy: super::activity::Busy,
) -> Result<Answer, Infallible>
where
    E: Endpoint<Output = poem::Response>,
{
    let fate = BodyFate::default();
    let must_close = request.version() <= Version::HTTP_11 && request.headers().contains_key(TRANSFER_ENCODING);
    let is_h1 = request.version() <= Version::HTTP_11;
    let addresses = (LocalAddr(Addr::SocketAddr(shared.local)), RemoteAddr(Addr::SocketAddr(peer)));
    let mut request: poem::Request = (request, addresses.0, addresses.1, Scheme::HTTPS).into();
    let body = BodyExt::boxed(PacedBody::new(
        http_body_util::combinators::BoxBody::from(request.take_body()),
        shared.limits,
        fate.clone(),
    ));
    request.set_body(poem::Body::from(body));
    request.extensions_mut().insert(fate.clone());
    let mut response = shared.endpoint.get_response(request).await;
    if is_h1 && (must_close || fate.is_too_slow()) {
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    let is_stream = response.content_type().is_some_and(|kind| kind.starts_with("text/event-stream"));
    let busy = if is_stream { busy.into_stream() } else { busy };
    let response: Response<_> = response.into();
    Ok(response.map(|body| BusyBody::new(body, busy)))
}
