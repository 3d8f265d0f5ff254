//! The web UI's own tools and tests, run from here. They fail, never skip, where Node is missing.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use super::stock_age;

/// The directory of the web UI.
pub fn web() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("web")
}

/// Fails with a sentence when a program is not there.
pub fn need(program: &str, package: &str) {
    let found = std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(program).is_file()));
    assert!(found, "{program} is missing: install {package} (on Debian `.ci/tools.sh` does)");
}

/// `npm run SCRIPT` in web/, against the program that cargo just built. Arguments go after a `--`.
pub fn npm(script: &str) -> Command {
    need("node", "Node.js 20.19 or newer");
    need("npm", "Node.js 20.19 or newer");
    let mut npm = Command::new("npm");
    npm.args(["run", "--silent", script]).current_dir(web()).env("NO_COLOR", "1");
    npm.env("ALCOVE_BIN", env!("CARGO_BIN_EXE_alcove")).env("ALCOVE_AGE", stock_age());
    npm
}
