//! redb on the encrypted file: opened strictly, repaired once if the machine stopped badly, reopened after a failure.
//!
//! Every write commits in two phases; nothing else in the house sets a commit mode.

use std::{
    fmt,
    fs::{self, DirBuilder},
    io,
    os::unix::fs::DirBuilderExt,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError, RwLock,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use redb::{Database, ReadTransaction, ReadableDatabase, StorageError, TransactionError, WriteTransaction};

use super::StoreError;
use super::block::{
    self, BlockError, BlockFile, Disk, FileDisk, Format, Pace, SlotInfo, SlotKind, SlotSecret, Snapshot, Unlock,
    layout, sync_dir,
};
use super::rest::Rest;
use crate::clock::Stopwatch;

/// The name of the encrypted file in the data directory.
pub const FILE_NAME: &str = "alcove.redb";
const UNFINISHED_NAME: &str = "alcove.redb.new";
/// The name of a file that is to take its place, while it is filled.
pub(super) const NEXT_NAME: &str = "alcove.redb.next";
const MIB: u64 = 1 << 20;
/// After a failed reopening, how long errors are answered without another attempt.
const REOPEN_PAUSE: Duration = Duration::from_secs(1);

/// How the engine behaves.
#[derive(Clone, Copy, Debug)]
pub struct EngineOptions {
    /// Memory for redb's cache.
    pub cache_bytes: usize,
    /// What is fixed when a file is made.
    pub format: Format,
}

impl Default for EngineOptions {
    /// 64 MiB of cache, less on a small machine: a sixteenth of its memory, 16 MiB at least.
    fn default() -> Self {
        let ram_share = ram_bytes().map_or(64 * MIB, |ram| ram / 16);
        let cache = (64 * MIB).min(ram_share).clamp(16 * MIB, 256 * MIB);
        Self { cache_bytes: usize::try_from(cache).unwrap_or(16 << 20), format: Format::default() }
    }
}

fn ram_bytes() -> Option<u64> {
    let meminfo = fs::read_to_string("/proc/meminfo").ok()?;
    let line = meminfo.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    line.split_whitespace().next()?.parse::<u64>().ok().map(|kib| kib * 1024)
}

/// How a file opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opened {
    /// As it was left.
    Well,
    /// Something did not authenticate, and redb went back to its last whole state. Raise an alarm: somebody or something
    /// changed the file. redb goes back past a commit of one phase only; a newest state that was committed in two, as
    /// all of ours are, is refused as damaged.
    Recovered,
}

/// What an operator should know about an engine that runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Health {
    /// Failures that the engine recovered from by opening the file anew. When it grows, stop and check the disk.
    pub reopened: u64,
    /// Blocks that did not authenticate since the last opening.
    pub unauthentic_blocks: u64,
    /// Reopenings in a row that failed, up to now. When they go on, the process should end.
    pub failed_reopenings: u64,
    /// Whether the next access needs a reopening first.
    pub broken: bool,
    /// Whether the last opening had to read the whole file, since it had neither been closed nor come to rest.
    pub read_through: bool,
}

/// The open database. It hands out transactions as [`redb::Database`] does.
pub struct Engine {
    live: RwLock<Arc<Live>>,
    supervision: Mutex<Supervision>,
    /// Writes that were begun.
    pub(super) begun: AtomicU64,
    pub(super) rest: Mutex<Rest>,
    cache_bytes: usize,
    /// The directory in which the file has its name.
    dir: Option<PathBuf>,
}

struct Live {
    db: Database,
    file: BlockFile,
    /// Whether writes reach the disk. They do not while the disk refuses them: then this is the last whole state, read.
    writes: bool,
    read_through: bool,
}

#[derive(Default)]
struct Supervision {
    reopened: u64,
    failed: Option<Stopwatch>,
    failed_in_a_row: u64,
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Engine")
    }
}

impl Engine {
    /// Makes a new encrypted database in a directory, with a slot for each secret. It appears under its name only once
    /// it is whole and durable.
    ///
    /// # Errors
    /// [`BlockError::Exists`], [`BlockError::InUse`], or what the disk or the machine's cryptography reports.
    pub fn create(dir: &Path, secrets: &[SlotSecret], options: EngineOptions) -> Result<Self, BlockError> {
        DirBuilder::new().recursive(true).mode(0o700).create(dir)?;
        let (unfinished, path) = (dir.join(UNFINISHED_NAME), dir.join(FILE_NAME));
        // The lock of the unfinished file makes looking and renaming one step among processes.
        let disk = FileDisk::create(&unfinished)?;
        if path.try_exists()? {
            fs::remove_file(&unfinished)?;
            return Err(BlockError::Exists);
        }
        let engine = Self { dir: Some(dir.to_owned()), ..Self::create_on(Arc::new(disk), secrets, options)? };
        fs::rename(&unfinished, &path)?;
        sync_dir(dir)?;
        Ok(engine)
    }

