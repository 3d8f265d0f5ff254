//! `alcove kit verify`: whether a kit on paper opens this practice and its backups. The comparison happens here; the
//! server only says what to compare with.

use std::path::Path;

use serde_json::json;

use crate::{
    backup::fingerprint_in,
    cli::{
        desk::{self, Desk},
        error::CommandError,
        output::Output,
        restore::read_kit,
    },
    config::Places,
    crypto::Kit,
    store::{BlockError, Store, StoreError, Unlock},
};

/// Asks for the kit and compares it. Exit code 5 when something does not fit.
pub fn run(places: &Places, from: Option<&Path>, output: Output) -> Result<(), CommandError> {
    let text = read_kit(from, output)?;
    let identity = Kit::parse(&text)?.identity().clone();
    let unlock = Unlock::Kit(identity.clone());
    let mut desk = Desk::with_spare(places, unlock.clone());
    let facts = desk.ask(&desk::plain("kit-facts")).or_else(as_verification)?;
    let recipient = identity.to_recipient().map_err(|error| StoreError::from(BlockError::from(error)))?.to_string();
    let opens_data_key = match Store::try_unlock(&places.data_dir, &unlock) {
        Ok(()) => facts["slot"]["recipient"] == recipient.as_str(),
        Err(StoreError::File(BlockError::WrongKit | BlockError::NoSlot(_))) => false,
        Err(error) => return Err(error.into()),
    };
    let opens_backups = facts["backups_to"].is_null() || facts["backups_to"] == recipient.as_str();
    let named = fingerprint_in(&text);
    let names_backup_key = named.as_deref() == facts["backup_key"].as_str();
    let is_good = opens_data_key && opens_backups && names_backup_key;
    desk.ask(&json!({ "do": "kit-verified", "good": is_good }))?;
    if !is_good {
        return Err(CommandError::Verification(complaint(opens_data_key, opens_backups, named.is_some())));
    }
    let value = json!({ "opens_data_key": true, "opens_backups": true, "names_backup_key": true });
    output.answer("The kit opens the practice and its backups, and names the right backup key.", &value);
    Ok(())
}

/// Data that was to be opened with the kit itself.
fn as_verification(error: CommandError) -> Result<serde_json::Value, CommandError> {
    match error {
        CommandError::Store(StoreError::File(BlockError::WrongKit | BlockError::NoSlot(_))) => {
            Err(CommandError::Verification(complaint(false, false, true)))
        }
        other => Err(other),
    }
}

fn complaint(opens_data_key: bool, opens_backups: bool, names_any: bool) -> String {
    let what = match (opens_data_key, opens_backups, names_any) {
        (false, ..) => {
            "this kit does not open the practice: look for the newest one, or make a new one with `alcove kit rotate`"
        }
        (_, false, _) => {
            "this kit opens the practice, but new backups are sealed to another one: run `alcove kit rotate`"
        }
        (_, _, false) => "the line \"# backup key: …\" is missing: give the kit with it, since a restore needs it, too",
        _ => {
            "the kit names another backup key than this practice signs with: backups would be refused; run `alcove kit rotate`"
        }
    };
    what.to_owned()
}
