//! A client that keeps its connection, and many of them at once.

use std::{
    net::Ipv4Addr,
    sync::atomic::{AtomicU8, Ordering},
    time::{Duration, Instant},
};

use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpSocket, TcpStream},
};
use tokio_rustls::client::TlsStream;

use crate::support::Trust;

/// One connection over HTTP/1.1, signed in when it has a cookie.
pub struct Caller {
    stream: BufReader<TlsStream<TcpStream>>,
    head: String,
}

/// Status, cookie set, body.
pub struct Reply {
    pub status: u16,
    pub cookie: Option<String>,
    pub body: Vec<u8>,
}

impl Caller {
    pub async fn new(trust: &Trust, cookie: &str) -> Self {
        let cookie = if cookie.is_empty() { String::new() } else { format!("Cookie: {cookie}\r\n") };
        let head = format!("Host: {}\r\nAlcove-Client: 1\r\n{cookie}", trust.host());
        Self { stream: BufReader::new(trust.connect("http/1.1").await), head }
    }

    /// Not signed in, from a network where nobody came from before: each is slowed down on its own.
    pub async fn from_elsewhere(trust: &Trust) -> Self {
        static LAST: AtomicU8 = AtomicU8::new(0);
        let n = LAST.fetch_add(1, Ordering::Relaxed).checked_add(1).unwrap();
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind((Ipv4Addr::new(127, 0, n, 1), 0).into()).unwrap();
        let stream = socket.connect(trust.address).await.unwrap();
        let head = format!("Host: {}\r\nAlcove-Client: 1\r\n", trust.host());
        Self { stream: BufReader::new(trust.secure(stream, "http/1.1").await), head }
    }

    /// Sends a request with a body of some type and reads the whole answer.
    pub async fn send(&mut self, method: &str, path: &str, kind: &str, body: &[u8]) -> Reply {
        let kind = if body.is_empty() { String::new() } else { format!("Content-Type: {kind}\r\n") };
        let length = if method == "GET" { String::new() } else { format!("Content-Length: {}\r\n", body.len()) };
        let request = format!("{method} {path} HTTP/1.1\r\n{}{kind}{length}\r\n", self.head);
        self.stream.write_all(&[request.as_bytes(), body].concat()).await.unwrap();
        // What the socket had no room for waits in the TLS layer until then.
        self.stream.flush().await.unwrap();
        self.reply().await
    }

    pub async fn send_json(&mut self, path: &str, body: &Value) -> Value {
        let reply = self.send("POST", path, "application/json", body.to_string().as_bytes()).await;
        assert!(reply.status < 300, "{path}: {} {}", reply.status, String::from_utf8_lossy(&reply.body));
        serde_json::from_slice(&reply.body).unwrap()
    }

    pub async fn get_json(&mut self, path: &str) -> Value {
        let reply = self.send("GET", path, "", &[]).await;
        assert_eq!(reply.status, 200, "{path}: {}", String::from_utf8_lossy(&reply.body));
        serde_json::from_slice(&reply.body).unwrap()
    }

    async fn reply(&mut self) -> Reply {
        let (mut status, mut cookie, mut length) = (0, None, 0);
        loop {
            let mut line = String::new();
            assert!(self.stream.read_line(&mut line).await.unwrap() > 0, "the server closed the connection");
            match line.trim_end().split_once(": ") {
                Some((name, value)) if name.eq_ignore_ascii_case("content-length") => length = value.parse().unwrap(),
                Some((name, value)) if name.eq_ignore_ascii_case("set-cookie") => {
                    cookie = value.split(';').next().map(str::to_owned);
                }
                None if line.starts_with("HTTP/1.1 ") => status = line[9..12].parse().unwrap(),
                None if line.trim().is_empty() => break,
                _ => {}
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).await.unwrap();
        Reply { status, cookie, body }
    }
}

/// How many answers a second so many connections get together.
pub async fn rate_per_s(trust: &Trust, cookie: &str, path: &str, connections: usize, time: Duration) -> u64 {
    let mut callers = Vec::new();
    for _ in 0..connections {
        callers.push(Caller::new(trust, cookie).await);
    }
    let began = Instant::now();
    let call = |mut caller: Caller| {
        let path = path.to_owned();
        tokio::spawn(async move {
            let mut count = 0_u64;
            while began.elapsed() < time {
                let reply = caller.send("GET", &path, "", &[]).await;
                assert!(reply.status < 300, "{path}: {}", reply.status);
                count += 1;
            }
            count
        })
    };
    let calls: Vec<_> = callers.into_iter().map(call).collect();
    let mut count = 0;
    for call in calls {
        count += call.await.unwrap();
    }
    count * 1000 / u64::try_from(began.elapsed().as_millis()).unwrap()
}
