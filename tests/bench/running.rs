//! The program under measurement, started and stopped as often as needed in one home.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    net::{SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use rustls::pki_types::{CertificateDer, pem::PemObject as _};
use serde_json::Value;

use crate::support::{Trust, alcove, npm};

/// A running `alcove serve`.
pub struct Running {
    child: Child,
    home: PathBuf,
    pub trust: Trust,
    /// What it said when it was ready.
    pub started: Value,
}

impl Running {
    /// Starts it; returns when it has answered a first request.
    pub async fn start(home: &Path) -> Self {
        let address = address(home);
        let (listen, origin) = (address.to_string(), format!("https://localhost:{}", address.port()));
        let mut command = alcove(home, &home.join("data"));
        command.args(["--json", "serve", "--listen", &listen, "--origin", &origin]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        while TcpStream::connect(address).is_err() {
            assert!(child.try_wait().unwrap().is_none(), "it does not start");
            thread::sleep(Duration::from_millis(1));
        }
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let started = serde_json::from_str(&line).unwrap();
        let authority = CertificateDer::from_pem_file(home.join("data/tls/authority.pem")).unwrap();
        let trust = Trust::new(address, &authority);
        assert_eq!(trust.get("/healthz").await.status, 204);
        Self { child, home: home.to_owned(), trust, started }
    }

    pub fn authority(&self) -> PathBuf {
        self.home.join("data/tls/authority.pem")
    }

    /// A line of `/proc/PID/status`.
    pub fn status_kib(&self, name: &str) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).unwrap();
        line.split_whitespace().next().unwrap().parse().unwrap()
    }

    /// Lets the most of its resident memory (`VmHWM`) begin anew at what it has now.
    pub fn forget_peak(&self) {
        fs::write(format!("/proc/{}/clear_refs", self.child.id()), "5").unwrap();
    }

    /// `alcove backup now`, as its operator would; the report of it.
    pub fn back_up(&self, to: &Path) -> Value {
        let mut command = alcove(&self.home, &self.home.join("data"));
        let made = command.args(["--json", "backup", "now", "--to"]).arg(to).output().unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        serde_json::from_slice(&made.stdout).unwrap()
    }

    /// Asks it to stop, and waits.
    pub fn stop(mut self) {
        let asked = Command::new("kill").args(["-s", "TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(asked.success());
        assert!(self.child.wait().unwrap().success());
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// A practice with some clients, made by their devices.
pub fn seed(running: &Running, desk: &Path, clients: usize) -> Value {
    let out = desk.join("seeded.json");
    let code = running.started["claim_code"].as_str().unwrap();
    let mut seed = npm("seed");
    seed.args(["--", "--url", &running.trust.origin(), "--code", code, "--clients", &clients.to_string(), "--out"])
        .arg(&out);
    let done = seed.arg("--ca").arg(running.authority()).output().unwrap();
    assert!(done.status.success(), "the seed failed: {}", String::from_utf8_lossy(&done.stderr));
    serde_json::from_slice(&fs::read(out).unwrap()).unwrap()
}

/// The same port each time, since the origin is fixed with the practice.
fn address(home: &Path) -> SocketAddr {
    let note = home.join("address");
    if let Ok(text) = fs::read_to_string(&note) {
        return text.parse().unwrap();
    }
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    fs::write(&note, address.to_string()).unwrap();
    address
}
