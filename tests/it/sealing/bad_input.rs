//! What goes wrong at a start: each time a clear sentence, the right exit code, and a file that did not change.

use std::{fs, path::PathBuf, process::Command};

use super::{done, refused, to_passphrase};
use crate::support::{Process, alcove};

/// A stopped practice.
fn stopped() -> Process {
    let mut server = Process::start();
    server.signal("TERM");
    assert!(server.wait().success());
    server
}

fn data(server: &Process) -> PathBuf {
    server.data_dir().join("alcove.redb")
}

/// Serving what `change` left is refused so, and changes nothing more.
fn serve_refused(server: &Process, change: impl FnOnce(&mut Vec<u8>), exit: i32, words: &str) {
    let whole = fs::read(data(server)).unwrap();
    let mut changed = whole.clone();
    change(&mut changed);
    fs::write(data(server), &changed).unwrap();
    refused(&server.command(&["serve", "--listen", "127.0.0.1:0", "--origin", "https://localhost"]), exit, words);
    assert!(fs::read(data(server)).unwrap() == changed, "{words}: the file changed");
    fs::write(data(server), whole).unwrap();
}

#[test]
fn files_that_are_not_as_they_should_be() {
    let server = stopped();
    serve_refused(&server, |file| file.truncate(20_000), 1, "cut off");
    serve_refused(&server, |file| *file = b"SQLite format 3\0".repeat(100_000), 1, "not an Alcove practice");
    let flip_both = |file: &mut Vec<u8>| (file[60], file[0x4000 + 60]) = (file[60] ^ 1, file[0x4000 + 60] ^ 1);
    serve_refused(&server, flip_both, 1, "both superblocks");
    let other = stopped();
    let foreign = fs::read(data(&other)).unwrap();
    let swap = |file: &mut Vec<u8>| file[..0x8000].copy_from_slice(&foreign[..0x8000]);
    serve_refused(&server, swap, 4, "keyfile does not open this practice");
}

#[test]
fn keys_that_do_not_fit() {
    let server = stopped();
    let key = server.home().join(".config/alcove/data.key");
    let kept = fs::read(&key).unwrap();
    fs::write(&key, [7; 32]).unwrap();
    serve_refused(&server, |_| (), 4, "keyfile does not open this practice");
    fs::write(&key, [7; 31]).unwrap();
    serve_refused(&server, |_| (), 1, "exactly 32 bytes");
    fs::remove_file(&key).unwrap();
    serve_refused(&server, |_| (), 4, "data.key is missing");
    fs::write(&key, kept).unwrap();
    fs::set_permissions(&key, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();

    let (home, port) = server.into_home();
    let mut server = Process::serve(home, "data", port);
    let passphrase = to_passphrase(&server);
    server.signal("TERM");
    assert!(server.wait().success());
    let before = fs::read(data(&server)).unwrap();
    fs::write(&passphrase, "other words nobody joins").unwrap();
    refused(&server.command(&["claim", "--passphrase-file", &passphrase]), 4, "passphrase does not open");
    refused(&server.command(&["seal", "unseal"]), 1, "no server runs");
    assert!(fs::read(data(&server)).unwrap() == before);
    // The keyfile was removed: its file opens nothing any more, and says so by leaving the server sealed.
    assert_eq!(done(&server.command(&["--json", "seal", "status"]))["key_file"]["present"], true);
    refused(&server.command(&["claim"]), 4, "sealed");
    assert!(fs::read(data(&server)).unwrap() == before);
}

#[test]
fn a_directory_that_may_not_be_written() {
    let server = stopped();
    let before = fs::read(data(&server)).unwrap();
    let script = "mount --bind \"$1\" \"$1\" && mount -o remount,bind,ro \"$1\" && shift && exec \"$@\"";
    let mut inside = alcove(server.home(), server.data_dir());
    inside.args(["claim"]);
    let output = Command::new("unshare")
        .args(["--mount", "--map-root-user", "sh", "-c", script, "sh"])
        .arg(server.data_dir())
        .arg(inside.get_program())
        .args(inside.get_args())
        .env("HOME", server.home())
        .output()
        .expect("unshare (util-linux) runs");
    refused(&output, 1, "may not write");
    assert!(fs::read(data(&server)).unwrap() == before);
}
