//! `alcove backup now`: a backup of the practice, by the running server or straight from the data, test-restored at
//! once.

use std::{
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use clap::{Args, Subcommand};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{
    control::{self, Asked},
    error::CommandError,
    open,
    output::Output,
};
use crate::{
    app::App,
    backup::{self, BackupError, Source},
    clock::Clock,
    config::Places,
    domain::backup::LastBackup,
    policy::{Actor, ActorKind},
    store::{Keyfile, SlotSecret, Store, StoreError},
};

/// Backups are chained and named by their time: one at a time, a second one waits.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// What to do with backups.
#[derive(Subcommand)]
pub enum Verb {
    /// Make one now and prove it by restoring it.
    Now(NowOptions),
}

/// The options of `backup now`.
#[derive(Args)]
pub struct NowOptions {
    /// The directory that gets the backup, best on another disk.
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
}

/// Runs `alcove backup …`.
pub fn run(places: &Places, verb: Verb, output: Output) -> Result<(), CommandError> {
    let Verb::Now(options) = verb;
    let to = options.to.canonicalize().map_err(|source| CommandError::File { path: options.to.clone(), source })?;
    if !to.is_dir() {
        return Err(CommandError::Refused(format!("{} is not a directory; name one with --to", to.display())));
    }
    let request = json!({ "do": "backup", "to": to });
    let report = match control::ask(&places.data_dir, &request)? {
        Asked::Answered(report) => report,
        Asked::NobodyThere => {
            let clock = Clock::default();
            make(&open::open(places, clock.clone())?, &places.data_dir, &to, &clock)?
        }
    };
    output.answer(&words(&report), &report);
    Ok(())
}

/// Makes a backup in `to`, proves it and remembers it. The report of it, for people and programs.
pub fn make(app: &App, data_dir: &Path, to: &Path, clock: &Clock) -> Result<Value, CommandError> {
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let actor = Actor::local(ActorKind::Operator);
    let (facts, key, began) = (app.backup_facts(&actor)?, app.backup_key()?, clock.now());
    let source = Source {
        store: app.store(),
        data_dir,
        key: &key,
        recipient: facts.recipient,
        install: facts.install.to_string(),
        timeline: facts.timeline,
        previous: facts.previous,
        made_at: began,
    };
    let made = backup::make(&source, to)?;
    let made_in_ms = since_ms(began, clock.now());
    let proof = backup::prove(&made, &key, &backup::scratch_in(data_dir, began), &scratch_store)?;
    let last = LastBackup {
        made_at: began,
        file_name: made.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
        size_bytes: made.size_bytes,
        rows: proof.rows,
        files: proof.files,
        manifest_hash: made.manifest_hash,
        proven_at: Some(clock.now()),
    };
    app.note_backup(&actor, &last)?;
    Ok(json!({
        "file": made.path, "size_bytes": made.size_bytes, "rows": proof.rows, "files": proof.files, "proven": true,
        "state_hash": proof.state_hash, "backup_key": key.fingerprint(), "made_in_ms": made_in_ms,
        "proven_in_ms": since_ms(began, clock.now()) - made_in_ms, "cleared": made.cleared,
    }))
}

fn words(report: &Value) -> String {
    let number = |name: &str| report[name].as_u64().unwrap_or_default();
    let cleared = match number("cleared") {
        0 => String::new(),
        count => format!("\nRemoved first: {count} unfinished, left there by a crash."),
    };
    format!(
        "Backup made: {}\n{} bytes, {} rows and {} files.\nProven: it was read back, restored into scratch and compared \
         with its signed list.\nOnly the restore kit opens it. Keep both, in different places.{cleared}",
        report["file"].as_str().unwrap_or_default(),
        number("size_bytes"),
        number("rows"),
        number("files"),
    )
}

fn since_ms(then: Timestamp, now: Timestamp) -> i64 {
    now.as_millisecond() - then.as_millisecond()
}

fn scratch_store(dir: &Path) -> Result<Store, StoreError> {
    Store::create(dir, &[SlotSecret::Keyfile(Keyfile::generate()?)], Clock::default())
}

impl From<BackupError> for CommandError {
    fn from(error: BackupError) -> Self {
        Self::Backup(Box::new(error))
    }
}
