//! Hostile cases 1 and 2, and what the certificate says.

use std::{sync::Arc, time::Duration};

use alcove::{
    clock::Clock,
    config::CertificateFiles,
    domain::origin::Origin,
    tls::{Certificates, LEAF_DAYS, RENEW_DAYS, TlsError},
};
use jiff::SignedDuration;
use poem::{Route, get, handler};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use crate::support::{Hunt, MemoryKeys, Site, hurried};

const DAY: SignedDuration = SignedDuration::from_hours(24);

#[handler]
fn greet() -> &'static str {
    "hello"
}

fn routes() -> Route {
    Route::new().at("/", get(greet))
}

/// A `ClientHello` of TLS 1.2 (RFC 5246, 7.4.1.2): no `supported_versions`, ECDHE suites, P-256.
fn tls12_hello() -> Vec<u8> {
    let extensions: &[u8] = &[
        0, 10, 0, 4, 0, 2, 0, 23, // groups: secp256r1
        0, 11, 0, 2, 1, 0, // point formats: uncompressed
        0, 13, 0, 4, 0, 2, 4, 3, // signatures: ecdsa_secp256r1_sha256
    ];
    let mut hello = vec![3, 3];
    hello.extend([7; 32]);
    hello.extend([0, 0, 4, 0xc0, 0x2b, 0xc0, 0x2f, 1, 0]);
    hello.extend(u16::try_from(extensions.len()).unwrap().to_be_bytes());
    hello.extend(extensions);
    let length = |bytes: &[u8]| u16::try_from(bytes.len()).unwrap().to_be_bytes();
    let mut handshake = vec![1, 0];
    handshake.extend(length(&hello));
    handshake.extend(hello);
    let mut record = vec![22, 3, 1];
    record.extend(length(&handshake));
    record.extend(handshake);
    record
}

