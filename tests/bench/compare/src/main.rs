//! Alcove's peers in the contest: SQLCipher, and SQLite as the same program without a key. Both write ahead with a sync
//! at every commit (WAL, synchronous=FULL) and have the same cache. Threads share one connection behind a lock: separate
//! ones would wait for each other by sleeping, which costs more.

#[path = "../../store/contest.rs"]
mod contest;

use std::{
    env,
    path::Path,
    sync::{Mutex, MutexGuard},
};

use contest::{CACHE_BYTES, Contender};
use rusqlite::{Connection, Statement};

/// With a key or without.
struct Peer<const KEY: bool>(Mutex<Connection>);

impl<const KEY: bool> Peer<KEY> {
    fn at(dir: &Path) -> Self {
        let connection = Connection::open(dir.join("peer.db")).unwrap();
        let pragmas = |text: &str| connection.execute_batch(text).unwrap();
        if KEY {
            // A raw key: no time is spent on a passphrase.
            pragmas(&format!("PRAGMA key = \"x'{}'\"", "07".repeat(32)));
        }
        pragmas(&format!("PRAGMA cache_size = -{}", CACHE_BYTES / 1024));
        let mode: String = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0)).unwrap();
        assert_eq!(mode, "wal");
        pragmas("PRAGMA synchronous = FULL");
        connection.set_prepared_statement_cache_capacity(16);
        Self(Mutex::new(connection))
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.0.lock().unwrap()
    }
}

fn first_byte(statement: &mut Statement<'_>, number: u64) -> u64 {
    let number = i64::try_from(number).unwrap();
    statement.query_row([number], |row| Ok(u64::from(row.get_ref(0)?.as_blob()?[0]))).unwrap()
}

impl<const KEY: bool> Contender for Peer<KEY> {
    fn make(dir: &Path) -> Self {
        let peer = Self::at(dir);
        peer.connection()
            .execute_batch("CREATE TABLE records (number INTEGER PRIMARY KEY, record BLOB NOT NULL)")
            .unwrap();
        peer
    }

    fn open(dir: &Path) -> Self {
        let peer = Self::at(dir);
        // It opens with its first read.
        peer.connection().query_row("SELECT max(number) FROM records", [], |row| row.get::<_, i64>(0)).unwrap();
        peer
    }

    fn write(&self, records: &mut dyn Iterator<Item = (u64, Vec<u8>)>) {
        let connection = self.connection();
        connection.prepare_cached("BEGIN IMMEDIATE").unwrap().execute([]).unwrap();
        let mut insert = connection
            .prepare_cached(
                "INSERT INTO records VALUES (?1, ?2) ON CONFLICT (number) DO UPDATE SET record = excluded.record",
            )
            .unwrap();
        for (number, record) in records {
            insert.execute((i64::try_from(number).unwrap(), record)).unwrap();
        }
        connection.prepare_cached("COMMIT").unwrap().execute([]).unwrap();
    }

    fn read(&self, numbers: &mut dyn Iterator<Item = u64>) -> u64 {
        let connection = self.connection();
        connection.prepare_cached("BEGIN").unwrap().execute([]).unwrap();
        let mut select = connection.prepare_cached("SELECT record FROM records WHERE number = ?1").unwrap();
        let sum = numbers.map(|number| first_byte(&mut select, number)).sum();
        connection.prepare_cached("COMMIT").unwrap().execute([]).unwrap();
        sum
    }

    fn scan(&self) -> (u64, u64) {
        let connection = self.connection();
        let mut select = connection.prepare_cached("SELECT record FROM records ORDER BY number").unwrap();
        let mut rows = select.query([]).unwrap();
        let (mut count, mut sum) = (0, 0);
        while let Some(row) = rows.next().unwrap() {
            (count, sum) = (count + 1, sum + u64::from(row.get_ref(0).unwrap().as_blob().unwrap()[0]));
        }
        (count, sum)
    }
}

fn main() {
    let arguments: Vec<String> = env::args().collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [_, "contend", "sqlcipher", dir] => contest::serve::<Peer<true>>(Path::new(dir)),
        [_, "contend", "sqlite", dir] => contest::serve::<Peer<false>>(Path::new(dir)),
        _ => println!("This is a part of `cargo bench --bench store`."),
    }
}
