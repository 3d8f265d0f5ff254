//! Uploads into the real program over TLS: many at once in little memory, and one that breaks off.

use std::fs;

use alcove::crypto::sign::sha256;
use alcove::domain::text::b64u;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;

use crate::api::set_up_body;
use crate::support::{Answer, Process, Trust};
use crate::world::factors::TotpApp;
use crate::world::file_id;
use crate::world::sign::Keys;

const PART: usize = 8 << 20;
const PARTS: usize = 2;
const UPLOADS: u8 = 4;

/// A signed-in owner of a new practice, who uploads into their notebook.
struct Desk {
    trust: Trust,
    cookie: String,
    space: String,
}

impl Desk {
    async fn of(server: &Process) -> Self {
        let (trust, owner) = (server.trust.clone(), Keys::of(1));
        let desk = Self { trust, cookie: String::new(), space: String::new() };
        let claimed = desk.post("/claims", &json!({ "code": server.started["claim_code"] })).await;
        let desk = Self { cookie: cookie(&claimed), ..desk };
        let founded = desk.post("/practice", &set_up_body(&owner, &server.trust.origin())).await;
        assert_eq!(founded.status, 200, "{}", founded.json());
        let space = founded.json()["spaces"][0]["space"].as_str().unwrap().to_owned();
        let desk = Self { cookie: cookie(&founded), space, ..desk };
        desk.add_step().await;
        desk
    }

    /// The second factor that an owner needs before anything else.
    async fn add_step(&self) {
        let begun = self.post("/me/factors/totp", &json!({})).await;
        let app = TotpApp::of(begun.json()["secret"].as_str().unwrap());
        let code = json!({ "code": app.shows(jiff::Timestamp::now()) });
        let headers = self.headers("application/json");
        let put = self.trust.ask("PUT", "/api/v1/me/factors/totp", &headers, code.to_string().as_bytes()).await;
        assert_eq!(put.status, 200, "{}", put.json());
    }

    fn headers(&self, kind: &str) -> String {
        format!("Content-Type: {kind}\r\nCookie: {}\r\nAlcove-Client: 1\r\n", self.cookie)
    }

    async fn post(&self, path: &str, body: &Value) -> Answer {
        let (path, body) = (format!("/api/v1{path}"), body.to_string());
        self.trust.ask("POST", &path, &self.headers("application/json"), body.as_bytes()).await
    }

    async fn put_part(&self, n: u8, offset: usize, bytes: &[u8]) -> Answer {
        let path = format!("/api/v1/files/{}/parts/{offset}", file_id(n));
        self.trust.ask("PUT", &path, &self.headers("application/octet-stream"), bytes).await
    }

    async fn begin(&self, n: u8, content: &[u8]) -> Answer {
        let made = json!({ "file": file_id(n).to_string(), "size": content.len(), "sha256": b64u(&sha256(content)) });
        self.post(&format!("/spaces/{}/files", self.space), &made).await
    }

    async fn commit(&self, n: u8) -> u16 {
        self.post(&format!("/files/{}/commit", file_id(n)), &json!({})).await.status
    }

    async fn upload(&self, n: u8, content: &[u8], part: usize) {
        assert_eq!(self.begin(n, content).await.status, 200);
        for (i, bytes) in content.chunks(part).enumerate() {
            let received = self.put_part(n, i * part, bytes).await.json();
            assert_eq!(received["received"], i * part + bytes.len(), "{received}");
        }
        assert_eq!(self.commit(n).await, 200);
    }
}

fn cookie(answer: &Answer) -> String {
    answer.header("set-cookie").unwrap().split(';').next().unwrap().to_owned()
}

fn content(n: u8, bytes: usize) -> Vec<u8> {
    let mut content = vec![n; bytes];
    content.iter_mut().step_by(4096).enumerate().for_each(|(page, byte)| *byte = page.to_le_bytes()[0]);
    content
}

/// The most memory that the program ever held.
fn peak_bytes(server: &Process) -> usize {
    let status = fs::read_to_string(format!("/proc/{}/status", server.id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.split_whitespace().next().unwrap().parse::<usize>().unwrap() * 1024
}

/// Four parts of 8 MiB at a time would be 32 MiB if each were held whole.
#[tokio::test(flavor = "multi_thread")]
async fn uploads_at_once_hold_much_less_than_their_parts() {
    let server = Process::start();
    let desk = Desk::of(&server).await;
    desk.upload(9, &content(9, 1 << 20), 1 << 20).await;
    let before = peak_bytes(&server);
    let uploads = (1..=UPLOADS).map(|n| {
        let desk = &desk;
        async move { desk.upload(n, &content(n, PARTS * PART), PART).await }
    });
    futures_util::future::join_all(uploads).await;
    let grown = peak_bytes(&server) - before;
    assert!(grown < usize::from(UPLOADS) * PART / 2, "grown by {grown} bytes");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_that_breaks_off_is_gone_on_with() {
    let server = Process::start();
    let desk = Desk::of(&server).await;
    let (chunk, content) = (64 * 1024, content(1, 3 << 20));
    desk.begin(1, &content).await;
    let mut stream = desk.trust.connect("http/1.1").await;
    let (host, headers) = (desk.trust.host(), desk.headers("application/octet-stream"));
    let path = format!("/api/v1/files/{}/parts/0", file_id(1));
    let head = format!("PUT {path} HTTP/1.1\r\nHost: {host}\r\nContent-Length: {}\r\n{headers}\r\n", content.len());
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(&content[..20 * chunk + 1000]).await.unwrap();
    stream.flush().await.unwrap();
    drop(stream);
    // What the server took in before it noticed is a whole number of chunks, and nothing after them is lost or doubled.
    let stands = desk.begin(1, &content).await.json()["received"].as_u64().unwrap();
    let stands = usize::try_from(stands).unwrap();
    assert!(stands % chunk == 0 && stands <= 20 * chunk, "{stands}");
    let received = desk.put_part(1, stands, &content[stands..]).await.json();
    assert_eq!(received["received"], content.len(), "{received}");
    assert_eq!(desk.commit(1).await, 200);
}
