//! The web UI's own checks and the journeys through real browsers, against the program that cargo just built.
//! They fail, never skip, where Node or a browser is missing.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::support::{need, npm};

/// Browsers and type checkers want both cores: one at a time.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

fn alone() -> MutexGuard<'static, ()> {
    ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner)
}

fn run(script: &str) {
    let _alone = alone();
    let done = npm(script).env("CI", "true").status().expect("npm runs");
    assert!(done.success(), "`npm run {script}` in web/ failed, see above");
}

#[test]
fn web_units() {
    run("test");
}

#[test]
fn web_types() {
    run("check");
}

#[test]
fn journeys_in_chromium() {
    need("chromium", "chromium");
    need("certutil", "libnss3-tools");
    run("e2e");
}

#[test]
fn smoke_in_firefox() {
    need("firefox-esr", "firefox-esr");
    need("certutil", "libnss3-tools");
    run("smoke:firefox");
}

#[test]
fn smoke_in_webkit() {
    need("WebKitWebDriver", "webkit2gtk-driver");
    need("xvfb-run", "xvfb");
    run("smoke:webkit");
}
