//! `alcove key`: a new data key for a practice that serves, is killed, is stopped, or has no room.

use std::{fs, path::Path, thread, time::Duration};

use alcove::{
    clock::Clock,
    store::{Engine, EngineOptions, Keyfile, SlotSecret, Store, Unlock},
};
use serde_json::{Value, json};

use crate::support::{Process, alcove};

const NEXT: &str = "alcove.redb.next";
/// Bytes of one row that fills the file.
const ROW_BYTES: usize = 200_000;

/// A stopped practice of about this many MB below this home.
fn filled(home: &Path, mbytes: usize) -> Keyfile {
    let data = home.join("data");
    let keyfile = Keyfile::generate().unwrap();
    keyfile.write_new(&home.join(".config/alcove/data.key"), &data).unwrap();
    let engine = Engine::create(&data, &[SlotSecret::Keyfile(keyfile.clone())], EngineOptions::default()).unwrap();
    let table: redb::TableDefinition<u64, &[u8]> = redb::TableDefinition::new("ballast");
    let tx = engine.begin_write().unwrap();
    for row in 0..mbytes * 5 {
        let value = vec![u8::try_from(row % 251).unwrap(); ROW_BYTES];
        tx.open_table(table).unwrap().insert(row as u64, value.as_slice()).unwrap();
    }
    tx.commit().unwrap();
    keyfile
}

fn serve(home: tempfile::TempDir) -> Process {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    Process::serve(home, "data", port)
}

