//! The real program, as a child of the test.

use std::{
    io::{BufRead, BufReader, Read},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Output, Stdio},
    time::Duration,
};

use serde_json::Value;

use super::Trust;

/// A running `alcove serve` with its own directories.
pub struct Process {
    child: Child,
    home: tempfile::TempDir,
    data_dir: PathBuf,
    pub trust: Trust,
    pub started: Value,
}

impl Process {
    /// Starts a server on a free port and waits until it is ready.
    pub fn start() -> Self {
        Self::start_in("data")
    }

    /// The same, with the data in a directory below its home.
    pub fn start_in(data_dir: &str) -> Self {
        let home = tempfile::tempdir().unwrap();
        let data_dir = home.path().join(data_dir);
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let origin = format!("https://localhost:{port}");
        let listen = format!("127.0.0.1:{port}");
        let mut command = alcove(home.path(), &data_dir);
        command.args(["--json", "serve", "--listen", &listen, "--origin", &origin]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let started =
            serde_json::from_str(&line).unwrap_or_else(|_| panic!("it did not start: {}", errors(&mut child)));
        let authority = authority(&data_dir);
        let trust = Trust::new(listen.parse().unwrap(), &authority);
        Self { child, home, data_dir, trust, started }
    }

    pub fn data_dir(&self) -> &Path {
        &self.data_dir
    }

    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// Runs another command on the same data.
    pub fn command(&self, arguments: &[&str]) -> Output {
        alcove(self.home.path(), &self.data_dir).args(arguments).output().unwrap()
    }

    /// Sends a signal by name.
    pub fn signal(&self, name: &str) {
        let status = Command::new("kill").args(["-s", name, &self.child.id().to_string()]).status().unwrap();
        assert!(status.success());
    }

    /// Waits for the end, for a while.
    pub fn wait(&mut self) -> ExitStatus {
        for _ in 0..200 {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("it does not stop");
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// The program with nothing of this machine's environment.
pub fn alcove(home: &Path, data_dir: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_alcove"));
    command.env_clear().env("HOME", home).arg("--data-dir").arg(data_dir);
    command
}

fn authority(data_dir: &Path) -> Vec<u8> {
    use rustls::pki_types::{CertificateDer, pem::PemObject};
    CertificateDer::from_pem_file(data_dir.join("tls/authority.pem")).unwrap().to_vec()
}

fn errors(child: &mut Child) -> String {
    let mut text = String::new();
    child.kill().unwrap();
    child.stderr.as_mut().unwrap().read_to_string(&mut text).unwrap();
    text
}
