//! Hostile cases 3 and 4: whoever drips or falls silent is cut, whoever is merely slow is served.

use std::time::{Duration, Instant};

use alcove::config::Limits;
use poem::{Body, Route, get, handler, post, web::sse::SSE};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    time::sleep,
};

use crate::support::{Answer, Site, hurried, read_all};

#[handler]
fn hello() -> &'static str {
    "hello"
}

#[handler]
async fn count(body: Body) -> poem::Result<String> {
    Ok(body.into_vec().await?.len().to_string())
}

#[handler]
async fn slow() -> &'static str {
    sleep(Duration::from_millis(700)).await;
    "done"
}

const BIG_BYTES: usize = 64 << 20;

#[handler]
fn big() -> Vec<u8> {
    vec![b'x'; BIG_BYTES]
}

#[handler]
fn events() -> SSE {
    SSE::new(futures_util::stream::pending())
}

fn routes() -> Route {
    Route::new()
        .at("/", get(hello))
        .at("/count", post(count))
        .at("/slow", get(slow))
        .at("/events", get(events))
        .at("/big", get(big))
}

#[tokio::test(flavor = "multi_thread")]
async fn three_hundred_dripping_heads_are_cut_while_others_are_served() {
    let site = Site::start(hurried(), routes()).await;
    let mut drips = Vec::new();
    for _ in 0..300 {
        let trust = site.trust.clone();
        drips.push(tokio::spawn(async move {
            let mut stream = trust.connect("http/1.1").await;
            let started = Instant::now();
            for byte in b"GET / HTTP/1.1\r\nHost: localhost\r\nX: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy" {
                if stream.write_all(&[*byte]).await.is_err() || started.elapsed() > Duration::from_secs(5) {
                    break;
                }
                sleep(Duration::from_millis(100)).await;
            }
            started.elapsed()
        }));
    }
    assert_eq!(site.trust.get("/").await.status, 200);
    for drip in drips {
        assert!(drip.await.unwrap() < Duration::from_secs(5));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_connection_is_closed_in_either_protocol() {
    let site = Site::start(hurried(), routes()).await;
    for alpn in ["http/1.1", "h2"] {
        let started = Instant::now();
        let mut stream = site.trust.connect(alpn).await;
        // Half a preface is as good as silence.
        stream.write_all(if alpn == "h2" { b"PRI * HTTP/2" } else { b"" }).await.unwrap();
        read_all(&mut stream).await;
        assert!(started.elapsed() < Duration::from_secs(4), "{alpn}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_stops_or_drips_is_a_timeout() {
    let site = Site::start(hurried(), routes()).await;
    let head = format!("POST /count HTTP/1.1\r\nHost: {}\r\nContent-Length: 1000\r\n\r\nab", site.trust.host());
    let stopped = Answer::parse(&site.trust.send(head.as_bytes()).await);
    assert_eq!((stopped.status, stopped.code().as_str()), (408, "too-slow"));
    assert_eq!(stopped.header("connection"), Some("close"));

    let mut stream = site.trust.connect("http/1.1").await;
    stream.write_all(head.as_bytes()).await.unwrap();
    let started = Instant::now();
    let mut answer = Vec::new();
    let (mut read, mut write) = tokio::io::split(stream);
    let drip = tokio::spawn(async move {
        while write.write_all(b"x").await.is_ok() && started.elapsed() < Duration::from_secs(8) {
            sleep(Duration::from_millis(50)).await;
        }
    });
    drop(read.read_to_end(&mut answer).await);
    assert_eq!(Answer::parse(&answer).status, 408);
    assert!(started.elapsed() < Duration::from_secs(5));
    drip.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_honest_upload_works() {
    let site = Site::start(Limits { body_bytes_per_s: 1000, ..hurried() }, routes()).await;
    let mut stream = site.trust.connect("http/1.1").await;
    let host = site.trust.host();
    let head = format!("POST /count HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: 10000\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    // Twice as fast as the slowest honest upload, and far longer than every single deadline.
    for _ in 0..20 {
        stream.write_all(&[b'x'; 500]).await.unwrap();
        sleep(Duration::from_millis(125)).await;
    }
    let answer = Answer::parse(&read_all(&mut stream).await);
    assert_eq!((answer.status, answer.body.as_slice()), (200, &b"10000"[..]));
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_does_not_take_the_answer_is_cut() {
    let site = Site::start(hurried(), routes()).await;
    let mut stream = site.trust.connect("http/1.1").await;
    let request = format!("GET /big HTTP/1.1\r\nHost: {}\r\n\r\n", site.trust.host());
    stream.write_all(request.as_bytes()).await.unwrap();
    sleep(Duration::from_secs(2)).await;
    assert!(read_all(&mut stream).await.len() < BIG_BYTES, "the rest was never sent");
}

#[tokio::test(flavor = "multi_thread")]
async fn stopping_lets_a_running_request_finish_and_takes_no_new_one() {
    let mut site = Site::start(hurried(), routes()).await;
    let trust = site.trust.clone();
    let running = tokio::spawn(async move { trust.get("/slow").await });
    sleep(Duration::from_millis(250)).await;
    site.stop();
    let answer = running.await.unwrap();
    assert_eq!((answer.status, answer.body.as_slice()), (200, &b"done"[..]));
    let address = site.trust.address;
    site.stopped().await;
    assert!(tokio::net::TcpStream::connect(address).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_stream_outlives_idleness_but_not_the_server() {
    let limits = Limits { idle: Duration::from_millis(200), ..hurried() };
    let mut site = Site::start(limits, routes()).await;
    let mut stream = site.trust.connect("http/1.1").await;
    let request = format!("GET /events HTTP/1.1\r\nHost: {}\r\n\r\n", site.trust.host());
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut head = [0; 15];
    stream.read_exact(&mut head).await.unwrap();
    assert_eq!(&head, b"HTTP/1.1 200 OK");
    let ended = tokio::spawn(async move { read_all(&mut stream).await });
    sleep(Duration::from_millis(900)).await;
    assert!(!ended.is_finished(), "idle is when nothing is answered");
    let stopping = Instant::now();
    site.stop();
    site.stopped().await;
    assert!(stopping.elapsed() < Duration::from_millis(1500), "nothing to wait for: {:?}", stopping.elapsed());
    ended.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn one_network_cannot_hold_every_connection() {
    let limits = Limits { connections_per_network_max: 2, handshake: Duration::from_secs(5), ..hurried() };
    let site = Site::start(limits, routes()).await;
    let one = tokio::net::TcpStream::connect(site.trust.address).await.unwrap();
    let two = tokio::net::TcpStream::connect(site.trust.address).await.unwrap();
    let mut three = tokio::net::TcpStream::connect(site.trust.address).await.unwrap();
    let mut nothing = Vec::new();
    assert_eq!(three.read_to_end(&mut nothing).await.unwrap_or(0), 0);
    drop((one, two));
    sleep(Duration::from_millis(100)).await;
    assert_eq!(site.trust.get("/").await.status, 200, "a place that was given back");
}
