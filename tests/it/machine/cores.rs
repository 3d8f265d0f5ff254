//! A crash leaves no copy of the memory behind.

use std::{
    fs,
    os::unix::process::ExitStatusExt as _,
    process::{Command, Stdio},
    thread,
    time::Duration,
};

use super::practice::{NAME, Practice};
use crate::support::Hunt;

/// The most that this machine allows, and what follows runs in the directory `$1`.
const UNLIMITED: &str = "cd \"$1\" && shift && ulimit -S -c \"$(ulimit -H -c)\" && exec \"$@\"";

/// A command with as large a core as the machine lets it have, if it leaves one.
fn unlimited(dir: &std::path::Path) -> Command {
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", UNLIMITED, "sh"]).arg(dir);
    shell
}

#[test]
fn a_crash_leaves_no_core() {
    let practice = Practice::found();
    let at = practice.home().to_owned();
    let home = practice.home().to_owned();
    let running = practice.serve_by(move |home, data| {
        let mut command = unlimited(home);
        command.env_clear().env("HOME", home).env("TMPDIR", home).env("PATH", "/usr/bin:/bin");
        command.arg(env!("CARGO_BIN_EXE_alcove")).arg("--data-dir").arg(data);
        command
    });
    let mut running = running.unwrap_or_else(|(_, said)| panic!("{said}"));
    let marker = Hunt::for_text(NAME);
    let known =
        crate::machine::line::Line::to(&running.process.trust, &running.cookie).unwrap().get("/practice").unwrap();
    assert_eq!(known.json()["name"], NAME);
    assert!(marker.in_memory(running.process.id()), "the control: the server knows its practice's name");
    running.process.signal("ABRT");
    let exit = running.process.wait();
    assert_eq!((exit.signal(), exit.core_dumped()), (Some(libc::SIGABRT), false));
    assert_eq!(marker.in_files(&at), Vec::<std::path::PathBuf>::new());
    control(&home);
}

/// Another program does leave one here, unless the machine lets nobody: else the test above would show nothing.
fn control(home: &std::path::Path) {
    let dir = home.join("control");
    fs::create_dir(&dir).unwrap();
    let mut child = unlimited(&dir).args(["sleep", "60"]).stdout(Stdio::null()).spawn().unwrap();
    thread::sleep(Duration::from_millis(200));
    let limits = fs::read_to_string(format!("/proc/{}/limits", child.id())).unwrap();
    let limit = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap().to_owned();
    let killed = Command::new("kill").args(["-s", "ABRT", &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
    let dumped = child.wait().unwrap().core_dumped();
    assert!(dumped || limit.split_whitespace().nth(4) == Some("0"), "no core of {limit:?}");
}
