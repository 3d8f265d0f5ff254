//! The web UI's own checks and the journeys through real browsers, against the binary that cargo just built.
//! They fail, never skip, where Node or a browser is missing.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Browsers and type checkers want both cores: one at a time.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

fn alone() -> MutexGuard<'static, ()> {
    ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner)
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn need(program: &str, package: &str) {
    let found = std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(program).is_file()));
    assert!(found, "{program} is missing: install {package} (on Debian `.ci/tools.sh` does)");
}

/// The stock age program, 1.3 or newer: from `ALCOVE_AGE`, else fetched once by `.ci/age.sh`.
pub fn stock_age() -> PathBuf {
    if let Some(path) = std::env::var_os("ALCOVE_AGE") {
        return path.into();
    }
    let fetched = Command::new(root().join(".ci/age.sh")).output().expect(".ci/age.sh runs");
    assert!(fetched.status.success(), "no stock age: {}", String::from_utf8_lossy(&fetched.stderr));
    String::from_utf8(fetched.stdout).expect("a path").trim().into()
}

fn npm(script: &str) {
    need("node", "Node.js 20.19 or newer");
    need("npm", "Node.js 20.19 or newer");
    let done = Command::new("npm")
        .args(["run", script])
        .current_dir(root().join("web"))
        .env("ALCOVE_BIN", env!("CARGO_BIN_EXE_alcove"))
        .env("ALCOVE_AGE", stock_age())
        .env("NO_COLOR", "1")
        .status()
        .expect("npm runs");
    assert!(done.success(), "`npm run {script}` in web/ failed, see above");
}

#[test]
fn web_units() {
    let _alone = alone();
    npm("test");
}

#[test]
fn web_types() {
    let _alone = alone();
    npm("check");
}

#[test]
fn journeys_in_chromium() {
    let _alone = alone();
    need("chromium", "chromium");
    need("certutil", "libnss3-tools");
    npm("e2e");
}

#[test]
fn smoke_in_firefox() {
    let _alone = alone();
    need("firefox-esr", "firefox-esr");
    need("certutil", "libnss3-tools");
    npm("smoke:firefox");
}

#[test]
fn smoke_in_webkit() {
    let _alone = alone();
    need("WebKitWebDriver", "webkit2gtk-driver");
    need("Xvfb", "xvfb");
    npm("smoke:webkit");
}
