//! A practice that a person opens: moving to a passphrase and back, locking, the unseal page, and the restore kit on
//! the operator's side.

mod bad_input;
mod kits;
mod terminal;

use std::{fs, path::PathBuf, process::Output, time::Duration};

use serde_json::Value;

use crate::support::{Process, Trust};

const WORDS: &str = "six words nobody joins";

/// A file below the server's home.
fn file(server: &Process, name: &str, text: &str) -> PathBuf {
    let path = server.home().join(name);
    fs::write(&path, text).unwrap();
    path
}

fn done(output: &Output) -> Value {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn refused(output: &Output, exit: i32, words: &str) {
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(exit), "{errors}");
    assert!(errors.contains(words), "{errors}");
}

/// Moves a running server to a passphrase; the file that holds it.
fn to_passphrase(server: &Process) -> String {
    let path = file(server, "passphrase", WORDS).to_str().unwrap().to_owned();
    let report =
        done(&server.command(&["--json", "seal", "migrate", "--to", "passphrase", "--new-passphrase-file", &path]));
    assert_eq!((&report["added"], &report["removed"]), (&"passphrase".into(), &"keyfile".into()));
    assert_eq!(report["key_file_is_left_over"], true);
    path
}

fn kinds(status: &Value) -> Vec<String> {
    status["slots"].as_array().unwrap().iter().map(|slot| slot["kind"].as_str().unwrap().to_owned()).collect()
}

async fn becomes(trust: &Trust, path: &str, status: u16) {
    for _ in 0..100 {
        if trust.get(path).await.status == status {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{path} never answers {status}");
}

async fn type_it(trust: &Trust, secret: &str, origin: &str) -> u16 {
    let headers = format!("Origin: {origin}\r\nContent-Type: application/x-www-form-urlencoded\r\n");
    let body = format!("secret={}", secret.replace(' ', "+"));
    trust.ask("POST", "/unseal", &headers, body.as_bytes()).await.status
}

#[tokio::test(flavor = "multi_thread")]
async fn a_running_practice_moves_to_a_passphrase_locks_and_opens_on_its_page() {
    let server = Process::start();
    let status = || done(&server.command(&["--json", "seal", "status"]));
    assert_eq!((kinds(&status()), status()["state"].clone()), (vec!["keyfile".to_owned()], "open".into()));
    assert_eq!(status()["key_file"]["shares_disk"], true);
    let short = file(&server, "short", "too short").to_str().unwrap().to_owned();
    let weak = server.command(&["seal", "migrate", "--to", "passphrase", "--new-passphrase-file", &short]);
    refused(&weak, 1, "at least 12");
    to_passphrase(&server);
    assert_eq!(kinds(&status()), ["passphrase"]);

    assert_eq!(done(&server.command(&["--json", "seal", "lock"]))["state"], "sealed");
    let sealed = server.trusting("sealed.pem");
    assert_eq!(sealed.get("/healthz").await.status, 204);
    for path in ["/readyz", "/api/v1/practice", "/anything"] {
        let answer = sealed.get(path).await;
        assert_eq!((answer.status, answer.code().as_str()), (503, "sealed"), "{path}");
        assert!(answer.json()["next"].as_str().unwrap().contains("alcove seal unseal"));
    }
    let visit = sealed.ask("GET", "/clients", "Accept: text/html\r\n", &[]).await;
    assert_eq!((visit.status, visit.header("referrer-policy")), (503, Some("same-origin")));
    let page = String::from_utf8(sealed.get("/unseal").await.body).unwrap();
    assert!(page.contains("This practice is sealed") && !page.contains("<script") && !page.contains("{notice}"));
    refused(&server.command(&["claim"]), 4, "sealed");
    let overview = done(&server.command(&["--json", "status"]));
    assert_eq!((&overview["state"], &overview["seal"]["state"]), (&"sealed".into(), &"sealed".into()));

    let origin = sealed.origin();
    assert_eq!(type_it(&sealed, WORDS, "https://evil.example").await, 403);
    assert_eq!(type_it(&sealed, "other words nobody joins", &origin).await, 403);
    assert_eq!(type_it(&sealed, WORDS, &origin).await, 200);
    let open = server.trusting("authority.pem");
    becomes(&open, "/readyz", 204).await;
    assert_eq!(status()["state"], "open");
    let late = open.get("/unseal").await;
    assert_eq!((late.status, late.header("location")), (303, Some("/")));
    assert_eq!(open.get("/unseal.css").await.status, 200, "the page that says so is still on somebody's screen");

    let report = done(&server.command(&["--json", "seal", "migrate", "--to", "keyfile", "--keep"]));
    assert!(report["removed"].is_null());
    assert_eq!(kinds(&status()), ["passphrase", "keyfile"]);
    done(&server.command(&["--json", "seal", "lock"]));
    assert_eq!(done(&server.command(&["--json", "seal", "unseal"]))["state"], "open", "the key file is at hand");
}

#[tokio::test(flavor = "multi_thread")]
async fn guesses_on_the_page_are_slowed_down() {
    let server = Process::start();
    to_passphrase(&server);
    done(&server.command(&["--json", "seal", "lock"]));
    let sealed = server.trusting("sealed.pem");
    let mut seen = Vec::new();
    for guess in 0..6 {
        seen.push(type_it(&sealed, &format!("guess number {guess} of many"), &sealed.origin()).await);
    }
    assert_eq!((seen[0], seen.contains(&429)), (403, true), "{seen:?}");
    assert_eq!(type_it(&sealed, WORDS, &sealed.origin()).await, 429);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_its_key_starts_sealed_and_goes_on() {
    let mut server = Process::start();
    let passphrase = to_passphrase(&server);
    server.signal("TERM");
    assert!(server.wait().success());
    let stopped = done(&server.command(&["--json", "seal", "status"]));
    assert_eq!((&stopped["state"], &stopped["authenticated"]), (&"stopped".into(), &false.into()));
    refused(&server.command(&["claim"]), 4, "--passphrase-file");
    let code = server.command(&["-q", "claim", "--passphrase-file", &passphrase]);
    assert!(code.status.success(), "{}", String::from_utf8_lossy(&code.stderr));

    let (home, port) = server.into_home();
    let server = Process::serve(home, "data", port);
    assert_eq!(server.started["state"], "sealed");
    let status = done(&server.command(&["--json", "seal", "status"]));
    assert_eq!(status["sealed_page_sha256"], server.started["certificate_sha256"]);
    assert_eq!(server.trust.get("/readyz").await.status, 503);
    let second = server.command(&["serve", "--listen", "127.0.0.1:0", "--origin", "https://localhost"]);
    refused(&second, 1, "another Alcove is running on");
    let wrong = file(&server, "wrong", "other words nobody joins").to_str().unwrap().to_owned();
    refused(&server.command(&["seal", "unseal", "--passphrase-file", &wrong]), 4, "does not open this practice");
    done(&server.command(&["--json", "seal", "unseal", "--passphrase-file", &passphrase]));
    becomes(&server.trusting("authority.pem"), "/readyz", 204).await;
    let overview = done(&server.command(&["--json", "status"]));
    assert_eq!((&overview["state"], &overview["health"]["broken"]), (&"active".into(), &false.into()));
    assert_eq!(overview["version"], env!("CARGO_PKG_VERSION"));
}
