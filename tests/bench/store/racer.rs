//! A contender in a process of its own, told what to do line by line.

use std::{
    fs,
    io::{BufRead as _, BufReader, Write as _},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use serde_json::Value;

/// A contender's name and the program that plays it.
#[derive(Clone, Debug)]
pub struct Entrant {
    pub name: &'static str,
    pub program: PathBuf,
}

/// A contender that runs.
pub struct Racer {
    child: Child,
    orders: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Racer {
    /// Starts it on a directory.
    pub fn start(entrant: &Entrant, dir: &Path) -> Self {
        fs::create_dir_all(dir).unwrap();
        let mut command = Command::new(&entrant.program);
        command.args(["contend", entrant.name]).arg(dir).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let (orders, answers) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        Self { child, orders, answers }
    }

    /// Has it do one thing; the number that it answers with.
    pub fn ask(&mut self, order: &str) -> u64 {
        writeln!(self.orders, "{order}").unwrap();
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        line.trim().parse().unwrap_or_else(|_| panic!("no answer to {order}: {line:?}"))
    }

    /// Ends it without a warning.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Racer {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Builds the package of the peers; says on the terminal what is missing if that fails.
pub fn peers() -> Vec<Entrant> {
    let home = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bench/compare");
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("compare");
    println!("building SQLCipher and SQLite ({}), the first time some minutes", home.display());
    let built = Command::new(env!("CARGO"))
        .args(["build", "--release", "--locked", "--message-format=json-render-diagnostics", "--target-dir"])
        .arg(target)
        .current_dir(home)
        .stderr(Stdio::inherit())
        .output();
    let program = built.ok().filter(|built| built.status.success()).and_then(|built| executable(&built.stdout));
    let Some(program) = program else {
        println!("SQLCipher and SQLite are left out: their package does not build (see above).");
        println!("It needs cc, perl and make, and the crates in tests/bench/compare/Cargo.lock.");
        return Vec::new();
    };
    ["sqlcipher", "sqlite"].map(|name| Entrant { name, program: program.clone() }).into()
}

fn executable(messages: &[u8]) -> Option<PathBuf> {
    let messages = messages.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice::<Value>(line).ok());
    messages.filter_map(|message| message["executable"].as_str().map(PathBuf::from)).next_back()
}
