//! Restores that must not happen: each is named, ends with its exit code, and leaves nothing behind.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Output, Stdio},
};

use super::life::{Life, restore, restore_command};

pub fn refuses_what_it_should(life: &Life) {
    let (kit, backup, desk) = (life.kit(), life.backup(), life.desk());
    let paper = fs::read_to_string(&kit).unwrap();
    let make = |name: &str, bytes: &[u8]| {
        let path = desk.join(name);
        fs::write(&path, bytes).unwrap();
        path
    };
    let bytes = fs::read(&backup).unwrap();
    let cut = make("cut.age", &bytes[..bytes.len() / 2]);
    let mut flipped = bytes.clone();
    flipped[bytes.len() - 1000] ^= 1;
    let flipped = make("flipped.age", &flipped);
    let foreign = make("letter.txt", b"Dear Maya, this is no backup.");
    let absent = desk.join("absent.age");
    let bare = make("bare.txt", paper.lines().last().unwrap().as_bytes());
    let other = make("other.txt", swap_fingerprint(&paper).as_bytes());
    let misspelt = make("misspelt.txt", paper.replace("AGE-SECRET-KEY-PQ-1", "AGE-SECRET-KEY-PQ-1Q").as_bytes());
    for (from, kit, exit, words) in [
        (&cut, &kit, 5, "cut off"),
        (&flipped, &kit, 5, "this backup is damaged: it is cut off or changed; use another copy, nothing was restored"),
        (&foreign, &kit, 5, "This is not a sealed file of ours"),
        (&absent, &kit, 1, "cannot open"),
        (&backup, &bare, 1, "the kit does not name the backup key; give the whole kit file"),
        (&backup, &other, 5, "this backup was not made by this practice: its signing key is"),
        (&backup, &misspelt, 1, "The key has a typing error or is cut off"),
        (&backup, &wrong_kit(life, &paper), 1, "This file was sealed to another kit. Use the kit that was made"),
    ] {
        refused(from, kit, exit, words);
    }
    never_over_something(&backup, &kit);
    typed(life, &backup, &paper);
}

/// A kit of another practice: the owner's personal kit with the right fingerprint, so that only the key is wrong.
fn wrong_kit(life: &Life, paper: &str) -> PathBuf {
    let path = life.desk().join("wrong-kit.txt");
    let fingerprint = paper.lines().find(|line| line.contains("backup key:")).unwrap();
    fs::write(&path, format!("{fingerprint}\n{}\n", life.seeded["owner"]["personal_kit"].as_str().unwrap())).unwrap();
    path
}

/// The same kit, naming another key for signing backups.
fn swap_fingerprint(paper: &str) -> String {
    let other = "A".repeat(43);
    let change = |line: &str| {
        if line.contains("backup key:") { format!("# backup key: {other}\n") } else { format!("{line}\n") }
    };
    paper.lines().map(change).collect()
}

fn refused(from: &Path, kit: &Path, exit: i32, words: &str) {
    let home = tempfile::tempdir().unwrap();
    let output = restore(home.path(), &home.path().join("data"), from, kit);
    let errors = errors(&output);
    assert_eq!(output.status.code(), Some(exit), "{words}: {errors}");
    assert!(errors.contains(words), "{errors}");
    assert!(output.stdout.is_empty(), "{words}");
    let left: Vec<_> = fs::read_dir(home.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(left.is_empty(), "{words}: {left:?} is left behind");
}

fn never_over_something(backup: &Path, kit: &Path) {
    let home = tempfile::tempdir().unwrap();
    let data = home.path().join("data");
    fs::create_dir(&data).unwrap();
    fs::write(data.join("letter"), "mine").unwrap();
    let output = restore(home.path(), &data, backup, kit);
    let errors = errors(&output);
    assert_eq!(output.status.code(), Some(1), "{errors}");
    assert!(errors.contains("already holds a practice; restore into a directory that does not exist yet"), "{errors}");
    assert_eq!(fs::read_to_string(data.join("letter")).unwrap(), "mine");
    assert_eq!(fs::read_dir(&data).unwrap().count(), 1);
}

/// The kit from paper, through standard input: numbered, in capitals, over several lines.
fn typed(life: &Life, backup: &Path, paper: &str) {
    let home = tempfile::tempdir().unwrap();
    let words = life.seeded["restore_words"].as_array().unwrap().iter().enumerate();
    let words = words.map(|(at, word)| format!("{}. {}\n", at + 1, word.as_str().unwrap().to_uppercase()));
    let fingerprint = paper.lines().find(|line| line.contains("backup key:")).unwrap();
    let text = words.fold(format!("{fingerprint}\n"), |text, line| text + &line);
    let data = home.path().join("new");
    let mut command = restore_command(home.path(), &data, backup);
    command.args(["--kit", "-", "--json"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", errors(&output));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(report["rows"].as_u64() > Some(50), "{report}");
    assert!(data.join("alcove.redb").exists());
}

fn errors(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}
