//! The program as its operator meets it.

use std::{
    os::unix::fs::{FileTypeExt, PermissionsExt},
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::support::{Hunt, Process, alcove};

#[tokio::test(flavor = "multi_thread")]
async fn a_first_start_makes_everything_private_and_says_how_to_begin() {
    let server = Process::start();
    let started = &server.started;
    let code = started["claim_code"].as_str().unwrap();
    assert_eq!(code.len(), 14);
    let address = started["claim_url"].as_str().unwrap();
    assert_eq!(address, format!("{}/claim#{}", server.trust.origin(), code.replace('-', "")));
    assert_eq!(started["authority_sha256"].as_str().unwrap().len(), 95);
    assert_eq!(started["reachable"], json!([]));
    assert_eq!(server.trust.get("/healthz").await.status, 204);
    let mode = |path: std::path::PathBuf| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(server.data_dir().into()), 0o700);
    assert_eq!(mode(server.data_dir().join("tls")), 0o700);
    assert_eq!(mode(server.data_dir().join("tls/authority.pem")), 0o600);
    let keys = Hunt::for_text("BEGIN PRIVATE KEY").in_files(server.data_dir());
    assert!(keys.is_empty(), "a copy of the data directory alone must give nothing: {keys:?}");
    assert_eq!(mode(server.data_dir().join("control.sock")), 0o600);
    assert_eq!(mode(server.home().join(".config/alcove/data.key")), 0o600);
}

#[test]
fn a_new_code_comes_from_the_running_server_or_from_the_data() {
    let mut server = Process::start();
    let first = server.started["claim_code"].clone();
    let claim = |server: &Process| {
        let output = server.command(&["--json", "claim"]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice::<Value>(&output.stdout).unwrap()
    };
    let running = claim(&server);
    assert_ne!(running["code"], first);
    assert!(running["url"].as_str().unwrap().starts_with(&server.trust.origin()));
    server.signal("TERM");
    assert!(server.wait().success());
    let stopped = claim(&server);
    assert_eq!(stopped["code"].as_str().unwrap().len(), 14);
    assert_eq!(stopped["url"].as_str().unwrap().split('#').next(), Some("https://localhost:8443/claim"));
    let quiet = server.command(&["-q", "claim"]);
    assert_eq!(quiet.stdout.len(), 15, "the code and nothing else");
}

#[test]
fn a_test_restore_that_a_crash_left_behind_goes_and_the_authority_stays() {
    let mut server = Process::start();
    let authority = server.started["authority_sha256"].clone();
    server.signal("KILL");
    server.wait();
    let left = server.data_dir().join("test-restore-1700000000000");
    std::fs::create_dir_all(left.join("blobs")).unwrap();
    std::fs::write(left.join("alcove.redb"), "half a database").unwrap();
    let (home, port) = server.into_home();
    let server = Process::serve(home, "data", port);
    assert!(!left.exists());
    assert_eq!(server.started["authority_sha256"], authority, "its key came out of the encrypted file");
}

#[test]
fn a_second_server_on_the_same_data_is_refused_in_words() {
    let server = Process::start();
    let second = server.command(&["serve", "--listen", "127.0.0.1:0", "--origin", "https://localhost"]);
    assert_eq!(second.status.code(), Some(1));
    let errors = String::from_utf8(second.stderr).unwrap();
    assert!(errors.contains("another Alcove is running on"), "{errors}");
    assert!(server.data_dir().join("control.sock").exists(), "the first one's socket is untouched");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_signal_ends_it_soon_and_cleanly_and_it_starts_again() {
    for signal in ["TERM", "INT"] {
        let mut server = Process::start();
        assert_eq!(server.trust.get("/healthz").await.status, 204);
        let idle = server.trust.connect("h2").await;
        let asked = Instant::now();
        server.signal(signal);
        assert!(server.wait().success(), "{signal}");
        assert!(asked.elapsed() < Duration::from_secs(7), "{signal}");
        assert!(!server.data_dir().join("control.sock").exists());
        drop(idle);
    }
}

#[test]
fn a_killed_server_leaves_nothing_in_the_way() {
    let mut server = Process::start();
    server.signal("KILL");
    assert!(!server.wait().success());
    let socket = server.data_dir().join("control.sock");
    assert!(socket.metadata().unwrap().file_type().is_socket());
    let output = server.command(&["-q", "claim"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_data_directory_with_a_long_path_works() {
    let deep = format!("{}/data", ["a-directory-with-a-long-name"; 6].join("/"));
    let server = Process::start_in(&deep);
    assert!(server.data_dir().as_os_str().len() > 150);
    let output = server.command(&["-q", "claim"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(server.data_dir().join("control.sock").exists());
}

#[test]
fn mistakes_are_named_with_their_exit_codes() {
    let home = tempfile::tempdir().unwrap();
    let data = home.path().join("data");
    let run = |arguments: &[&str]| {
        let output = alcove(home.path(), &data).args(arguments).output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    for (arguments, exit, words) in [
        (&["claim"][..], 1, "there is no practice in"),
        (&["serve", "--origin", "http://localhost"], 3, "starts with https://"),
        (&["serve", "--cert", "a.pem"], 3, "go together"),
        (&["serve", "--listen", "127.0.0.1:0", "--cert", "/absent", "--key", "/absent"], 3, "cannot read /absent"),
        (&["frobnicate"], 2, "unrecognized subcommand"),
        (&["--key-file", "/tmp/k", "--log", "xml", "serve"], 2, "text or json"),
    ] {
        let (code, errors) = run(arguments);
        assert_eq!(code, Some(exit), "{arguments:?}: {errors}");
        assert!(errors.contains(words), "{arguments:?}: {errors}");
    }
    let inside = data.join("data.key");
    let (code, errors) = run(&["--key-file", inside.to_str().unwrap(), "serve"]);
    assert_eq!((code, errors.contains("inside the data directory")), (Some(3), true), "{errors}");
}
