//! A machine that has no random bytes to give: nothing is sealed with a weak nonce, nothing is acknowledged, and the
//! error has a name. strace fails the system call; the store works in a child of the test.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use alcove::store::{
    BlockError, Engine, SlotSecret, StoreError, Unlock,
    block::{Fault, layout},
    engine::FILE_NAME,
};

use crate::{
    store::{ROWS, keyfile, open_in, options, put},
    support::need,
};

const INSIDE: &str = "ALCOVE_WITHOUT_RANDOM";
const ROWS_TRIED: u8 = 12;
/// From which system call of the child's thread on there is nothing. A commit draws about ten times.
const FROM: [u32; 8] = [1, 2, 4, 9, 17, 30, 50, 80];

fn try_put(engine: &Engine, key: u8) -> Result<(), StoreError> {
    let tx = engine.begin_write()?;
    tx.open_table(ROWS)?.insert([key].as_slice(), vec![key; 3000].as_slice())?;
    tx.commit()?;
    Ok(())
}

/// The child's part: says what became of each attempt.
#[test]
#[allow(clippy::print_stdout, reason = "the test that started it reads this")]
fn inside() {
    let Some(dir) = std::env::var_os(INSIDE).map(PathBuf::from) else { return };
    let engine = match Engine::open(&dir, &Unlock::Keyfile(keyfile()), options()) {
        Ok((engine, _)) => engine,
        Err(error) => return println!("\nnot opened: {error}"),
    };
    for key in 0..ROWS_TRIED {
        match try_put(&engine, key) {
            Ok(()) => println!("\nacknowledged"),
            Err(error) => println!("\nrefused: {error}"),
        }
    }
    let read = engine.begin_read().unwrap().open_table(ROWS).unwrap().get(b"first".as_slice()).unwrap().is_some();
    println!("\nread: {read}");
}

fn without_random_from(nth: u32, dir: &Path) -> String {
    let mut strace = Command::new("strace");
    strace.args(["-f", "-qq", "-o", "/dev/null", "-e", "trace=getrandom", "-e"]);
    // What std does for its maps falls back on another source after this error; ours must not.
    strace.arg(format!("inject=getrandom:error=EPERM:when={nth}+"));
    strace.arg(std::env::current_exe().unwrap()).args(["machine::randomness::inside", "--exact", "--nocapture"]);
    let done = strace.env(INSIDE, dir).stdin(Stdio::null()).output().unwrap();
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    assert!(done.status.success(), "{nth}: {said} {}", String::from_utf8_lossy(&done.stderr));
    said
}

/// Nonces that are nothing but zeros, in tag entries and records that were used.
fn weak_nonces(image: &[u8]) -> usize {
    let block = layout::BLOCK_BYTES;
    let at = |offset: u64| usize::try_from(offset).unwrap();
    let groups = image[at(layout::GROUPS_AT)..].chunks(block * 128);
    let tags = groups.flat_map(|group| group.chunks_exact(block).take(2).flat_map(|copy| copy[64..].chunks_exact(32)));
    let of_tags = tags.filter(|entry| entry[..12] == [0; 12] && entry[12..28] != [0; 16]).count();
    let ring = image[at(layout::RING_AT)..at(layout::GROUPS_AT)].chunks_exact(block);
    of_tags + ring.filter(|page| page.starts_with(b"ALCOVEcr") && page[16..28] == [0; 12]).count()
}

#[test]
fn without_random_bytes_nothing_is_written_and_the_reason_is_named() {
    need("strace", "strace");
    let (mut refusals, mut acknowledgements) = (0, 0);
    for nth in FROM {
        let dir = tempfile::tempdir().unwrap();
        let engine = Engine::create(dir.path(), &[SlotSecret::Keyfile(keyfile())], options()).unwrap();
        put(&engine, b"first", b"value");
        drop(engine);
        let said = without_random_from(nth, dir.path());
        let lines: Vec<&str> = said.lines().collect();
        let acknowledged = lines.iter().filter(|line| **line == "acknowledged").count();
        let first_no = lines.iter().position(|line| line.starts_with("refused") || line.starts_with("not opened"));
        if let Some(at) = first_no {
            assert!(lines[at].contains("This machine's cryptography failed"), "{nth}: {said}");
            assert!(!lines[at..].contains(&"acknowledged"), "{nth}: it went on: {said}");
            assert!(lines[at].starts_with("not opened") || lines.contains(&"read: true"), "{nth}: {said}");
            refusals += 1;
        }
        acknowledgements += acknowledged;
        assert_eq!(weak_nonces(&fs::read(dir.path().join(FILE_NAME)).unwrap()), 0, "{nth}");
        let engine = open_in(dir.path());
        let rows = engine.begin_read().unwrap().open_table(ROWS).unwrap();
        for key in 0..acknowledged {
            let key = u8::try_from(key).unwrap();
            assert!(rows.get([key].as_slice()).unwrap().is_some(), "{nth}: {key} was acknowledged");
        }
        drop(rows);
        assert!(engine.check_integrity().unwrap());
    }
    assert!(refusals >= 4 && acknowledgements > 0, "{refusals} refusals, {acknowledgements} acknowledgements");
}

#[test]
fn the_fault_is_told_as_what_it_is() {
    let error = redb::Error::Io(Fault::NoRandom.into());
    assert!(matches!(BlockError::from(error), BlockError::Crypto));
    let error = StoreError::from(redb::StorageError::Io(Fault::NoRandom.into()));
    assert!(matches!(error, StoreError::File(BlockError::Crypto)) && !error.is_of_the_disk());
}
