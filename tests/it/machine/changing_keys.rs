//! What an operator changes about the keys while the disk may fail: a new restore kit, a passphrase that comes and goes,
//! a new data key. What was acknowledged must be so afterwards; what failed must say why, and the key file opens the data
//! whatever happens.

use std::{fs, path::Path, process::Output};

use alcove::{
    crypto::Passphrase,
    store::{SealInfo, SlotKind, Store, Unlock},
};
use serde_json::Value;

use super::{kills::Kits, practice::Running};

const WORDS: &str = "six words nobody joins";

/// What was acknowledged of the keys.
#[derive(Default)]
pub struct KnownKeys {
    kits: Kits,
    /// Whether there is a passphrase; nothing while that is in doubt.
    passphrase: Option<bool>,
    epoch: u64,
    pub refused: usize,
    /// The change that nobody answered for minutes.
    pub silent: Option<String>,
    pub failures: Vec<String>,
}

/// The changes, one after the other.
pub const CHANGES: [&str; 4] = ["kit", "passphrase", "no passphrase", "data key"];

impl KnownKeys {
    /// Makes one change, or is refused by name.
    pub fn change(&mut self, what: &str, running: &Running) {
        let home = running.process.home();
        let at = |name: &str| home.join(name).to_str().unwrap().to_owned();
        let run = |arguments: &[&str]| running.process.command_or_end(&[&["--json"], arguments].concat());
        let migrate = ["seal", "migrate", "--to"];
        match what {
            "kit" => {
                let done = self.noted(what, run(&["kit", "rotate", "--yes", "--out", &at("kit")]).as_ref());
                self.kits.tried(home.join("kit"), done);
            }
            "passphrase" => {
                fs::write(at("words"), WORDS).unwrap();
                let more = ["passphrase", "--keep", "--new-passphrase-file", &at("words")];
                let done = self.noted(what, run(&[&migrate[..], &more].concat()).as_ref());
                self.passphrase = done.then_some(true);
            }
            "no passphrase" => {
                let done = self.noted(what, run(&[&migrate[..], &["keyfile"]].concat()).as_ref());
                self.passphrase = done.then_some(false);
            }
            _ => {
                let output = run(&["key", "rotate"]);
                if self.noted(what, output.as_ref()) {
                    let output = output.unwrap();
                    let last = output.stdout.split(|byte| *byte == b'\n').rfind(|line| !line.is_empty());
                    let report: Value = serde_json::from_slice(last.unwrap_or_default()).unwrap_or_default();
                    self.epoch = report["epoch"].as_u64().unwrap_or_default();
                    if self.epoch < 2 {
                        self.failures.push(format!("no new data key: {output:?}"));
                    }
                }
            }
        }
        self.failures.extend(self.wrong_slots(running.process.data_dir()).map(|why| format!("after {what}: {why}")));
    }

    /// After the next start.
    pub fn wrong(&mut self, running: &Running) -> Vec<String> {
        let slots = self.wrong_slots(running.process.data_dir());
        self.kits.wrong(running).into_iter().chain(slots).collect()
    }

    fn noted(&mut self, what: &str, output: Option<&Output>) -> bool {
        let Some(output) = output else {
            self.silent = Some(what.to_owned());
            return false;
        };
        let said = String::from_utf8_lossy(&output.stderr);
        if !output.status.success() {
            self.refused += 1;
            if said.contains("panicked") || !said.lines().any(|line| line.contains("{\"error\":\"")) {
                self.failures.push(format!("{what}: it does not say why: {output:?}"));
            }
        }
        output.status.success()
    }

    fn wrong_slots(&self, data: &Path) -> Option<String> {
        let seal: SealInfo = match Store::look(data) {
            Ok(seal) => seal,
            Err(error) => return Some(format!("the slots cannot be looked at: {error}")),
        };
        if u64::from(seal.epoch) < self.epoch {
            return Some(format!("data key {} was acknowledged, {} is in use", self.epoch, seal.epoch));
        }
        if !seal.has(SlotKind::Keyfile) {
            return Some("the key file's slot is gone".to_owned());
        }
        match self.passphrase {
            Some(false) if seal.has(SlotKind::Passphrase) => Some("a removed passphrase is there".to_owned()),
            Some(true) => Store::try_unlock(data, &Unlock::Passphrase(Passphrase::typed(WORDS)))
                .err()
                .map(|error| format!("the passphrase was acknowledged: {error}")),
            _ => None,
        }
    }
}
