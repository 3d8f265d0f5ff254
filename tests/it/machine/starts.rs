//! What a start finds: a file that went back to its last whole state, and one that was at rest when it was killed.

use std::{fs, path::Path, thread, time::Duration};

use alcove::store::{block::layout, engine::FILE_NAME};

use super::{line::Line, practice::Practice};
use crate::{
    store::{ROWS, open_in, put},
    support::alcove,
};

/// Where sealed blocks differ from an earlier state; tags and records are left out.
fn new_blocks(image: &[u8], earlier: &[u8]) -> Vec<usize> {
    let block = layout::BLOCK_BYTES;
    let groups_at = usize::try_from(layout::GROUPS_AT).unwrap();
    let is_new = |at: &usize| earlier.get(*at..at + block).is_none_or(|before| before != &image[*at..at + block]);
    let is_data = |at: &usize| ((at - groups_at) / block) % 128 >= 2;
    (groups_at..image.len()).step_by(block).filter(is_data).filter(is_new).collect()
}

/// Changes a bit of each; once more, and it is as before.
fn spoil(file: &Path, blocks: &[usize]) {
    assert!(!blocks.is_empty());
    let mut image = fs::read(file).unwrap();
    for at in blocks {
        image[at + 100] ^= 1;
    }
    fs::write(file, image).unwrap();
}

/// A practice whose last commit, made this way, is spoilt, as a kill left it; the one before is whole.
fn with_a_spoilt_last_commit(two_phases: bool) -> (Practice, Vec<usize>) {
    let practice = Practice::found();
    let file = practice.data_dir().join(FILE_NAME);
    let engine = open_in(&practice.data_dir());
    put(&engine, b"kept", &[1; 3000]);
    let earlier = fs::read(&file).unwrap();
    let mut tx = engine.begin_write().unwrap();
    tx.set_two_phase_commit(two_phases);
    tx.open_table(ROWS).unwrap().insert(b"lost".as_slice(), [2; 3000].as_slice()).unwrap();
    tx.commit().unwrap();
    // Without the close's own commit.
    let killed = fs::read(&file).unwrap();
    drop(engine);
    let spoilt = new_blocks(&killed, &earlier);
    fs::write(&file, killed).unwrap();
    spoil(&file, &spoilt);
    (practice, spoilt)
}

/// redb goes back past a commit of one phase only.
#[test]
fn a_file_that_goes_back_to_the_state_before_raises_the_alarm_and_the_owner_sees_it() {
    let running = with_a_spoilt_last_commit(false).0.serve();
    let logs = String::from_utf8_lossy(&running.process.logs()).into_owned();
    assert!(logs.contains("did not authenticate, and it went back to its last whole state"), "{logs}");
    let mut line = Line::to(&running.process.trust, &running.cookie).unwrap();
    let seen = line.get("/backups").unwrap();
    assert!(seen.is_well() && seen.json()["file_recovered_at"].is_string(), "{:?}", seen.json());
    let status = running.process.command(&["status"]);
    assert!(String::from_utf8_lossy(&status.stdout).contains("it went back to its last whole state"), "{status:?}");
    let practice = running.kill();
    practice.audit_size().unwrap();
    assert!(practice.audited().contains(&"store.recovered".to_owned()));
    assert_eq!(rows(&practice), [true, false]);
}

fn rows(practice: &Practice) -> [bool; 2] {
    let engine = open_in(&practice.data_dir());
    let rows = engine.begin_read().unwrap().open_table(ROWS).unwrap();
    [&b"kept"[..], b"lost"].map(|key| rows.get(key).unwrap().is_some())
}

/// What was acknowledged in two phases is never taken back in silence.
#[test]
fn a_spoilt_commit_of_two_phases_is_refused_by_name_and_nothing_is_lost() {
    let (practice, spoilt) = with_a_spoilt_last_commit(true);
    let (practice, said) = practice.serve_by(alcove).err().expect("it does not start");
    assert!(said.contains("damaged") && said.contains("restore the last backup"), "{said}");
    spoil(&practice.data_dir().join(FILE_NAME), &spoilt);
    assert_eq!(rows(&practice), [true, true], "the disk is well again, and everything is there");
    practice.serve();
}

#[test]
fn either_superblock_alone_opens_the_practice() {
    for at in [0, 0x4000] {
        let practice = Practice::found();
        let file = practice.data_dir().join(FILE_NAME);
        let mut image = fs::read(&file).unwrap();
        image[at + 600] ^= 1;
        fs::write(&file, image).unwrap();
        let running = practice.serve();
        let logs = String::from_utf8_lossy(&running.process.logs()).into_owned();
        assert!(!logs.contains("last whole state"), "{logs}");
        running.kill().audit_size().unwrap();
    }
}

/// The server brings it to rest by itself; the next start then reads nothing through.
#[test]
fn a_server_that_was_idle_when_it_was_killed_starts_without_reading_everything() {
    let practice = Practice::found().serve().kill();
    let running = practice.serve();
    assert!(reads_through(&running.process.logs()), "killed amid the writes of its start");
    for _ in 0..40 {
        thread::sleep(Duration::from_millis(500));
        if at_rest(running.process.data_dir()) {
            break;
        }
    }
    let running = running.kill().serve();
    assert!(!reads_through(&running.process.logs()));
}

fn reads_through(logs: &[u8]) -> bool {
    String::from_utf8_lossy(logs).contains("it is read through once")
}

/// Whether nothing was written for a while that is longer than the server waits.
fn at_rest(data: &Path) -> bool {
    let written = || fs::metadata(data.join(FILE_NAME)).unwrap().modified().unwrap();
    let before = written();
    thread::sleep(Duration::from_secs(5));
    written() == before
}
