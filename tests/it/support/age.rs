//! The stock age program, to open what Alcove made without Alcove.

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::OnceLock,
};

/// The stock age program, 1.3 or newer: from `ALCOVE_AGE`, else fetched once by `.ci/age.sh`.
pub fn stock_age() -> &'static Path {
    static FOUND: OnceLock<PathBuf> = OnceLock::new();
    FOUND.get_or_init(|| {
        if let Some(path) = std::env::var_os("ALCOVE_AGE") {
            return path.into();
        }
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join(".ci/age.sh");
        let fetched = Command::new(script).output().expect(".ci/age.sh runs");
        assert!(fetched.status.success(), "no stock age: {}", String::from_utf8_lossy(&fetched.stderr));
        String::from_utf8(fetched.stdout).expect("a path").trim().into()
    })
}

/// Opens age files as anybody would.
pub struct Age;

impl Age {
    /// `age -d -i IDENTITY FILE`.
    pub fn with_identity(identity: &Path, file: &Path) -> Result<Vec<u8>, String> {
        said(Command::new(stock_age()).arg("-d").arg("-i").arg(identity).arg(file).output().unwrap())
    }

    /// `age -d FILE` with a passphrase, by the plugin that comes with age, since age itself asks on a terminal.
    pub fn with_passphrase(passphrase: &str, file: &Path) -> Result<Vec<u8>, String> {
        let plugins = stock_age().parent().unwrap();
        let mut age = Command::new(stock_age());
        age.env("PATH", plugins).env("AGE_PASSPHRASE", passphrase).args(["-d", "-j", "batchpass"]).arg(file);
        said(age.output().unwrap())
    }
}

fn said(output: Output) -> Result<Vec<u8>, String> {
    if output.status.success() { Ok(output.stdout) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
}
