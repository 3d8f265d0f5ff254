//! One practice under test: its server, its people's devices, its papers.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{Devices, Process, alcove, npm};

/// What the seed calls it.
pub const PRACTICE: &str = "Quiet Harbour Coaching";

pub struct Life {
    pub server: Process,
    /// Devices that live through everything.
    pub devices: Devices,
    pub marker: String,
    pub seeded: Value,
    /// Papers, backups, the seed's file: all that is not on the server's machine.
    desk: TempDir,
}

/// Messages of the second client that the practice acknowledged.
pub struct Written {
    /// Before the backup began.
    pub before: Vec<String>,
    after: Vec<String>,
    /// The device that wrote them.
    pub by: Devices,
}

impl Written {
    pub fn all(&self) -> Vec<String> {
        [self.before.clone(), self.after.clone()].concat()
    }
}

impl Life {
    /// Founds a practice with two clients, as their own devices would.
    pub fn begin() -> Self {
        let server = Process::start();
        let desk = tempfile::tempdir().unwrap();
        let mut random = [0; 12];
        getrandom::fill(&mut random).unwrap();
        let marker = random.iter().fold("Canary".to_owned(), |text, byte| format!("{text}{byte:02x}"));
        fs::copy(server.data_dir().join("tls/authority.pem"), desk.path().join("authority.pem")).unwrap();
        let code = server.started["claim_code"].as_str().unwrap();
        let mut seed = npm("seed");
        seed.args(["--", "--url", &server.trust.origin(), "--code", code, "--clients", "2", "--marker", &marker]);
        seed.arg("--out").arg(desk.path().join("seeded.json")).arg("--ca").arg(desk.path().join("authority.pem"));
        let done = seed.env("TMPDIR", desk.path()).output().unwrap();
        assert!(done.status.success(), "the seed failed: {}", String::from_utf8_lossy(&done.stderr));
        let seeded: Value = serde_json::from_slice(&fs::read(desk.path().join("seeded.json")).unwrap()).unwrap();
        fs::create_dir(desk.path().join("usb")).unwrap();
        fs::write(desk.path().join("restore-kit.txt"), seeded["restore_kit"].as_str().unwrap()).unwrap();
        fs::write(desk.path().join("owners-kit.txt"), seeded["owner"]["personal_kit"].as_str().unwrap()).unwrap();
        let devices = devices(&server, desk.path());
        Self { server, devices, marker, seeded, desk }
    }

    pub fn desk(&self) -> &Path {
        self.desk.path()
    }

    pub fn usb(&self) -> PathBuf {
        self.desk().join("usb")
    }

    /// The restore kit's file.
    pub fn kit(&self) -> PathBuf {
        self.desk().join("restore-kit.txt")
    }

    /// The owner's personal kit: a kit, but not the one that opens backups.
    pub fn owners_kit(&self) -> PathBuf {
        self.desk().join("owners-kit.txt")
    }

    /// The one backup.
    pub fn backup(&self) -> PathBuf {
        let mut files = fs::read_dir(self.usb()).unwrap().map(|entry| entry.unwrap().path());
        let backup = files.next().expect("a backup");
        assert_eq!(files.next(), None, "one backup and nothing else");
        backup
    }

    pub fn new_devices(&self) -> Devices {
        devices(&self.server, self.desk())
    }

    pub fn back_up(&self) {
        let usb = self.usb();
        let made = self.server.command(&["--json", "backup", "now", "--to", usb.to_str().unwrap()]);
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let report: Value = serde_json::from_slice(&made.stdout).unwrap();
        assert_eq!(report["proven"], true);
        assert!(report["rows"].as_u64() > Some(50) && report["files"].as_u64() >= Some(2), "{report}");
    }

    /// Does something while the second client writes, and keeps what the practice acknowledged.
    pub fn write_during(&self, work: impl FnOnce(&Self)) -> Written {
        let mut devices = self.new_devices();
        devices.must(1, "sign-in", &json!({ "by": "kit" }));
        let (written, is_over) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicBool::new(false)));
        let writer = {
            let (written, is_over, marker) = (written.clone(), is_over.clone(), self.marker.clone());
            thread::spawn(move || {
                for n in 0.. {
                    let text = format!("Line {n} while the backup runs. {marker}");
                    let said = devices.must(1, "say", &json!({ "text": text }));
                    assert_eq!(said["acknowledged"], true);
                    written.lock().unwrap().push(text);
                    if is_over.load(Ordering::SeqCst) {
                        return devices;
                    }
                }
                devices
            })
        };
        while written.lock().unwrap().len() < 5 && !writer.is_finished() {
            thread::sleep(Duration::from_millis(20));
        }
        let before = written.lock().unwrap().clone();
        work(self);
        is_over.store(true, Ordering::SeqCst);
        let by = writer.join().unwrap();
        let after = written.lock().unwrap()[before.len()..].to_vec();
        Written { before, after, by }
    }

    /// The machine is gone, at once and with all that is on it.
    pub fn lose_the_machine(&mut self) {
        self.server.signal("KILL");
        self.server.wait();
        fs::remove_dir_all(self.server.home()).unwrap();
    }

    /// Restores on a new machine and serves at the old address.
    pub fn restore_and_serve(&mut self, port: u16) {
        let home = tempfile::tempdir().unwrap();
        let restored = restore(home.path(), &home.path().join("data"), &self.backup(), &self.kit());
        assert!(restored.status.success(), "{}", String::from_utf8_lossy(&restored.stderr));
        let words = String::from_utf8(restored.stdout).unwrap();
        assert!(words.contains("until then everyone can read and nobody can write"), "{words}");
        self.server = Process::serve(home, "data", port);
        assert_eq!(self.server.started["claim_code"], Value::Null, "a restored practice is nobody's to claim");
    }
}

/// Everybody, as [`Devices`] calls them.
pub fn people() -> [Value; 3] {
    [json!("owner"), json!(0), json!(1)]
}

/// `alcove restore` for a data directory on the machine with this home.
pub fn restore(home: &Path, data_dir: &Path, from: &Path, kit: &Path) -> Output {
    restore_command(home, data_dir, from).arg("--kit").arg(kit).output().unwrap()
}

/// The same, with the kit still to say.
pub fn restore_command(home: &Path, data_dir: &Path, from: &Path) -> Command {
    let mut restore = alcove(home, data_dir);
    restore.args(["restore", "--from"]).arg(from);
    restore
}

fn devices(server: &Process, desk: &Path) -> Devices {
    Devices::new(&server.trust.origin(), &desk.join("seeded.json"), &desk.join("authority.pem"))
}

/// The texts of the messages in what a device read.
pub fn messages_of(read: &Value) -> Vec<String> {
    read["messages"].as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect()
}
