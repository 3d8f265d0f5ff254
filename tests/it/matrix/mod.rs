//! Who gets which kind of answer where: every operation of the API, asked over the real socket by everybody.
//! `tests/golden/answers.txt` is reviewed line by line; an operation without a line, or without a sample body, fails.

mod samples;
mod stage;

use std::fmt::Write as _;

use alcove::http::api;
use futures_util::{StreamExt as _, stream};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::openapi::golden;
use crate::support::{Answer, Site};
use samples::sample;
use stage::{Stage, Who};

const HEAD: &str =
    "# What each operation answers to whom, about objects in the space of one client; sample bodies are good ones,
# with the owner's own proofs. Reviewed: nobody outside may be told more than 401 or 404 about what is not theirs.
# ended: the owner, signed out. suspended: a practitioner, after signing in. locked: the owner, locked. stranger: a client
# of another space. outsider: a practitioner in no space, without a keyring. staff, helper (by a role of the practice's
# own making that may see and change people) and admin are in no space either. client: the client whose space it is.
# Only who uploads a file sees and completes the upload, and the files are the owner's.
";

struct Operation {
    method: String,
    path: String,
    takes_body: bool,
}

fn operations() -> Vec<Operation> {
    let description: Value = serde_json::from_str(&api::description()).unwrap();
    let of_path = |(path, methods): (&String, &Value)| {
        let of_method = |(method, operation): (&String, &Value)| Operation {
            method: method.to_uppercase(),
            path: path.clone(),
            takes_body: operation.get("requestBody").is_some(),
        };
        methods.as_object().unwrap().iter().map(of_method).collect::<Vec<_>>()
    };
    let mut all: Vec<_> = description["paths"].as_object().unwrap().iter().flat_map(of_path).collect();
    all.push(Operation { method: "GET".to_owned(), path: "/openapi.json".to_owned(), takes_body: false });
    all.sort_by(|a, b| (&a.path, &a.method).cmp(&(&b.path, &b.method)));
    all
}

/// Asks, and reads to the end; of an event stream its head only.
pub async fn ask(site: &Site, method: &str, path: &str, headers: &str, body: &[u8]) -> Answer {
    let (host, base, origin) = (site.trust.host(), api::BASE, site.trust.origin());
    let head = format!(
        "{method} {base}{path} HTTP/1.1\r\nHost: {host}\r\nOrigin: {origin}\r\nConnection: close\r\nContent-Length: {}\r\n{headers}\r\n",
        body.len()
    );
    let mut stream = site.trust.connect("http/1.1").await;
    stream.write_all(&[head.as_bytes(), body].concat()).await.unwrap();
    stream.flush().await.unwrap();
    let (mut all, mut piece) = (Vec::new(), vec![0; 16 * 1024]);
    while let Ok(count @ 1..) = stream.read(&mut piece).await {
        all.extend_from_slice(&piece[..count]);
        if String::from_utf8_lossy(&all).contains("text/event-stream") {
            break;
        }
    }
    all.extend(if path == "/events" { b"\r\n\r\n".as_slice() } else { b"" });
    Answer::parse(&all)
}

/// The status and, of a refusal, its code.
fn kind(answer: &Answer) -> String {
    match answer.header("content-type") {
        Some("application/problem+json") => {
            let problem: Value = serde_json::from_slice(answer.body.trim_ascii()).unwrap();
            format!("{} {}", answer.status, problem["code"].as_str().unwrap())
        }
        _ => answer.status.to_string(),
    }
}

impl Operation {
    /// The operation's line: what everybody is answered.
    async fn line(self) -> String {
        let mut stage = Stage::set().await;
        let mut answers = Vec::new();
        for who in Who::ALL {
            let answer = self.asked_by(&stage, who).await;
            if who != Who::Owner && self.changes(&answer) {
                stage = Stage::set().await;
            }
            answers.push(format!("{answer:21}"));
        }
        let line = format!("{:6} {:39} | {}", self.method, self.path, answers.join(" | "));
        line.trim_end().to_owned()
    }

    /// Whether the next to ask would find another practice. Sessions are new for each asker anyway.
    fn changes(&self, answer: &str) -> bool {
        let lasting =
            ["/clients", "/files", "/invites", "/me", "/people", "/policy", "/recover", "/roles", "/spaces", "/team"]
                .iter()
                .any(|noun| self.path.starts_with(noun));
        self.path == "/claims" || self.method != "GET" && lasting && answer.starts_with('2')
    }

    async fn asked_by(&self, stage: &Stage, who: Who) -> String {
        let Self { method, path, takes_body } = self;
        let body = if *takes_body { sample(stage, method, path) } else { Some(Vec::new()) };
        let body = body.unwrap_or_else(|| panic!("{method} {path} needs a sample body in tests/it/matrix/samples.rs"));
        let headers = self.headers() + &stage.cookie(who);
        let (there, absent) = (stage.there(method, path), Stage::absent(path));
        let of_people = ["{person}", "{review}", "{role}"].iter().any(|id| path.contains(id));
        // Who looks after people sees who is there; that is their work.
        let strange = who.is_strange() && !(of_people && matches!(who, Who::Helper | Who::Admin));
        // An invite's id is a secret by itself: whoever knows it may see it.
        if strange && absent != *path && !path.contains("{invite}") {
            for body in [b"{".as_slice(), &body] {
                let there = ask(&stage.site, method, &there, &headers, body).await;
                let absent = ask(&stage.site, method, &absent, &headers, body).await;
                assert_eq!(told(&there), told(&absent), "{method} {path} tells {who:?} whether the object is there");
            }
        }
        let answer = kind(&ask(&stage.site, method, &there, &headers, &body).await);
        // What a passkey is for, and so who may ask for one, stands in the body.
        if *takes_body && answer == "401 signed-out" && path != "/passkeys/challenges" {
            let unreadable = ask(&stage.site, method, &there, &headers, b"{").await;
            assert_eq!(kind(&unreadable), answer, "{method} {path} judges the body before {who:?}");
        }
        answer
    }

    fn headers(&self) -> String {
        match (self.takes_body, self.path.contains("/parts/")) {
            (false, _) => String::new(),
            (true, true) => "Content-Type: application/octet-stream\r\n".to_owned(),
            (true, false) => "Content-Type: application/json\r\nIf-Match: *\r\n".to_owned(),
        }
    }
}

/// All of an answer that says something about the object.
fn told(answer: &Answer) -> (u16, Vec<(String, String)>, String) {
    let mut headers = answer.headers.clone();
    headers.retain(|(name, _)| name != "date" && name != "request-id");
    (answer.status, headers, String::from_utf8_lossy(&answer.body).into_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 8)]
async fn golden_answers() {
    let mut text = String::from(HEAD);
    let columns = Who::ALL.map(|who| format!("{:21}", format!("{who:?}").to_lowercase()));
    writeln!(text, "\n{:46} | {}", "", columns.join(" | ").trim_end()).unwrap();
    // Making practices waits for the disk: several at a time.
    let lines = stream::iter(operations()).map(|operation| tokio::spawn(operation.line())).buffered(8);
    for line in lines.collect::<Vec<_>>().await {
        writeln!(text, "{}", line.unwrap()).unwrap();
    }
    golden("tests/golden/answers.txt", &text);
}
