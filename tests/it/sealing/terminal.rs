//! A passphrase on a terminal of its own: nothing of it is shown, and the terminal is afterwards as it was.

use std::{
    fs,
    io::{Read as _, Write as _},
    process::{Command, Stdio},
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use super::{WORDS, done, kinds, to_passphrase};
use crate::support::{Process, alcove, need};

/// Waits until what a terminal has shown contains this.
fn shows(shown: &Mutex<Vec<u8>>, words: &str) -> String {
    for _ in 0..200 {
        let text = String::from_utf8_lossy(&shown.lock().unwrap()).into_owned();
        if text.contains(words) {
            return text;
        }
        thread::sleep(Duration::from_millis(50));
    }
    panic!("it never shows {words:?}: {}", String::from_utf8_lossy(&shown.lock().unwrap()));
}

/// Whether the terminal that a process types at repeats what is typed.
fn echoes(terminal: &str) -> bool {
    let modes = Command::new("stty").args(["-a", "-F", terminal]).output().unwrap();
    let modes = String::from_utf8_lossy(&modes.stdout).into_owned();
    assert!(modes.contains("echo"), "{modes}");
    !modes.split_whitespace().any(|mode| mode == "-echo")
}

#[test]
fn a_passphrase_is_typed_without_echo() {
    need("script", "bsdutils");
    let server = Process::start();
    to_passphrase(&server);
    assert_eq!(done(&server.command(&["--json", "seal", "lock"]))["state"], "sealed");
    // The shell names its terminal, runs the command on it, and shows what it left.
    let plain = alcove(server.home(), server.data_dir());
    let command = format!(
        "tty > \"$HOME/terminal\"; '{}' --data-dir '{}' seal unseal; echo \"exit $?\"; read -r line; stty -a",
        plain.get_program().to_str().unwrap(),
        server.data_dir().display()
    );
    let mut script = Command::new("script");
    script.args(["-q", "-c", &command, "/dev/null"]).env_clear().env("HOME", server.home());
    script.env("PATH", std::env::var_os("PATH").unwrap()).env("SHELL", "/bin/sh");
    let mut child = script.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let (shown, mut output) = (Arc::new(Mutex::new(Vec::new())), child.stdout.take().unwrap());
    let into = shown.clone();
    let reading = thread::spawn(move || {
        let mut piece = [0; 1024];
        while let Ok(read @ 1..) = output.read(&mut piece) {
            into.lock().unwrap().extend_from_slice(&piece[..read]);
        }
    });
    let mut keyboard = child.stdin.take().unwrap();
    shows(&shown, "Passphrase, or the words of the restore kit");
    let terminal = fs::read_to_string(server.home().join("terminal")).unwrap().trim().to_owned();
    for _ in 0..100 {
        if !echoes(&terminal) {
            break;
        }
        thread::sleep(Duration::from_millis(20));
    }
    assert!(!echoes(&terminal), "the echo is off while it is typed");
    writeln!(keyboard, "{WORDS}").unwrap();
    shows(&shown, "exit 0");
    assert!(echoes(&terminal), "and on again afterwards");
    // The control: the same terminal shows what is typed now.
    writeln!(keyboard, "plainly visible").unwrap();
    let all = shows(&shown, "plainly visible");
    assert!(!all.contains(WORDS) && !all.contains("nobody joins"), "{all}");
    drop(keyboard);
    child.wait().unwrap();
    reading.join().unwrap();
    assert_eq!(kinds(&done(&server.command(&["--json", "seal", "status"]))), ["passphrase"]);
    assert_eq!(done(&server.command(&["--json", "seal", "status"]))["state"], "open");
}