    /// Opens the database of a directory.
    ///
    /// # Errors
    /// A [`BlockError`] that says what to do; the file is unchanged unless a repair was begun.
    pub fn open(dir: &Path, unlock: &Unlock, options: EngineOptions) -> Result<(Self, Opened), BlockError> {
        let disk = Arc::new(FileDisk::open(&dir.join(FILE_NAME))?);
        let (engine, opened) = Self::of(Self::file_in(dir, disk, unlock)?, options)?;
        Ok((engine.in_dir(dir), opened))
    }

    /// The encrypted file of a directory, which is locked, unlocked; nothing of it is changed yet.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub(super) fn file_in(dir: &Path, disk: Arc<FileDisk>, unlock: &Unlock) -> Result<BlockFile, BlockError> {
        // The lock says that nobody fills it any more.
        discard(&dir.join(NEXT_NAME))?;
        block::open(disk, unlock)
    }

    /// The database in an encrypted file.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub(super) fn of(file: BlockFile, options: EngineOptions) -> Result<(Self, Opened), BlockError> {
        let (live, opened) = open_file(file, options.cache_bytes)?;
        Ok((Self::new(live, options), opened))
    }

    /// The same, which knows the directory of its file.
    pub(super) fn in_dir(self, dir: &Path) -> Self {
        Self { dir: Some(dir.to_owned()), ..self }
    }

    /// Closes the database; its file stays open and locked.
    ///
    /// # Errors
    /// What the disk reports.
    pub(super) fn into_file(self) -> Result<BlockFile, BlockError> {
        let file = self.file();
        drop(self);
        block::reopen(&file)
    }

    /// As [`Self::create`], on any disk.
    ///
    /// # Errors
    /// As there.
    pub fn create_on(disk: Arc<dyn Disk>, secrets: &[SlotSecret], options: EngineOptions) -> Result<Self, BlockError> {
        let file = block::format(disk, secrets, options.format)?;
        let live = open_redb(file, options.cache_bytes, Mode::Strict)?;
        Ok(Self::new(live, options))
    }

    /// As [`Self::open`], on any disk.
    ///
    /// # Errors
    /// As there.
    pub fn open_on(disk: Arc<dyn Disk>, unlock: &Unlock, options: EngineOptions) -> Result<(Self, Opened), BlockError> {
        Self::of(block::open(disk, unlock)?, options)
    }

    fn new(live: Live, options: EngineOptions) -> Self {
        let supervision = Mutex::new(Supervision::default());
        let (begun, rest) = (AtomicU64::default(), Mutex::default());
        let live = RwLock::new(Arc::new(live));
        Self { live, supervision, begun, rest, cache_bytes: options.cache_bytes, dir: None }
    }

    /// Begins a write; it waits for the one before. It commits in two phases.
    ///
    /// # Errors
    /// What redb reports, after one attempt to open the file anew if an earlier write had failed.
    pub fn begin_write(&self) -> Result<WriteTransaction, TransactionError> {
        let mut tx = self.supervised(true, Database::begin_write)?;
        self.begun.fetch_add(1, Ordering::AcqRel);
        tx.set_two_phase_commit(true);
        Ok(tx)
    }

    /// Begins a read of one consistent state, however long it takes and whatever is written meanwhile.
    ///
    /// # Errors
    /// As [`Self::begin_write`].
    pub fn begin_read(&self) -> Result<ReadTransaction, TransactionError> {
        self.supervised(false, Database::begin_read)
    }

    /// Reads and checks everything, so that an old state of a part that was put back is found, too. No transaction may
    /// be open. Returns whether all was well; if not, redb has repaired what it could.
    ///
    /// # Errors
    /// [`BlockError::Busy`] while a transaction is open, [`BlockError::Damaged`] if it cannot be repaired.
    pub fn check_integrity(&self) -> Result<bool, BlockError> {
        let mut live = self.live.write().unwrap_or_else(PoisonError::into_inner);
        let live = Arc::get_mut(&mut live).ok_or(BlockError::Busy)?;
        let checked = catch_unwind(AssertUnwindSafe(|| live.db.check_integrity()));
        match checked {
            Ok(Err(redb::DatabaseError::TransactionInProgress)) => Err(BlockError::Busy),
            Ok(checked) => checked.map_err(|error| redb::Error::from(error).into()),
            Err(_) => Err(BlockError::Damaged { what: "the database inside it" }),
        }
    }

    /// One state of the file for a check, as redb's storage. It stays whole as long as the transaction lives; the
    /// database is written on meanwhile.
    ///
    /// # Errors
    /// As [`Self::begin_write`].
    pub fn snapshot(&self, pace: Pace) -> Result<(ReadTransaction, Snapshot), StoreError> {
        // Opens the file anew if it must be; the live one is then the one that is looked at.
        drop(self.begin_read()?);
        let live = self.live();
        // No commit is under way between the pin and the copy of the header.
        let writer = live.db.begin_write()?;
        let pin = live.db.begin_read()?;
        let snapshot = live.file.snapshot(pace).map_err(BlockError::from)?;
        writer.abort()?;
        Ok((pin, snapshot))
    }

    /// The ways to unlock this file.
    ///
    /// # Errors
    /// [`BlockError::Damaged`] for a slot that makes no sense.
    pub fn slots(&self) -> Result<Vec<SlotInfo>, BlockError> {
        self.live().file.slots()
    }

    /// Adds a way to unlock, in the place of one of the same kind.
    ///
    /// # Errors
    /// What the disk or the machine's cryptography reports; then the old slots or the new ones count.
    pub fn add_slot(&self, secret: &SlotSecret) -> Result<(), BlockError> {
        self.live().file.add_slot(secret)
    }

    /// Removes a way to unlock. An old copy of the file keeps it.
    ///
    /// # Errors
    /// [`BlockError::NoSlot`], [`BlockError::LastSlot`], or what the disk reports.
    pub fn remove_slot(&self, kind: SlotKind) -> Result<(), BlockError> {
        self.live().file.remove_slot(kind)
    }

    /// How this file is sealed.
    ///
    /// # Errors
    /// [`BlockError::Damaged`] for a slot that makes no sense.
    pub fn seal_info(&self) -> Result<block::SealInfo, BlockError> {
        self.live().file.seal_info()
    }

    /// Checks that this opens the file, as it lies on the disk now.
    ///
    /// # Errors
    /// As opening it would.
    pub fn prove(&self, unlock: &Unlock) -> Result<(), BlockError> {
        self.live().file.prove(unlock)
    }

    /// Adds a way to unlock and proves it before the old one of its kind is given up.
    ///
    /// # Errors
    /// [`BlockError::Unproven`], or as [`Self::add_slot`].
    pub fn add_proved_slot(&self, secret: &SlotSecret, unlock: &Unlock) -> Result<(), BlockError> {
        self.live().file.add_proved_slot(secret, unlock)
    }

    /// The file below redb, to follow its changes. It is another one after a reopening.
    #[must_use]
    pub fn file(&self) -> BlockFile {
        self.live().file.clone()
    }

    /// The directory in which the file has its name, if it is in one.
    #[must_use]
    pub fn dir(&self) -> Option<&Path> {
        self.dir.as_deref()
    }

    /// Opens the file anew if a failure asks for it, without waiting for the next write.
    pub fn try_again(&self) {
        let live = self.live();
        if live.file.is_broken() || !live.writes {
            self.reopen(Arc::as_ptr(&live));
        }
    }

    /// How the engine is doing.
    #[must_use]
    pub fn health(&self) -> Health {
        let (reopened, failed_reopenings) = {
            let supervision = self.supervision.lock().unwrap_or_else(PoisonError::into_inner);
            (supervision.reopened, supervision.failed_in_a_row)
        };
        let live = self.live();
        let broken = live.file.is_broken() || !live.writes;
        let (unauthentic_blocks, read_through) = (live.file.unauthentic_blocks(), live.read_through);
        Health { reopened, unauthentic_blocks, failed_reopenings, broken, read_through }
    }

    fn live(&self) -> Arc<Live> {
        Arc::clone(&self.live.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// A failed write or a bad block latches redb's handle; the first access after it opens the file anew.
    fn supervised<T>(
        &self,
        writes: bool,
        begin: impl Fn(&Database) -> Result<T, TransactionError>,
    ) -> Result<T, TransactionError> {
        let live = self.live();
        let error = match begin(&live.db) {
            Ok(_) if (live.writes && live.file.is_broken()) || (writes && !live.writes) => {
                TransactionError::Storage(StorageError::PreviousIo)
            }
            Err(error @ TransactionError::Storage(StorageError::PreviousIo | StorageError::Io(_))) => error,
            outcome => return outcome,
        };
        let failed = Arc::as_ptr(&live);
        drop(live);
        match self.reopen(failed) {
            Some(live) if live.writes || !writes => begin(&live.db),
            _ => Err(error),
        }
    }

    /// The name must be durable, too: it may be what could not be made so.
    fn open_anew(&self, failed: &BlockFile) -> Result<(Live, Opened), BlockError> {
        let file = block::reopen(failed)?;
        self.dir.as_deref().map_or(Ok(()), sync_dir)?;
        open_file(file, self.cache_bytes)
    }

    /// While the disk refuses writes, reading goes on, from what is durable: redb's own writes stay in memory. Nothing
    /// if not even a sync returns, since then nobody knows what is.
    fn open_for_reading(&self, failed: &BlockFile) -> Option<Live> {
        let file = block::reopen(failed).ok()?;
        let state = file.snapshot(Arc::new(|_| Ok(()))).ok()?;
        let mut builder = Database::builder();
        builder.set_cache_size(self.cache_bytes);
        let db = catch_unwind(AssertUnwindSafe(|| builder.create_with_backend(state))).ok()?.ok()?;
        tracing::warn!("the disk refuses writes; reading goes on");
        Some(Live { db, file, writes: false, read_through: true })
    }

    /// One thread reopens, others take what it achieved. Nothing if it fails or failed just now.
    fn reopen(&self, failed: *const Live) -> Option<Arc<Live>> {
        let mut supervision = self.supervision.lock().unwrap_or_else(PoisonError::into_inner);
        let live = self.live();
        if !std::ptr::eq(Arc::as_ptr(&live), failed) {
            return Some(live);
        }
        if supervision.failed.is_some_and(|since| since.elapsed() < REOPEN_PAUSE) {
            return None;
        }
        supervision.reopened += 1;
        match self.open_anew(&live.file) {
            Ok((reopened, opened)) => {
                tracing::warn!(?opened, "the encrypted file was opened anew after a failure");
                let reopened = Arc::new(reopened);
                *self.live.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&reopened);
                (supervision.failed, supervision.failed_in_a_row) = (None, 0);
                Some(reopened)
            }
            Err(error) => {
                tracing::error!(%error, "the encrypted file could not be opened anew after a failure");
                supervision.failed = Some(Stopwatch::start());
                supervision.failed_in_a_row += 1;
                if !live.writes {
                    return Some(live);
                }
                let reading = Arc::new(self.open_for_reading(&live.file)?);
                *self.live.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&reading);
                Some(reading)
            }
        }
    }
}

