//! Ours, and redb as it comes: the same tables and the same two-phase commits, with and without encryption.

use std::path::Path;

use alcove::{
    clock::Clock,
    domain::audit::Event,
    policy::{Actor, ActorKind, Right},
    store::{
        Engine, EngineOptions, Keyfile, Row, RowError, SlotSecret, Store, StoreError, Unlock, encode_body,
        engine::FILE_NAME,
    },
};
use redb::{Database, ReadTransaction, ReadableDatabase as _, ReadableTable as _, TableDefinition, WriteTransaction};

use super::contest::{CACHE_BYTES, Contender};

type Records<'a> = &'a mut dyn Iterator<Item = (u64, Vec<u8>)>;

const RECORDS: TableDefinition<&[u8], &[u8]> = TableDefinition::new(Record::TABLE);

/// A record as the store's own row.
struct Record(u64, Vec<u8>);

impl Row for Record {
    const TABLE: &'static str = "records";
    const VERSION: u8 = 1;
    type Key = u64;
    fn key(&self) -> u64 {
        self.0
    }
    fn encode(&self) -> Vec<u8> {
        // One byte less: the version goes before it.
        self.1[1..].to_vec()
    }
    fn decode(_: u8, body: &[u8]) -> Result<Self, RowError> {
        Ok(Self(0, encode_body(&body)))
    }
}

fn write_all(tx: WriteTransaction, records: Records<'_>) {
    let mut table = tx.open_table(RECORDS).unwrap();
    for (number, record) in records {
        table.insert(number.to_be_bytes().as_slice(), record.as_slice()).unwrap();
    }
    drop(table);
    tx.commit().unwrap();
}

fn read_all(tx: &ReadTransaction, numbers: &mut dyn Iterator<Item = u64>) -> u64 {
    let table = tx.open_table(RECORDS).unwrap();
    numbers.map(|number| u64::from(table.get(number.to_be_bytes().as_slice()).unwrap().unwrap().value()[0])).sum()
}

fn scan_all(tx: &ReadTransaction) -> (u64, u64) {
    let table = tx.open_table(RECORDS).unwrap();
    let records = table.iter().unwrap().map(|record| u64::from(record.unwrap().1.value()[0]));
    records.fold((0, 0), |(count, sum), byte| (count + 1, sum + byte))
}

/// Alcove's encrypted file. In company it writes as requests do: through the store, with an audit entry each.
pub struct Ours(Store);

fn keyfile() -> Keyfile {
    Keyfile::from_slice(&[7; 32]).unwrap()
}

fn options() -> EngineOptions {
    EngineOptions { cache_bytes: CACHE_BYTES, ..EngineOptions::default() }
}

impl Contender for Ours {
    fn make(dir: &Path) -> Self {
        let engine = Engine::create(dir, &[SlotSecret::Keyfile(keyfile())], options()).unwrap();
        Self(Store::ready(engine, dir, Clock::default()).unwrap())
    }

    fn open(dir: &Path) -> Self {
        assert!(dir.join(FILE_NAME).exists());
        let (engine, _) = Engine::open(dir, &Unlock::Keyfile(keyfile()), options()).unwrap();
        Self(Store::ready(engine, dir, Clock::default()).unwrap())
    }

    fn write(&self, records: Records<'_>) {
        write_all(self.0.engine().begin_write().unwrap(), records);
    }

    fn write_in_company(&self, records: Records<'_>) {
        let permit = Actor::local(ActorKind::System).may(Right::Housekeep).unwrap();
        let written: Result<_, StoreError> = self.0.write(|tx| {
            for (number, record) in records {
                tx.put(&Record(number, record), &permit)?;
            }
            tx.audit(&permit, Event::new("bench.written"))
        });
        written.unwrap();
    }

    fn rest(&self) {
        // A look, and one later that finds nothing new.
        assert!(!self.0.engine().settle().unwrap() && self.0.engine().settle().unwrap());
    }

    fn read(&self, numbers: &mut dyn Iterator<Item = u64>) -> u64 {
        read_all(&self.0.engine().begin_read().unwrap(), numbers)
    }

    fn scan(&self) -> (u64, u64) {
        scan_all(&self.0.engine().begin_read().unwrap())
    }
}

/// redb without encryption.
pub struct Plain(Database);

impl Plain {
    fn at(dir: &Path) -> Self {
        Self(Database::builder().set_cache_size(CACHE_BYTES).create(dir.join("plain.redb")).unwrap())
    }
}

impl Contender for Plain {
    fn make(dir: &Path) -> Self {
        Self::at(dir)
    }

    fn open(dir: &Path) -> Self {
        Self::at(dir)
    }

    fn write(&self, records: Records<'_>) {
        let mut tx = self.0.begin_write().unwrap();
        tx.set_two_phase_commit(true);
        write_all(tx, records);
    }

    fn read(&self, numbers: &mut dyn Iterator<Item = u64>) -> u64 {
        read_all(&self.0.begin_read().unwrap(), numbers)
    }

    fn scan(&self) -> (u64, u64) {
        scan_all(&self.0.begin_read().unwrap())
    }
}
