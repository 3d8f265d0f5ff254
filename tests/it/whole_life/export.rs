//! A member's export, opened without Alcove: kit → keyring → grant → record and file, with stock age alone.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::life::Life;
use crate::support::Age;

/// Exports as the first client, and opens every file with stock age and the kit.
pub fn open_everything(life: &mut Life) {
    let tar = life.desk().join("export.tar");
    life.devices.must(0, "export", &json!({ "to": tar }));
    let read = life.devices.must(0, "read", &json!({}));
    let export = life.desk().join("export");
    tar::Archive::new(fs::File::open(&tar).unwrap()).unpack(&export).unwrap();
    let readme = fs::read_to_string(export.join("README.txt")).unwrap();
    assert!(readme.contains("age -d -i kit.txt keyring.age"), "{readme}");
    let identity = open_keyring(life, &export);
    let secrets = open_grants(&identity, &export);
    let (records, manifests) = open_records(life, &secrets, &export);
    assert_eq!(Some(records), read["opened"].as_u64(), "every revision is in the export");
    assert!(!manifests.is_empty());
    for manifest in manifests {
        open_file(life, &manifest, &export);
    }
}

fn open_keyring(life: &Life, export: &Path) -> PathBuf {
    let kit = life.desk().join("kit.txt");
    fs::write(&kit, life.seeded["clients"][0]["personal_kit"].as_str().unwrap()).unwrap();
    let keyring = text(Age::with_identity(&kit, &export.join("keyring.age")));
    let (first, rest) = keyring.split_once('\n').unwrap();
    assert_eq!(first, "alcove-keyring/1");
    let keyring: Value = serde_json::from_str(rest).unwrap();
    let identity = life.desk().join("identity.txt");
    fs::write(&identity, keyring["identity"].as_str().unwrap()).unwrap();
    let other = Age::with_identity(&life.owners_kit(), &export.join("keyring.age"));
    assert!(other.is_err(), "another's kit opens it");
    identity
}

/// The secrets of all epochs.
fn open_grants(identity: &Path, export: &Path) -> BTreeSet<String> {
    let mut secrets = BTreeSet::new();
    for grant in files(&export.join("grants")) {
        let grant = text(Age::with_identity(identity, &grant));
        let payload = grant.lines().nth(1).unwrap().split('.').next().unwrap();
        let payload: Value = serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap();
        let epochs = payload["epochs"].as_array().unwrap();
        secrets.extend(epochs.iter().map(|epoch| epoch[1].as_str().unwrap().to_owned()));
    }
    secrets
}

/// How many there are, and the bodies of those that describe files.
fn open_records(life: &Life, secrets: &BTreeSet<String>, export: &Path) -> (u64, Vec<Value>) {
    let (mut count, mut manifests) = (0, Vec::new());
    for record in files(&export.join("records")) {
        let mut opened = secrets.iter().filter_map(|secret| Age::with_passphrase(secret, &record).ok());
        let opened = opened.next().unwrap_or_else(|| panic!("no secret opens {}", record.display()));
        let plain = String::from_utf8(opened).unwrap();
        let body = plain.split('\n').nth(3).unwrap().trim_end_matches('\0');
        assert!(body.contains(&life.marker), "{body}");
        let body: Value = serde_json::from_str(body).unwrap();
        if body["file"].is_string() {
            manifests.push(body);
        }
        count += 1;
    }
    (count, manifests)
}

fn open_file(life: &Life, manifest: &Value, export: &Path) {
    let path = export.join(format!("files/{}.age", manifest["file"].as_str().unwrap()));
    let opened = Age::with_passphrase(manifest["key"].as_str().unwrap(), &path).unwrap();
    let content = opened.strip_prefix(b"alcove-file/1\n").unwrap();
    let size = usize::try_from(manifest["size"].as_u64().unwrap()).unwrap();
    let content = String::from_utf8(content[..size].to_vec()).unwrap();
    assert!(content.lines().all(|line| line.ends_with(&life.marker)));
}

fn files(below: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(below).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}

fn text(opened: Result<Vec<u8>, String>) -> String {
    String::from_utf8(opened.unwrap()).unwrap()
}