fn key(server: &Process, verb: &str) -> Value {
    let output = server.command(&["--json", "key", verb]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn wait_for(server: &Process, is_it: impl Fn(&Value) -> bool) -> Value {
    for _ in 0..600 {
        let now = key(server, "status");
        if is_it(&now) {
            return now;
        }
        thread::sleep(Duration::from_millis(50));
    }
    panic!("it does not come: {}", key(server, "status"));
}

/// What the audit log says of keys.
fn audited(home: &Path, keyfile: &Keyfile) -> Vec<String> {
    use alcove::store::{Reads as _, StoreError, audit::StoredEntry};
    let (store, _) = Store::open(&home.join("data"), &Unlock::Keyfile(keyfile.clone()), Clock::default()).unwrap();
    let entries: Vec<StoredEntry> =
        store.read(|tx| tx.scan::<StoredEntry>(&())).map_err(|error: StoreError| error).unwrap();
    entries
        .into_iter()
        .map(|stored| stored.entry.code)
        .filter(|code| code.starts_with("key.") || code.starts_with("restore-points."))
        .collect()
}

#[test]
fn a_server_gets_a_new_key_while_it_serves_and_nobody_else_gets_the_file() {
    let home = tempfile::tempdir().unwrap();
    let keyfile = filled(home.path(), 40);
    let mut server = serve(home);
    let before = key(&server, "status");
    assert_eq!((before["epoch"].as_u64(), before["phase"].as_str()), (Some(1), Some("idle")));
    let taken = thread::scope(|scope| {
        let rotating = scope.spawn(|| key(&server, "rotate"));
        let mut taken = 0;
        while !rotating.is_finished() {
            let second = server.command(&["serve", "--listen", "127.0.0.1:0", "--origin", "https://localhost"]);
            assert!(String::from_utf8_lossy(&second.stderr).contains("another Alcove is running on"));
            taken += 1;
        }
        let done = rotating.join().unwrap();
        assert_eq!((done["epoch"].as_u64(), done["wanted_at"].is_null()), (Some(2), true), "{done}");
        taken
    });
    assert!(taken > 0);
    assert!(!server.data_dir().join(NEXT).exists());
    assert!(server.command(&["-q", "claim"]).status.success(), "it writes on");
    let words = server.command(&["key", "status"]);
    assert!(String::from_utf8_lossy(&words.stdout).starts_with("Data key number 2 is in use."), "{words:?}");
    server.signal("TERM");
    assert!(server.wait().success());
    assert_eq!(key(&server, "status")["epoch"], 2, "and so it is without the server");
    assert_eq!(key(&server, "rotate")["epoch"], 3, "which a command changes by itself, too");
    assert_eq!(audited(server.home(), &keyfile), ["key.rotation-wanted", "key.rotated"].repeat(2));
}

#[test]
fn a_kill_at_any_moment_leaves_a_practice_that_begins_again_and_finishes() {
    let home = tempfile::tempdir().unwrap();
    let keyfile = filled(home.path(), 60);
    let mut server = serve(home);
    let mut begun_again = 0;
    for round in 0..6_u64 {
        let epoch = key(&server, "status")["epoch"].as_u64().unwrap();
        // Asked for by a command that does not wait for the end.
        let mut asking = alcove(server.home(), server.data_dir()).args(["key", "rotate"]).spawn().unwrap();
        wait_for(&server, |now| now["phase"] != "idle" || now["epoch"] != epoch);
        thread::sleep(Duration::from_millis(round * 60));
        server.signal("KILL");
        server.wait();
        asking.wait().unwrap();
        let was_half_made = server.data_dir().join(NEXT).exists();
        let (home, port) = server.into_home();
        server = Process::serve(home, "data", port);
        let after = wait_for(&server, |now| now["wanted_at"].is_null() && now["phase"] == "idle");
        assert_eq!(after["epoch"].as_u64(), Some(epoch + 1), "{after}");
        assert!(!server.data_dir().join(NEXT).exists());
        begun_again += u64::from(was_half_made);
    }
    assert!(begun_again > 0, "it was killed in time at least once");
    server.signal("TERM");
    assert!(server.wait().success());
    let path = server.data_dir().to_owned();
    let (engine, _) = Engine::open(&path, &Unlock::Keyfile(keyfile), EngineOptions::default()).unwrap();
    assert!(engine.check_integrity().unwrap());
    let table: redb::TableDefinition<u64, &[u8]> = redb::TableDefinition::new("ballast");
    let rows = engine.begin_read().unwrap().open_table(table).unwrap();
    for row in 0..300_u64 {
        let value = rows.get(row).unwrap().unwrap();
        assert!(value.value().len() == ROW_BYTES && value.value().iter().all(|byte| u64::from(*byte) == row % 251));
    }
}

#[test]
fn a_stop_ends_it_soon_and_a_cancel_for_good() {
    let home = tempfile::tempdir().unwrap();
    filled(home.path(), 200);
    let mut server = serve(home);
    assert_eq!(key(&server, "cancel")["cancelled"], false);
    let mut asking = alcove(server.home(), server.data_dir()).args(["key", "rotate"]).spawn().unwrap();
    wait_for(&server, |now| now["phase"] != "idle" || now["epoch"] != 1);
    server.signal("TERM");
    assert!(server.wait().success());
    assert!(!asking.wait().unwrap().success());
    let (home, port) = server.into_home();
    let server = Process::serve(home, "data", port);
    let cancelled = key(&server, "cancel");
    if cancelled["cancelled"] == true {
        let after = wait_for(&server, |now| now["phase"] == "idle");
        assert_eq!((after["epoch"].as_u64(), after["wanted_at"].is_null()), (Some(1), true), "{after}");
    }
    assert!(!server.data_dir().join(NEXT).exists());
    assert!(server.command(&["-q", "claim"]).status.success());
}

/// A migration leaves such files; here they are put there by hand.
#[test]
fn restore_points_are_named_after_a_rotation_and_removed_on_request() {
    let home = tempfile::tempdir().unwrap();
    let keyfile = filled(home.path(), 1);
    let folder = home.path().join("data/restore-points");
    fs::create_dir(&folder).unwrap();
    let names = ["20260101T000000000Z-format-1", "20260202T000000000Z-format-1"];
    for name in names {
        fs::copy(home.path().join("data/alcove.redb"), folder.join(format!("{name}.redb"))).unwrap();
        fs::write(folder.join(format!("{name}.txt")), "a note").unwrap();
    }
    let mut server = serve(home);
    let words = server.command(&["key", "rotate"]);
    let words = String::from_utf8_lossy(&words.stdout).into_owned();
    assert!(words.contains(&names.join(", ")) && words.contains("alcove key remove-restore-points"), "{words}");
    let status = key(&server, "status");
    assert_eq!((&status["restore_points"], &status["unreadable_blocks"]), (&json!(names), &json!(0)));
    assert_eq!(key(&server, "remove-restore-points")["removed"], json!(names));
    assert_eq!(fs::read_dir(server.data_dir().join("restore-points")).unwrap().count(), 0, "their notes go, too");
    assert_eq!(key(&server, "status")["restore_points"], json!([]));
    server.signal("TERM");
    assert!(server.wait().success());
    assert_eq!(key(&server, "remove-restore-points")["removed"], json!([]));
    let audited = audited(server.home(), &keyfile);
    assert!(audited.contains(&"key.rotated".to_owned()));
    assert_eq!(audited.iter().filter(|code| *code == "restore-points.removed").count(), 1);
}

#[test]
fn without_the_keyfile_there_is_no_new_key_and_the_reason_is_said() {
    let home = tempfile::tempdir().unwrap();
    let server = serve(home);
    let file = server.home().join(".config/alcove/data.key");
    let content = fs::read(&file).unwrap();
    fs::remove_file(&file).unwrap();
    let refused = server.command(&["key", "rotate"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("keyfile"), "{refused:?}");
    Keyfile::generate().unwrap().write_new(&file, server.data_dir()).unwrap();
    let refused = server.command(&["key", "rotate"]);
    assert!(String::from_utf8_lossy(&refused.stderr).contains("does not open this practice"), "{refused:?}");
    assert!(key(&server, "status")["wanted_at"].is_null());
    fs::write(&file, content).unwrap();
    assert_eq!(key(&server, "rotate")["epoch"], 2);
}

/// `OPENSSL_ia32cap` hides the AES instructions from the cryptography, as on a processor that has none.
#[test]
fn a_file_opens_on_a_processor_without_aes() {
    let home = tempfile::tempdir().unwrap();
    filled(home.path(), 1);
    let data = home.path().join("data");
    let bare = || {
        let mut command = alcove(home.path(), &data);
        command.env("OPENSSL_ia32cap", "~0x200000200000000:~0x0");
        command
    };
    for command in [&["-q", "claim"][..], &["-q", "--json", "key", "rotate"], &["-q", "claim"]] {
        let done = bare().args(command).output().unwrap();
        assert!(done.status.success(), "{done:?}");
    }
    let done = alcove(home.path(), &data).args(["-q", "claim"]).output().unwrap();
    assert!(done.status.success(), "{done:?}");
}
