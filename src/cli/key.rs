//! `alcove key`: a new data key for the practice's file, by the running server while it serves, or straight from the
//! data.

use std::thread;

use clap::Subcommand;
use serde_json::{Value, json};

use super::{
    control::{self, Asked},
    desk::{Desk, plain},
    error::CommandError,
    open,
    output::Output,
    progress::{self, with_progress},
};
use crate::{
    app::App,
    clock::Clock,
    config::Places,
    policy::{Actor, ActorKind},
    store::rotation::Phase,
};

/// What to do with the data key.
#[derive(Clone, Copy, Subcommand)]
pub enum Verb {
    /// Encrypt everything anew under a fresh key. Until it is done, the practice goes on as usual.
    Rotate,
    /// Show which key is in use, and how far a rotation is.
    Status,
    /// Give a rotation up: the old key stays in use.
    Cancel,
    /// Remove the files that were kept before changes of format: they open with the keys of their time.
    RemoveRestorePoints,
}

/// Runs `alcove key …`.
pub fn run(places: &Places, verb: Verb, output: Output) -> Result<(), CommandError> {
    match verb {
        Verb::Rotate => rotate(places, output),
        Verb::Status => {
            let report = Desk::of(places).ask(&plain("key-status"))?;
            output.answer(&status_words(&report), &report);
            Ok(())
        }
        Verb::Cancel => {
            let report = Desk::of(places).ask(&plain("key-cancel"))?;
            let words = if report["cancelled"] == true {
                "Cancelled. The old data key stays in use."
            } else {
                "There is no rotation to cancel."
            };
            output.answer(words, &report);
            Ok(())
        }
        Verb::RemoveRestorePoints => {
            let report = Desk::of(places).ask(&plain("key-remove-restore-points"))?;
            let words = match report["removed"].as_array().map_or(0, Vec::len) {
                0 => "There are no restore points.".to_owned(),
                count => format!("Removed {count} of them. There is no way back to the versions before."),
            };
            output.answer(&words, &report);
            Ok(())
        }
    }
}

/// Does what a command asks of an open practice; nothing if the request is of another kind.
pub fn perform(app: &App, places: &Places, request: &Value) -> Option<Result<Value, CommandError>> {
    match request["do"].as_str()? {
        "key-rotate" => Some(begin(app, places)),
        "key-status" => Some(status(app)),
        "key-cancel" => Some(cancel(app)),
        "key-remove-restore-points" => Some(remove_restore_points(app)),
        _ => None,
    }
}

/// Goes on with a rotation that was interrupted, or that failed and is still wanted.
pub fn resume(app: &App, places: &Places) {
    let resumed = open::read_key(places).and_then(|keyfile| Ok(app.start_key_rotation(keyfile)?));
    if let Err(error) = resumed {
        tracing::warn!(%error, "a new data key is wanted, and making it could not begin; it is tried again");
    }
}

fn operator() -> Actor {
    Actor::local(ActorKind::Operator)
}

/// The answer names the key before, so that whoever waits knows when it is another.
fn begin(app: &App, places: &Places) -> Result<Value, CommandError> {
    let (before, keyfile) = (status(app)?, open::read_key(places)?);
    app.want_key_rotation(&operator(), keyfile.as_ref())?;
    app.start_key_rotation(keyfile)?;
    Ok(before)
}

fn cancel(app: &App) -> Result<Value, CommandError> {
    Ok(json!({ "cancelled": app.cancel_key_rotation(&operator())? }))
}

fn remove_restore_points(app: &App) -> Result<Value, CommandError> {
    Ok(json!({ "removed": app.remove_restore_points(&operator())? }))
}

/// How it stands, for programs.
pub fn status(app: &App) -> Result<Value, CommandError> {
    let seen = app.key_rotation(&operator())?;
    let phase = match seen.progress.phase {
        Phase::Idle => "idle",
        Phase::Copying => "copying",
        Phase::PuttingInPlace => "putting-in-place",
    };
    Ok(json!({
        "epoch": seen.epoch,
        "wanted_at": seen.wanted.map(|wanted| wanted.asked_at.to_string()),
        "rotated_at": seen.last.map(|last| last.at.to_string()),
        "phase": phase, "bytes": seen.progress.bytes, "of": seen.progress.of, "trouble": seen.trouble,
        "unreadable_blocks": seen.unreadable_blocks, "restore_points": seen.restore_points,
    }))
}

