//! A client on one connection that outlives its server: whatever fails is an answer, not the end of the test.

use std::{
    io::{self, BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    time::Duration,
};

use rustls::{ClientConnection, StreamOwned, pki_types::ServerName};
use serde_json::Value;

use crate::support::Trust;

const PATIENCE: Duration = Duration::from_secs(20);

/// One connection, signed in by its cookie.
pub struct Line {
    stream: BufReader<StreamOwned<ClientConnection, TcpStream>>,
    head: String,
}

/// Status and body.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn is_well(&self) -> bool {
        (200..300).contains(&self.status)
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    /// Status and the problem's code.
    pub fn problem(&self) -> String {
        format!("{} {}", self.status, self.json()["code"].as_str().unwrap_or("without a code"))
    }
}

impl Line {
    pub fn to(trust: &Trust, cookie: &str) -> io::Result<Self> {
        let socket = TcpStream::connect_timeout(&trust.address, PATIENCE)?;
        socket.set_read_timeout(Some(PATIENCE))?;
        socket.set_write_timeout(Some(PATIENCE))?;
        let name = ServerName::try_from("localhost").unwrap();
        let tls = ClientConnection::new(trust.config("http/1.1"), name).map_err(io::Error::other)?;
        let head = format!("Host: {}\r\nAlcove-Client: 1\r\nCookie: {cookie}\r\n", trust.host());
        Ok(Self { stream: BufReader::new(StreamOwned::new(tls, socket)), head })
    }

    pub fn get(&mut self, path: &str) -> io::Result<Reply> {
        self.send("GET", path, "", &[])
    }

    pub fn post(&mut self, path: &str, body: &Value) -> io::Result<Reply> {
        self.send("POST", path, "application/json", body.to_string().as_bytes())
    }

    /// Sends a request below the API's base and reads the whole answer.
    pub fn send(&mut self, method: &str, path: &str, kind: &str, body: &[u8]) -> io::Result<Reply> {
        let kind = if body.is_empty() { String::new() } else { format!("Content-Type: {kind}\r\n") };
        let length = if method == "GET" { String::new() } else { format!("Content-Length: {}\r\n", body.len()) };
        let request = format!("{method} /api/v1{path} HTTP/1.1\r\n{}{kind}{length}\r\n", self.head);
        self.stream.get_mut().write_all(&[request.as_bytes(), body].concat())?;
        self.stream.get_mut().flush()?;
        self.reply()
    }

    fn reply(&mut self) -> io::Result<Reply> {
        let (mut status, mut length) = (0, 0);
        loop {
            let mut line = String::new();
            if self.stream.read_line(&mut line)? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            match line.trim_end().split_once(": ") {
                Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                    length = value.parse().map_err(io::Error::other)?;
                }
                None if line.starts_with("HTTP/1.1 ") => status = line[9..12].parse().map_err(io::Error::other)?,
                None if line.trim().is_empty() => break,
                _ => {}
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body)?;
        Ok(Reply { status, body })
    }
}
