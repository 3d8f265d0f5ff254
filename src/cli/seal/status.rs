//! `alcove seal status`: what anyone with the data directory can see, and whether a server has it open.

use std::{fs, os::unix::fs::MetadataExt as _, path::Path};

use serde_json::{Value, json};

use crate::{
    app::{App, seal::recipient_name},
    cli::{
        control::{self, Asked},
        desk,
        error::CommandError,
        open,
        output::Output,
    },
    config::Places,
    policy::{Actor, ActorKind},
    store::{SealInfo, Store},
    tls::sealed_page_fingerprint,
};

/// Shows it.
pub fn run(places: &Places, output: Output) -> Result<(), CommandError> {
    if !open::is_there(places) {
        return Err(CommandError::NoPractice(places.data_dir.clone()));
    }
    let report = match control::ask(&places.data_dir, &desk::plain("seal-status"))? {
        Asked::Answered(report) => report,
        Asked::NobodyThere => describe(&Store::look(&places.data_dir)?, "stopped", places),
    };
    output.answer(&words(&report), &report);
    Ok(())
}

/// The report of an open practice.
pub fn status_of_open(app: &App, places: &Places) -> Result<Value, CommandError> {
    Ok(describe(&app.seal_info(&Actor::local(ActorKind::Operator))?, "open", places))
}

/// The report, for programs. `state` is open, sealed or stopped; only when open is it authenticated.
pub fn describe(seal: &SealInfo, state: &str, places: &Places) -> Value {
    let slots = seal.slots.iter().map(|slot| {
        json!({
            "kind": slot.kind.to_string(), "made_at": slot.made_at.map(|at| at.to_string()),
            "recipient": slot.recipient.as_ref().map(recipient_name),
        })
    });
    json!({
        "state": state, "authenticated": state == "open", "data_dir": places.data_dir,
        "cipher": format!("{:?}", seal.cipher), "data_key_epoch": seal.epoch, "generation": seal.generation,
        "slots": slots.collect::<Vec<_>>(),
        "key_file": {
            "path": places.key_file, "present": places.key_file.exists(),
            "shares_disk": shares_disk(&places.key_file, &places.data_dir),
        },
        "sealed_page_sha256": sealed_page_fingerprint(&places.tls_dir()).map(|print| print.to_string()),
    })
}

/// Whether both lie on one file system; nothing if one of them is missing.
fn shares_disk(key_file: &Path, data_dir: &Path) -> Option<bool> {
    let disk = |path: &Path| fs::metadata(path).ok().map(|found| found.dev());
    Some(disk(key_file)? == disk(data_dir)?)
}

fn words(report: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let state = match report["state"].as_str() {
        Some("open") => "open: a server runs and has the key in memory",
        Some("sealed") => "sealed: a server runs and waits for `alcove seal unseal`",
        _ => "no server runs",
    };
    let mut lines = vec![format!("State: {state}"), "Ways to unlock:".to_owned()];
    for slot in report["slots"].as_array().into_iter().flatten() {
        let since = slot["made_at"].as_str().map_or_else(String::new, |at| format!(", since {at}"));
        let name = slot["recipient"].as_str().map_or_else(String::new, |name| format!(", recipient {name}"));
        lines.push(format!("  {}{since}{name}", text(&slot["kind"])));
    }
    lines.push(format!("Cipher: {}, data key number {}", text(&report["cipher"]), report["data_key_epoch"]));
    let key_file = &report["key_file"];
    lines.push(format!(
        "Key file: {}{}",
        text(&key_file["path"]),
        match (&key_file["present"], &key_file["shares_disk"]) {
            (Value::Bool(false), _) => ", not there",
            (_, Value::Bool(true)) => ", on the same disk as the data: whoever takes the disk has both",
            _ => ", on another disk than the data",
        }
    ));
    if let Some(print) = report["sealed_page_sha256"].as_str() {
        lines.push(format!("Certificate of the unseal page (SHA-256): {print}"));
    }
    lines.join("\n")
}