fn rotate(places: &Places, output: Output) -> Result<(), CommandError> {
    let report = match control::ask(&places.data_dir, &plain("key-rotate"))? {
        Asked::Answered(before) => follow(places, &before, output)?,
        Asked::NobodyThere => here(places, output)?,
    };
    output.answer(&done_words(&report), &report);
    Ok(())
}

fn done_words(report: &Value) -> String {
    let mut lines = vec![
        format!(
            "Done: the practice's file has data key number {}. Every way to unlock it works as before.",
            report["epoch"]
        ),
        "Old copies of the file still open with what opened them then: destroy the copies that you do not need.".into(),
    ];
    lines.extend(restore_points_words(report));
    if let Some(blocks @ 1..) = report["unreadable_blocks"].as_u64() {
        lines.push(format!(
            "{blocks} blocks did not authenticate and stay unreadable. After a power failure nothing was in them; \
             `alcove check` says whether anything is missing."
        ));
    }
    lines.join("\n")
}

/// A new data key does not reach them.
fn restore_points_words(report: &Value) -> Option<String> {
    let names: Vec<&str> = report["restore_points"].as_array()?.iter().filter_map(Value::as_str).collect();
    let listed = names.join(", ");
    (!names.is_empty()).then(|| {
        format!(
            "Restore points open with the keys of their time: {listed}. `alcove key remove-restore-points` removes them."
        )
    })
}

/// Without a server.
fn here(places: &Places, output: Output) -> Result<Value, CommandError> {
    let app = open::open(places, Clock::default())?;
    let keyfile = open::read_key(places)?;
    app.want_key_rotation(&operator(), keyfile.as_ref())?;
    let progress = || status(&app).unwrap_or_default();
    with_progress(progress::is_shown(output), progress, progress_words, || app.rotate_key(keyfile.as_ref()))?;
    status(&app)
}

/// The server works; this waits and shows.
fn follow(places: &Places, before: &Value, output: Output) -> Result<Value, CommandError> {
    let shows = progress::is_shown(output);
    loop {
        thread::sleep(progress::SHOW_EVERY);
        let Asked::Answered(now) = control::ask(&places.data_dir, &plain("key-status"))? else {
            return Err(CommandError::Refused(
                "the server has stopped. The rotation begins again by itself when it starts".into(),
            ));
        };
        if shows {
            progress::show(&progress_words(&now));
        } else if output.is_json() {
            output.progress(&now);
        }
        let is_other = now["epoch"] != before["epoch"];
        if now["wanted_at"].is_null() || now["trouble"].is_string() {
            if shows {
                progress::show("");
            }
            return match now["trouble"].as_str() {
                Some(trouble) => Err(CommandError::Refused(format!("{trouble} It is tried again every minute."))),
                None if is_other => Ok(now),
                None => Err(CommandError::Refused("the rotation was cancelled; the old data key stays in use".into())),
            };
        }
    }
}

fn progress_words(now: &Value) -> String {
    let number = |name: &str| now[name].as_u64().unwrap_or_default();
    match now["phase"].as_str() {
        Some("copying") => format!("encrypting anew {}", progress::bar(number("bytes"), number("of"))),
        Some("putting-in-place") => "encrypting anew: nearly done".to_owned(),
        _ => "encrypting anew …".to_owned(),
    }
}

fn status_words(report: &Value) -> String {
    let mut lines = vec![format!("Data key number {} is in use.", report["epoch"])];
    if let Some(at) = report["rotated_at"].as_str() {
        lines.push(format!("It was last changed at {at}."));
    }
    if let Some(at) = report["wanted_at"].as_str() {
        lines.push(format!("A new one is wanted since {at}: {}.", progress_words(report)));
    }
    if let Some(trouble) = report["trouble"].as_str() {
        lines.push(format!("The last attempt failed: {trouble}"));
    }
    lines.extend(restore_points_words(report));
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_new_key_does_not_reach_is_said() {
        let mut report = json!({ "epoch": 2, "unreadable_blocks": 0, "restore_points": [] });
        assert!(!done_words(&report).contains("estore point") && !done_words(&report).contains("authenticate"));
        report["unreadable_blocks"] = 3.into();
        report["restore_points"] = json!(["a-format-1", "b-format-2"]);
        let words = done_words(&report);
        assert!(words.contains("3 blocks did not authenticate"), "{words}");
        assert!(words.contains("a-format-1, b-format-2. `alcove key remove-restore-points`"), "{words}");
        assert!(status_words(&report).contains("a-format-1"));
    }
}
