//! Random operations on the encrypted file and on plain redb: both must hold the same, at every step and after opening
//! again.

use std::sync::Arc;

use proptest::{collection::vec, prelude::*};
use redb::{ReadableDatabase, ReadableTable};

use super::{ROWS, all_rows, create, open, sim_disk::SimDisk};

#[derive(Clone, Debug)]
enum Step {
    Commit(Vec<(u16, Option<usize>)>),
    Abort(Vec<(u16, Option<usize>)>),
    Reopen,
    Check,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let value = prop_oneof![4 => 0_usize..300, 2 => 3000_usize..9000, 1 => 60_000_usize..200_000];
    let changes = || vec((0_u16..200, proptest::option::weighted(0.7, value.clone())), 1..30);
    let step = prop_oneof![
        8 => changes().prop_map(Step::Commit),
        1 => changes().prop_map(Step::Abort),
        1 => Just(Step::Reopen),
        1 => Just(Step::Check),
    ];
    vec(step, 1..40)
}

fn change(tx: &redb::WriteTransaction, changes: &[(u16, Option<usize>)]) {
    let mut rows = tx.open_table(ROWS).unwrap();
    for (key, size) in changes {
        let bytes = key.to_be_bytes();
        match size {
            Some(size) => drop(rows.insert(bytes.as_slice(), vec![bytes[1]; *size].as_slice()).unwrap()),
            None => drop(rows.remove(bytes.as_slice()).unwrap()),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn encrypted_and_plain_hold_the_same(steps in steps()) {
        let plain = redb::Database::builder().create_with_backend(redb::backends::InMemoryBackend::new()).unwrap();
        let disk = SimDisk::default();
        let mut engine = create(Arc::new(disk.clone()));
        for tx in [plain.begin_write().unwrap(), engine.begin_write().unwrap()] {
            tx.open_table(ROWS).unwrap();
            tx.commit().unwrap();
        }
        for step in steps {
            match step {
                Step::Commit(changes) => {
                    for tx in [plain.begin_write().unwrap(), engine.begin_write().unwrap()] {
                        change(&tx, &changes);
                        tx.commit().unwrap();
                    }
                }
                Step::Abort(changes) => {
                    let tx = engine.begin_write().unwrap();
                    change(&tx, &changes);
                    tx.abort().unwrap();
                }
                Step::Reopen => {
                    drop(engine);
                    engine = open(Arc::new(disk.clone())).unwrap().0;
                }
                Step::Check => prop_assert!(engine.check_integrity().unwrap()),
            }
            let table = plain.begin_read().unwrap().open_table(ROWS).unwrap();
            let rows = table.iter().unwrap().map(Result::unwrap);
            let expected: Vec<_> = rows.map(|(key, value)| (key.value().to_vec(), value.value().to_vec())).collect();
            prop_assert_eq!(all_rows(&engine), expected);
        }
    }
}
