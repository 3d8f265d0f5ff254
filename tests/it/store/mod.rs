//! The encrypted file, from the disk up.

mod alarms;
mod blobs;
mod change_stream;
pub mod explorer;
mod faults;
mod file;
mod model;
pub mod mutants;
pub mod nonces;
mod power_loss;
mod promises;
mod random_operations;
mod rest;
mod rotation;
mod shared_commits;
mod sim_dir;
pub mod sim_disk;
mod slots;
pub mod tamper;

use std::sync::Arc;

use alcove::store::{
    Engine, EngineOptions, Keyfile, Opened, SlotSecret, Unlock,
    block::{BlockError, Cipher, Disk, Format, layout},
};
use redb::{ReadableTable, TableDefinition};

const CACHE_BYTES: usize = 1 << 20;
pub const ROWS: TableDefinition<&[u8], &[u8]> = TableDefinition::new("rows");

/// A ring that wraps after a few commits.
pub fn options() -> EngineOptions {
    let format = Format { cipher: Cipher::Aes256GcmSiv, ring_bytes: layout::RING_BYTES_MIN };
    EngineOptions { cache_bytes: CACHE_BYTES, format }
}

pub fn keyfile() -> Keyfile {
    Keyfile::from_slice(&[7; 32]).unwrap()
}

pub fn create(disk: Arc<dyn Disk>) -> Engine {
    create_with(disk, options().format)
}

pub fn create_with(disk: Arc<dyn Disk>, format: Format) -> Engine {
    Engine::create_on(disk, &[SlotSecret::Keyfile(keyfile())], EngineOptions { format, ..options() }).unwrap()
}

/// The seed, a fresh one unless `ALCOVE_SEED` gives it, printed; and how much to try, unless a variable says otherwise.
pub fn sampled(count_variable: &str, count: u64) -> (u64, u64) {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let fresh = || {
        let mut seed = [0; 4];
        getrandom::fill(&mut seed).unwrap();
        u64::from(u32::from_le_bytes(seed))
    };
    let seed = number("ALCOVE_SEED").unwrap_or_else(fresh);
    println!("ALCOVE_SEED={seed}");
    (seed, number(count_variable).unwrap_or(count))
}

pub fn open(disk: Arc<dyn Disk>) -> Result<(Engine, Opened), BlockError> {
    Engine::open_on(disk, &Unlock::Keyfile(keyfile()), options())
}

/// The file of a directory.
pub fn open_in(dir: &std::path::Path) -> Engine {
    Engine::open(dir, &Unlock::Keyfile(keyfile()), options()).unwrap().0
}

pub fn put(engine: &Engine, key: &[u8], value: &[u8]) {
    let tx = engine.begin_write().unwrap();
    tx.open_table(ROWS).unwrap().insert(key, value).unwrap();
    tx.commit().unwrap();
}

pub type Rows = Vec<(Vec<u8>, Vec<u8>)>;

pub fn all_rows(engine: &Engine) -> Rows {
    let table = engine.begin_read().unwrap().open_table(ROWS).unwrap();
    table
        .iter()
        .unwrap()
        .map(Result::unwrap)
        .map(|(key, value)| (key.value().to_vec(), value.value().to_vec()))
        .collect()
}
