//! A client that shows every byte: HTTP/1.1 by hand, or a bare TLS stream for anything else.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, ServerName},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::{TlsConnector, client::TlsStream};

const PATIENCE: Duration = Duration::from_secs(10);

/// A server's address and the authority that vouches for it.
#[derive(Clone)]
pub struct Trust {
    pub address: SocketAddr,
    roots: Arc<RootCertStore>,
}

/// A response, taken apart.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Trust {
    pub fn new(address: SocketAddr, authority_der: &[u8]) -> Self {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from(authority_der.to_vec())).unwrap();
        Self { address, roots: Arc::new(roots) }
    }

    /// What the `Host` header must say.
    pub fn host(&self) -> String {
        format!("localhost:{}", self.address.port())
    }

    /// What the `Origin` header of our own pages says.
    pub fn origin(&self) -> String {
        format!("https://{}", self.host())
    }

    /// TLS 1.3 with our authority, speaking this protocol.
    pub fn config(&self, alpn: &str) -> Arc<ClientConfig> {
        let provider = Arc::new(alcove::tls::provider());
        let config = ClientConfig::builder_with_provider(provider).with_protocol_versions(&[&rustls::version::TLS13]);
        let mut config = config.unwrap().with_root_certificates(self.roots.clone()).with_no_client_auth();
        config.alpn_protocols = vec![alpn.as_bytes().to_vec()];
        Arc::new(config)
    }

    /// A TLS 1.3 stream that speaks this protocol.
    pub async fn connect(&self, alpn: &str) -> TlsStream<TcpStream> {
        self.secure(TcpStream::connect(self.address).await.unwrap(), alpn).await
    }

    /// A TLS 1.3 stream over a connection that was made already.
    pub async fn secure(&self, socket: TcpStream, alpn: &str) -> TlsStream<TcpStream> {
        let name = ServerName::try_from("localhost").unwrap();
        TlsConnector::from(self.config(alpn)).connect(name, socket).await.unwrap()
    }

    /// Sends raw HTTP/1.1 and returns all that comes until the server closes.
    pub async fn send(&self, bytes: &[u8]) -> Vec<u8> {
        let mut stream = self.connect("http/1.1").await;
        stream.write_all(bytes).await.unwrap();
        // What the socket had no room for waits in the TLS layer until then.
        stream.flush().await.unwrap();
        read_all(&mut stream).await
    }

    /// Asks for a path with a method and header lines, each ended by CRLF.
    pub async fn ask(&self, method: &str, path: &str, headers: &str, body: &[u8]) -> Answer {
        let length = if body.is_empty() { String::new() } else { format!("Content-Length: {}\r\n", body.len()) };
        let host = self.host();
        let head = format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{length}{headers}\r\n");
        Answer::parse(&self.send(&[head.as_bytes(), body].concat()).await)
    }

    /// `GET` without more.
    pub async fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, "", &[]).await
    }
}

/// Everything until the end of the stream; a server that cuts the connection ends it, too.
pub async fn read_all(stream: &mut TlsStream<TcpStream>) -> Vec<u8> {
    let mut all = Vec::new();
    let mut piece = vec![0; 16 * 1024];
    loop {
        match timeout(PATIENCE, stream.read(&mut piece)).await.expect("the server keeps silent") {
            Ok(0) | Err(_) => return all,
            Ok(count) => all.extend_from_slice(&piece[..count]),
        }
    }
}

impl Answer {
    /// Takes an HTTP/1.1 response apart.
    pub fn parse(bytes: &[u8]) -> Self {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").expect("a whole head");
        let head = std::str::from_utf8(&bytes[..end]).unwrap();
        let mut lines = head.split("\r\n");
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let header = |line: &str| line.split_once(": ").map(|(name, value)| (name.to_owned(), value.to_owned()));
        Self { status, headers: lines.filter_map(header).collect(), body: bytes[end + 4..].to_vec() }
    }

    /// The value of a header, when it is there once.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut found = self.headers.iter().filter(|(seen, _)| seen.eq_ignore_ascii_case(name));
        let first = found.next().map(|(_, value)| value.as_str());
        assert!(found.next().is_none(), "{name} is there twice");
        first
    }

    /// The body as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// The stable code of a problem.
    pub fn code(&self) -> String {
        assert_eq!(self.header("content-type"), Some("application/problem+json"));
        self.json()["code"].as_str().unwrap().to_owned()
    }
}
