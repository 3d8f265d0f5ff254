//! The life of a practice, with the real program, real devices and stock age: two clients, a backup while one of them
//! writes, the loss of the machine, the restore on another, and nothing readable to anybody who is not a member.

mod export;
mod life;
mod refusals;

use std::fs;

use serde_json::json;

use crate::support::{Age, Hunt, Process, Refused};
use export::open_everything;
use life::{Life, Written, messages_of, people};
use refusals::refuses_what_it_should;

const ALL: [&str; 3] = ["owner", "first client", "second client"];

#[tokio::test(flavor = "multi_thread")]
async fn a_practice_lives_through_backup_loss_and_restore() {
    let mut life = Life::begin();
    everybody_reads_everything(&mut life);
    let mut written = life.write_during(Life::back_up);
    assert!(!written.before.is_empty(), "nothing was written before the backup");
    only_members_have_it(&life).await;
    only_the_restore_kit_opens_the_backup(&life);
    open_everything(&mut life);
    let remembered = life.server.trust.address;
    life.lose_the_machine();
    refuses_what_it_should(&life);
    life.restore_and_serve(remembered.port());
    sessions_are_void(&mut life);
    everybody_reads_and_nobody_writes(&life, &written.before);
    the_owner_signs_and_all_goes_on(&mut life);
    nothing_acknowledged_is_lost(&mut life, &mut written);
    only_members_have_it(&life).await;
}

fn everybody_reads_everything(life: &mut Life) {
    for (who, name) in people().into_iter().zip(ALL) {
        life.devices.must(who.clone(), "sign-in", &json!({ "by": "kit" }));
        let read = life.devices.must(who, "read", &json!({}));
        assert_eq!(read["opened"], read["stored"], "{name}: {read}");
        assert_eq!((&read["lacking"], &read["alarms"]), (&json!([]), &json!([])), "{name}: {read}");
        assert!(read["opened"].as_u64() > Some(10), "{name}: {read}");
    }
}

/// The marker is in every text, name of a file and password of the seed.
async fn only_members_have_it(life: &Life) {
    let marker = Hunt::for_text(&life.marker);
    let nothing: [std::path::PathBuf; 0] = [];
    assert_eq!(marker.in_files(life.server.home()), nothing, "below the home: data, keys, temporary files");
    assert_eq!(marker.in_files(&life.usb()), nothing, "the backups");
    assert!(!marker.in_bytes(&life.server.logs()), "the logs");
    // The practice's name is no secret to its server: it must be found, or this hunt could find nothing.
    assert_eq!(life.server.trust.get("/api/v1/practice").await.json()["name"], life::PRACTICE);
    assert!(Hunt::for_text(life::PRACTICE).in_memory(life.server.id()), "the control is not found");
    assert!(!marker.in_memory(life.server.id()), "the memory");
    assert_eq!(Hunt::for_text(life::PRACTICE).in_files(life.server.data_dir()), nothing, "even names are encrypted");
    assert_eq!(open_files_elsewhere(&life.server), nothing, "files open outside the home");
    fs::write(life.server.home().join("planted"), &life.marker).unwrap();
    assert_eq!(marker.in_files(life.server.home()).len(), 1, "the planted file is not found");
    fs::remove_file(life.server.home().join("planted")).unwrap();
}

fn open_files_elsewhere(server: &Process) -> Vec<std::path::PathBuf> {
    let open = fs::read_dir(format!("/proc/{}/fd", server.id())).unwrap();
    let open = open.filter_map(|entry| fs::read_link(entry.unwrap().path()).ok());
    let is_ours = |path: &std::path::PathBuf| path.starts_with(server.home()) || path.starts_with("/dev");
    open.filter(|path| path.is_absolute() && !is_ours(path)).collect()
}

