//! What was planted is found nowhere on the disk: not in the database, its ring, complete files, files under way,
//! backups on their way or test restores. The bytes that devices send are sealed already; here they are not, so that
//! the server's own encryption is what is looked at.

use std::{fs, path::PathBuf};

use alcove::{
    crypto::sign::sha256,
    domain::{
        id::{FileId, RecordId},
        text::b64u,
    },
};
use serde_json::json;

use super::{
    line::Line,
    practice::{NAME, Practice, Running},
};
use crate::{support::Hunt, world::sealed};

const MARKER: &str = "Marker5a1e0f7c3d9b";
const NOTHING: [PathBuf; 0] = [];

#[test]
fn nothing_planted_is_found_on_the_disk() {
    let running = Practice::found().serve();
    let mut line = Line::to(&running.process.trust, &running.cookie).unwrap();
    plant_records(&mut line, &running);
    let home = running.process.home().to_owned();
    let name = plant_half_a_file(&mut line, &running);
    let hunts = [MARKER, NAME, "ada@example.org"].map(Hunt::for_text);
    let clean = |when: &str| {
        for hunt in &hunts {
            assert_eq!(hunt.in_files(&home), NOTHING, "{when}");
        }
    };
    clean("with an upload under way");
    assert!(line.post(&format!("/files/{name}/commit"), &json!({})).unwrap().is_well());
    let backups = home.join("backups");
    fs::create_dir(&backups).unwrap();
    let made = running.process.command(&["--json", "backup", "now", "--to", backups.to_str().unwrap()]);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    clean("with a backup");
    assert!(hunts[1].in_memory(running.process.id()), "the control: the server knows its practice's name");
    assert!(!hunts[0].in_bytes(&running.process.logs()));
    let practice = running.kill();
    clean("after a kill");
    fs::write(practice.home().join("planted"), MARKER).unwrap();
    assert_eq!(hunts[0].in_files(practice.home()).len(), 1, "the control: a planted file");
}

fn plant_records(line: &mut Line, running: &Running) {
    for n in 1..=30_u8 {
        let body = sealed(&MARKER.repeat(usize::from(n) * 20), 400);
        let write = json!({
            "record": RecordId::from_bytes([n; 16]).to_string(), "rev": 1, "prev": null, "epoch": 1, "dev_seq": n,
            "open": null, "deleted": false, "body": b64u(&body),
        });
        let reply = line.post(&format!("/spaces/{}/records", running.space), &write).unwrap();
        assert!(reply.is_well(), "{}", reply.problem());
    }
}

/// All of a file's bytes, but not its commit.
fn plant_half_a_file(line: &mut Line, running: &Running) -> FileId {
    let (name, content) = (FileId::from_bytes([9; 16]), MARKER.repeat(20_000).into_bytes());
    let begun = json!({ "file": name.to_string(), "size": content.len(), "sha256": b64u(&sha256(&content)) });
    assert!(line.post(&format!("/spaces/{}/files", running.space), &begun).unwrap().is_well());
    let part = line.send("PUT", &format!("/files/{name}/parts/0"), "application/octet-stream", &content).unwrap();
    assert!(part.is_well(), "{}", part.problem());
    name
}
