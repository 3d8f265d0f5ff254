//! `alcove kit`: the restore kit on the operator's side. It is normally made in the owner's browser; here for whoever
//! runs the machine alone. A kit's secret half never reaches the server, and is nowhere kept.

mod make;
mod paper;
mod verify;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::{
    desk::{self, Desk},
    error::CommandError,
    output::Output,
};
use crate::{
    app::{App, seal::recipient_name},
    config::Places,
    crypto::HybridRecipient,
    policy::{Actor, ActorKind},
};

/// What to do with the restore kit.
#[derive(Subcommand)]
pub enum Verb {
    /// Make a restore kit where there is none.
    Create(make::Options),
    /// Check that a kit opens this practice and its backups.
    Verify(VerifyOptions),
    /// Make a new restore kit that takes the old one's place.
    Rotate(make::Options),
    /// Show the kits that open this practice.
    List,
}

/// The options of `kit verify`.
#[derive(Args)]
pub struct VerifyOptions {
    /// The kit as a file, `-` for standard input; without it you are asked to type it.
    #[arg(long, value_name = "FILE")]
    kit: Option<PathBuf>,
}

/// Runs `alcove kit …`.
pub fn run(places: &Places, verb: &Verb, output: Output) -> Result<(), CommandError> {
    match verb {
        Verb::Create(options) => make::create(places, options, output),
        Verb::Rotate(options) => make::rotate(places, options, output),
        Verb::Verify(options) => verify::run(places, options.kit.as_deref(), output),
        Verb::List => list(places, output),
    }
}

fn list(places: &Places, output: Output) -> Result<(), CommandError> {
    let facts = Desk::of(places).ask(&desk::plain("kit-facts"))?;
    let slot = &facts["slot"];
    let kits = if slot.is_null() { json!([]) } else { json!([slot]) };
    let words = if slot.is_null() {
        "There is no restore kit: make one with `alcove kit create`, or set the practice up in the browser.".to_owned()
    } else {
        let since = slot["made_at"].as_str().map_or_else(String::new, |at| format!(", since {at}"));
        let name = slot["name"].as_str().unwrap_or_default();
        let key = facts["backup_key"].as_str().unwrap_or_default();
        format!("Restore kit: recipient {name}{since}\nIt must name the backup key {key}")
    };
    output.answer(&words, &json!({ "kits": kits, "backup_key": facts["backup_key"] }));
    Ok(())
}

/// What a kit is compared with.
pub fn facts_of_open(app: &App) -> Result<Value, CommandError> {
    let facts = app.kit_facts(&Actor::local(ActorKind::Operator))?;
    let slot = facts.slot.map(|slot| {
        json!({
            "made_at": slot.made_at.map(|at| at.to_string()), "name": slot.recipient.as_ref().map(recipient_name),
            "recipient": slot.recipient.as_ref().map(ToString::to_string),
        })
    });
    Ok(json!({
        "practice": facts.practice.as_ref().map(|(name, _)| name), "origin": facts.practice.as_ref().map(|(_, at)| at),
        "backup_key": facts.backup_key, "backups_to": facts.backups_to, "slot": slot,
    }))
}

/// Puts a kit's public half in place.
pub fn put_open(app: &App, request: &Value) -> Result<Value, CommandError> {
    let recipient = request["recipient"].as_str().unwrap_or_default();
    let recipient: HybridRecipient = recipient.parse().map_err(crate::crypto::KitError::from)?;
    app.put_restore_kit(&Actor::local(ActorKind::Operator), &recipient)?;
    Ok(json!({ "name": recipient_name(&recipient) }))
}

/// Notes what came of a comparison.
pub fn verified_open(app: &App, request: &Value) -> Result<Value, CommandError> {
    app.note_kit_verified(&Actor::local(ActorKind::Operator), request["good"] == true)?;
    Ok(json!({}))
}
