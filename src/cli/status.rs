//! `alcove status`: whether the practice runs, is sealed or stopped, and how it is doing.

use serde_json::{Value, json};

use super::{
    check,
    control::{self, Asked},
    desk,
    error::CommandError,
    key, open,
    output::Output,
    seal,
};
use crate::{
    app::App,
    config::Places,
    policy::{Actor, ActorKind},
    store::Store,
};

/// Shows it.
pub fn run(places: &Places, output: Output) -> Result<(), CommandError> {
    if !open::is_there(places) {
        return Err(CommandError::NoPractice(places.data_dir.clone()));
    }
    let report = match control::ask(&places.data_dir, &desk::plain("status"))? {
        Asked::Answered(report) => report,
        Asked::NobodyThere => {
            let seal = seal::describe(&Store::look(&places.data_dir)?, "stopped", places);
            json!({ "state": "stopped", "version": env!("CARGO_PKG_VERSION"), "seal": seal })
        }
    };
    output.answer(&words(&report), &report);
    Ok(())
}

/// The report of an open practice.
pub fn of_open(app: &App) -> Result<Value, CommandError> {
    let seen = app.overview(&Actor::local(ActorKind::Operator))?;
    let key = key::status(app)?;
    let at = |at: Option<jiff::Timestamp>| at.map(|at| at.to_string());
    Ok(json!({
        "state": "active", "version": env!("CARGO_PKG_VERSION"), "opened_at": seen.opened_at.to_string(),
        "uptime_s": seen.now.duration_since(seen.opened_at).as_secs(),
        "last_backup": seen.last_backup.map(|last| json!({
            "made_at": last.made_at.to_string(), "proven_at": at(last.proven_at), "file": last.file_name,
        })),
        "background_check": check::background(&seen.scrub), "disk_full": seen.disk_full,
        "key": key,
        "health": {
            "reopened": seen.health.reopened, "failed_reopenings": seen.health.failed_reopenings,
            "unauthentic_blocks": seen.health.unauthentic_blocks, "broken": seen.health.broken,
            "recovered_at": at(seen.trouble.recovered_at), "reopened_at": at(seen.trouble.reopened_at),
        },
    }))
}

/// The report of a sealed server.
pub fn of_sealed(seal: &Value) -> Value {
    json!({ "state": "sealed", "version": env!("CARGO_PKG_VERSION"), "seal": seal })
}

fn words(report: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut lines = vec![match report["state"].as_str() {
        Some("active") => {
            format!("Alcove {} is running since {}.", text(&report["version"]), text(&report["opened_at"]))
        }
        Some("sealed") => {
            "Alcove is running and sealed: open it with `alcove seal unseal` or on its unseal page.".to_owned()
        }
        _ => "Alcove is not running here.".to_owned(),
    }];
    if report["state"] != "active" {
        return lines.remove(0);
    }
    lines.push(match report["last_backup"]["made_at"].as_str() {
        Some(at) => format!("Last backup: {at}"),
        None => "There is no backup yet: make one with `alcove backup now --to DIR`.".to_owned(),
    });
    if report["disk_full"] == true {
        lines.push("The disk is full: reading goes on, nothing new is taken. Free some space.".to_owned());
    }
    let checked = &report["background_check"]["last"];
    if let Some(at) = checked["ended_at"].as_str() {
        lines.push(match checked["found"].as_u64() {
            Some(0) => format!("The background check that ended at {at} found everything whole."),
            _ => format!("The background check that ended at {at} found damage: run `alcove check`."),
        });
    }
    if report["key"]["wanted_at"].is_string() {
        lines.push("A new data key is being made: `alcove key status` says how far it is.".to_owned());
    }
    let health = &report["health"];
    let count = |name: &str| health[name].as_u64().unwrap_or_default();
    lines.push(if health["broken"] == true || count("unauthentic_blocks") > 0 {
        "The practice's file is failing: check the disk, and restore the last backup if it stays so.".to_owned()
    } else {
        "The practice's file is well.".to_owned()
    });
    if let Some(at) = health["recovered_at"].as_str() {
        lines.push(format!("At {at} it went back to its last whole state. After a power failure that can happen; otherwise check the disk."));
    }
    if let Some(at) = health["reopened_at"].as_str() {
        lines.push(format!(
            "It failed and was opened anew, last at {at} ({} times since the start). Check the disk.",
            count("reopened")
        ));
    }
    lines.join("\n")
}
