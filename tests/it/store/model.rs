//! What the database should hold, and a workload that makes the file grow, shrink, wrap its ring and go home.

use std::collections::BTreeMap;

use alcove::store::{
    Engine,
    block::{Cipher, Format, layout},
};
use redb::{ReadableTable, TableDefinition, WriteTransaction};

use super::sim_disk::Rng;

const COUNTER: TableDefinition<&str, u64> = TableDefinition::new("counter");
const ROWS: TableDefinition<u64, &[u8]> = TableDefinition::new("rows");
/// Above these are rows that make one commit larger than a record can name.
const LARGE_FROM: u64 = 1000;

/// How one history of a file goes.
#[derive(Clone, Copy, Debug)]
pub struct Habit {
    pub format: Format,
    /// How many commits of a hundred use one phase, as redb's own do when it opens and closes; the product's use two.
    pub one_phase_percent: u64,
    /// How many keep what redb knows of free pages, as the one that brings a file to rest does.
    pub resting_percent: u64,
    /// Whether some commits are larger than a record.
    pub large: bool,
}

impl Habit {
    pub fn any(rng: &mut Rng) -> Self {
        let cipher = [Cipher::Aes256GcmSiv, Cipher::ChaCha20Poly1305][rng.below(2)];
        // Small rings, so that they wrap often.
        let ring_bytes = layout::RING_BYTES_MIN * [1, 1, 2][rng.below(3)];
        let one_phase_percent = [0, 15, 100][rng.below(3)];
        let resting_percent = [0, 30, 100][rng.below(3)];
        Self { format: Format { cipher, ring_bytes }, one_phase_percent, resting_percent, large: rng.percent(15) }
    }
}

/// A whole state.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Model {
    /// Its number.
    pub counter: u64,
    pub rows: BTreeMap<u64, Vec<u8>>,
}

impl Model {
    /// Makes the next state, here and in the transaction.
    pub fn change(&mut self, tx: &WriteTransaction, rng: &mut Rng) {
        self.change_much(tx, false, rng);
    }

    /// The same, now and then larger than a record.
    pub fn change_much(&mut self, tx: &WriteTransaction, large: bool, rng: &mut Rng) {
        self.counter += 1;
        let mut rows = tx.open_table(ROWS).unwrap();
        let (grow, shrink) = (self.counter % 13 == 5, self.counter % 17 == 11);
        for _ in 0..if grow { 60 } else { 1 + rng.below(10) } {
            let key = rng.next() % 300;
            if shrink || rng.percent(30) {
                rows.remove(key).unwrap();
                self.rows.remove(&key);
            } else {
                let size = if rng.percent(5) { 5000 + rng.below(20_000) } else { 4 + rng.below(2000) };
                self.put(&mut rows, key, rng.bytes(size));
            }
        }
        if large && self.counter % 23 == 9 {
            for key in LARGE_FROM..LARGE_FROM + 60 {
                self.put(&mut rows, key, rng.bytes(50_000));
            }
        }
        if shrink {
            rows.retain(|key, _| key % 2 == 0 && key < LARGE_FROM).unwrap();
            self.rows.retain(|key, _| key % 2 == 0 && *key < LARGE_FROM);
        }
        tx.open_table(COUNTER).unwrap().insert("n", self.counter).unwrap();
    }

    fn put(&mut self, rows: &mut redb::Table<'_, u64, &'static [u8]>, key: u64, value: Vec<u8>) {
        rows.insert(key, value.as_slice()).unwrap();
        self.rows.insert(key, value);
    }

    /// What a file holds.
    pub fn read(engine: &Engine) -> Self {
        let tx = engine.begin_read().unwrap();
        let Ok(counter) = tx.open_table(COUNTER) else { return Self::default() };
        let counter = counter.get("n").unwrap().unwrap().value();
        let rows = tx.open_table(ROWS).unwrap();
        let rows = rows.iter().unwrap().map(Result::unwrap).map(|(key, value)| (key.value(), value.value().to_vec()));
        Self { counter, rows: rows.collect() }
    }
}
