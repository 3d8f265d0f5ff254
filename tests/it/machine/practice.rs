//! A practice founded without a browser, for a program that is started and ended many times.

use std::{
    fs::{self, DirBuilder, OpenOptions},
    io::{self, Write as _},
    net::TcpListener,
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
    process::Command,
};

use alcove::{
    app::practice::SetUp,
    clock::Clock,
    domain::{
        id::SpaceId,
        origin::Origin,
        person::{KitsProved, Person},
    },
    store::{
        Keyfile, Reads as _, Store, StoreError, Unlock,
        audit::{AuditHead, StoredEntry},
    },
};
use aws_lc_rs::digest::{SHA256, digest};
use serde_json::Value;
use tempfile::TempDir;

use crate::{
    support::{NotStarted, Process, alcove},
    world::{World, account::set_up, sign::Keys},
};

/// Its name, which the server knows.
pub const NAME: &str = "Marketplace of Quiet Markers";
const KEY: [u8; 32] = [7; 32];

/// Its machine, while the program does not run.
pub struct Practice {
    home: TempDir,
    port: u16,
    /// The owner's session.
    pub cookie: String,
    /// The space shared with a client.
    pub space: SpaceId,
}

impl Practice {
    pub fn found() -> Self {
        let home = tempfile::tempdir().unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let origin: Origin = format!("https://localhost:{port}").parse().unwrap();
        write_key(home.path(), &KEY);
        let mut world = World::at(&home.path().join("data"));
        world.app = world.app.clone().at_site(origin.clone());
        let (owner, founder) = (Keys::of(1), world.claimed());
        let asked = SetUp { origin, name: NAME.to_owned(), ..set_up(&owner) };
        let entered = world.app.set_up(&founder.actor, &asked).unwrap();
        world.strengthen(&entered);
        let person: Result<Option<Person>, StoreError> = world.store.read(|tx| tx.find(&owner.person));
        world.put(&Person { kits: KitsProved { personal: true, restore: true }, ..person.unwrap().unwrap() });
        let (_, shared) = world.client(&owner, 1);
        let cookie = format!("__Host-alcove={}", entered.token.reveal());
        Self { home, port, cookie, space: shared.space }
    }

    /// A machine with nothing on it but the same port to use.
    pub fn nothing() -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let home = tempfile::tempdir().unwrap();
        Self { home, port, cookie: "none=none".to_owned(), space: SpaceId::from_bytes([0; 32]) }
    }

    /// A practice of the first format, whose file the next start brings up to date. Nobody is signed in.
    pub fn of_first_format() -> Self {
        let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/1");
        let home = tempfile::tempdir().unwrap();
        write_key(home.path(), &fs::read(fixture.join("data.key")).unwrap());
        DirBuilder::new().mode(0o700).create(home.path().join("data")).unwrap();
        let packed = fs::File::open(fixture.join("alcove.redb.gz")).unwrap();
        let mut file = fs::File::create(home.path().join("data/alcove.redb")).unwrap();
        io::copy(&mut flate2::read::GzDecoder::new(packed), &mut file).unwrap();
        let people: Value = serde_json::from_slice(&fs::read(fixture.join("people.json")).unwrap()).unwrap();
        let port = people["url"].as_str().unwrap().rsplit(':').next().unwrap().parse().unwrap();
        Self { home, port, cookie: "none=none".to_owned(), space: SpaceId::from_bytes([0; 32]) }
    }

    /// The same once more, as it is on the disk.
    pub fn copied(&self) -> Self {
        let home = tempfile::tempdir().unwrap();
        let copied = Command::new("cp").arg("-a").arg(self.home.path().join(".")).arg(home.path()).status().unwrap();
        assert!(copied.success());
        Self { home, port: self.port, cookie: self.cookie.clone(), space: self.space }
    }

    pub fn home(&self) -> &Path {
        self.home.path()
    }

    pub fn data_dir(&self) -> PathBuf {
        self.home.path().join("data")
    }

    pub fn serve(self) -> Running {
        self.serve_by(alcove).unwrap_or_else(|(_, said)| panic!("it does not start: {said}"))
    }

    /// Serves by another command that ends in the program's; else gives the machine and what was said.
    pub fn serve_by(self, by: impl Fn(&Path, &Path) -> Command) -> Result<Running, (Self, String)> {
        let Self { home, port, cookie, space } = self;
        let command = by(home.path(), &home.path().join("data"));
        match Process::serve_by(command, home, "data", port) {
            Ok(process) => Ok(Running { process, cookie, space }),
            Err(NotStarted { home, exit, said }) => {
                Err((Self { home, port, cookie, space }, format!("{exit}: {said}")))
            }
        }
    }

    /// The codes of the audit log.
    pub fn audited(&self) -> Vec<String> {
        let entries: Result<Vec<StoredEntry>, StoreError> = self.store().unwrap().read(|tx| tx.scan(&()));
        entries.unwrap().into_iter().map(|stored| stored.entry.code).collect()
    }

    fn store(&self) -> Result<Store, String> {
        let keyfile = Keyfile::from_slice(&fs::read(key_path(self.home.path())).unwrap()).unwrap();
        let opened = Store::open(&self.data_dir(), &Unlock::Keyfile(keyfile), Clock::default());
        opened.map(|(store, _)| store).map_err(|error| format!("it does not open: {error}"))
    }

    /// The file opens, and its audit chain is intact from the first entry to the head. How long it is.
    pub fn audit_size(&self) -> Result<u64, String> {
        let store = self.store()?;
        let log = store.read(|tx| Ok::<_, StoreError>((tx.find::<AuditHead>(&())?, tx.scan::<StoredEntry>(&())?)));
        let (head, entries) = log.map_err(|error| error.to_string())?;
        let mut root = [0; 32];
        for (n, stored) in entries.iter().enumerate() {
            let sum = digest(&SHA256, &stored.entry_bytes());
            let linked = digest(&SHA256, &[b"alcove/v1/audit\0", &root[..], sum.as_ref()].concat());
            root.copy_from_slice(linked.as_ref());
            if stored.root != root || stored.entry.n != n as u64 + 1 {
                return Err(format!("audit entry {} does not follow the one before it", stored.entry.n));
            }
        }
        let head = head.unwrap_or_default();
        if (head.size, head.root) == (entries.len() as u64, root) { Ok(head.size) } else { Err(format!("{head:?}")) }
    }
}

/// The same, running.
pub struct Running {
    pub process: Process,
    pub cookie: String,
    pub space: SpaceId,
}

impl Running {
    /// kill -9.
    pub fn kill(self) -> Practice {
        let (home, port) = self.process.into_home();
        Practice { home, port, cookie: self.cookie, space: self.space }
    }
}

fn key_path(home: &Path) -> PathBuf {
    home.join(".config/alcove/data.key")
}

fn write_key(home: &Path, key: &[u8]) {
    let path = key_path(home);
    DirBuilder::new().recursive(true).mode(0o700).create(path.parent().unwrap()).unwrap();
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    file.unwrap().write_all(key).unwrap();
}