fn only_the_restore_kit_opens_the_backup(life: &Life) {
    let backup = life.backup();
    let tar = Age::with_identity(&life.kit(), &backup).unwrap();
    let mut archive = tar::Archive::new(tar.as_slice());
    let names = archive.entries().unwrap().map(|entry| entry.unwrap().path().unwrap().display().to_string());
    let names: Vec<String> = names.collect();
    assert_eq!(names.first().map(String::as_str), Some("README.txt"));
    assert_eq!(names.last().map(String::as_str), Some("manifest.signed"));
    for folder in ["tables/", "blobs/", "tls/"] {
        assert!(names.iter().any(|name| name.starts_with(folder)), "{folder} is missing: {names:?}");
    }
    assert!(!Hunt::for_text(&life.marker).in_bytes(&tar), "the marker is in the opened backup");
    assert!(Hunt::for_text(life::PRACTICE).in_bytes(&tar), "the control is not in the opened backup");
    let refused = Age::with_identity(&life.owners_kit(), &backup).unwrap_err();
    assert!(refused.contains("no identity matched"), "{refused}");
}

fn sessions_are_void(life: &mut Life) {
    for (who, name) in people().into_iter().zip(ALL) {
        assert_eq!(life.devices.ask(who, "me", &json!({})), Err(Refused("signed-out".into())), "{name}");
    }
}

/// From new devices, which know the kits and nothing else.
fn everybody_reads_and_nobody_writes(life: &Life, acknowledged: &[String]) {
    let mut devices = life.new_devices();
    for (who, name) in people().into_iter().zip(ALL) {
        devices.must(who.clone(), "sign-in", &json!({ "by": "kit" }));
        let read = devices.must(who.clone(), "read", &json!({}));
        assert_eq!((&read["opened"], &read["lacking"]), (&read["stored"], &json!([])), "{name}: {read}");
        assert_eq!(read["alarms"], json!(["RestoreUnsigned"]), "{name}");
        if name != "first client" {
            let read = messages_of(&read);
            let missing: Vec<_> = acknowledged.iter().filter(|text| !read.contains(text)).collect();
            assert!(missing.is_empty(), "{name} misses what was acknowledged before the backup: {missing:?}");
        }
        let text = json!({ "text": format!("Too early. {}", life.marker) });
        assert_eq!(devices.ask(who.clone(), "say", &text), Err(Refused("WritingStopped".into())), "{name}");
        assert_eq!(devices.ask(who, "force", &text), Err(Refused("restore-unsigned".into())), "{name}");
    }
    assert!(devices.ask(0, "sign-restore", &json!({})).is_err(), "a client cannot accept a restore");
}

fn the_owner_signs_and_all_goes_on(life: &mut Life) {
    life.devices.must("owner", "sign-in", &json!({ "by": "password" }));
    life.devices.must("owner", "sign-restore", &json!({}));
    for (who, name) in people().into_iter().zip(ALL) {
        life.devices.must(who.clone(), "sign-in", &json!({ "by": "password" }));
        let said = life.devices.must(who, "say", &json!({ "text": format!("Here again. {}", life.marker) }));
        assert_eq!(said["acknowledged"], true, "{name}");
    }
}

/// What was acknowledged after the backup is still on the device that wrote it, and that offers it again.
fn nothing_acknowledged_is_lost(life: &mut Life, written: &mut Written) {
    assert_eq!(written.by.ask(1, "me", &json!({})), Err(Refused("signed-out".into())));
    written.by.must(1, "sign-in", &json!({ "by": "password" }));
    let read = written.by.must(1, "read", &json!({}));
    assert_eq!((&read["alarms"], &read["lacking"]), (&json!([]), &json!([])), "{read}");
    for who in people() {
        let read = life.devices.must(who.clone(), "read", &json!({}));
        assert_eq!((&read["alarms"], &read["lacking"]), (&json!([]), &json!([])), "{who}: {read}");
    }
    let read = messages_of(&life.devices.must("owner", "read", &json!({})));
    let acknowledged = written.all();
    assert!(acknowledged.len() > written.before.len(), "nothing was written after the backup began");
    let lost: Vec<_> = acknowledged.iter().filter(|text| !read.contains(text)).collect();
    assert!(lost.is_empty(), "of {} acknowledged messages {} are lost: {lost:?}", acknowledged.len(), lost.len());
}