/// Removes a file, if it is there.
pub(super) fn discard(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Strict,
    Repair,
}

/// Strictly first; only if something does not authenticate, once more with redb's own repair, and strictly from then on.
fn open_file(file: BlockFile, cache_bytes: usize) -> Result<(Live, Opened), BlockError> {
    let is_empty = redb::StorageBackend::len(&file)? < layout::BLOCK;
    if is_empty {
        return Err(BlockError::Truncated);
    }
    match open_redb(file.clone(), cache_bytes, Mode::Strict) {
        Ok(live) => Ok((live, Opened::Well)),
        Err(_) if file.unauthentic_blocks() > 0 => {
            let anew = block::reopen(&file)?;
            drop(file);
            let live = open_redb(anew, cache_bytes, Mode::Repair)?;
            tracing::warn!("a part of the encrypted file did not authenticate; the database was repaired");
            Ok((live, Opened::Recovered))
        }
        Err(error) => Err(error),
    }
}

fn open_redb(file: BlockFile, cache_bytes: usize, mode: Mode) -> Result<Live, BlockError> {
    let repair = mode == Mode::Repair;
    let read_through = Arc::new(AtomicBool::default());
    let told = Arc::clone(&read_through);
    file.set_poison(repair);
    let mut builder = Database::builder();
    builder.set_cache_size(cache_bytes).set_check_integrity_on_open(repair);
    builder.set_repair_callback(move |_| {
        if !told.swap(true, Ordering::AcqRel) {
            tracing::info!("the practice's file was not closed: it is read through once");
        }
    });
    let backend = file.clone();
    // redb may panic on a file that something else changed.
    let opened = catch_unwind(AssertUnwindSafe(|| builder.create_with_backend(backend)));
    file.set_poison(false);
    match opened {
        Ok(Ok(db)) => {
            let read_through = read_through.load(Ordering::Acquire);
            Ok(Live { db, file, writes: true, read_through })
        }
        Ok(Err(error)) => Err(redb::Error::from(error).into()),
        Err(_) => Err(BlockError::Damaged { what: "the database inside it" }),
    }
}