#[tokio::test(flavor = "multi_thread")]
async fn tls_1_2_gets_an_alert() {
    let site = Site::start(hurried(), routes()).await;
    let mut socket = TcpStream::connect(site.trust.address).await.unwrap();
    socket.write_all(&tls12_hello()).await.unwrap();
    let mut answer = Vec::new();
    socket.read_to_end(&mut answer).await.unwrap();
    assert_eq!(answer, [21, 3, 3, 0, 2, 2, 70], "a fatal alert: protocol version");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_key_exchange_is_the_post_quantum_hybrid() {
    let site = Site::start(hurried(), routes()).await;
    let stream = site.trust.connect("h2").await;
    let session = stream.get_ref().1;
    assert_eq!(session.protocol_version(), Some(rustls::ProtocolVersion::TLSv1_3));
    let group = session.negotiated_key_exchange_group().unwrap().name();
    assert_eq!(group, rustls::NamedGroup::X25519MLKEM768);
    assert_eq!(session.alpn_protocol(), Some(&b"h2"[..]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stalled_handshake_is_closed_and_others_are_served() {
    let site = Site::start(hurried(), routes()).await;
    let mut silent = TcpStream::connect(site.trust.address).await.unwrap();
    let mut halfway = TcpStream::connect(site.trust.address).await.unwrap();
    halfway.write_all(&tls12_hello()[..20]).await.unwrap();
    assert_eq!(site.trust.get("/").await.status, 200);
    for socket in [&mut silent, &mut halfway] {
        let mut rest = Vec::new();
        let ended = timeout(Duration::from_secs(5), socket.read_to_end(&mut rest)).await;
        assert!(ended.is_ok(), "the server closed it");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn plain_http_is_told_to_use_https() {
    let site = Site::start(hurried(), routes()).await;
    let mut socket = TcpStream::connect(site.trust.address).await.unwrap();
    socket.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.contains(&format!("Content-Length: {}", body.len())), "{answer}");
    assert!(body.contains("https://"));
}

#[test]
fn a_leaf_is_kept_until_it_ends_soon_and_the_authority_outlives_it() {
    let dir = tempfile::tempdir().unwrap();
    let origin: Origin = "https://practice.example.org".parse().unwrap();
    let keys = Arc::new(MemoryKeys::default());
    let open = |now| Certificates::open(dir.path().into(), &origin, None, keys.clone(), now).unwrap();
    let leaf = || std::fs::read(dir.path().join("leaf.pem")).unwrap();
    let start = Clock::default().now();
    let authority = open(start).authority_fingerprint().unwrap();
    let first = leaf();
    let late = start + DAY * (LEAF_DAYS - RENEW_DAYS - 1);
    assert_eq!(open(late).authority_fingerprint(), Some(authority));
    assert_eq!(leaf(), first);
    let certificates = open(late);
    assert!(certificates.refresh(start + DAY * (LEAF_DAYS - RENEW_DAYS + 1)).unwrap());
    assert_ne!(leaf(), first, "renewed");
    assert_eq!(certificates.authority_fingerprint(), Some(authority));
    assert_ne!(open(start + DAY * 3600).authority_fingerprint(), Some(authority), "ten years later");
}

#[test]
fn another_host_gets_another_authority_and_damage_is_mended() {
    let dir = tempfile::tempdir().unwrap();
    let (now, keys) = (Clock::default().now(), Arc::new(MemoryKeys::default()));
    let open = |origin: &str| {
        let opened = Certificates::open(dir.path().into(), &origin.parse().unwrap(), None, keys.clone(), now).unwrap();
        assert!(!opened.may_pin());
        opened.authority_fingerprint().unwrap().to_string()
    };
    let localhost = open("https://localhost:8443");
    assert_eq!(localhost.len(), 95, "{localhost}");
    assert_eq!(open("https://localhost"), localhost, "the port does not matter");
    std::fs::write(dir.path().join("leaf.pem"), "broken").unwrap();
    assert_eq!(open("https://localhost"), localhost);
    keys.lose("leaf");
    assert_eq!(open("https://localhost"), localhost);
    assert_ne!(open("https://practice.example.org"), localhost);
    assert_ne!(open("https://192.0.2.7"), localhost);
    assert_ne!(open("https://[2001:db8::7]"), localhost);
    let before = open("https://localhost");
    keys.lose("authority");
    assert_eq!(open("https://localhost"), before, "needed at the next renewal only");
    keys.lose("leaf");
    assert_ne!(open("https://localhost"), before);
    assert!(keys.pem("leaf").contains("BEGIN PRIVATE KEY"), "what to look for");
    assert!(Hunt::for_text("BEGIN PRIVATE KEY").in_files(dir.path()).is_empty(), "keys never lie beside certificates");
}

#[test]
fn own_files_are_checked_and_taken_up_again_when_they_change() {
    let (source, own) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let origin: Origin = "https://practice.example.org".parse().unwrap();
    let (now, keys) = (Clock::default().now(), Arc::new(MemoryKeys::default()));
    let files = CertificateFiles { chain: own.path().join("chain.pem"), key: own.path().join("key.pem") };
    let open = |now| Certificates::open(source.path().join("unused"), &origin, Some(files.clone()), keys.clone(), now);
    assert!(matches!(open(now), Err(TlsError::File { .. })));
    let make = |at| {
        std::fs::remove_dir_all(source.path().join("tls")).ok();
        drop(Certificates::open(source.path().join("tls"), &origin, None, keys.clone(), at).unwrap());
        let read = |name: &str| std::fs::read(source.path().join("tls").join(name)).unwrap();
        std::fs::write(&files.chain, [read("leaf.pem"), read("authority.pem")].concat()).unwrap();
        std::fs::write(&files.key, keys.pem("leaf").as_str()).unwrap();
    };
    make(now);
    let certificates = open(now).unwrap();
    assert!(certificates.authority_fingerprint().is_none());
    assert!(!certificates.may_pin(), "no browser trusts this chain by itself");
    assert!(!certificates.refresh(now).unwrap());
    let later = now + DAY * (LEAF_DAYS + 1);
    assert!(matches!(open(later), Err(TlsError::NotValid { .. })));
    std::fs::write(&files.key, "broken").unwrap();
    assert!(matches!(certificates.refresh(now), Err(TlsError::NotPem { .. })));
    make(later);
    assert!(certificates.refresh(later).unwrap());
}
