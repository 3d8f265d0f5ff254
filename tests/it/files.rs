//! Files: resuming, wrong hashes, ranges, and who may have them.

use std::io::Read as _;

use alcove::app::file::FileMade;
use alcove::crypto::sign::sha256;
use alcove::domain::file::{Span, StorageLimits, Wanted};
use alcove::domain::role::Role;
use alcove::policy::Actor;

use crate::world::sign::{Chain, Keys};
use crate::world::{World, actor, code, file_id, locked, nowhere};

const PART: usize = 8 * 1024 * 1024;

fn content(bytes: usize) -> Vec<u8> {
    (0..bytes).map(|n| u8::try_from(n % 251).unwrap()).collect()
}

fn offer(n: u8, content: &[u8]) -> FileMade {
    FileMade { file: file_id(n), size_bytes: content.len() as u64, sha256: sha256(content) }
}

fn shared() -> (World, Keys, Keys, Chain) {
    let (world, coach) = World::with_owner();
    let (_, mut chain) = world.client(&coach, 1);
    let anna = Keys::of(2);
    world.add(&anna, Role::Client);
    world.admit(&coach, &anna, &mut chain);
    (world, coach, anna, chain)
}

#[test]
fn an_upload_goes_on_where_it_stands_and_is_read_in_ranges() {
    let (world, coach, anna, chain) = shared();
    let (acts, content) = (actor(&anna, Role::Client), content(PART + 300_000));
    let made = offer(1, &content);
    let begun = world.app.begin_file(&acts, None, chain.space, &made).unwrap();
    assert_eq!((begun.received, begun.file.size_bytes), (0, content.len() as u64));
    assert_eq!(world.app.append_file(&acts, made.file, 0, &content[..PART]).unwrap(), PART as u64);
    assert_eq!(code(world.app.append_file(&acts, made.file, 0, &content[..PART])), "offset-moved");
    assert_eq!(code(world.app.commit_file(&acts, made.file)), "offset-moved");
    assert_eq!(code(world.app.read_file(&acts, made.file, Span::All)), "not-found");

    let resumed = world.app.begin_file(&acts, None, chain.space, &made).unwrap();
    assert_eq!(resumed.received, PART as u64);
    world.app.append_file(&acts, made.file, resumed.received, &content[PART..]).unwrap();
    world.app.commit_file(&acts, made.file).unwrap();
    world.app.commit_file(&acts, made.file).unwrap();

    let coach_acts = actor(&coach, Role::Owner);
    let span = Span::From(100_000, Some(169_999));
    let mut reader = world.app.read_file(&coach_acts, made.file, span).unwrap().bytes;
    let mut read = Vec::new();
    reader.read_to_end(&mut read).unwrap();
    assert_eq!(read, content[100_000..170_000]);
    assert_eq!(
        code(world.app.read_file(&coach_acts, made.file, Span::From(content.len() as u64, None))),
        "range-outside"
    );
    let last = world.log().pop().unwrap();
    assert_eq!((last.code.as_str(), last.facts[1].1.as_str()), ("delivered", "1"));
}

#[test]
fn a_wrong_hash_begins_the_upload_again() {
    let (world, _, anna, chain) = shared();
    let (acts, content) = (actor(&anna, Role::Client), content(100_000));
    let made = offer(1, &content);
    world.app.begin_file(&acts, None, chain.space, &made).unwrap();
    let mut damaged = content.clone();
    damaged[5] ^= 1;
    world.app.append_file(&acts, made.file, 0, &damaged).unwrap();
    assert_eq!(code(world.app.commit_file(&acts, made.file)), "hash-differs");
    assert_eq!(world.app.file(&acts, made.file).unwrap().received, 0);
    world.app.append_file(&acts, made.file, 0, &content).unwrap();
    assert!(world.app.commit_file(&acts, made.file).unwrap().committed_at.is_some());
}

#[test]
fn only_members_have_files_and_only_their_uploader_fills_them() {
    let (world, coach, anna, mut chain) = shared();
    let (acts, coach_acts) = (actor(&anna, Role::Client), actor(&coach, Role::Owner));
    let content = content(70_000);
    let made = offer(1, &content);
    world.app.begin_file(&acts, None, chain.space, &made).unwrap();
    assert_eq!(code(world.app.append_file(&coach_acts, made.file, 0, &content)), "not-found");
    assert_eq!(code(world.app.file(&coach_acts, made.file)), "not-found");
    world.app.append_file(&acts, made.file, 0, &content).unwrap();
    world.app.commit_file(&acts, made.file).unwrap();
    assert_eq!(code(world.app.commit_file(&coach_acts, made.file)), "not-found");
    world.app.read_file(&coach_acts, made.file, Span::Last(10)).unwrap();
    assert_eq!(code(world.app.begin_file(&coach_acts, None, chain.space, &made)), "file-refused");

    world.remove(&coach, anna.person, &mut chain);
    for (who, id) in [(&acts, made.file), (&acts, file_id(9))] {
        assert_eq!(code(world.app.file(who, id)), "not-found");
        assert_eq!(code(world.app.read_file(who, id, Span::All)), "not-found");
        assert_eq!(code(world.app.append_file(who, id, 0, &content)), "not-found");
        assert_eq!(code(world.app.commit_file(who, id)), "not-found");
    }
    for space in [chain.space, nowhere()] {
        assert_eq!(code(world.app.begin_file(&acts, None, space, &offer(2, &content))), "not-found");
    }
}

