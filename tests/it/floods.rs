//! Hostile case 6: HTTP/2 floods end with the connection, and the server goes on.

use poem::{Route, get, handler};
use tokio::io::AsyncWriteExt;

use crate::support::{Site, hurried, read_all};

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const GOAWAY: u8 = 7;
const CONTINUATION: u8 = 9;
const END_STREAM_AND_HEADERS: u8 = 5;

#[handler]
fn hello() -> &'static str {
    "hello"
}

async fn site() -> Site {
    Site::start(hurried(), Route::new().at("/", get(hello))).await
}

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    [&length[1..], &[kind, flags], &stream.to_be_bytes(), payload].concat()
}

/// HPACK: indexed GET, https, `/`, and a literal authority.
fn request(host: &str) -> Vec<u8> {
    [&[0x82, 0x87, 0x84, 0x41, u8::try_from(host.len()).unwrap()], host.as_bytes()].concat()
}

/// Sends all frames, then reads the frames that come back.
async fn exchange(site: &Site, frames: &[u8]) -> Vec<(u8, Vec<u8>)> {
    let mut stream = site.trust.connect("h2").await;
    // A server that gives up early may not take the rest.
    drop(stream.write_all(&[PREFACE, &frame(SETTINGS, 0, 0, &[]), frames].concat()).await);
    let bytes = read_all(&mut stream).await;
    let mut rest = bytes.as_slice();
    let mut seen = Vec::new();
    while let Some((head, after)) = rest.split_first_chunk::<9>() {
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]) as usize;
        let length = length.min(after.len());
        seen.push((head[3], after[..length].to_vec()));
        rest = &after[length..];
    }
    seen
}

fn error_of_goaway(frames: &[(u8, Vec<u8>)]) -> Option<u8> {
    frames.iter().rev().find(|(kind, _)| *kind == GOAWAY).map(|(_, payload)| payload[7])
}

#[tokio::test(flavor = "multi_thread")]
async fn an_honest_request_is_answered() {
    let site = site().await;
    let frames = exchange(&site, &frame(HEADERS, END_STREAM_AND_HEADERS, 1, &request(&site.trust.host()))).await;
    assert!(frames.iter().any(|(_, payload)| payload == b"hello"), "{frames:?}");
    assert_eq!(error_of_goaway(&frames), Some(0), "idle, then a calm goodbye");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rapid_reset_ends_the_connection() {
    let site = site().await;
    let request = request(&site.trust.host());
    let flood: Vec<u8> = (0..5000_u32)
        .flat_map(|n| {
            let stream = 2 * n + 1;
            [frame(HEADERS, END_STREAM_AND_HEADERS, stream, &request), frame(RST_STREAM, 0, stream, &[0, 0, 0, 8])]
        })
        .flatten()
        .collect();
    let frames = exchange(&site, &flood).await;
    assert_eq!(error_of_goaway(&frames), Some(11), "ENHANCE_YOUR_CALM");
    assert_eq!(site.trust.get("/").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn endless_continuations_and_fat_heads_end_the_connection() {
    let site = site().await;
    let piece = [&[0x40, 1, b'x', 0x7f, 0xe1, 0x1e][..], &[b'y'; 4000]].concat();
    let mut flood = frame(HEADERS, 1, 1, &request(&site.trust.host()));
    (0..2000).for_each(|_| flood.extend(frame(CONTINUATION, 0, 1, &piece)));
    let frames = exchange(&site, &flood).await;
    assert!(error_of_goaway(&frames).is_none_or(|error| error != 0), "{:?}", error_of_goaway(&frames));
    assert!(!frames.iter().any(|(_, payload)| payload == b"hello"));
    assert_eq!(site.trust.get("/").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_small_head_that_unpacks_to_a_large_one_is_refused() {
    let site = site().await;
    // One literal of 4000 bytes goes into the table, then a thousand references of one byte each.
    let literal = [&[0x40, 1, b'x', 0x7f, 0xa1, 0x1e][..], &[b'y'; 4000]].concat();
    let bomb = [request(&site.trust.host()), literal, vec![0xbe; 1000]].concat();
    let frames = exchange(&site, &frame(HEADERS, END_STREAM_AND_HEADERS, 1, &bomb)).await;
    assert!(!frames.iter().any(|(_, payload)| payload == b"hello"), "four million bytes of headers");
    assert_eq!(site.trust.get("/").await.status, 200);
}
