//! The real program, as a child of the test.

use std::{
    io::{BufRead, BufReader, Read},
    net::TcpListener,
    os::unix::process::ExitStatusExt as _,
    path::{Path, PathBuf},
    process::{Child, ChildStderr, Command, ExitStatus, Output, Stdio},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;

use super::Trust;

const START_MAX: Duration = Duration::from_secs(30);

/// A running `alcove serve` with its own directories.
pub struct Process {
    child: Child,
    home: Option<tempfile::TempDir>,
    data_dir: PathBuf,
    logs: Arc<Mutex<Vec<u8>>>,
    pub trust: Trust,
    pub started: Value,
}

/// A server that ended before it was ready, and what it left and said.
pub struct NotStarted {
    pub home: tempfile::TempDir,
    pub exit: ExitStatus,
    pub said: String,
}

impl Process {
    /// Starts a server on a free port and waits until it is ready.
    pub fn start() -> Self {
        Self::start_in("data")
    }

    /// The same, with the data in a directory below its home.
    pub fn start_in(data_dir: &str) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        Self::serve(tempfile::tempdir().unwrap(), data_dir, port)
    }

    /// The trust in the server's certificate of this name, as it lies in the data directory now.
    pub fn trusting(&self, certificate: &str) -> Trust {
        Trust::new(self.trust.address, &authority(&self.data_dir, certificate))
    }

    /// Serves the data in a directory below this home, new or not, at this port.
    pub fn serve(home: tempfile::TempDir, data_dir: &str, port: u16) -> Self {
        let command = alcove(home.path(), &home.path().join(data_dir));
        Self::serve_by(command, home, data_dir, port).unwrap_or_else(|NotStarted { said, .. }| {
            panic!("it did not start: {said}");
        })
    }

    /// The same, with the program run by this command.
    pub fn serve_by(
        mut command: Command,
        home: tempfile::TempDir,
        data_dir: &str,
        port: u16,
    ) -> Result<Self, NotStarted> {
        let data_dir = home.path().join(data_dir);
        let origin = format!("https://localhost:{port}");
        let listen = format!("127.0.0.1:{port}");
        command.args(["--json", "serve", "--listen", &listen, "--origin", &origin]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let logs = collect(child.stderr.take().unwrap());
        let ready = end_unless_ready(child.id());
        let mut line = String::new();
        drop(BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line));
        ready.store(true, Ordering::SeqCst);
        let Ok(started) = serde_json::from_str::<Value>(&line) else {
            let (exit, said) = last(&mut child, &logs);
            return Err(NotStarted { home, exit, said });
        };
        let certificate = if started["state"] == "sealed" { "sealed.pem" } else { "authority.pem" };
        let trust = Trust::new(listen.parse().unwrap(), &authority(&data_dir, certificate));
        Ok(Self { child, home: Some(home), data_dir, logs, trust, started })
    }

    /// All that it has logged so far.
    pub fn logs(&self) -> Vec<u8> {
        self.logs.lock().unwrap().clone()
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    pub fn data_dir(&self) -> &Path {
        &self.data_dir
    }

    pub fn home(&self) -> &Path {
        self.home.as_ref().expect("a running server has a home").path()
    }

    /// Ends it and gives its home and port for the next one.
    pub fn into_home(mut self) -> (tempfile::TempDir, u16) {
        drop(self.child.kill());
        drop(self.child.wait());
        (self.home.take().expect("a running server has a home"), self.trust.address.port())
    }

    /// Runs another command on the same data.
    pub fn command(&self, arguments: &[&str]) -> Output {
        alcove(self.home(), &self.data_dir).args(arguments).output().unwrap()
    }

    /// The same, ended by force when it takes minutes.
    pub fn command_or_end(&self, arguments: &[&str]) -> Option<Output> {
        let plain = alcove(self.home(), &self.data_dir);
        let mut timed = Command::new("timeout");
        timed.args(["--signal=KILL", "120"]).arg(plain.get_program()).args(plain.get_args()).args(arguments);
        timed.env_clear();
        for (name, value) in plain.get_envs() {
            timed.env(name, value.unwrap_or_default());
        }
        timed.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        let output = timed.output().unwrap();
        (output.status.code() != Some(137) && output.status.signal().is_none()).then_some(output)
    }

    /// Sends a signal by name.
    pub fn signal(&self, name: &str) {
        let status = Command::new("kill").args(["-s", name, &self.child.id().to_string()]).status().unwrap();
        assert!(status.success());
    }

    /// How it ended, if it has.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().unwrap()
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

/// The program with nothing of this machine's environment. What it makes, temporary files included, is below `home`.
pub fn alcove(home: &Path, data_dir: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_alcove"));
    command.env_clear().env("HOME", home).env("TMPDIR", home).arg("--data-dir").arg(data_dir);
    command
}

fn authority(data_dir: &Path, certificate: &str) -> Vec<u8> {
    use rustls::pki_types::{CertificateDer, pem::PemObject};
    CertificateDer::from_pem_file(data_dir.join("tls").join(certificate)).unwrap().to_vec()
}

/// A server that neither starts nor ends must not hold up everything.
fn end_unless_ready(id: u32) -> Arc<AtomicBool> {
    let ready = Arc::new(AtomicBool::new(false));
    let is_ready = ready.clone();
    thread::spawn(move || {
        let began = Instant::now();
        while began.elapsed() < START_MAX {
            thread::sleep(Duration::from_millis(100));
            if is_ready.load(Ordering::SeqCst) {
                return;
            }
        }
        drop(Command::new("kill").args(["-s", "KILL", &id.to_string()]).status());
    });
    ready
}

/// Reads the logs as they come, so that the pipe never fills.
fn collect(mut stderr: ChildStderr) -> Arc<Mutex<Vec<u8>>> {
    let logs = Arc::new(Mutex::new(Vec::new()));
    let into = logs.clone();
    thread::spawn(move || {
        let mut piece = vec![0; 4096];
        while let Ok(read @ 1..) = stderr.read(&mut piece) {
            into.lock().unwrap().extend_from_slice(&piece[..read]);
        }
    });
    logs
}

/// It has closed its output: it ends soon, or it never will.
fn last(child: &mut Child, logs: &Mutex<Vec<u8>>) -> (ExitStatus, String) {
    for _ in 0..100 {
        if child.try_wait().unwrap().is_some() {
            break;
        }
        thread::sleep(Duration::from_millis(50));
    }
    drop(child.kill());
    let exit = child.wait().unwrap();
    thread::sleep(Duration::from_millis(100));
    (exit, String::from_utf8_lossy(&logs.lock().unwrap()).into_owned())
}