#[test]
fn a_locked_session_sees_its_own_unfinished_uploads_and_nothing_else() {
    let (world, coach, anna, chain) = shared();
    let (open, content) = (actor(&anna, Role::Client), content(70_000));
    let locked = locked(open.clone());
    let upload = |by: &Actor, n: u8| {
        world.app.begin_file(by, None, chain.space, &offer(n, &content)).unwrap();
        world.app.append_file(by, file_id(n), 0, &content).unwrap();
    };
    upload(&actor(&coach, Role::Owner), 1);
    world.app.commit_file(&actor(&coach, Role::Owner), file_id(1)).unwrap();
    upload(&open, 2);
    assert_eq!(world.app.file(&locked, file_id(2)).unwrap().received, 70_000);
    // Another's and one's own complete ones look like such as are not there.
    world.app.commit_file(&locked, file_id(2)).unwrap();
    for n in [1, 2, 9] {
        assert_eq!(code(world.app.file(&locked, file_id(n))), "Locked", "{n}");
    }
    assert!(world.app.file(&open, file_id(1)).is_ok());
}

#[test]
fn uploads_are_bounded_and_abandoned_ones_go() {
    let (world, _, anna, chain) = shared();
    let (acts, content) = (actor(&anna, Role::Client), content(70_000));
    let large = FileMade { size_bytes: 1_100_065_537, ..offer(1, &content) };
    assert_eq!(code(world.app.begin_file(&acts, None, chain.space, &large)), "file-too-large");
    for n in 1..=16 {
        world.app.begin_file(&acts, None, chain.space, &offer(n, &content)).unwrap();
    }
    assert_eq!(code(world.app.begin_file(&acts, None, chain.space, &offer(17, &content))), "file-refused");
    world.app.append_file(&acts, file_id(1), 0, &content).unwrap();
    world.app.commit_file(&acts, file_id(1)).unwrap();
    world.app.append_file(&acts, file_id(2), 0, &content).unwrap();
    world.clock.advance_ms(14 * 24 * 3_600_000);
    world.app.sweep_files().unwrap();
    assert!(world.app.file(&acts, file_id(1)).unwrap().file.committed_at.is_some());
    assert_eq!(code(world.app.file(&acts, file_id(2))), "not-found");
    world.app.read_file(&acts, file_id(1), Span::All).unwrap();
}

#[test]
fn the_limits_of_whoever_runs_the_server_count() {
    let (world, _, anna, chain) = shared();
    let (acts, content) = (actor(&anna, Role::Client), content(70_000));
    let limits = StorageLimits { content_bytes_max: 69_000, practice_bytes_max: Some(150_000) };
    let app = world.app.clone().with_storage(limits);
    app.begin_file(&acts, None, chain.space, &offer(1, &content)).unwrap();
    app.begin_file(&acts, None, chain.space, &offer(2, &content)).unwrap();
    let refused = app.begin_file(&acts, None, chain.space, &offer(3, &content)).unwrap_err();
    let alcove::app::Error::Refused(refusal) = refused else { panic!("{refused:?}") };
    let facts = vec![("used_bytes", "140000".to_owned()), ("quota_bytes", "150000".to_owned())];
    assert_eq!((refusal.code, refusal.facts), ("quota-reached", facts));
    let same = app.begin_file(&acts, None, chain.space, &offer(2, &content));
    assert!(same.is_ok(), "what was begun goes on");
    let large = FileMade { size_bytes: 150_000, ..offer(4, &content) };
    assert_eq!(code(app.begin_file(&acts, None, chain.space, &large)), "file-too-large");
    world.clock.advance_ms(14 * 24 * 3_600_000);
    app.sweep_files().unwrap();
    app.begin_file(&acts, None, chain.space, &offer(3, &content)).unwrap();
}

#[test]
fn a_row_says_complete_only_after_the_file_is() {
    let home = tempfile::tempdir().unwrap();
    let (world, coach) = World::at(home.path()).owned();
    let (_, chain) = world.client(&coach, 1);
    let (acts, content) = (actor(&coach, Role::Owner), content(70_000));
    let made = offer(1, &content);
    world.app.begin_file(&acts, None, chain.space, &made).unwrap();
    world.app.append_file(&acts, made.file, 0, content.as_slice()).unwrap();
    let blobs = home.path().join("blobs");
    std::fs::remove_dir(&blobs).unwrap();
    std::fs::write(&blobs, "in the way").unwrap();
    assert!(world.app.commit_file(&acts, made.file).is_err());
    std::fs::remove_file(&blobs).unwrap();
    assert!(world.app.file(&acts, made.file).unwrap().file.committed_at.is_none());
    world.app.commit_file(&acts, made.file).unwrap();
    world.app.read_file(&acts, made.file, Span::All).unwrap();
}

/// An upload whose row comes after the files were listed is never an orphan, however old its file looks.
#[test]
fn sweeping_beside_uploads_takes_nothing_that_has_a_row() {
    let (world, _, anna, chain) = shared();
    let (acts, content) = (actor(&anna, Role::Client), content(70_000));
    let sweeping = world.app.clone();
    let done = std::sync::atomic::AtomicBool::new(false);
    // Every file looks older than a day to the sweep.
    world.clock.advance_ms(3 * 24 * 3_600_000);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(std::sync::atomic::Ordering::Relaxed) {
                sweeping.sweep_files().unwrap();
            }
        });
        for n in 1..=12 {
            let made = offer(n, &content);
            world.app.begin_file(&acts, None, chain.space, &made).unwrap();
            world.app.append_file(&acts, made.file, 0, content.as_slice()).unwrap();
            world.app.commit_file(&acts, made.file).unwrap();
        }
        done.store(true, std::sync::atomic::Ordering::Relaxed);
    });
    for n in 1..=12 {
        let read = world.app.read_file(&acts, file_id(n), Wanted { span: Span::All, of: None });
        let mut bytes = Vec::new();
        read.unwrap().bytes.read_to_end(&mut bytes).unwrap();
        assert!(bytes == content);
    }
}
