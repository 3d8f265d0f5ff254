//! Makes each mistake in a copy of the crate and runs the tests that should notice.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use crate::store::mutants::{MUTANTS, Mutant};

/// Cargo keeps the copy's results apart from the crate's by its path; dependencies are built once for both.
const TARGET: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/target");
/// The copy has one small test, so that a mutant costs seconds: the store's tests alone, and no program.
const TEST: &str = "[[test]]\nname = \"store_alone\"\npath = \"tests/store_alone.rs\"\n\n[profile.release]";
const TEST_FILE: &str = "//! The store's tests.\n#![allow(warnings)]\n#[path = \"it/store/mod.rs\"]\nmod store;\n";
const COPIED: [&str; 7] = ["src", "tests", ".cargo", "Cargo.toml", "Cargo.lock", "build.rs", "rust-toolchain.toml"];
/// Enough for each mutant, if the explorer is to find it at all.
const IMAGES: &str = "8000";

/// All mutants, or the one that `ALCOVE_MUTANT` names.
pub fn all_fail() -> bool {
    let only = std::env::var("ALCOVE_MUTANT").ok();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let scratch = root.join("target/mutants/crate");
    copy_crate(root, &scratch);
    let mut survivors = 0;
    let mutants: Vec<&Mutant> =
        MUTANTS.iter().filter(|mutant| only.as_deref().is_none_or(|only| only == mutant.name)).collect();
    assert!(!mutants.is_empty(), "no mutant is called {only:?}");
    let tests: Vec<&str> = mutants.iter().flat_map(|mutant| mutant.tests).copied().collect();
    match notice(&scratch, &tests) {
        Ok(false) => {}
        other => {
            println!("  without a mutant the tests do not pass: {other:?}");
            return false;
        }
    }
    println!("  without a mutant: all pass");
    for mutant in &mutants {
        let outcome = tried(root, &scratch, mutant);
        let killed = matches!(outcome, Ok(true));
        survivors += usize::from(!killed);
        let word = match outcome {
            Ok(true) => "noticed".to_owned(),
            Ok(false) => "SURVIVED".to_owned(),
            Err(why) => format!("FAILED: {why}"),
        };
        println!("  {:<44}{word}", mutant.name);
    }
    println!("  {survivors} of {} not noticed", mutants.len());
    survivors == 0
}

fn tried(root: &Path, scratch: &Path, mutant: &Mutant) -> Result<bool, String> {
    let (from, to) = (root.join(mutant.file), scratch.join(mutant.file));
    let source = fs::read_to_string(from).map_err(|error| format!("{}: {error}", mutant.file))?;
    fs::write(&to, mutant.applied(&source)?).unwrap();
    let outcome = notice(scratch, mutant.tests);
    fs::write(&to, source).unwrap();
    outcome
}

/// Whether one of the tests fails. A source that does not compile is no mutant.
fn notice(scratch: &Path, tests: &[&str]) -> Result<bool, String> {
    let built = cargo(scratch, &["test", "--quiet", "--offline", "--test", "store_alone", "--no-run"]);
    if !built.status.success() {
        return Err(format!("it does not compile: {}", String::from_utf8_lossy(&built.stderr)));
    }
    let mut run = vec!["test", "--quiet", "--offline", "--test", "store_alone", "--"];
    run.extend(tests);
    let ran = cargo(scratch, &run);
    let said = String::from_utf8_lossy(&ran.stdout);
    if said.contains("running 0 tests") {
        return Err(format!("no test is called {tests:?}"));
    }
    Ok(!ran.status.success())
}

fn cargo(scratch: &Path, arguments: &[&str]) -> Output {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()));
    cargo.current_dir(scratch).args(arguments).env("CARGO_TARGET_DIR", TARGET);
    cargo.env("ALCOVE_WEB", "none").env("ALCOVE_POWER_LOSS_IMAGES", IMAGES).env_remove("ALCOVE_SEED");
    cargo.output().unwrap()
}

/// Only what changed is written, so that the compiler does only what it must; what is no more, goes.
fn copy_crate(root: &Path, scratch: &Path) {
    for name in COPIED {
        copy(&root.join(name), &scratch.join(name));
    }
    let manifest = fs::read_to_string(root.join("Cargo.toml")).unwrap();
    assert_eq!(manifest.matches("[profile.release]").count(), 1);
    let (before, bin) = manifest.split_once("[[bin]]").unwrap();
    let manifest = format!("{before}{}", &bin[bin.find("\n[").unwrap()..]);
    let manifest = manifest.replace("autotests = false", "autotests = false\nautobins = false");
    write(&scratch.join("Cargo.toml"), manifest.replace("[profile.release]", TEST).as_bytes());
    write(&scratch.join("tests/store_alone.rs"), TEST_FILE.as_bytes());
}

fn copy(from: &Path, to: &Path) {
    if !from.is_dir() {
        return write(to, &fs::read(from).unwrap());
    }
    fs::create_dir_all(to).unwrap();
    for old in fs::read_dir(to).unwrap().map(|entry| entry.unwrap()) {
        match from.join(old.file_name()) {
            path if path.exists() => {}
            _ if old.path().is_dir() => fs::remove_dir_all(old.path()).unwrap(),
            _ => fs::remove_file(old.path()).unwrap(),
        }
    }
    let paths: Vec<PathBuf> = fs::read_dir(from).unwrap().map(|entry| entry.unwrap().path()).collect();
    for path in paths {
        copy(&path, &to.join(path.file_name().unwrap()));
    }
}

fn write(to: &Path, bytes: &[u8]) {
    if fs::read(to).ok().as_deref() != Some(bytes) {
        fs::write(to, bytes).unwrap();
    }
}
