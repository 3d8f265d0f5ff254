//! A tiny directory in memory: the file that has the name, a second one beside it, a rename, and what of all that may
//! be left when the power fails.

use std::{
    fmt::Debug,
    io,
    sync::{Arc, Mutex},
};

use alcove::store::{
    block::{BlockError, Disk, PlaceError},
    rotation::Place,
};

use super::sim_disk::{LOSSES, Op, Replay, Rng, SimDisk};

/// One thing that was done.
#[derive(Clone, Debug)]
pub enum DirOp {
    /// To the file of this number.
    On(usize, Op),
    /// This file got the name.
    Renamed(usize),
    DirSynced,
}

type Log = Arc<Mutex<Vec<DirOp>>>;

/// A disk whose changes are recorded in order with those of its neighbours.
#[derive(Debug)]
struct Logged {
    number: usize,
    disk: SimDisk,
    log: Log,
}

impl Logged {
    fn done(&self, op: Op) {
        self.log.lock().unwrap().push(DirOp::On(self.number, op));
    }
}

impl Disk for Logged {
    fn len(&self) -> io::Result<u64> {
        self.disk.len()
    }

    fn read_at(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.disk.read_at(offset, out)
    }

    fn write_at(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.disk.write_at(offset, data)?;
        self.done(Op::Write { at: usize::try_from(offset).unwrap(), data: data.into() });
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.disk.set_len(len)?;
        self.done(Op::SetLen(usize::try_from(len).unwrap()));
        Ok(())
    }

    fn sync(&self) -> io::Result<()> {
        self.disk.sync()?;
        self.done(Op::Sync);
        Ok(())
    }
}

/// When giving the name fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    Rename,
    DirSync,
}

#[derive(Debug, Default)]
struct Files {
    disks: Vec<SimDisk>,
    named: usize,
    has_next: bool,
    room: Option<u64>,
    trouble: Option<Trouble>,
}

/// The directory.
#[derive(Clone, Debug, Default)]
pub struct SimDir {
    files: Arc<Mutex<Files>>,
    log: Log,
}

impl SimDir {
    /// One with a first file, which has the name.
    pub fn with_file() -> (Self, Arc<dyn Disk>) {
        let dir = Self::default();
        let disk = dir.add();
        (dir, disk)
    }

    fn add(&self) -> Arc<dyn Disk> {
        let (mut files, disk) = (self.files.lock().unwrap(), SimDisk::default());
        files.disks.push(disk.clone());
        Arc::new(Logged { number: files.disks.len() - 1, disk, log: Arc::clone(&self.log) })
    }

    /// What the file that has the name holds.
    pub fn image(&self) -> Vec<u8> {
        let files = self.files.lock().unwrap();
        files.disks[files.named].image()
    }

    /// The file of this number: 0 is the first.
    pub fn disk(&self, number: usize) -> Option<SimDisk> {
        self.files.lock().unwrap().disks.get(number).cloned()
    }

    pub fn named(&self) -> usize {
        self.files.lock().unwrap().named
    }

    pub fn has_next(&self) -> bool {
        self.files.lock().unwrap().has_next
    }

    pub fn has_room_for_only(&self, bytes: u64) {
        self.files.lock().unwrap().room = Some(bytes);
    }

    pub fn will_fail(&self, trouble: Trouble) {
        self.files.lock().unwrap().trouble = Some(trouble);
    }

    pub fn mark(&self, op: Op) {
        self.log.lock().unwrap().push(DirOp::On(0, op));
    }

    pub fn take_log(&self) -> Vec<DirOp> {
        std::mem::take(&mut *self.log.lock().unwrap())
    }
}

impl Place for SimDir {
    fn has_room_for(&self, bytes: u64) -> bool {
        self.files.lock().unwrap().room.is_none_or(|room| room >= bytes)
    }

    fn make(&self) -> Result<Arc<dyn Disk>, BlockError> {
        self.files.lock().unwrap().has_next = true;
        Ok(self.add())
    }

    fn put(&self) -> Result<(), PlaceError> {
        let mut files = self.files.lock().unwrap();
        let trouble = files.trouble.take();
        if trouble == Some(Trouble::Rename) {
            return Err(PlaceError::Before(io::ErrorKind::Other.into()));
        }
        (files.named, files.has_next) = (files.disks.len() - 1, false);
        self.log.lock().unwrap().push(DirOp::Renamed(files.named));
        if trouble == Some(Trouble::DirSync) {
            return Err(PlaceError::After(io::ErrorKind::Other.into()));
        }
        self.log.lock().unwrap().push(DirOp::DirSynced);
        Ok(())
    }

    fn discard(&self) {
        self.files.lock().unwrap().has_next = false;
    }
}

/// Follows a log: each file by itself, and which names may be found.
#[derive(Clone, Debug, Default)]
pub struct DirReplay {
    files: Vec<Replay>,
    named: usize,
    renamed: Option<usize>,
}

impl DirReplay {
    pub fn step(&mut self, op: &DirOp) {
        match op {
            DirOp::On(number, op) => {
                self.files.resize_with((*number + 1).max(self.files.len()), Replay::default);
                self.files[*number].step(op);
            }
            DirOp::Renamed(number) => self.renamed = Some(*number),
            DirOp::DirSynced => self.named = self.renamed.take().unwrap_or(self.named),
        }
    }

    /// What the name may lead to now.
    pub fn image(&self, rng: &mut Rng) -> Vec<u8> {
        let named = self.renamed.filter(|_| rng.percent(50)).unwrap_or(self.named);
        self.files[named].image(LOSSES[rng.below(LOSSES.len())], rng)
    }
}
