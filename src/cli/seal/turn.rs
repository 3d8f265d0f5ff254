//! `alcove seal unseal` and `alcove seal lock`: a running server opens its data, or is rid of the keys.

use std::{thread::sleep, time::Duration};

use serde_json::{Value, json};

use crate::{
    cli::{
        control::{self, Asked},
        desk,
        error::CommandError,
        open,
        output::Output,
        secret,
    },
    config::Places,
    store::{SlotKind, Store},
};

/// The server lets running requests finish before it seals.
const LOCK_PATIENCE: Duration = Duration::from_secs(30);
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// Gives a sealed server what opens its data.
pub fn unseal(places: &Places, output: Output) -> Result<(), CommandError> {
    if state(places)? == "open" {
        say(output, "open", "The practice is open already.");
        return Ok(());
    }
    let by_key = places.passphrase_file.is_none()
        && places.key_file.exists()
        && Store::look(&places.data_dir)?.has(SlotKind::Keyfile);
    let secret = if by_key { None } else { Some(secret::unlock(places.passphrase_file.as_deref(), output)?) };
    let request = json!({ "do": "unseal", "secret": secret.as_deref() });
    ask(places, &request)?;
    say(output, "open", "The practice is open.");
    Ok(())
}

/// Has a running server give up its keys, and waits until it has.
pub fn lock(places: &Places, output: Output) -> Result<(), CommandError> {
    if state(places)? == "sealed" {
        say(output, "sealed", "The practice is sealed already.");
        return Ok(());
    }
    ask(places, &desk::plain("seal-lock"))?;
    let mut waited = Duration::ZERO;
    while waited < LOCK_PATIENCE {
        sleep(LOOK_EVERY);
        waited += LOOK_EVERY;
        if matches!(state(places).as_deref(), Ok("sealed")) {
            let words = if places.key_file.exists() && Store::look(&places.data_dir)?.has(SlotKind::Keyfile) {
                "The practice is sealed. The key file is still on this machine: a restart opens it again."
            } else {
                "The practice is sealed. `alcove seal unseal` opens it again."
            };
            say(output, "sealed", words);
            return Ok(());
        }
    }
    Err(CommandError::Refused("the server did not seal itself in time: look at its log, or stop it".into()))
}

fn say(output: Output, state: &str, words: &str) {
    output.answer(words, &json!({ "state": state }));
}

fn state(places: &Places) -> Result<String, CommandError> {
    let report = ask(places, &desk::plain("seal-status"))?;
    Ok(report["state"].as_str().unwrap_or_default().to_owned())
}

fn ask(places: &Places, request: &Value) -> Result<Value, CommandError> {
    if !open::is_there(places) {
        return Err(CommandError::NoPractice(places.data_dir.clone()));
    }
    match control::ask(&places.data_dir, request)? {
        Asked::Answered(answer) => Ok(answer),
        Asked::NobodyThere => Err(CommandError::Refused(
            "no server runs on this data, so nothing holds its key: start one with `alcove serve`".into(),
        )),
    }
}
